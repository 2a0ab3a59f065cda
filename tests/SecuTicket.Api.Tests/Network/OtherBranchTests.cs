using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Network;

/// <summary>Issue 4: a branch that leaves ours deeper than the limit is an alarm, and docs/network.md says how an operator takes it all the same.</summary>
[Trait("Length", "longer")]
public sealed class OtherBranchTests : IDisposable
{
    private const string ShortMemory =
        """{"chain_id":"short-memory","currency":"EUR","engine":"proof-of-work","genesis_time":1767225600000,"proof_of_work":{"difficulty":0},"reward":0,"reorganisation_limit":2}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secuticket-");
    private readonly SpecFolder _spec = new(ShortMemory);

    public void Dispose()
    {
        _spec.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task After_an_alarm_the_other_branch_is_taken_with_an_empty_chain_and_all_accounts_stay()
    {
        using var other = Start();
        for (var block = 0; block < 6; block++) await other.SealAsync();
        string account, record;
        using (var node = Start(_folder.FullName))
        {
            account = (await node.Api.PostAsync("/accounts", new { })).GetProperty("address").GetString()!;
            record = (await node.Api.PostAsync("/blocks", new { data = new { said = "only here" } }, HttpStatusCode.OK)).GetProperty("block").GetProperty("transactions")[0].GetProperty("transaction_id").GetString()!;
            for (var block = 0; block < 3; block++) await node.SealAsync();
            var tip = node.Tip;
            await node.RegisterAsync(other.Url);

            (await node.ResolveAsync()).GetProperty("replaced").GetBoolean().Should().BeFalse();

            node.Tip.Should().Be(tip, "what is final stays until somebody decides");
            await node.UntilMeasuredAsync("secuticket_alarms_total 1");
        }

        var copy = Directory.CreateTempSubdirectory("secuticket-");
        foreach (var file in _folder.EnumerateFiles()) file.CopyTo(Path.Combine(copy.FullName, file.Name));
        EmptyTheChain();

        using var again = Start(_folder.FullName);
        await again.UntilTipAsync(other.Tip);
        (await again.Api.GetAsync($"/accounts/{account}")).GetProperty("kept").GetBoolean().Should().BeTrue();
        (await again.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();

        using (var before = Start(copy.FullName))
        {
            before.Node.Self.Should().Be(again.Node.Self, "the node's own account is one of those that stay");
            var kept = JsonNode.Parse((await before.Api.GetAsync($"/transactions/{record}")).GetRawText())!;
            var signed = kept["payload"]!.DeepClone().AsObject();
            signed["signatures"] = kept["signatures"]!.DeepClone();
            (await again.Api.PostAsync("/transactions", signed.ToJsonString())).GetProperty("transaction_id").GetString().Should().Be(record, "what was signed is good on either branch");
        }

        copy.Delete(recursive: true);
    }

    private PeerNode Start(string? folder = null) => new(folder: folder, settings: [("Node:ChainSpec", _spec.File)]);

    private void EmptyTheChain()
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, DataDirectory.LedgerName), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = File.ReadAllText(Path.Combine(RepositoryRoot(), "docs", "empty-chain.sql"));
        command.ExecuteNonQuery();
        foreach (var waiting in _folder.EnumerateFiles($"{DataDirectory.LedgerName}-pending*")) waiting.Delete();
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SecuTicket.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside their repository.");
    }
}
