using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;

namespace SecuTicket.Node.Tests.Custody;

public sealed class SealedBoxTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, SealedBox.KeySize).Select(i => (byte)i)];
    private static readonly Address Owner = new([.. Enumerable.Repeat((byte)7, Address.Size)]);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(SealedBox.MaxContent)]
    public void What_is_sealed_opens_and_takes_29_bytes_more(int length)
    {
        var content = Bytes(length);

        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, content, Seeded());

        box.Should().HaveCount(length + 29);
        SealedBox.TryOpen(Key, SealPurpose.AccountSecret, Owner, box, out var opened).Should().BeTrue();
        opened.Should().Equal(content);
    }

    [Fact]
    public void The_layout_is_version_nonce_ciphertext_tag()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, "secret"u8, span => span.Fill(0x11));

        // Checked against Python's cryptography: AESGCM(key).encrypt(nonce, content, associated).
        Convert.ToHexStringLower(box).Should().Be("01" + "111111111111111111111111" + "f305f7cddd74" + "6f8412cea92605e4331be5d29d98c719");
    }

    [Fact]
    public void A_box_with_any_bit_flipped_does_not_open()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), Seeded());

        for (var bit = 0; bit < 8 * box.Length; bit++)
        {
            var changed = (byte[])box.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            SealedBox.TryOpen(Key, SealPurpose.AccountSecret, Owner, changed, out var opened).Should().BeFalse($"bit {bit} was flipped");
            opened.Should().BeEmpty();
        }
    }

    [Fact]
    public void A_box_cut_short_or_made_longer_does_not_open()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), Seeded());

        for (var length = 0; length < box.Length; length++)
        {
            SealedBox.TryOpen(Key, SealPurpose.AccountSecret, Owner, box.AsSpan(0, length), out _).Should().BeFalse();
        }

        SealedBox.TryOpen(Key, SealPurpose.AccountSecret, Owner, [.. box, 0], out _).Should().BeFalse();
    }

    [Fact]
    public void A_box_does_not_open_under_another_key()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), Seeded());

        SealedBox.TryOpen(Bytes(32), SealPurpose.AccountSecret, Owner, box, out _).Should().BeFalse();
    }

    [Fact]
    public void A_box_does_not_open_for_another_purpose()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), Seeded());

        foreach (var purpose in Enum.GetValues<SealPurpose>())
        {
            SealedBox.TryOpen(Key, purpose, Owner, box, out _).Should().Be(purpose == SealPurpose.AccountSecret);
        }
    }

    [Fact]
    public void A_box_does_not_open_for_another_account()
    {
        var box = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), Seeded());

        SealedBox.TryOpen(Key, SealPurpose.AccountSecret, default, box, out _).Should().BeFalse();
    }

    [Fact]
    public void Two_boxes_of_one_content_differ()
    {
        var random = Seeded();

        var first = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), random);
        var second = SealedBox.Seal(Key, SealPurpose.AccountSecret, Owner, Bytes(32), random);

        first.Should().NotEqual(second);
    }

    [Fact]
    public void More_than_a_box_holds_is_a_bug_that_is_told()
    {
        var seal = () => SealedBox.Seal(Key, SealPurpose.Identity, Owner, new byte[SealedBox.MaxContent + 1], Seeded());

        seal.Should().Throw<ArgumentException>();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void A_key_takes_32_bytes(int length)
    {
        var seal = () => SealedBox.Seal(new byte[length], SealPurpose.Identity, Owner, [], Seeded());
        var open = () => SealedBox.TryOpen(new byte[length], SealPurpose.Identity, Owner, [], out _);

        seal.Should().Throw<ArgumentException>();
        open.Should().Throw<ArgumentException>();
    }

    private static FillRandom Seeded() => new Random(1).NextBytes;

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(2).NextBytes(bytes);
        return bytes;
    }
}
