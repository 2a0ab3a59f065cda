using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfStake;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

/// <summary>Headers of a chain with stakes show whose turn it was: another's are refused before a body is asked for.</summary>
public class StakeHeadersTests
{
    private static readonly Person[] Stakers = [new("anna"), new("bert")];
    private static readonly ChainSpec Spec = ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(new
    {
        chain_id = "stake-headers",
        currency = "EUR",
        engine = "proof-of-stake",
        genesis_time = TestChain.GenesisTime,
        reward = 0,
        stake = new { slot_time = 1_000, validators = Stakers.Select((who, number) => new { address = who.ToString(), amount = 100, commitment = OnionOf(number).Commitment.ToString() }) },
    })).Value;

    private static readonly ISealVerifier Seals = SealVerifiers.Of(Spec, new P256Verifier(16));

    private readonly List<SealedHeader> _right = [];
    private readonly List<SealedHeader> _wrong = [];

    // In each slot the one whose turn it is makes a block, and the other as well, for the same place.
    public StakeHeadersTests()
    {
        var chain = Blockchain.Start(Spec, Seals);
        for (var slot = 1; slot <= 3; slot++)
        {
            var forger = Array.FindIndex(Stakers, who => who.Address == chain.Turns!.ForgerOf(slot));
            var header = BlockTemplate.Next(chain, [], Stakers[forger].Address, Spec.StartOf(slot), OnionOf(forger).Before(chain.Ledger.Stakes!.Validators.Find(Stakers[forger].Address)!.Onion)!.Value).Header;
            _right.Add(new SealedHeader(header, Stakers[forger].Sign(header.Hash)));
            var other = header with { Sealer = Stakers[1 - forger].Address };
            _wrong.Add(new SealedHeader(other, Stakers[1 - forger].Sign(other.Hash)));
            chain = chain.Add(VerifiedBlock.Of(header, [], _right[^1].Seal), Spec.StartOf(slot), new InMemoryBlockStore()).Chain;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Only_the_drawn_forgers_header_is_taken_at_each_place_of_a_branch(int place)
    {
        Read(_right).Should().BeNull();
        Read([.. _right[..place], _wrong[place]])!.Code.Should().Be("not_forger");
    }

    private static Refusal? Read(IReadOnlyList<SealedHeader> headers) => new HeaderBranch(Blockchain.Start(Spec, Seals), Seals).Add(headers, Spec.StartOf(4)).Refusal;

    private static Onion OnionOf(int number) => new(Hash256.Sha256([3, (byte)number]), 64);
}
