using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Blocks;

// S0.3: the hash covers everything.
public class BlockHeaderTests
{
    private const string Golden =
        "00000001" + "dc39c33332f6ea72a37d475883f7752fee342e0ca71372e1e327cb1ac39ecb3f" + "0000000000000001" + "0626c5baa0e19e20e0a6a034f097dc476681468baf828e4d570f7a00edb4e384"
        + "1e12200dfae25ea4997767f2a9bb0fa6f802551ba593fe7a33ab8462c9388972" + "0000000000000000000000000000000000000000000000000000000000000000" + "000001a61e9ffb80" + "00000010"
        + "32334cf9322cdfcda7dca7828c5907919a1bb2be" + "000000000000002d";

    [Fact]
    public void The_golden_header_has_these_180_bytes_and_this_hash()
    {
        Convert.ToHexStringLower(GoldenBlock.Header.Encode()).Should().Be(Golden);
        GoldenBlock.Header.Encode().Should().HaveCount(BlockHeader.Size).And.HaveCount(180);
        GoldenBlock.Header.Hash.ToString().Should().Be("0000faf598552d21f7eefa44cdebc1b6ff4f12875bed824531f2727496711094");
        BlockHeader.Decode(Convert.FromHexString(Golden)).Value.Should().Be(GoldenBlock.Header);
    }

    [Fact]
    public void Trying_a_nonce_costs_one_compression_because_the_first_128_bytes_do_not_change()
    {
        BlockHeader.NonceOffset.Should().BeGreaterThanOrEqualTo(128).And.Be(172);
        (BlockHeader.NonceOffset % 4).Should().Be(0, "SHA-256 works on words");
        // 52 bytes, the bit 1 and the length of 8 bytes fit in the third block of 64.
        (BlockHeader.Size - 128 + 1 + 8).Should().BeLessThanOrEqualTo(64);
    }

    [Fact]
    public void Every_bit_of_a_header_changes_its_hash_or_is_refused()
    {
        var bytes = Convert.FromHexString(Golden);
        var hashes = new HashSet<Hash256> { GoldenBlock.Header.Hash };
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            if (!BlockHeader.Decode(changed).TryGet(out var header, out var refusal))
            {
                refusal.Code.Should().Be("invalid_header");
                continue;
            }

            hashes.Add(header.Hash).Should().BeTrue("of bit {0}", bit);
            header.Should().NotBe(GoldenBlock.Header);
            header.Encode().AsSpan().SequenceEqual(changed).Should().BeTrue();
        }

        hashes.Should().HaveCountGreaterThan(1_000);
    }

    [Fact]
    public void Unknown_versions_state_roots_and_numbers_beyond_2_to_the_53_are_refused()
    {
        foreach (var bad in new[]
        {
            GoldenBlock.Header with { Version = 0 }, GoldenBlock.Header with { Version = 3 }, GoldenBlock.Header with { StateRoot = Hash256.Sha256([]) },
            GoldenBlock.Header with { Index = 1L << 53 }, GoldenBlock.Header with { Timestamp = 1L << 53 }, GoldenBlock.Header with { Nonce = 1L << 53 },
            GoldenBlock.Header with { Index = -1 }, GoldenBlock.Header with { Timestamp = -1 }, GoldenBlock.Header with { Nonce = -1 },
        })
        {
            BlockHeader.Decode(bad.Encode()).Refusal!.Code.Should().Be("invalid_header");
            bad.VerifyForm().IsAccepted.Should().BeFalse();
        }

        var largest = GoldenBlock.Header with { Index = (1L << 53) - 1, Timestamp = (1L << 53) - 1, Nonce = (1L << 53) - 1, Difficulty = uint.MaxValue };
        BlockHeader.Decode(largest.Encode()).Value.Should().Be(largest);
        var revealing = GoldenBlock.Header with { Version = 2, StateRoot = Hash256.Sha256([]) };
        BlockHeader.Decode(revealing.Encode()).Value.Should().Be(revealing, "whether a chain has this version, its specification says");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(179)]
    [InlineData(181)]
    public void Another_length_is_no_header(int length) => BlockHeader.Decode(new byte[length]).Refusal!.Code.Should().Be("invalid_header");

    [Fact]
    public void A_changed_copy_has_its_own_hash()
    {
        var original = GoldenBlock.Header;
        original.Hash.Should().Be(original.Hash);
        var copy = original with { Nonce = 46 };

        copy.Hash.Should().NotBe(original.Hash);
        copy.Should().NotBe(original);
        (copy with { Nonce = 45 }).Should().Be(original);
        (copy with { Nonce = 45 }).GetHashCode().Should().Be(original.GetHashCode());
    }

    [Fact]
    public void The_seal_signs_the_hash()
    {
        Person sealer = "sealer";
        var seal = sealer.Sign(GoldenBlock.Header.Hash);
        var block = new Block(GoldenBlock.Header, [], seal);

        (block.SealedHeader.Size, SealedHeader.MaxSize).Should().Be((310, 310));
        Block.Decode(block.Encode(), 10).Value.Seal.Should().Be(seal);
        block.Hash.Should().Be(GoldenBlock.Header.Hash, "the seal is not part of what it signs");
    }
}
