using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecuTicket.Api.Tests.Processes;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Cli.Tests.Stakes;

/// <summary>A chain of one validator, whose node runs; the tool is the validator's and a fan's.</summary>
public sealed class StakeCommandsTests : IAsyncLifetime
{
    // On a machine that has better to do it takes long; only what hangs takes longer.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private NodeUnderTest? _node;
    private string _account = string.Empty;

    private Machine Member { get; } = new();

    private Machine Fan { get; } = new();

    public async Task InitializeAsync()
    {
        var key = await Member.DoAsync("forging-key", "new", "forging.pem");
        _account = key["address"];
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var spec = Member.Write("chain.json", $$$"""
            {"chain_id":"one","currency":"EUR","engine":"proof-of-stake","genesis_time":{{{now}}},"reward":1000,
             "stake":{"slot_time":100,"epoch_length":2,"unbonding_blocks":6,"validators":[{"address":"{{{_account}}}","amount":1000,"commitment":"{{{key["commitment"]}}}"}]}}
            """);
        _node = await NodeUnderTest.StartAsync(Member.PathOf("data"), $"--Node:ChainSpec={spec}", $"--Node:ForgingKeyFile={Member.PathOf("forging.pem")}");
        foreach (var machine in new[] { Member, Fan }) machine.Variables["SECUTICKET_NODE"] = _node.Url;
        Member.Variables["SECUTICKET_WALLET"] = Member.PathOf("forging.pem");
    }

    public async Task DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        Member.Dispose();
        Fan.Dispose();
    }

    [Fact]
    public async Task A_validator_stakes_sees_its_turns_and_takes_out_and_its_chain_is_replayed()
    {
        await UntilAsync(async () => long.Parse((await Member.DoAsync("account"))["balance"]) >= 50);
        (await Member.DoAsync("stake", "50")).Text.Should().MatchRegex(@"^50 more are at stake, in block \d+\.");
        (await Member.DoAsync("account"))["stake"].Should().Be("1050");
        (await Member.DoAsync("unstake", "20")).Text.Should().Contain("20 are on their way out of stake");

        var validators = (await Member.DoAsync("validators")).Text.Split('\n');
        validators[0].Should().Be("address\tstake\tshare\tchance\tunbonding\tforged\tmissed\tslashed");
        validators[1].Should().StartWith($"{_account}\t1030\t1\t1\t");
        var turns = (await Member.DoAsync("validators", "schedule", "--slots", "3")).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        turns.Should().HaveCount(4);
        turns[1..].Should().OnlyContain(turn => turn.Split('\t')[2] == _account);
        var info = await Member.DoAsync("node", "info");
        info["engine"].Should().Be("proof-of-stake");
        long.Parse(info["slot"]).Should().BePositive();

        var event_ = (await Member.DoAsync("event", "create", "--name", "Gala", "--venue", "Hall", "--session", "2099-06-15 19:00"))["event_id"];
        var ticket = JsonDocument.Parse((await Member.DoAsync("ticket", "issue", "--event", event_, "--seats", "A-1", "--price", "1", "--json")).Text).RootElement.GetProperty("ticket_ids")[0].GetString()!;
        await UntilAsync(async () => (await Member.DoAsync("ticket", "show", ticket))["final"] == "yes");
        var replay = await Member.DoAsync("verify", "--spec", "chain.json");
        (replay["valid"], replay["validators"]).Should().Be(("yes", "1"));
        long.Parse(replay["final_index"]).Should().BePositive();

        await Member.DoAsync("ticket", "proof", ticket, "--out", "proof.json");
        await Member.DoAsync("chain", "headers", "--out", "headers.json");
        var proof = await Member.DoAsync("ticket", "verify", "proof.json", "--headers", "headers.json", "--spec", "chain.json");
        (proof["valid"], proof["tip_is"]).Should().Be(("yes", "given, from genesis"));
        proof.Error.Should().Contain("from a node you trust");

        // Whoever has nothing at stake can make such a proof too: sign blocks of their own, in slots of their own.
        var unproven = await Member.RunAsync("ticket", "verify", "proof.json", "--spec", "chain.json");
        (unproven.ExitCode, unproven["valid"], unproven["tip_is"]).Should().Be((ExitCode.NotVerified, "unproven", "claimed"));
        unproven.Error.Should().StartWith("not_verified: ").And.Contain("--headers");
        var json = JsonDocument.Parse((await Member.RunAsync("ticket", "verify", "proof.json", "--spec", "chain.json", "--json")).Output).RootElement;
        (json.GetProperty("valid").GetBoolean(), json.GetProperty("code").GetString()).Should().Be((false, "not_verified"));
        json.GetProperty("detail").GetString().Should().Contain("nothing is proven");
    }

    [Fact]
    public async Task A_chain_must_come_to_the_checkpoint_of_the_specification_that_is_trusted()
    {
        const int Index = 4;
        await UntilAsync(async () => long.Parse((await Member.DoAsync("node", "info"))["height"]) > Index);
        await Member.DoAsync("chain", "export", "chain.bin");
        WriteSpec("right.json", Index, (await Member.DoAsync("chain", "show", $"{Index}"))["hash"]);
        WriteSpec("wrong.json", Index, new string('a', 64));
        WriteSpec("later.json", 1_000_000, new string('a', 64));

        foreach (var spec in new[] { "wrong.json", "later.json" })
        {
            await RefusesAsync("chain", "import", "chain.bin", "--data-directory", "imported", "--spec", spec);
            Directory.Exists(Member.PathOf("imported")).Should().BeFalse("a node would never leave what it holds for final");
        }

        (await Member.DoAsync("chain", "import", "chain.bin", "--data-directory", "imported", "--spec", "right.json"))["tip"].Should().HaveLength(64);
        await Member.DoAsync("chain", "import", "chain.bin", "--data-directory", "imported", "--spec", "right.json");
        foreach (var source in new string[][] { [], ["chain.bin"], ["--data-directory", "imported"] })
        {
            (await Member.DoAsync(["verify", .. source, "--spec", "right.json"]))["valid"].Should().Be("yes");
            var wrong = await RefusesAsync(["verify", .. source, "--spec", "wrong.json"]);
            (wrong["valid"], wrong["first_invalid_index"], wrong["code"]).Should().Be(("no", $"{Index}", "fork_too_deep"));
            (await RefusesAsync(["verify", .. source, "--spec", "later.json"]))["code"].Should().Be("fork_too_deep");
        }

        Member.Write("other.json", (await File.ReadAllTextAsync(Member.PathOf("chain.json"))).Replace("\"reward\":1000", "\"reward\":1001", StringComparison.Ordinal));
        await RefusesAsync("chain", "import", "chain.bin", "--data-directory", "none", "--spec", "other.json");

        void WriteSpec(string name, long index, string hash)
        {
            var spec = JsonNode.Parse(File.ReadAllText(Member.PathOf("chain.json")))!.AsObject();
            spec["checkpoint"] = new JsonObject { ["index"] = index, ["hash"] = hash };
            Member.Write(name, spec.ToJsonString());
        }

        async Task<CommandResult> RefusesAsync(params string[] arguments)
        {
            var result = await Member.RunAsync(arguments);
            result.ExitCode.Should().Be(ExitCode.NotVerified, result.Error);
            return result;
        }
    }

    [Fact]
    public async Task Who_can_not_stake_or_take_out_hears_why()
    {
        await Fan.OpenWalletAsync();

        await RefusesAsync("invalid_field", "stake", "0");
        await RefusesAsync("insufficient_funds", "stake", "5");
        await RefusesAsync("insufficient_stake", "unstake", "1");
        foreach (var amount in new[] { "-1", "1.5", "ten", "9007199254740992" }) (await Fan.RunAsync("stake", amount)).ExitCode.Should().Be(ExitCode.Usage);
        (await Fan.RunAsync("stake", "5", "--chain", "16")).ExitCode.Should().Be(ExitCode.Usage);
        (await Fan.RunAsync("stake", "5", "--commitment", "00")).ExitCode.Should().Be(ExitCode.Usage);
        (await Fan.RunAsync("validators", "schedule", "--slots", "1001")).Error.Should().StartWith("invalid_field: ");

        async Task RefusesAsync(string code, params string[] arguments)
        {
            var result = await Fan.RunAsync(arguments);
            (result.ExitCode, result.Error.Split(':')[0]).Should().Be((ExitCode.Refused, code), result.Error);
        }
    }

    [Fact]
    public async Task Two_headers_of_one_slot_are_reported_from_two_files_and_pay_the_reporter()
    {
        var reporter = await Fan.OpenWalletAsync();
        var spec = ChainSpec.Parse(await File.ReadAllBytesAsync(Member.PathOf("chain.json"))).Value;
        Fan.Write("first.json", await SignedAsync(spec, 1));
        Fan.Write("second.json", await SignedAsync(spec, 2));
        Fan.Write("nothing.json", "{}");

        (await Fan.RunAsync("report", "first.json", "first.json")).Error.Should().StartWith("invalid_evidence: ");
        (await Fan.RunAsync("report", "first.json", "nothing.json")).Error.Should().StartWith("file: ").And.Contain("neither a header with its seal nor a vote");
        (await Fan.RunAsync("report", "first.json", "missing.json")).Error.Should().StartWith("file: ");
        (await Fan.DoAsync("report", "first.json", "second.json")).Text.Should().Contain($"The offence of {_account} is proven, in block");

        (await Fan.DoAsync("account", reporter))["balance"].Should().Be("50", "a tenth of half of what was at stake");
        (await Fan.DoAsync("validators")).Text.Split('\n')[1].Split('\t')[^1].Should().Be("500");
    }

    // A header as GET /chain/headers shows it, signed by the validator, as a second node with its key would.
    private async Task<string> SignedAsync(ChainSpec spec, byte root)
    {
        using var pem = ECDsa.Create();
        pem.ImportFromPem(await File.ReadAllTextAsync(Member.PathOf("forging.pem")));
        using var key = P256PrivateKey.FromPkcs8(pem.ExportPkcs8PrivateKey());
        var (point, signature) = (new byte[PublicKey.Size], new byte[Signature.Size]);
        key.CopyPublicKey(point);
        Address.TryParse(_account, out var account).Should().BeTrue();
        var header = new BlockHeader(2, spec.ChainHash, 1, spec.Genesis.Hash, Hash256.Sha256([root]), default, spec.StartOf(1), 0, account, 0);
        key.Sign(header.Hash.Span, signature);
        return JsonSerializer.Serialize(new
        {
            index = 1,
            hash = header.Hash.ToString(),
            previous_hash = header.Previous.ToString(),
            timestamp = DateTimeOffset.FromUnixTimeMilliseconds(header.Timestamp).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            nonce = 0,
            difficulty = 0,
            transactions_root = header.TransactionsRoot.ToString(),
            sealer = _account,
            header = Convert.ToHexStringLower(header.Encode()),
            seal = new { scheme = "p256", public_key = new PublicKey(point).ToString(), signature = Convert.ToHexStringLower(signature) },
        });
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(Patience, "a chain of one validator is final within blocks");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }
}
