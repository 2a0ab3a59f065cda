using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>What a peer may read of a chain, and how much of it at once.</summary>
public sealed class PeerReadsTests : IDisposable
{
    private readonly InMemoryBlockStore _store = new();
    private readonly TestChain _chain;
    private readonly PeerReads _reads;
    private IReadOnlyList<PeerAddress> _addresses = [];

    public PeerReadsTests()
    {
        _chain = new TestChain(_store);
        _reads = new PeerReads(() => new NodeSnapshot(_chain.Chain, _chain.Pending), _store, () => _addresses);
    }

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_tip_is_that_of_the_last_durable_state()
    {
        Seal(3);

        var tip = Ask<PeerAnswer.Tip>(new PeerRequest.GetTip()).Value;
        tip.Should().Be(new PeerTip(3, _chain.Chain.Tip.Weight, _chain.Chain.Tip.Hash)).And.Be(_reads.Tip);
    }

    [Fact]
    public void Headers_follow_the_first_block_of_the_locator_that_is_on_our_branch()
    {
        Seal(5);
        var hashes = _chain.Blocks.Select(block => block.Hash).ToArray();

        Headers([TestPeer.Challenge("unknown"), hashes[1], _chain.Spec.Genesis.Hash], 100).Should().Equal(hashes[2..]);
        Headers([_chain.Spec.Genesis.Hash], 2).Should().Equal(hashes[..2]);
        Headers([hashes[4]], 100).Should().BeEmpty("nothing follows the tip");
        Headers([TestPeer.Challenge("unknown")], 100).Should().BeEmpty();
        Headers([], 100).Should().BeEmpty();
    }

    [Fact]
    public void Headers_do_not_follow_a_block_beside_our_branch()
    {
        Seal(1);
        var side = Beside();
        Seal(1);
        _chain.Take(side);

        Headers([side.Hash, _chain.Spec.Genesis.Hash], 100).Should().Equal(_chain.Blocks.Take(2).Select(block => block.Hash));
    }

    [Fact]
    public void Blocks_come_in_the_order_asked_and_end_before_the_first_that_is_not_here()
    {
        Seal(4);
        var hashes = _chain.Blocks.Select(block => block.Hash).ToArray();

        Blocks(hashes[2], hashes[0]).Should().Equal(hashes[2], hashes[0]);
        Blocks(hashes[0], TestPeer.Challenge("unknown"), hashes[1]).Should().Equal(hashes[0]);
        Blocks(_chain.Spec.Genesis.Hash).Should().Equal(_chain.Spec.Genesis.Hash);
        var refusal = _reads.Answer(new PeerRequest.GetBlocks([TestPeer.Challenge("unknown"), hashes[0]]), out _).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be((RefusalCodes.NotFound, RefusalKind.Transient));
    }

    [Fact]
    public void Blocks_beside_our_branch_are_given_too_but_none_that_a_rule_refused()
    {
        Seal(1);
        var side = Beside();
        Seal(1);
        _chain.Take(side);
        Blocks(side.Hash).Should().Equal(side.Hash);

        var invalid = Blockchain.Restore(
            _chain.Spec, new Core.Consensus.ProofOfWork.ProofOfWorkVerifier(_chain.Spec, new Core.Cryptography.P256Verifier(4)),
            [new ChainNode(side.Header, 2, Invalid: true), _chain.Chain.Tip], _chain.Chain.Tip.Hash, _chain.Chain.Ledger);
        var reads = new PeerReads(() => new NodeSnapshot(invalid, _chain.Pending), _store, () => []);
        reads.Answer(new PeerRequest.GetBlocks([side.Hash]), out _).Refusal!.Code.Should().Be(RefusalCodes.NotFound);
        reads.Answer(new PeerRequest.GetCompactBlock(side.Hash), out _).Refusal!.Code.Should().Be(RefusalCodes.NotFound);
    }

    [Fact]
    public void An_answer_with_blocks_has_a_size_and_holds_one_at_least()
    {
        // Notes of 4 KiB: 8 blocks of about 0.9 MB.
        for (var i = 0; i < 8; i++)
        {
            _chain.Seal([.. Enumerable.Range(0, 200).Select(n => _chain.Sign(TestChain.Alice, "record", ("data", new { text = new string('x', 4_000), n })))]);
        }

        var hashes = _chain.Blocks.Select(block => block.Hash).ToArray();
        var given = BlocksOf(hashes);
        given.Sum(block => (long)block.Size).Should().BeLessThanOrEqualTo(PeerLimits.BlockBytes);
        (given.Sum(block => (long)block.Size) + given[0].Size).Should().BeGreaterThan(PeerLimits.BlockBytes, "one more would not fit");
    }

    [Fact]
    public void A_block_in_short_is_that_block()
    {
        var block = _chain.Seal(_chain.TopUp(TestChain.Alice, 1_000));

        var compact = Ask<PeerAnswer.Compact>(new PeerRequest.GetCompactBlock(block.Hash)).Block;
        (compact.Hash, compact.Count).Should().Be((block.Hash, 2));
        _reads.Answer(new PeerRequest.GetCompactBlock(TestPeer.Challenge("unknown")), out _).Refusal!.Code.Should().Be(RefusalCodes.NotFound);
    }

    [Fact]
    public void Transactions_of_a_block_are_given_by_their_places()
    {
        var block = _chain.Seal(_chain.TopUp(TestChain.Alice, 1_000), _chain.TopUp(TestChain.Bob, 1_000));

        Ask<PeerAnswer.Transactions>(new PeerRequest.GetBlockTransactions(block.Hash, [0, 2])).Items.Select(one => one.Leaf)
            .Should().Equal(block.Block.Transactions[0].Leaf, block.Block.Transactions[2].Leaf);
        Code(new PeerRequest.GetBlockTransactions(TestPeer.Challenge("unknown"), [0])).Should().Be(RefusalCodes.NotFound);
        foreach (int[] places in new int[][] { [3], [-1], [1, 1], [2, 0], [int.MaxValue] })
            Code(new PeerRequest.GetBlockTransactions(block.Hash, [.. places])).Should().Be("malformed_message", "of {0}", string.Join(',', places));

        string? Code(PeerRequest request) => _reads.Answer(request, out _).Refusal?.Code;
    }

    [Fact]
    public void What_is_asked_again_is_not_read_again_and_costs_the_whole_block_all_the_same()
    {
        var block = _chain.Seal(_chain.TopUp(TestChain.Alice, 1_000), _chain.TopUp(TestChain.Bob, 1_000));
        var store = System.Reflection.DispatchProxy.Create<IBlockStore, Counting>();
        var counting = (Counting)(object)store;
        counting.Inner = _store;
        var reads = new PeerReads(() => new NodeSnapshot(_chain.Chain, _chain.Pending), store, () => []);

        foreach (PeerRequest request in new PeerRequest[] { new PeerRequest.GetBlockTransactions(block.Hash, [1]), new PeerRequest.GetCompactBlock(block.Hash), new PeerRequest.GetBlocks([block.Hash]) })
        {
            reads.Answer(request, out var cost).IsAccepted.Should().BeTrue();
            cost.Should().Be(block.Block.Size, "of {0}", request);
        }

        counting.BlocksRead.Should().Be(1);
        reads.Answer(new PeerRequest.GetHeaders([_chain.Spec.Genesis.Hash], 10), out var ofHeaders);
        ofHeaders.Should().Be(PeerReads.HeaderCost);
    }

    [Fact]
    public void Whole_blocks_are_given_as_they_are_stored_unless_the_disk_gives_another_one()
    {
        var blocks = new[] { _chain.Seal(_chain.TopUp(TestChain.Alice, 1_000)), _chain.Seal(_chain.TopUp(TestChain.Bob, 1_000)) };
        Ask<PeerAnswer.StoredBlocks>(new PeerRequest.GetBlocks([blocks[0].Hash])).Items.Single().ToArray().Should().Equal(blocks[0].Block.Encode());

        var store = System.Reflection.DispatchProxy.Create<IBlockStore, Damaged>();
        ((Damaged)(object)store).Inner = _store;
        var reads = new PeerReads(() => new NodeSnapshot(_chain.Chain, _chain.Pending), store, () => []);
        foreach (PeerRequest request in new PeerRequest[] { new PeerRequest.GetBlocks([blocks[0].Hash]), new PeerRequest.GetCompactBlock(blocks[0].Hash) })
            reads.Answer(request, out _).Refusal!.Code.Should().Be(RefusalCodes.NotFound, "of {0}", request);
    }

    [Fact]
    public void Blocks_are_kept_up_to_a_size_those_asked_for_last()
    {
        Seal(3);
        var blocks = _chain.Blocks.Select(one => one.Block).ToArray();
        var recent = new RecentBlocks(blocks[0].Size + blocks[1].Size + 1);
        recent.Keep(blocks[0]);
        recent.Keep(blocks[1]);
        recent.Find(blocks[0].Hash).Should().BeSameAs(blocks[0]);
        recent.Keep(blocks[2]);

        recent.Find(blocks[1].Hash).Should().BeNull();
        recent.Find(blocks[0].Hash).Should().NotBeNull();
        recent.Find(blocks[2].Hash).Should().NotBeNull();
    }

    [Fact]
    public void Peers_use_half_of_the_read_connections_at_the_most() =>
        new PeerNetworkSettings().ServedAtOnce.Should().BeInRange(1, new SqliteOptions().Readers / 2);

    [Fact]
    public void Addresses_are_the_first_of_those_reached_of_late()
    {
        _addresses = [.. Enumerable.Range(1, 100).Select(port => TestPeer.AddressOf($"http://node.example:{port}"))];

        Ask<PeerAnswer.Addresses>(new PeerRequest.GetAddresses()).Items.Should().Equal(_addresses.Take(PeerLimits.Addresses));
    }

    private void Seal(int blocks)
    {
        for (var i = 0; i < blocks; i++) _chain.Seal();
    }

    private VerifiedBlock Beside()
    {
        var fork = _chain.Fork(0, "side");
        return fork.Forge(fork.TopUp(TestChain.Bob, 1_000));
    }

    private T Ask<T>(PeerRequest request)
        where T : PeerAnswer => _reads.Answer(request, out _).Value.Should().BeOfType<T>().Subject;

    private Hash256[] Headers(Hash256[] locator, int count) =>
        [.. Ask<PeerAnswer.Headers>(new PeerRequest.GetHeaders([.. locator], count)).Items.Select(header => header.Header.Hash)];

    private Hash256[] Blocks(params Hash256[] hashes) => [.. BlocksOf(hashes).Select(block => block.Hash)];

    private EquatableArray<Block> BlocksOf(Hash256[] hashes) =>
        ((PeerAnswer.Blocks)PeerCodec.DecodeAnswer(PeerKinds.Blocks, PeerCodec.Encode(Ask<PeerAnswer.StoredBlocks>(new PeerRequest.GetBlocks([.. hashes]))), _chain.Spec).Value).Items;

    /// <summary>Changes a byte of the header of each block that is read.</summary>
    public class Damaged : System.Reflection.DispatchProxy
    {
        public IBlockStore Inner { get; set; } = null!;

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Invoke(Inner, args) is not StoredBlock stored) throw new InvalidOperationException("Only blocks are asked for here.");

            var bytes = stored.Bytes.ToArray();
            bytes[BlockHeader.Size - 1] ^= 1;
            return stored with { Bytes = bytes };
        }
    }

    public class Counting : System.Reflection.DispatchProxy
    {
        public IBlockStore Inner { get; set; } = null!;

        public int BlocksRead { get; private set; }

        protected override object? Invoke(System.Reflection.MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IBlockStore.FindBlock)) BlocksRead++;
            return targetMethod.Invoke(Inner, args);
        }
    }
}
