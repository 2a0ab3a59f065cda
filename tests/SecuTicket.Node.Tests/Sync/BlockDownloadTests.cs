using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

public class BlockDownloadTests
{
    private static readonly PeerAddress[] Peers = [.. "abcdef".Select(name => PeerAddress.TryParse($"http://{name}", out var address) ? address : throw new ArgumentException(name.ToString()))];

    private readonly Block[] _blocks;

    public BlockDownloadTests()
    {
        var world = new HeaderWorld(difficulty: 0);
        _blocks = [.. world.Extend(world.Genesis, 2_000).Skip(1).Select(header => new Block(header, []))];
    }

    private static PeerAddress A => Peers[0];

    private static PeerAddress B => Peers[1];

    [Fact]
    public void The_list_is_cut_into_chunks_that_several_peers_bring_two_each()
    {
        var download = DownloadOf(100);

        var assignments = download.Next([A, B]);

        assignments.Select(one => (one.Peer, one.Chunk, one.Hashes.Count)).Should().Equal((A, 0, 32), (B, 1, 32), (A, 2, 32), (B, 3, 4));
        assignments.SelectMany(one => one.Hashes).Should().Equal(HashesOf(_blocks[..100]));
        download.Next([A, B]).Should().BeEmpty();
        download.InFlight.Should().Be(4);
    }

    [Fact]
    public void No_more_than_eight_are_under_way_and_no_more_than_two_at_one_peer()
    {
        DownloadOf(2_000).Next([A]).Should().HaveCount(BlockDownload.MaxPerPeer);

        var assignments = DownloadOf(2_000).Next(Peers);
        assignments.Should().HaveCount(BlockDownload.MaxInFlight);
        assignments.GroupBy(one => one.Peer).Should().OnlyContain(group => group.Count() <= BlockDownload.MaxPerPeer);
    }

    [Fact]
    public void Blocks_are_handed_out_in_order_whoever_is_first()
    {
        var download = DownloadOf(80);
        var assignments = download.Next(Peers);

        Bring(download, assignments[2]);
        download.Ready().Should().BeEmpty();
        Bring(download, assignments[0]);
        download.Ready().Select(one => (one.Block.Hash, one.From)).Should().Equal(_blocks[..32].Select(block => (block.Hash, Peers[0])));
        Bring(download, assignments[1]);
        HashesOf(download.Ready()).Should().Equal(HashesOf(_blocks[32..80]));

        download.Should().BeEquivalentTo(new { IsDone = true, InFlight = 0, Held = 0 });
        download.Ready().Should().BeEmpty();
        download.Next(Peers).Should().BeEmpty();
    }

    [Fact]
    public void Chunks_wait_for_an_earlier_one_up_to_a_window()
    {
        var download = DownloadOf(2_000);
        var underWay = new Queue<BlockAssignment>(download.Next(Peers));
        var slow = underWay.Dequeue();
        while (underWay.TryDequeue(out var next))
        {
            Bring(download, next);
            foreach (var assignment in download.Next(Peers[1..])) underWay.Enqueue(assignment);
        }

        download.Held.Should().Be((BlockDownload.Window - 1) * BlockDownload.ChunkBlocks);
        Bring(download, slow);
        HashesOf(download.Ready()).Should().Equal(HashesOf(_blocks[..(BlockDownload.Window * BlockDownload.ChunkBlocks)]));
        download.Next(Peers).Should().HaveCount(BlockDownload.MaxInFlight);
    }

    [Fact]
    public void Beyond_some_bytes_only_the_chunk_that_is_next_is_asked_for()
    {
        var blocks = LargeBlocks(4 * BlockDownload.ChunkBlocks);
        blocks.Take(2 * BlockDownload.ChunkBlocks).Sum(block => (long)block.Size).Should().BeGreaterThan(BlockDownload.HeldBytes);
        var download = new BlockDownload([.. blocks.Select(block => block.Hash)]);
        var first = download.Next([A]);
        first.Select(one => one.Chunk).Should().Equal(0, 1);
        var third = download.Next([B])[0];
        download.Arrived(A, 1, blocks[32..64]);
        download.Arrived(B, third.Chunk, blocks[64..96]);
        download.Failed(B, 3);

        download.Next([A, B]).Should().BeEmpty("the next one is under way, and the rest would only wait");
        download.Failed(A, 0);
        download.Next([A, B]).Select(one => (one.Peer, one.Chunk)).Should().Equal((B, 0));
        download.Arrived(B, 0, blocks[..32]);
        download.Ready().Should().HaveCount(96);
        download.Next([A, B]).Select(one => one.Chunk).Should().Equal(3);
    }

    [Fact]
    public void What_came_of_a_short_answer_counts_and_the_rest_is_asked_for_again()
    {
        var download = DownloadOf(40);
        var assignments = download.Next([A]);

        download.Arrived(A, 0, _blocks[..5]).IsAccepted.Should().BeTrue();

        HashesOf(download.Ready()).Should().Equal(HashesOf(_blocks[..5]), "what is next need not wait for its chunk");
        var rest = download.Next([A]).Should().ContainSingle().Which;
        rest.Hashes.Should().Equal(HashesOf(_blocks[5..32]));
        Bring(download, assignments[1]);
        Bring(download, rest);
        HashesOf(download.Ready()).Should().Equal(HashesOf(_blocks[5..40]));
        download.IsDone.Should().BeTrue();
    }

    [Fact]
    public void A_peer_that_has_not_a_block_is_not_asked_again()
    {
        var download = DownloadOf(100);
        download.Next([A]);

        download.Arrived(A, 0, []).IsAccepted.Should().BeTrue("it is no fault");

        download.Next([A]).Should().BeEmpty();
        download.Next([A, B]).Select(one => (one.Peer, one.Chunk)).Should().Equal((B, 0), (B, 2));
        download.Arrived(A, 1, _blocks[32..64]).IsAccepted.Should().BeTrue("what was under way still counts");
    }

    [Fact]
    public void A_failed_chunk_goes_to_another_peer_when_there_is_one()
    {
        var download = DownloadOf(30);
        download.Next([A, B]);
        download.Failed(A, 0);
        download.Next([A, B]).Should().ContainSingle().Which.Peer.Should().Be(B);
        download.Failed(B, 0);
        download.Next([B]).Should().ContainSingle("there is nobody else").Which.Peer.Should().Be(B);
    }

    [Fact]
    public void A_peer_that_fails_again_and_again_is_not_asked_any_more()
    {
        var download = DownloadOf(30);
        for (var i = 0; i < BlockDownload.MaxFailures; i++)
        {
            download.Next([A]).Should().ContainSingle();
            download.Failed(A, 0);
        }

        download.Next([A]).Should().BeEmpty();
        download.Should().BeEquivalentTo(new { InFlight = 0, IsDone = false }, "the peers can not bring it");
        download.Next([A, B]).Should().ContainSingle().Which.Peer.Should().Be(B);
    }

    [Fact]
    public void A_block_that_was_not_asked_for_is_the_peer_s_fault_and_it_is_out()
    {
        var download = DownloadOf(100);
        var assignments = download.Next([A]);

        var refusal = download.Arrived(A, 0, [.. _blocks[..3], _blocks[7]]).Refusal!;

        refusal.Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidBlock, Kind = RefusalKind.Invalid });
        HashesOf(download.Ready()).Should().Equal(HashesOf(_blocks[..3]));
        download.Failed(A, assignments[1].Chunk);
        download.Next([A]).Should().BeEmpty();
        download.Next([B])[0].Hashes.Should().Equal(HashesOf(_blocks[3..32]));
    }

    [Fact]
    public void More_blocks_than_asked_for_are_the_peer_s_fault()
    {
        var download = DownloadOf(32);
        download.Next([A]);

        download.Arrived(A, 0, _blocks[..33]).Refusal!.Code.Should().Be(RefusalCodes.TooLarge);
        download.Ready().Should().HaveCount(32);
    }

    [Fact]
    public void Another_body_under_a_good_header_is_the_peer_s_fault_and_does_not_stand_for_the_block()
    {
        var chain = new TestChain(new InMemoryBlockStore());
        var good = chain.Seal(chain.TopUp(TestChain.Alice, 5)).Block;
        var download = new BlockDownload([good.Hash]);
        download.Next([A]);

        download.Arrived(A, 0, [new Block(good.Header, [good.Transactions[0]])]).Refusal.Should().BeEquivalentTo(new { Code = RefusalCodes.InvalidRoot, Kind = RefusalKind.Invalid });

        download.Ready().Should().BeEmpty();
        download.Next([A, B]).Should().ContainSingle().Which.Peer.Should().Be(B);
        download.Arrived(B, 0, [good]).IsAccepted.Should().BeTrue();
        download.Ready().Should().ContainSingle().Which.From.Should().Be(B);
    }

    [Fact]
    public void Only_who_was_asked_may_answer()
    {
        var download = DownloadOf(40);
        download.Next([A]);

        download.Invoking(one => one.Arrived(B, 0, [])).Should().Throw<InvalidOperationException>();
        download.Invoking(one => one.Failed(A, 7)).Should().Throw<InvalidOperationException>();
        download.Failed(A, 1);
        download.Invoking(one => one.Failed(A, 1)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void Nothing_to_fetch_is_done_at_once()
    {
        DownloadOf(0).IsDone.Should().BeTrue();
        DownloadOf(0).Next(Peers).Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void As_long_as_one_peer_answers_everything_comes_once_and_in_order(int seed)
    {
        var random = new Random(seed);
        var download = DownloadOf(500);
        var came = new List<Hash256>();
        var underWay = new List<BlockAssignment>();
        var most = 0;
        while (!download.IsDone)
        {
            underWay.AddRange(download.Next(Peers));
            most = Math.Max(most, download.InFlight);
            if (underWay.Count == 0)
            {
                came.AddRange(HashesOf(download.Ready()));
                continue;
            }

            var one = underWay[random.Next(underWay.Count)];
            underWay.Remove(one);
            var start = Array.FindIndex(_blocks, block => block.Hash == one.Hashes[0]);
            if (one.Peer == A) download.Arrived(one.Peer, one.Chunk, _blocks[start..(start + random.Next(1, one.Hashes.Count + 1))]);
            else if (random.Next(2) == 0) download.Failed(one.Peer, one.Chunk);
            else download.Arrived(one.Peer, one.Chunk, _blocks[start..(start + random.Next(one.Hashes.Count))]);
            if (random.Next(2) == 0) came.AddRange(HashesOf(download.Ready()));
        }

        came.Should().Equal(HashesOf(_blocks[..500]));
        most.Should().BeLessThanOrEqualTo(BlockDownload.MaxInFlight);
    }

    private static IEnumerable<Hash256> HashesOf(IEnumerable<Block> blocks) => blocks.Select(block => block.Hash);

    private static IEnumerable<Hash256> HashesOf(IEnumerable<FetchedBlock> blocks) => HashesOf(blocks.Select(one => one.Block));

    private static Block[] LargeBlocks(int count)
    {
        var chain = new TestChain(new InMemoryBlockStore());
        var record = chain.Sign(TestChain.Alice, "record", ("data", new { text = new string('x', 3_900) })).Transaction;
        var body = new EquatableArray<Core.Transactions.Transaction>([.. Enumerable.Repeat(record, 140)]);
        var header = chain.Spec.Genesis.Header with { TransactionsRoot = new Block(chain.Spec.Genesis.Header, body).ComputeTransactionsRoot() };
        return [.. Enumerable.Range(0, count).Select(i => new Block(header with { Nonce = i }, body))];
    }

    private BlockDownload DownloadOf(int count) => new([.. HashesOf(_blocks[..count])]);

    private void Bring(BlockDownload download, BlockAssignment assignment)
    {
        var start = Array.FindIndex(_blocks, block => block.Hash == assignment.Hashes[0]);
        download.Arrived(assignment.Peer, assignment.Chunk, _blocks[start..(start + assignment.Hashes.Count)]).IsAccepted.Should().BeTrue();
    }
}
