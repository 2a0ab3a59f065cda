using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Loop;

/// <summary>A good header with a body or a seal that somebody changed says nothing about the block that the header names.</summary>
public sealed class MutatedBlockTests : IAsyncLifetime, IDisposable
{
    private readonly P256Verifier _keys = new(64);
    private readonly KeptAccounts _accounts = new(new InMemoryCustodyStore(), new MasterKey(new byte[MasterKey.Size]));
    private readonly TestChain _elsewhere = new(new InMemoryBlockStore(), SpecOf(sealers: Organiser));
    private readonly TicketNode _node;
    private readonly Block _good;

    public MutatedBlockTests()
    {
        _node = TicketNode.Start(new NodeParts(
            _elsewhere.Spec,
            new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
            new InMemoryBlockStore(),
            _accounts,
            new ProofOfWorkVerifier(_elsewhere.Spec, _keys),
            new TransactionVerifier(_keys),
            new ProofOfWorkSealer(_elsewhere.Spec, 1, (_, _) => new Refusal("unused", "No seal is asked for.")),
            new TestClock(),
            () => 0,
            (_, _) => { }));
        _good = _elsewhere.Forge(_elsewhere.TopUp(Alice, 3), _elsewhere.TopUp(Bob, 4)).Block;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public void Dispose()
    {
        _accounts.Dispose();
        _keys.Dispose();
    }

    [Theory]
    [InlineData("another transaction", RefusalCodes.InvalidRoot)]
    [InlineData("another signature", RefusalCodes.InvalidRoot)]
    [InlineData("another order", RefusalCodes.InvalidRoot)]
    [InlineData("one transaction twice", RefusalCodes.InvalidRoot)]
    [InlineData("nothing", RefusalCodes.InvalidRoot)]
    [InlineData("another's seal", RefusalCodes.InvalidSeal)]
    [InlineData("a seal of something else", RefusalCodes.InvalidSeal)]
    [InlineData("no seal", RefusalCodes.InvalidSeal)]
    public async Task The_good_block_is_taken_after_the_changed_one_was_refused(string change, string code)
    {
        var changed = Change(change);
        changed.Hash.Should().Be(_good.Hash);

        for (var i = 0; i < 2; i++)
        {
            (await _node.OfferAsync([changed, _good])).Value.Should().Match<BlockAcceptance>(acceptance => acceptance.Taken == 0 && acceptance.Refusal!.Code == code);
            _node.Snapshot.Chain.Find(_good.Hash).Should().BeNull();
        }

        (await _node.OfferAsync([_good])).Value.Should().Be(new BlockAcceptance(_good.Hash, 1, 0, 1, null));
        _node.Store.FindBlock(1)!.Bytes.ToArray().Should().Equal(_good.Encode());
        (await _node.OfferAsync([changed])).Value.Tip.Should().Be(_good.Hash, "and afterwards it changes nothing");
    }

    private Block Change(string change)
    {
        var (reward, first, second) = (_good.Transactions[0], _good.Transactions[1], _good.Transactions[2]);
        return change switch
        {
            "another transaction" => With(reward, first, _elsewhere.TopUp(Bob, 5).Transaction),
            "another signature" => With(reward, first, new Transaction(second.Payload, [Bank.Sign(Hash256.Zero)])),
            "another order" => With(reward, second, first),
            "one transaction twice" => With(reward, first, second, second),
            "nothing" => With(),
            "another's seal" => new Block(_good.Header, _good.Transactions, Bank.Sign(_good.Hash)),
            "a seal of something else" => new Block(_good.Header, _good.Transactions, Organiser.Sign(Hash256.Zero)),
            _ => new Block(_good.Header, _good.Transactions),
        };
    }

    private Block With(params Transaction[] transactions) => new(_good.Header, [.. transactions], _good.Seal);
}
