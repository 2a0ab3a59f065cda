using Microsoft.Data.Sqlite;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;

namespace SecuTicket.Node.Tests.Custody;

public sealed class UsedTokensTests : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(121);

    private readonly StillClock _clock = new();
    private readonly TemporaryFolder _folder = new();
    private SqliteDatabase _database;

    public UsedTokensTests() => _database = Open();

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_token_is_remembered_for_as_long_as_it_could_be_good()
    {
        var tokens = new UsedTokens(_database, _clock, Kept);
        tokens.Use(Token(1)).IsAccepted.Should().BeTrue();

        _clock.Now += Kept - TimeSpan.FromMilliseconds(1);
        tokens.Use(Token(1)).Refusal!.Code.Should().Be("token_used");
        _clock.Now += TimeSpan.FromMilliseconds(1);
        tokens.Use(Token(2)).IsAccepted.Should().BeTrue();
        tokens.Count.Should().Be(1, "what can not come again is forgotten");
        tokens.Use(Token(1)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void A_restart_forgets_none_that_could_come_again()
    {
        var before = new UsedTokens(_database, _clock, Kept);
        before.Use(Token(1));
        _clock.Now += TimeSpan.FromSeconds(60);
        before.Use(Token(2));
        _database.Dispose();
        _database = Open();

        var after = new UsedTokens(_database, _clock, Kept);

        after.Use(Token(1)).Refusal!.Code.Should().Be("token_used");
        after.Use(Token(2)).Refusal!.Code.Should().Be("token_used");
        _clock.Now += TimeSpan.FromSeconds(61);
        after.Use(Token(1)).IsAccepted.Should().BeTrue("its time is over");
        after.Use(Token(2)).Refusal!.Code.Should().Be("token_used");
        _database.Read(lease => lease.Prepare("SELECT count(*) FROM used_token").Scalar(null)).Should().Be(2L);
    }

    [Fact]
    public void What_can_not_be_read_when_it_is_opened_is_a_fault_of_the_storage()
    {
        _ = (new UsedTokens(_database, _clock, Kept), new EventDelegations(_database));
        _database.Write((connection, transaction) =>
        {
            foreach (var table in new[] { "used_token", "event_delegation" }) new SqliteCommand($"DROP TABLE {table}", connection, transaction).ExecuteNonQuery();
        });

        FluentActions.Invoking(() => new UsedTokens(_database, _clock, Kept)).Should().Throw<StorageException>();
        FluentActions.Invoking(() => new EventDelegations(_database)).Should().Throw<StorageException>();
    }

    [Fact]
    public void A_full_memory_refuses_new_tokens_rather_than_forget_one()
    {
        var tokens = new UsedTokens(_database, _clock, Kept, capacity: 2);
        tokens.Use(Token(1));
        tokens.Use(Token(2));

        var refusal = tokens.Use(Token(3)).Refusal!;

        refusal.Code.Should().Be("not_ready");
        refusal.Kind.Should().Be(RefusalKind.Transient);
        tokens.Use(Token(1)).Refusal!.Code.Should().Be("token_used");
        _clock.Now += Kept;
        tokens.Use(Token(3)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Of_many_who_show_one_token_at_once_one_gets_through()
    {
        var tokens = new UsedTokens(_database, _clock, Kept);
        var accepted = 0;

        Parallel.For(0, 1_000, i =>
        {
            if (tokens.Use(Token(i % 10)).IsAccepted) Interlocked.Increment(ref accepted);
        });

        accepted.Should().Be(10);
    }

    private SqliteDatabase Open() => SqliteDatabase.Open(_folder["ledger.db"], SqliteDatabaseTests.Patient);

    private static Hash256 Token(int number) => Hash256.Sha256(BitConverter.GetBytes(number));
}
