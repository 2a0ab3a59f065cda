using System.Text.RegularExpressions;
using Dapper;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Contact;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Gates;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>What all stores of a node's database ask SQLite costs no more as their tables grow.</summary>
public sealed class QueryPlanTests : IDisposable
{
    private static readonly string[] Scanned =
    [
        // One row, and the first one of a table whose rows are all of this kind.
        "SELECT 1 FROM head WHERE", "SELECT 1 FROM undecided WHERE kind = 1 LIMIT 1",

        // At a start, all that is left of what is forgotten by and by.
        "SELECT entries FROM seen WHERE last >", "SELECT sum(length(entries)) FROM seen WHERE last >",

        // By its foreign key in what is on its way, where by then nothing is, or what a crash left.
        "DELETE FROM message WHERE number =",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStore _store;

    public QueryPlanTests()
    {
        _database = SqliteDatabase.Open(_folder["ledger.db"], SqliteDatabaseTests.Patient);
        _store = new SqliteBlockStore(_database);
    }

    public void Dispose()
    {
        _store.Dispose();
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Whatever_any_store_looks_for_it_finds_by_an_index()
    {
        var trace = new StatementTrace(_database, SqliteDatabaseTests.Patient.Readers);
        UseBlocks();
        UseReceipts();
        UseMessages();
        UseCustody();

        var keyed = trace.Keyed;
        var tables = _database.Read(static lease => lease.Connection.Query<string>("SELECT name FROM sqlite_master WHERE type = 'table'").ToArray());
        tables.Where(table => !keyed.Any(sql => Regex.IsMatch(sql, $@"\b(FROM|JOIN|UPDATE) {table}\b"))).Should().BeEquivalentTo(["balance", "identity_total", "key_check", "pending", "tally", "ticket", "validator"], "nobody looks for something in what is read as a whole, or is empty");
        keyed.Where(sql => !Scanned.Any(sql.StartsWith) && trace.PlanOf(sql).Any(static step => step.StartsWith("SCAN", StringComparison.Ordinal) || step.Contains("TEMP B-TREE", StringComparison.Ordinal))).Should().BeEmpty();
    }

    private void UseBlocks()
    {
        var (chain, ids) = BlockStoreContract.Story(_store);
        StoreContent.Of(_store, chain.Spec, ids).Should().NotBeEmpty();
        var tip = chain.Chain.Tip.Hash;
        (_store.FindBlock(tip), _store.FindIndex(tip), _store.FindDelta(tip), _store.Find(tip)).Should().NotBeNull();
        _store.FindBlock(Hash256.Zero).Should().BeNull();
        var other = chain.Fork(2, "other");
        while (other.Chain.Tip.Header.Index <= chain.Chain.Tip.Header.Index) other.Seal(other.TopUp(Bob, 3));
        foreach (var block in other.Blocks.Skip(2)) chain.Take(block);
        while (chain.Chain.Tip.Header.Index < 40) chain.Seal(chain.TopUp(Alice, chain.Blocks.Count));
    }

    private void UseReceipts()
    {
        var book = new ReceiptBook(_database, partRows: 1);
        var (id, ticket) = (new EventId(new byte[16]), new TicketId(new byte[16]));
        var scope = new GateScope("test-chain", Gate.Address, id);
        var first = Of(100, default);
        book.Add([first, Of(101, first.Receipt.Receipt.Hash), Of(102, first.Receipt.Receipt.Hash)], new GateSettings());
        book.Has(id, Gate.Address).Should().BeTrue();
        book.Tallies(id).Should().ContainSingle();
        book.Admissions(id).Should().HaveCount(3);

        BookedReceipt Of(long at, Hash256 previous) => new(new SignedReceipt(new GateReceipt(scope, ticket, at, GateResult.Valid, "code", previous), new ReceiptProof.Hmac(default)), id, null);
    }

    private void UseMessages()
    {
        var clock = new StillClock();
        var book = new ContactBook(_database, clock, new ContactLimits { Messages = 2, InboxMessages = 1 });
        book.Choose(Alice.Address, true);
        for (var i = 0; i < 3; i++) book.Send(new ContactMessage(new EventId(new byte[16]), "Concert", Bob.Address, "Doors", "At six."), [Alice.Address]);
        book.Received(Alice.Address, null, 10).Should().NotBeEmpty();
        clock.Now += TimeSpan.FromDays(1_000);
        book.Choose(Alice.Address, false);
        _ = new ContactBook(_database, clock);
    }

    private void UseCustody()
    {
        var custody = new SqliteCustodyStore(_database);
        custody.Add(new KeptAccountRecord(Alice.Address, "alice", [1], [2]), new IdentityRecord(new byte[32], [3], [4]), new IdentityLimits(10, 10_000));
        custody.PutIdentity(Alice.Address, new IdentityRecord(new byte[32], [5], [6]), new IdentityLimits(10, 10_000));
        (custody.Find(Alice.Address), custody.FindByLabel("alice"), custody.FindIdentity(Alice.Address)).Should().NotBeNull();
        (custody.Contains(Alice.Address), custody.FingerprintExists(new byte[32])).Should().Be((true, true));
        custody.BeginErasure(Alice.Address, Hash256.Zero);
        custody.FindErasure(Alice.Address).Should().Be(Hash256.Zero);
        custody.EndErasure(Alice.Address, Hash256.Zero);
        var delegations = new EventDelegations(_database);
        delegations.Set(new EventId(new byte[16]), false);
    }
}
