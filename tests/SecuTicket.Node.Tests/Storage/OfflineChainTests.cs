using Dapper;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Loop;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>A data directory whose node does not run.</summary>
public sealed class OfflineChainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestChain _chain = new(new InMemoryBlockStore());

    public OfflineChainTests()
    {
        for (var i = 0; i < 5; i++) _chain.Seal(_chain.TopUp(Alice, 10 + i));
    }

    private string Directory => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_directory_that_was_filled_holds_what_the_chain_held_and_is_valid()
    {
        using (var offline = Create())
        {
            offline.Import(Bytes()[..3]).Should().BeNull();
            offline.Import(Bytes()[3..]).Should().BeNull();
            (offline.Tip, offline.Imported.Transactions).Should().Be((_chain.Chain.Tip.Header, 10));
        }

        Content().Should().Be(StoreContent.Of(_chain.Store, _chain.Spec));
        using var again = Open();
        var heard = new List<ReplayProgress>();
        again.Validate(heard.Add, default).Should().Be(new ChainValidation(6, null, null));
        heard[^1].Should().Be(new ReplayProgress(_chain.Chain.Tip.Header, _chain.Chain.Tip.Weight, 6, 10));
    }

    [Fact]
    public void It_goes_on_where_it_ends()
    {
        using (var offline = Create()) offline.Import(Bytes()[..4]).Should().BeNull();
        using (var offline = Create())
        {
            offline.Import(Bytes()[..2]).Should().BeNull();
            offline.Import(Bytes()[2..]).Should().BeNull();
            offline.Imported.Blocks.Should().Be(2, "the others were there");
        }

        Content().Should().Be(StoreContent.Of(_chain.Store, _chain.Spec));
    }

    [Fact]
    public void What_was_valid_before_a_bad_block_is_kept()
    {
        var bytes = Bytes();
        var bad = bytes[4].ToArray();
        bad[^1] ^= 1;
        using (var offline = Create())
        {
            var fault = offline.Import([.. bytes[..4], bad, bytes[5]])!;
            (fault.Index, fault.Refusal.Code).Should().Be((4, "invalid_root"));
            offline.Tip.Index.Should().Be(3);
        }

        using (var offline = Create())
        {
            offline.Tip.Index.Should().Be(3);
            offline.Import(bytes).Should().BeNull();
        }
    }

    [Fact]
    public void A_directory_of_another_chain_or_branch_is_left_alone()
    {
        using (var offline = Create()) offline.Import(Bytes()).Should().BeNull();
        ((Action)(() => OfflineChain.OpenOrCreate(Directory, SpecOf(chainId: "another"), ChainReplayTests.Later))).Should().Throw<StorageException>().Which.Fault.Should().Be(StorageFault.NotOurs);

        var other = _chain.Fork(2, "other");
        for (var i = 0; i < 5; i++) other.Seal(other.TopUp(Bob, 1));
        using (var offline = Create())
        {
            var fault = offline.Import([.. other.Store.ReadChain(0).Select(block => block.Bytes)])!;
            (fault.Index, fault.Refusal.Code).Should().Be((3, "invalid_link"));
        }

        Content().Should().Be(StoreContent.Of(_chain.Store, _chain.Spec), "nothing was changed, and nothing keeps it open");
    }

    [Fact]
    public void A_directory_that_goes_past_the_checkpoint_with_another_block_is_not_added_to()
    {
        using (var offline = Create()) offline.Import(Bytes()).Should().BeNull();

        OpenWith(3, _chain.Blocks[2].Hash).Should().NotThrow();
        OpenWith(6, _chain.Blocks[2].Hash).Should().NotThrow("it does not come to it yet");
        OpenWith(3, _chain.Blocks[3].Hash).Should().Throw<StorageException>().Which.Message.Should().Contain("checkpoint");

        Action OpenWith(long index, Core.Primitives.Hash256 hash) => () => OfflineChain.OpenOrCreate(Directory, _chain.Spec with { Checkpoint = new KnownBlock(index, hash) }, ChainReplayTests.Later).Dispose();
    }

    [Fact]
    public void A_directory_without_a_chain_is_not_made_into_one()
    {
        OfflineChain.Open(Directory, ChainReplayTests.Later).Refusal!.Code.Should().Be("not_found");
        System.IO.Directory.Exists(Directory).Should().BeFalse();
    }

    [Fact]
    public void While_it_is_open_nobody_else_has_the_directory()
    {
        using var offline = Create();

        ((Action)(() => DataDirectory.Open(Directory))).Should().Throw<DataDirectoryException>();
    }

    [Fact]
    public void A_byte_changed_in_the_directory_is_found()
    {
        using (var offline = Create()) offline.Import(Bytes()).Should().BeNull();
        using (var database = SqliteDatabase.Open(Path.Combine(Directory, DataDirectory.LedgerName)))
        {
            database.Write((connection, transaction) =>
                connection.Execute("UPDATE block SET body = CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB) WHERE block_index = 2", transaction: transaction));
        }

        using var again = Open();
        var found = again.Validate(null, default);
        (found.FirstInvalidIndex, found.Refusal!.Code).Should().Be((2, "invalid_root"));
    }

    private OfflineChain Create() => OfflineChain.OpenOrCreate(Directory, _chain.Spec, ChainReplayTests.Later);

    private OfflineChain Open() => OfflineChain.Open(Directory, ChainReplayTests.Later).Value;

    private ReadOnlyMemory<byte>[] Bytes() => [.. _chain.Store.ReadChain(0).Select(block => block.Bytes)];

    private string Content()
    {
        using var database = SqliteDatabase.Open(Path.Combine(Directory, DataDirectory.LedgerName));
        using var store = new SqliteBlockStore(database);
        return StoreContent.Of(store, _chain.Spec);
    }
}
