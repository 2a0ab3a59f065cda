using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Cli.Tests.Chain;

/// <summary>Proofs and copies of a running node's chain, checked on a machine that believes it nothing.</summary>
[Collection(WithNode.Name)]
public sealed class ChainCommandsTests(RunningNode node) : IDisposable
{
    private readonly Machine _machine = new(node.Url);

    // No network at all: whatever asks it fails.
    private readonly Machine _elsewhere = new() { Network = new NoNetwork() };

    public void Dispose()
    {
        _machine.Dispose();
        _elsewhere.Dispose();
    }

    [Fact]
    public async Task A_ticket_is_proven_to_somebody_without_a_node()
    {
        var ticket = await IssueAsync();
        await _machine.DoAsync("ticket", "proof", ticket, "--out", "proof.json");
        (await _machine.DoAsync("chain", "headers", "--out", "headers.json")).Error.Should().MatchRegex(@"^\d+ headers are in '.*headers\.json'\.");
        Carry("proof.json", "headers.json");

        var claimed = await _elsewhere.DoAsync("ticket", "verify", "proof.json");
        (claimed["valid"], claimed["ticket_id"], claimed["type"], claimed["tip_is"]).Should().Be(("yes", ticket, "issue_tickets", "claimed"));
        claimed.Error.Should().Contain("only what the proof claims").And.Contain("not that nothing came after it");

        var given = await _elsewhere.DoAsync("ticket", "verify", "proof.json", "--headers", "headers.json");
        (given["tip_is"], given["confirmations"]).Should().Be(("given, from genesis", claimed["confirmations"]));
        given.Error.Should().NotContain("claims");

        var json = JsonDocument.Parse((await _elsewhere.DoAsync("ticket", "verify", "proof.json", "--headers", "headers.json", "--json")).Output).RootElement;
        (json.GetProperty("valid").GetBoolean(), json.GetProperty("ticket_id").GetString()).Should().Be((true, ticket));
    }

    [Fact]
    public async Task A_proof_that_was_changed_says_where()
    {
        var ticket = await IssueAsync();
        await _machine.DoAsync("ticket", "proof", ticket, "--out", "proof.json");
        var proof = JsonNode.Parse(await File.ReadAllTextAsync(_machine.PathOf("proof.json")))!.AsObject();
        async Task RefusesAsync(string code, Action<JsonObject> change)
        {
            var changed = proof.DeepClone().AsObject();
            change(changed);
            _elsewhere.Write("changed.json", changed.ToJsonString());
            var result = await _elsewhere.RunAsync("ticket", "verify", "changed.json", "--json");
            result.ExitCode.Should().Be(ExitCode.NotVerified, result.Error);
            var found = JsonDocument.Parse(result.Output).RootElement;
            (found.GetProperty("valid").GetBoolean(), found.GetProperty("code").GetString()).Should().Be((false, code), result.Error);
        }

        await RefusesAsync("invalid_field", changed => changed["transaction"]!["payload"]!["price"] = 1);
        await RefusesAsync("signature_missing", changed => changed["transaction"]!["signatures"] = new JsonArray());
        await RefusesAsync("invalid_root", changed => changed["merkle_path"]![0]!["side"] = changed["merkle_path"]![0]!["side"]!.GetValue<string>() == "left" ? "right" : "left");
        await RefusesAsync("not_found", changed => changed["ticket_id"] = new string('0', 32));
        await RefusesAsync("missing_field", changed => changed.Remove("block_header"));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("no proof")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"headers":[],"length":1}""")]
    public async Task Another_file_is_no_proof_that_is_wrong(string text)
    {
        _elsewhere.Write("other.json", text);

        foreach (var form in new string[][] { [], ["--json"] })
        {
            var result = await _elsewhere.RunAsync(["ticket", "verify", "other.json", .. form]);
            (result.ExitCode, result.Text).Should().Be((ExitCode.File, string.Empty));
            result.Error.Should().StartWith("file: ").And.Contain("is no proof");
        }
    }

    [Fact]
    public async Task A_file_without_genesis_says_so_and_leaves_no_directory()
    {
        await IssueAsync();
        await _machine.DoAsync("chain", "export", "chain.bin");
        var bytes = await File.ReadAllBytesAsync(_machine.PathOf("chain.bin"));
        var genesis = 12 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        var next = genesis + 4 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(genesis));
        await File.WriteAllBytesAsync(_elsewhere.PathOf("headless.bin"), [.. bytes[..genesis], .. bytes[next..]]);
        await File.WriteAllBytesAsync(_elsewhere.PathOf("empty.bin"), bytes[..genesis]);

        foreach (var name in new[] { "headless.bin", "empty.bin" })
        {
            var refused = await _elsewhere.RunAsync("chain", "import", name, "--data-directory", "data");
            refused.ExitCode.Should().Be(ExitCode.NotVerified);
            refused.Error.Should().StartWith("invalid_block: Block 0: The file has no genesis block");
            Directory.Exists(_elsewhere.PathOf("data")).Should().BeFalse();
        }
    }

    [Fact]
    public async Task Headers_of_another_branch_and_files_that_are_none_are_refused()
    {
        var ticket = await IssueAsync();
        await _machine.DoAsync("ticket", "proof", ticket, "--out", "proof.json");
        await _machine.DoAsync("chain", "headers", "--out", "headers.json");
        Carry("proof.json", "headers.json");
        var headers = JsonNode.Parse(await File.ReadAllTextAsync(_elsewhere.PathOf("headers.json")))!["headers"]!.AsArray();
        _elsewhere.Write("older.json", new JsonArray([.. headers.Take(1).Select(one => one!.DeepClone())]).ToJsonString());
        _elsewhere.Write("torn.json", new JsonArray([headers[0]!.DeepClone(), headers[^1]!.DeepClone()]).ToJsonString());
        _elsewhere.Write("spec.json", """{"chain_id":"secuticket-dev","currency":"EUR","engine":"proof-of-work","genesis_time":0,"reward":0}""");

        (await _elsewhere.RunAsync("ticket", "verify", "proof.json", "--headers", "older.json")).Should().BeEquivalentTo(new { ExitCode = ExitCode.NotVerified });
        (await _elsewhere.RunAsync("ticket", "verify", "proof.json", "--headers", "torn.json")).Error.Should().Contain("invalid_link");
        (await _elsewhere.RunAsync("ticket", "verify", "proof.json", "--headers", "headers.json", "--spec", "spec.json")).Error.Should().Contain("wrong_chain", "its genesis is another one");
        (await _elsewhere.RunAsync("ticket", "verify", "none.json")).ExitCode.Should().Be(ExitCode.File);
        (await _elsewhere.RunAsync("ticket", "verify", "proof.json", "--headers", "none.json")).ExitCode.Should().Be(ExitCode.File);
        _elsewhere.Write("other.json", (await File.ReadAllTextAsync(_elsewhere.PathOf("proof.json"))).Replace("\"chain_id\":\"secuticket-dev\",\"transaction\"", "\"chain_id\":\"another\",\"transaction\"", StringComparison.Ordinal));
        var other = await _elsewhere.RunAsync("ticket", "verify", "other.json");
        (other.ExitCode, other.Error).Should().Be((ExitCode.Usage, "usage: The proof is of chain «another»: name its specification with --spec FILE.\n"));
    }

    [Fact]
    public async Task A_proof_is_not_written_over_and_is_printed_where_no_file_is_named()
    {
        var ticket = await IssueAsync();
        await _machine.DoAsync("ticket", "proof", ticket, "--out", "proof.json");

        (await _machine.RunAsync("ticket", "proof", ticket, "--out", "proof.json")).ExitCode.Should().Be(ExitCode.File);
        await _machine.DoAsync("ticket", "proof", ticket, "--out", "proof.json", "--force");
        var printed = await _machine.DoAsync("ticket", "proof", ticket);
        JsonDocument.Parse(printed.Output).RootElement.GetProperty("ticket_id").GetString().Should().Be(ticket);
        (await _machine.RunAsync("ticket", "proof", new string('0', 32), "--out", "none.json")).ExitCode.Should().Be(ExitCode.Refused);
        File.Exists(_machine.PathOf("none.json")).Should().BeFalse();
    }

    [Fact]
    public async Task A_chain_is_replayed_from_the_node_from_a_file_and_from_a_data_directory()
    {
        await IssueAsync();
        var replayed = JsonDocument.Parse((await _machine.DoAsync("verify", "--json")).Output).RootElement;
        await _machine.DoAsync("chain", "export", "chain.bin");
        Carry("chain.bin");

        var file = await _elsewhere.DoAsync("verify", "chain.bin");
        (file["valid"], file["chain_id"]).Should().Be(("yes", "secuticket-dev"));
        long.Parse(file["length"]).Should().BeGreaterThanOrEqualTo(replayed.GetProperty("length").GetInt64());
        file.Error.Should().MatchRegex(@"\d+ blocks with \d+ transactions in .* s: \d+ blocks and \d+ transactions a second\.");

        var imported = await _elsewhere.DoAsync("chain", "import", "chain.bin", "--data-directory", "data");
        imported["tip"].Should().Be(file["tip"]);
        JsonDocument.Parse((await _elsewhere.DoAsync("chain", "import", "chain.bin", "--data-directory", "data", "--json")).Output).RootElement.GetProperty("imported").GetInt64()
            .Should().Be(0, "all of it is there");
        var stored = await _elsewhere.DoAsync("verify", "--data-directory", "data");
        foreach (var name in new[] { "length", "transactions", "tip", "specification", "weight", "supply", "accounts", "events", "tickets" }) stored[name].Should().Be(file[name], name);

        foreach (var source in new string[][] { ["chain.bin"], ["--data-directory", "data"] })
        {
            var unsigned = await _elsewhere.DoAsync(["verify", "--without-signatures", .. source]);
            (unsigned["valid"], unsigned["tip"], unsigned["signatures"]).Should().Be(("yes", file["tip"], "not checked"));
        }
    }

    [Fact]
    public async Task Who_looks_sees_how_far_it_is_and_of_how_much_where_that_is_known()
    {
        await _machine.DoAsync("chain", "export", "chain.bin");
        foreach (var (source, form) in new[] { (string.Empty, @"\r[█░]{24} Verifying: (\d+) of \1 \(100 %\), \d+ a second"), ("chain.bin", @"\rVerifying: \d+, \d+ a second") })
        {
            using var machine = new Machine(node.Url) { ErrorIsSeen = true, Clock = new SteppingClock() };
            File.Copy(_machine.PathOf("chain.bin"), machine.PathOf("chain.bin"));

            (await machine.DoAsync(["verify", .. source.Length > 0 ? new[] { source } : []])).Error.Should().MatchRegex(form);
        }
    }

    [Fact]
    public async Task Headers_that_never_end_are_given_up_and_a_copy_has_a_place_before_it_is_fetched()
    {
        using var network = new ScriptedNode("""{"headers":[{"index":0}],"length":1,"next_from":0}""");
        using var machine = new Machine { Network = network };

        var endless = await machine.RunAsync("chain", "headers", "--out", "headers.json");
        (endless.ExitCode, File.Exists(machine.PathOf("headers.json")), network.Requests.Count).Should().Be((ExitCode.Unreachable, false, 1));

        foreach (var (place, fault) in new[] { (".", "is a folder"), ("nowhere/headers.json", "does not exist") })
        {
            var refused = await machine.RunAsync("chain", "headers", "--out", place);
            (refused.ExitCode, network.Requests.Count).Should().Be((ExitCode.File, 1));
            refused.Error.Should().Contain(fault);
        }
    }

    [Fact]
    public async Task Of_a_node_that_gives_blocks_without_end_what_it_said_it_had_is_exported()
    {
        using var bytes = new MemoryStream();
        BlockFrames.Write(bytes, new byte[100]);
        var frame = Encoding.Latin1.GetString(bytes.ToArray());
        using var network = new ScriptedNode(request => request.Path == "/chain/spec"
            ? (200, "application/json", Encoding.UTF8.GetString(DevelopmentChain.Spec.Canonical.Span))
            : (200, "application/octet-stream", frame));
        using var machine = new Machine { Network = network };

        await machine.DoAsync("chain", "export", "chain.bin");

        network.Requests.Count(request => request.Path.StartsWith("/chain/export", StringComparison.Ordinal)).Should().Be(8, "the node said that its tip is block 7");
    }

    [Fact]
    public async Task A_file_that_was_changed_or_cut_short_names_its_first_bad_block()
    {
        await IssueAsync();
        await _machine.DoAsync("chain", "export", "chain.bin");
        var bytes = await File.ReadAllBytesAsync(_machine.PathOf("chain.bin"));
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(_elsewhere.PathOf("changed.bin"), bytes);
        await File.WriteAllBytesAsync(_elsewhere.PathOf("cut.bin"), bytes[..^1]);
        await File.WriteAllBytesAsync(_elsewhere.PathOf("none.bin"), bytes[1..]);

        var changed = await _elsewhere.RunAsync("verify", "changed.bin");
        (changed.ExitCode, changed["valid"]).Should().Be((ExitCode.NotVerified, "no"));
        var last = long.Parse(changed["first_invalid_index"]);
        changed.Error.Should().Contain($"Block {last} is not valid");
        var cut = await _elsewhere.RunAsync("verify", "cut.bin", "--json");
        cut.ExitCode.Should().Be(ExitCode.NotVerified);
        JsonDocument.Parse(cut.Output).RootElement.GetProperty("first_invalid_index").GetInt64().Should().Be(last);

        (await _elsewhere.RunAsync("chain", "import", "changed.bin", "--data-directory", "data")).Should().BeEquivalentTo(new { ExitCode = ExitCode.NotVerified });
        (await _elsewhere.RunAsync("chain", "import", "cut.bin", "--data-directory", "data")).ExitCode.Should().Be(ExitCode.File);
        (await _elsewhere.DoAsync("verify", "--data-directory", "data"))["length"].Should().Be($"{last}", "what was valid is kept");

        (await _elsewhere.RunAsync("verify", "none.bin")).ExitCode.Should().Be(ExitCode.File);
        (await _elsewhere.RunAsync("verify", "missing.bin")).ExitCode.Should().Be(ExitCode.File);
        (await _elsewhere.RunAsync("verify", "changed.bin", "--data-directory", "data")).ExitCode.Should().Be(ExitCode.Usage);
        (await _elsewhere.RunAsync("verify", "--data-directory", "nowhere")).ExitCode.Should().Be(ExitCode.File);
        (await _elsewhere.RunAsync("verify")).ExitCode.Should().Be(ExitCode.Unreachable);
    }

    [Fact]
    public async Task A_chain_must_have_the_specification_that_was_named_and_a_directory_in_use_is_left_alone()
    {
        _machine.Write("spec.json", """{"chain_id":"secuticket-dev","currency":"EUR","engine":"proof-of-work","genesis_time":0,"reward":0}""");
        await File.WriteAllBytesAsync(_machine.PathOf("right.json"), await node.Http.GetByteArrayAsync("/chain/spec"));

        (await _machine.RunAsync("verify", "--spec", "spec.json")).ExitCode.Should().Be(ExitCode.NotVerified);
        await _machine.DoAsync("verify", "--spec", "right.json");
        await _machine.DoAsync("chain", "export", "chain.bin");
        await _machine.DoAsync("chain", "import", "chain.bin", "--data-directory", "data");
        using var used = Node.Storage.DataDirectory.Open(_machine.PathOf("data"));
        (await _machine.RunAsync("verify", "--data-directory", "data")).ExitCode.Should().Be(ExitCode.File);
    }

    [Fact]
    public async Task The_node_shows_its_chain_and_what_it_thinks_of_it()
    {
        await IssueAsync();

        (await _machine.DoAsync("chain", "validate"))["valid"].Should().Be("yes");
        var shown = await _machine.DoAsync("chain", "show");
        shown.Text.Should().Contain("0000").And.Contain("index\thash\ttime");
        var block = await _machine.DoAsync("chain", "show", "1");
        block["index"].Should().Be("1");
        (await _machine.RunAsync("chain", "show", "x")).ExitCode.Should().Be(ExitCode.Refused);
    }

    private void Carry(params string[] names)
    {
        foreach (var name in names) File.Copy(_machine.PathOf(name), _elsewhere.PathOf(name));
    }

    private async Task<string> IssueAsync()
    {
        await _machine.OpenWalletAsync();
        var created = JsonDocument.Parse((await _machine.DoAsync("event", "create", "--name", "Concert", "--venue", "Hall", "--session", "2027-06-15T19:00", "--json")).Output).RootElement;
        var issued = await _machine.DoAsync("ticket", "issue", "--event", created.GetProperty("event_id").GetString()!, "--seats", "A-1", "--price", "5000", "--json");
        return JsonDocument.Parse(issued.Output).RootElement.GetProperty("ticket_ids")[0].GetString()!;
    }

    private sealed class NoNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => throw new HttpRequestException("there is no network");
    }
}
