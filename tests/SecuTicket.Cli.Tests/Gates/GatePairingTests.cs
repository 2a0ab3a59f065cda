using System.Text.Json;

namespace SecuTicket.Cli.Tests.Gates;

public sealed class GatePairingTests
{
    private const string Node = "0x596d92658e2C947126dda212Ec1341aDe00dCae5";
    private const string Event = "53303a03274d95f5a79f41017f874e23";
    private const string Gate = "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD";
    private const string Other = "0x0000000000000000000000000000000000000002";
    private const string Present = "0x3f1c1D3983d4E3A3B1c0b2939AF2373D6A528572";

    [Fact]
    public async Task A_device_makes_its_wallet_tells_its_account_and_remembers_whom_to_trust()
    {
        var node = new ScriptedNode($$"""{"event_id":"{{Event}}","event_name":"Concert","chain_id":"secuticket-dev","node":"{{Node}}"}""");
        using var device = new Machine { Network = node };

        var result = await device.DoAsync("gate", "pair", "7K2M-Q4WD-9XTB", "--name", "Gate North");

        File.Exists(device.DefaultWallet).Should().BeTrue();
        result.Error.Should().Contain("Made this gate's wallet").And.Contain($"Then: secuticket gate sync {Event}");
        result["gate"].Should().Be((await device.DoAsync("wallet", "show"))["address"]);
        var asked = node.Requests.Single(request => request.Path == "/gate/pair");
        asked.Text.Should().Be("""{"code":"7K2M-Q4WD-9XTB","name":"Gate North"}""");
        asked.Authorization.Should().StartWith("SecuTicket ");
        (await File.ReadAllTextAsync(Path.Combine(result["folder"], "gate.json"))).Should().Be($$"""{"chain_id":"secuticket-dev","event_id":"{{Event}}","node":"{{Node}}"}""");
    }

    [Fact]
    public async Task A_wallet_that_is_there_is_used_and_a_name_is_found()
    {
        var node = new ScriptedNode($$"""{"event_id":"{{Event}}","event_name":"Concert","chain_id":"secuticket-dev","node":"{{Node}}"}""");
        using var device = new Machine { Network = node };
        var address = await device.OpenWalletAsync();

        (await device.DoAsync("gate", "pair", "7K2MQ4WD9XTB"))["gate"].Should().Be(address);

        JsonElement.Parse(node.Requests[^1].Body).GetProperty("name").GetString().Should().Be($"Gate {address[..8]}");
    }

    [Fact]
    public async Task An_answer_by_another_node_than_the_one_it_was_signed_for_is_not_believed()
    {
        using var device = new Machine { Network = new ScriptedNode($$"""{"event_id":"{{Event}}","event_name":"Concert","chain_id":"secuticket-dev","node":"{{Gate}}"}""") };

        var result = await device.RunAsync("gate", "pair", "7K2M-Q4WD-9XTB");

        result.ExitCode.Should().Be(ExitCode.NotVerified);
        result.Error.Should().Contain("several nodes answer");
        Directory.Exists(device.PathOf(".local")).Should().BeFalse();
    }

    [Fact]
    public async Task A_wrong_code_is_the_nodes_to_refuse()
    {
        using var device = new Machine { Network = new ScriptedNode(_ => (404, "application/problem+json", """{"code":"not_found","detail":"There is no such pairing code."}""")) };

        var result = await device.RunAsync("gate", "pair", "7K2M-Q4WD-9XTB");

        result.ExitCode.Should().Be(ExitCode.Refused);
        result.Error.Should().Contain("not_found: There is no such pairing code.");
    }

    [Fact]
    public async Task Inviting_without_a_terminal_needs_a_yes_and_asks_nobody_without_it()
    {
        var node = Organising([]);
        using var organiser = new Machine { Network = node };
        await organiser.OpenWalletAsync();

        var result = await organiser.RunAsync("gate", "invite", Event);

        result.ExitCode.Should().Be(ExitCode.Usage);
        result.Error.Should().Contain("--yes");
        node.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("y\n", true)]
    [InlineData("\n", false)]
    [InlineData("", false)]
    public async Task A_device_is_listed_beside_the_gates_that_are_when_the_organiser_says_yes(string typed, bool isListed)
    {
        var node = Organising([string.Empty, Claim(Gate, "18:00:00")]);
        using var organiser = new Machine { Network = node, Typing = new Queue<string>(), Input = typed };
        await organiser.OpenWalletAsync();

        var result = await organiser.RunAsync("gate", "invite", Event);

        result["code"].Should().Be("7K2M-Q4WD-9XTB");
        result.Error.Should().Contain("secuticket gate pair 7K2M-Q4WD-9XTB").And.Contain($"\"Gate North\" with the address {Gate} asks to be a gate of Concert.");
        result.ExitCode.Should().Be(isListed ? ExitCode.Done : ExitCode.Refused);
        var posted = node.Requests.Where(request => request.Path == "/transactions").ToArray();
        posted.Should().HaveCount(isListed ? 1 : 0);
        if (!isListed) return;

        var update = JsonElement.Parse(posted[0].Body);
        update.GetProperty("type").GetString().Should().Be("update_event");
        update.GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).Should().Equal(Present, Gate);
    }

    [Fact]
    public async Task An_older_claim_is_not_taken_for_the_device_that_is_waited_for()
    {
        var old = Claim("0x0000000000000000000000000000000000000001", "17:00:00");
        var node = Organising([old, $"{old},{Claim(Gate, "18:00:00")}"]);
        using var organiser = new Machine { Network = node };
        await organiser.OpenWalletAsync();

        await organiser.DoAsync("gate", "invite", Event, "--yes");

        JsonElement.Parse(node.Requests[^1].Body).GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).Should().Equal(Present, Gate);
    }

    [Fact]
    public async Task Nobody_coming_is_said_and_who_comes_later_can_still_be_listed()
    {
        var node = Organising([string.Empty, string.Empty, string.Empty, Claim(Gate, "18:05:00")]);
        using var organiser = new Machine { Network = node, Clock = new HastyClock() };
        await organiser.OpenWalletAsync();

        var late = await organiser.RunAsync("gate", "invite", Event, "--yes");
        var listed = await organiser.DoAsync("gate", "invite", Event, "--yes", "--claimed");

        late.ExitCode.Should().Be(ExitCode.Pending);
        late.Error.Should().Contain("Nobody used the code within 120 s").And.Contain("--claimed");
        listed.Text.Should().Contain($"{Gate} lets in to Concert, in block 8.").And.NotContain("code");
    }

    [Fact]
    public async Task A_gate_that_is_listed_already_changes_nothing()
    {
        var node = Organising([Claim(Present, "18:00:00")]);
        using var organiser = new Machine { Network = node };
        await organiser.OpenWalletAsync();

        var result = await organiser.RunAsync("gate", "invite", Event, "--yes", "--claimed");

        result.ExitCode.Should().Be(ExitCode.Refused);
        result.Error.Should().Contain($"{Present} is a gate of this event already.");
        node.Requests.Should().NotContain(request => request.Path == "/transactions");
    }

    [Fact]
    public async Task A_gate_that_somebody_else_listed_meanwhile_stays_listed()
    {
        var node = Organising([Claim(Gate, "18:00:00")], meanwhile: Other);
        using var organiser = new Machine { Network = node };
        await organiser.OpenWalletAsync();

        await organiser.DoAsync("gate", "invite", Event, "--yes", "--claimed");

        JsonElement.Parse(node.Requests[^1].Body).GetProperty("gates").EnumerateArray().Select(gate => gate.GetString()).Should().Equal(Present, Other, Gate);
    }

    private static string Claim(string gate, string time) => $$"""{"gate":"{{gate}}","name":"Gate North","claimed_at":"2027-06-15T{{time}}.000Z"}""";

    /// <summary>A node of which the organiser asks, one after the other, for these claims; the last ones for good.</summary>
    private static ScriptedNode Organising(string[] claims, string? meanwhile = null)
    {
        var (asked, read) = (0, 0);
        return new ScriptedNode(request => (request.Method, request.Path) switch
        {
            ("POST", $"/events/{Event}/gate-pairings") => (201, "application/json", """{"code":"7K2M-Q4WD-9XTB","expires_at":"2027-06-15T18:10:00.000Z"}"""),
            ("GET", $"/events/{Event}/gate-pairings") => (200, "application/json", $$"""{"items":[{{claims[Math.Min(asked++, claims.Length - 1)]}}],"next":null}"""),
            // One that was invited a moment ago is in no block yet: without it the new list would take it off again.
            ("GET", $"/events/{Event}?pending=true") => (200, "application/json", $$"""{"name":"Concert","gates":["{{Present}}"{{(meanwhile is null || read++ == 0 ? "" : $",\"{meanwhile}\"")}}]}"""),
            ("POST", "/transactions") => (201, "application/json", """{"transaction_id":"00","status":"confirmed","block_index":8,"message":"…"}"""),
            _ => throw new InvalidOperationException(request.Path),
        });
    }

    /// <summary>A clock by which 50 s pass between any two looks at it, and nobody waits.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 50 * _looks++;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime < TimeSpan.FromSeconds(5) ? TimeSpan.Zero : dueTime, period);
    }
}
