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
        var keeping = new PeerBookKeeping(store, _reports.Add);

        for (var round = 1; round <= 50; round++)
            keeping.Add([.. Enumerable.Range(1, 5).Select(host => new PeerBookChange(At(1, host), new PeerRecord(At(1, host), PeerOrigin.Learnt, round)))]);
        keeping.Add([new PeerBookChange(At(1, 1), null)]);
        await keeping.FlushAsync();

        store.Load().Records.Select(record => (record.Address, record.AddedAt)).Should().BeEquivalentTo(Enumerable.Range(2, 4).Select(host => (At(1, host), 50L)));
        _reports.Should().BeEmpty();
    }

    [Fact]
    public async Task A_disk_that_fails_is_reported_and_stops_nothing()
    {
        var keeping = new PeerBookKeeping(new PeerStore(_database), _reports.Add);
        _database.Dispose();

        keeping.Add([new PeerBookChange(At(1, 1), null)]);
        await keeping.FlushAsync();

        _reports.Should().ContainSingle().Which.Failure.Should().NotBeNull();
    }
}
