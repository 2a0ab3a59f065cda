using System.Reflection;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Node.Tests.Sync;

public class HeaderReaderTests
{
    private readonly TestChain _chain = new(new InMemoryBlockStore());

    public HeaderReaderTests()
    {
        for (var i = 0; i < 6; i++) _chain.Seal(_chain.TopUp(TestChain.Alice, 1));
    }

    private static Hash256 Unknown => Hash256.Sha256("unknown"u8);

    [Fact]
    public void The_headers_after_the_first_hash_that_is_on_our_branch_are_given()
    {
        Read(10, Hash(4), Hash(2)).Should().Equal(Headers(5, 6));
        Read(10, Unknown, Hash(2), Hash(1)).Should().Equal(Headers(3, 4, 5, 6));
        Read(10, _chain.Spec.Genesis.Hash).Should().Equal(Headers(1, 2, 3, 4, 5, 6));
    }

    [Fact]
    public void No_more_than_asked_for()
    {
        Read(1, Hash(2)).Should().Equal(Headers(3));
        Read(3, Hash(2)).Should().Equal(Headers(3, 4, 5));
        Read(4, Hash(2)).Should().Equal(Headers(3, 4, 5, 6));
    }

    [Fact]
    public void None_after_our_tip_and_none_when_nothing_is_known()
    {
        Read(10, Hash(6), Hash(1)).Should().BeEmpty();
        Read(10, Unknown).Should().BeEmpty();
        Read(10).Should().BeEmpty();
    }

    [Fact]
    public void A_side_block_is_not_on_our_branch()
    {
        var other = _chain.Fork(3, "other");
        var side = other.Seal(other.TopUp(TestChain.Bob, 3));
        _chain.Take(side);

        Read(10, side.Hash, Hash(3)).Should().Equal(Headers(4, 5, 6));
        Read(10, side.Hash).Should().BeEmpty();
    }

    [Fact]
    public void A_node_that_reads_them_proves_the_branch()
    {
        var other = _chain.Fork(3, "other");
        other.Seal(other.TopUp(TestChain.Bob, 3));
        var branch = new HeaderBranch(other.Chain, new Core.Consensus.ProofOfWork.ProofOfWorkVerifier(_chain.Spec, new Core.Cryptography.P256Verifier(1)));

        branch.Add(new HeaderReader(_chain.Store).Read(branch.Request).Items, _chain.Now).IsAccepted.Should().BeTrue();

        branch.Against(other.Chain).Should().BeEquivalentTo(new { IsWanted = true, Undone = 1L });
        branch.Against(other.Chain).Missing.Should().Equal(Hash(4), Hash(5), Hash(6));
    }

    [Fact]
    public void When_our_branch_changes_between_two_reads_what_is_given_is_of_the_new_one()
    {
        var other = _chain.Fork(3, "other");
        for (var i = 0; i < 4; i++) other.Seal(other.TopUp(TestChain.Bob, 1));
        var changing = Changing.Around(_chain.Store, () =>
        {
            foreach (var block in other.Blocks[^4..]) _chain.Take(block);
        });

        var headers = new HeaderReader(changing).Read(new PeerRequest.GetHeaders([Hash(5), Hash(3)], 10)).Items;

        headers.Should().Equal(other.Blocks[^4..].Select(block => block.Block.SealedHeader), "block 5 left our branch after it was found there");
    }

    private SealedHeader[] Read(int count, params Hash256[] locator) => [.. new HeaderReader(_chain.Store).Read(new PeerRequest.GetHeaders([.. locator], count)).Items];

    private Hash256 Hash(int index) => _chain.Blocks[index - 1].Hash;

    private IEnumerable<SealedHeader> Headers(params int[] indexes) => indexes.Select(index => _chain.Blocks[index - 1].Block.SealedHeader);

    /// <summary>A store that does something once before it reads headers.</summary>
    public class Changing : DispatchProxy
    {
        private IBlockStore _store = null!;
        private Action? _before;

        public static IBlockStore Around(IBlockStore store, Action before)
        {
            var proxy = Create<IBlockStore, Changing>();
            ((Changing)proxy)._store = store;
            ((Changing)proxy)._before = before;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IBlockStore.ReadHeaders)) Interlocked.Exchange(ref _before, null)?.Invoke();
            return targetMethod.Invoke(_store, args);
        }
    }
}
