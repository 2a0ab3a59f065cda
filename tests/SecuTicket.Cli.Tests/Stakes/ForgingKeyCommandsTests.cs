using System.Text.Json;

namespace SecuTicket.Cli.Tests.Stakes;

/// <summary>What follows from a forging key, and asks no node for it.</summary>
public sealed class ForgingKeyCommandsTests
{
    [Fact]
    public async Task A_forging_key_may_be_encrypted_and_shows_the_same_as_when_it_was_made()
    {
        using var machine = new Machine();
        machine.Write("passphrase", "correct horse");
        var made = await machine.DoAsync("forging-key", "new", "key.pem", "--new-passphrase-file", "passphrase");

        var shown = await machine.DoAsync("forging-key", "show", "key.pem", "--passphrase-file", machine.PathOf("passphrase"));

        (await File.ReadAllTextAsync(machine.PathOf("key.pem"))).Should().StartWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        shown.Text.Should().Be(made.Text);
        made["encrypted"].Should().Be("yes");
        var next = await machine.DoAsync("forging-key", "show", "key.pem", "--chain", "1", "--passphrase-file", machine.PathOf("passphrase"));
        next["address"].Should().Be(made["address"]);
        next["commitment"].Should().NotBe(made["commitment"]);
        (await machine.RunAsync("forging-key", "new", "key.pem")).ExitCode.Should().NotBe(ExitCode.Done, "a key is not overwritten");
        (await machine.RunAsync("forging-key", "show", "key.pem")).ExitCode.Should().Be(ExitCode.Usage, "nobody can be asked");
    }

    [Fact]
    public async Task A_first_stake_commits_and_a_later_one_does_not()
    {
        var hasStake = false;
        using var network = new ScriptedNode(request => (200, "application/json", request.Method == "GET"
            ? $$"""{"address":"","balance":9,"stake":{{(hasStake ? 1 : 0)}},"kept":false,"tickets":0}"""
            : """{"transaction_id":"85cc","status":"confirmed","block_index":4,"message":""}"""));
        using var machine = new Machine { Network = network };
        await machine.OpenWalletAsync();
        var commitment = (await machine.DoAsync("forging-key", "show", machine.DefaultWallet))["commitment"];

        await machine.DoAsync("stake", "5");
        hasStake = true;
        await machine.DoAsync("stake", "6");
        await machine.DoAsync("stake", "7", "--chain", "2");

        var bodies = network.Requests.Where(request => request.Method == "POST").Select(request => JsonDocument.Parse(request.Text).RootElement).ToArray();
        bodies.Select(body => body.GetProperty("amount").GetInt64()).Should().Equal(5, 6, 7);
        bodies[0].GetProperty("commitment").GetString().Should().Be(commitment);
        bodies[1].TryGetProperty("commitment", out _).Should().BeFalse();
        bodies[2].GetProperty("commitment").GetString().Should().Be((await machine.DoAsync("forging-key", "show", machine.DefaultWallet, "--chain", "2"))["commitment"]);
    }
}
