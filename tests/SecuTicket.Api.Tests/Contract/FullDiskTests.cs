using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A disk without room: writes answer 503, nothing is half done, reads go on, and with room again everything does.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_full_disk_is_said_plainly_loses_nothing_and_ends_when_there_is_room()
    {
        var admitted = new List<string>();
        using (var scenario = await WritesScenario.OpenAsync(areKept: true, node: new NodeFactory(folder: _folder)))
        {
            var api = scenario.Node.Api;
            await api.GetAsync("/health/ready");
            SetRoom(scenario, pages: 0);

            // What is left of the last pages may still take a few.
            var refused = await FillAsync(scenario, admitted);
            var before = scenario.Snapshot;
            before.Pending.ById.Select(entry => entry.Key.ToString()).Should().BeEquivalentTo(admitted);
            await StorageFailedAsync(scenario, "/transactions", refused);
            await StorageFailedAsync(scenario, "/tickets/purchase", scenario.Sign(scenario.Fan, "purchase_ticket", Large(scenario)));
            await StorageFailedAsync(scenario, "/mine", null);
            await StorageFailedAsync(scenario, "/accounts", new { profile = new { name = new string('x', 10_000) } });
            using (var content = new StringContent(refused.ToString(), Encoding.UTF8, "application/x-ndjson"))
            using (var batch = await api.Http.PostAsync("/transactions/batch", content)) await batch.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_failed");

            scenario.Snapshot.Should().Be(before, "nothing is half done");
            scenario.Node.Node.FindTransaction(WritesScenario.IdOf(refused)).Should().BeNull();
            (await api.GetRefusedAsync("/health/ready", HttpStatusCode.ServiceUnavailable, "not_ready")).GetProperty("detail").GetString().Should().Contain("could not write to its disk").And.NotContain(scenario.Node.Folder);
            await api.GetAsync("/health/live");
            (await api.GetAsync($"/tickets/{scenario.Tickets[0]}")).GetProperty("status").GetString().Should().Be("unsold");
            (await api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();

            SetRoom(scenario, pages: 100_000);
            await api.PostAsync("/transactions", refused);
            admitted.Add(WritesScenario.IdOf(refused).ToString());
            await api.GetAsync("/health/ready");
        }

        using var restarted = new NodeFactory(folder: _folder);
        restarted.Node.Snapshot.Pending.ById.Select(entry => entry.Key.ToString()).Should().BeEquivalentTo(admitted);
        var block = await restarted.SealAsync();
        block.Transactions.Count.Should().Be(1 + admitted.Count);
        (await restarted.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_block_that_could_not_be_written_is_made_again_when_there_is_room()
    {
        using var scenario = await WritesScenario.OpenAsync(node: new NodeFactory(folder: _folder));
        await scenario.BuyAsync(scenario.Fan, scenario.Tickets[0]);
        for (var i = 0; i < 20; i++) await scenario.PostAsync(scenario.Fan, "record", new { data = new string('x', 4_000) });
        SetRoom(scenario, pages: 0);
        var before = scenario.Snapshot;

        await StorageFailedAsync(scenario, "/mine", null);
        scenario.Snapshot.Should().Be(before);

        SetRoom(scenario, pages: 100_000);
        var forged = await scenario.Node.Api.PostAsync("/mine", new { }, HttpStatusCode.OK);
        forged.GetProperty("transactions").GetArrayLength().Should().Be(22);
        (await scenario.Node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
        await scenario.Node.Api.GetAsync("/health/ready");
    }

    [Fact]
    public async Task A_key_that_can_not_write_down_what_it_signs_makes_no_block_until_it_can()
    {
        using var stage = new StakeStage();
        await stage.SealAsync();

        // Whoever lacks room lacks it for this file too: here something lies in its place.
        var place = Directory.CreateDirectory(DurableFiles.UnfinishedName(Directory.GetFiles(stage.Node.Folder, "forging-*.json").Single()));
        stage.Node.Clock.Advance(DateTimeOffset.FromUnixTimeMilliseconds(stage.Node.Node.Forging!.NextSlotAt!.Value) - stage.Node.Clock.Now);
        using (var answer = await stage.Api.SendAsync(HttpMethod.Post, "/mine", new { })) await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_failed");
        await stage.Api.GetRefusedAsync("/health/ready", HttpStatusCode.ServiceUnavailable, "not_ready");

        place.Delete();
        await stage.SealAsync();
        await stage.Api.GetAsync("/health/ready");
        stage.Node.Clock.Advance(TimeSpan.FromMinutes(1));
        await stage.Api.GetAsync("/health/ready");
    }

    private static object Large(WritesScenario scenario) => new { ticket_id = scenario.Tickets[1], max_price = 5_000, nonce = new string('n', 64), identity_commitment = new string('a', 64) };

    private static async Task<JsonValue> FillAsync(WritesScenario scenario, List<string> admitted)
    {
        for (var i = 0; i < 100; i++)
        {
            var body = scenario.Sign(scenario.Fan, "record", new { data = i });
            using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, "/transactions", body);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return body;

            answer.StatusCode.Should().Be(HttpStatusCode.Created);
            admitted.Add(WritesScenario.IdOf(body).ToString());
        }

        throw new InvalidOperationException("The disk did not get full.");
    }

    private static async Task StorageFailedAsync(WritesScenario scenario, string path, object? body)
    {
        using var answer = await scenario.Node.Api.SendAsync(HttpMethod.Post, path, body);
        await answer.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "storage_failed");
    }

    // Both files are on the one disk. The limit is one of the connection that writes: SQLite then fails as it does on a full disk, with the code SQLITE_FULL.
    private static void SetRoom(WritesScenario scenario, int pages)
    {
        var store = (SqliteBlockStore)scenario.Node.Node.Store;
        foreach (var database in (SqliteDatabase[])[LedgerOf(store), PendingOf(JournalOf(store))])
        {
            database.Write((connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "PRAGMA page_count";
                var present = (long)command.ExecuteScalar()!;
                command.CommandText = FormattableString.Invariant($"PRAGMA max_page_count = {present + pages}");
                command.ExecuteScalar();
            });
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_database")]
    private static extern ref SqliteDatabase LedgerOf(SqliteBlockStore store);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_journal")]
    private static extern ref SqlitePendingJournal JournalOf(SqliteBlockStore store);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_database")]
    private static extern ref SqliteDatabase PendingOf(SqlitePendingJournal journal);
}
