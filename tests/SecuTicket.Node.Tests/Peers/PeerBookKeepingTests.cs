using SecuTicket.Api.Tests.Contract;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Peers;

public sealed class PeerBookKeepingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;
    private readonly List<NetworkReport> _reports = [];

    public PeerBookKeepingTests() => _database = SqliteDatabase.Open(_folder["ledger.db"]);

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task All_that_was_taken_is_written_in_its_last_state_whatever_was_being_written_meanwhile()
    {
        var store = new PeerStore(_database);
        var keeping = new PeerBookKeeping(store, TimeProvider.System, _reports.Add);

        for (var round = 1; round <= 50; round++)
            keeping.Add([.. Enumerable.Range(1, 5).Select(host => Change(host, round))], isUrgent: round % 10 == 0);
        keeping.Add([new PeerBookChange(At(1, 1), null)]);
        await keeping.DisposeAsync();

        store.Load().Records.Select(record => (record.Address, record.AddedAt)).Should().BeEquivalentTo(Enumerable.Range(2, 4).Select(host => (At(1, host), 50L)));
        _reports.Should().BeEmpty();
    }

    [Fact]
    public async Task What_strangers_change_is_written_every_five_seconds_and_what_the_operator_does_at_once()
    {
        var (store, clock) = (new PeerStore(_database), new TestClock());
        await using var keeping = new PeerBookKeeping(store, clock, _reports.Add);
        keeping.Add([Change(1, 1)]);
        clock.Advance(TimeSpan.FromSeconds(3));
        keeping.Add([Change(2, 1)]);
        clock.Advance(TimeSpan.FromSeconds(1.9));
        store.Load().Records.Should().BeEmpty();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        store.Load().Records.Should().HaveCount(2, "the second did not put off the first");

        keeping.Add([Change(3, 1)]);
        keeping.Add([Change(4, 1)], isUrgent: true);
        clock.Advance(TimeSpan.Zero);
        store.Load().Records.Should().HaveCount(4);
    }

    [Fact]
    public async Task A_disk_that_fails_is_reported_and_stops_nothing()
    {
        var keeping = new PeerBookKeeping(new PeerStore(_database), TimeProvider.System, _reports.Add);
        _database.Dispose();

        keeping.Add([new PeerBookChange(At(1, 1), null)]);
        await keeping.DisposeAsync();

        _reports.Should().ContainSingle().Which.Failure.Should().NotBeNull();
    }

    private static PeerBookChange Change(int host, long addedAt) => new(At(1, host), new PeerRecord(At(1, host), PeerOrigin.Learnt, addedAt));
}
