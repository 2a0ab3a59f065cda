using Dapper;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Peers;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Storage;

public sealed class PeerStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;

    public PeerStoreTests() => _database = SqliteDatabase.Open(_folder["ledger.db"]);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_book_is_the_same_after_a_restart()
    {
        var scene = new PeerBookScenario();
        scene.Book.Configure([At("https://one.example"), At("http://[2001:db8::1]:5001")], scene.Now);
        scene.Book.Register(At(2, 1), scene.Now);
        scene.Book.Called(At(3, 1), scene.Now);
        scene.Prove(At(4, 1), 4);
        scene.Prove(At(5, 1), 5);
        scene.Book.Learn([At(6, 1), At(7, 1), At(8, 1)], At(4, 1), scene.Now);
        scene.Book.Failed(At(6, 1), scene.Now);
        scene.Book.Ban(At(5, 1), long.MaxValue);
        scene.Book.Forget(At(7, 1), scene.Now);
        new PeerStore(_database).Apply(scene.Book.TakeChanges());
        scene.Now += Hour;
        scene.Succeed(At("https://one.example"), 1);
        scene.Book.Failed(At(4, 1), scene.Now);
        scene.Book.Failed(At(6, 1), scene.Now);
        scene.Book.Failed(At(6, 1), scene.Now);
        new PeerStore(_database).Apply(scene.Book.TakeChanges());
        Reopen();

        var kept = new PeerStore(_database).Load();

        kept.Skipped.Should().BeEmpty();
        kept.Records.Should().Equal(scene.Book.Records).And.HaveCount(8);
        scene.Restart(kept.Records);
        scene.Book.Records.Should().Equal(kept.Records);
        scene.Book.TakeChanges().Should().BeEmpty();
    }

    [Fact]
    public void A_row_that_can_not_be_read_is_skipped_and_told_and_the_others_are_there()
    {
        var scene = new PeerBookScenario();
        for (var i = 0; i < Damages.Length; i++) scene.Prove(At(i, 1), i);
        scene.Prove(At(1_000, 1), 1_000);
        var store = new PeerStore(_database);
        store.Apply(scene.Book.TakeChanges());
        _database.Write((connection, transaction) =>
        {
            for (var i = 0; i < Damages.Length; i++) connection.Execute($"UPDATE peer SET {Damages[i]} WHERE address = '{At(i, 1)}'", transaction: transaction).Should().Be(1);
        });
        Reopen();

        var kept = new PeerStore(_database).Load();

        kept.Records.Should().Equal(scene[At(1_000, 1)]);
        kept.Skipped.Should().HaveCount(Damages.Length).And.OnlyContain(sentence => sentence.Length < 200);
        kept.Skipped.Should().Contain("The kept peer 'http://1.7.0.1:5000' is left out: its origin is not as this version writes it.");
        var again = new PeerStore(_database).Load();
        again.Skipped.Should().BeEmpty("it is told once");
        again.Records.Should().Equal(kept.Records);
    }

    [Fact]
    public void Changes_are_written_all_or_none()
    {
        var scene = new PeerBookScenario();
        var store = new PeerStore(_database);
        scene.Book.Learn([At(1, 1), At(2, 1)], At(9, 1), scene.Now);
        _database.Write((connection, transaction) =>
            connection.Execute($"CREATE TRIGGER full BEFORE INSERT ON peer WHEN new.address = '{At(2, 1)}' BEGIN SELECT RAISE(ABORT, 'full'); END", transaction: transaction));
        var changes = scene.Book.TakeChanges();

        store.Invoking(one => one.Apply(changes)).Should().Throw<StorageException>();

        store.Load().Records.Should().BeEmpty();
    }

    // One a row.
    private static readonly string[] Damages =
    [
        "address = 'file:///etc/passwd'", "address = 'HTTP://EXAMPLE.com/'", "address = 'http://" + new string('a', 300) + ".example'", "address = x'00ff'", "origin = 4", "origin = -1", "origin = 'me'",
        "origin = 0.5", "added_at = -1", "added_at = 'x'", "source = x'00'", "source = '" + new string('s', 256) + "'", "block = x'07'", "block = '" + new string('b', 256) + "'", "node_id = x'0102'",
        "node_id = 'text'", "node_id = NULL", "known_since = NULL", "last_success = NULL", "last_success = -1", "last_attempt = 'x'", "next_attempt = -1", "failures = -1", "failures = 2147483648",
        "banned_until = -1", "forgotten = 2",
    ];

    private void Reopen()
    {
        _database.Dispose();
        _database = SqliteDatabase.Open(_folder["ledger.db"]);
    }
}
