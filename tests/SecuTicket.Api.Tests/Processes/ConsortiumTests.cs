using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Forging;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>Issue 6.6: five validators in five processes on five ports, without any mining.</summary>
[Trait("Length", "longer")]
public sealed class ConsortiumTests : IAsyncLifetime
{
    private const int Size = 5;
    private const int Handful = 5;
    private const int Rounds = 4;

    // Milliseconds. Where five nodes do not get done within a slot, as on one busy core, they get longer ones: how many it takes is asked, not how long.
    private static readonly int[] SlotTimes = [500, 2_000, 8_000];

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secuticket-consortium-");
    private readonly NodeUnderTest?[] _nodes = new NodeUnderTest?[Size];
    private readonly int[] _ports = [.. Enumerable.Range(0, Size).Select(static _ => NodeUnderTest.FreePort())];
    private readonly string[] _accounts = new string[Size];
    private int _slotTime;
    private long _genesis;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await EndAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Five_processes_make_blocks_final_and_one_that_was_killed_comes_back_and_signs_nothing_twice()
    {
        // Where the machine is busy with something else for a while, votes come late and slots stay empty: then another handful is asked for, and still most of it must be in time.
        var slots = long.MaxValue;
        for (var begun = 0; begun < SlotTimes.Length && slots > 3; begun++)
        {
            await BeginAsync(SlotTimes[begun]);
            for (var round = 0; round < Rounds && slots > 3; round++) slots = await MedianSlotsAsync(round);
        }

        slots.Should().BeLessThanOrEqualTo(3, "a transaction is in the next block, the one after has the votes for it, and the third those that make it final");

        await _nodes[0]!.KillAsync();
        await _nodes[0]!.DisposeAsync();
        var before = await HeightAsync(1);
        await UntilAsync(async () => await HeightAsync(1) > before + 2, "four of five go on without the fifth");
        await FinalAsync(await TopUpAsync(1, "while one is dead"), from: 1);

        var forged = await ForgedAsync(1, _accounts[0]);
        await StartAsync(0);
        await FinalAsync(await TopUpAsync(0, "after it came back"), from: 0);
        await UntilAsync(async () => await ForgedAsync(1, _accounts[0]) > forged, "the one that was killed makes blocks again");
        foreach (var validator in await ValidatorsAsync(1)) validator!["slashed"]!.GetValue<long>().Should().Be(0, "nobody signed twice");
        await RefuseTwoBlocksOfOneSlotAsync();
    }

    private async Task BeginAsync(int slotTime)
    {
        await EndAsync();
        _slotTime = slotTime;
        Directory.CreateDirectory(Folder);
        _genesis = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - slotTime;
        WriteSpecification();
        await Task.WhenAll(Enumerable.Range(0, Size).Select(StartAsync));
    }

    private async Task EndAsync()
    {
        foreach (var node in _nodes)
            if (node is not null) await node.DisposeAsync();
    }

    private void WriteSpecification()
    {
        var validators = new JsonArray();
        for (var i = 0; i < Size; i++)
        {
            using (var key = P256PrivateKey.Generate())
                File.WriteAllText(KeyFile(i), System.Security.Cryptography.PemEncoding.WriteString("PRIVATE KEY", key.ExportPkcs8()));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(KeyFile(i), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using var forging = ForgingKey.Open(KeyFile(i));
            _accounts[i] = forging.Self.Account.ToString();
            validators.Add(new JsonObject { ["address"] = _accounts[i], ["amount"] = 1_000, ["commitment"] = forging.Self.Onion(0).Commitment.ToString() });
        }

        File.WriteAllText(Spec, new JsonObject
        {
            ["chain_id"] = DevelopmentChain.ChainId,
            ["currency"] = "EUR",
            ["engine"] = "proof-of-stake",
            ["exchange_authorities"] = new JsonArray([.. DevelopmentChain.Spec.ExchangeAuthorities.Select(static account => (JsonNode)account.ToString())]),
            ["genesis_time"] = _genesis,
            ["reward"] = 1,
            ["stake"] = new JsonObject { ["slot_time"] = _slotTime, ["epoch_length"] = 8, ["unbonding_blocks"] = 24, ["validators"] = validators },
        }.ToJsonString());
    }

    private string Folder => Path.Combine(_folder.FullName, $"slots of {_slotTime} ms");

    private string Spec => Path.Combine(Folder, "chain.json");

    private string KeyFile(int node) => Path.Combine(Folder, $"validator{node}.pem");

    private async Task StartAsync(int node) => _nodes[node] = await NodeUnderTest.StartAsync(
        Path.Combine(Folder, $"node{node}"),
        [
            "--urls", $"http://127.0.0.1:{_ports[node]}", $"--Node:PublicUrl=http://127.0.0.1:{_ports[node]}", $"--Node:ChainSpec={Spec}", $"--Node:ForgingKeyFile={KeyFile(node)}",
            "--Network:LookInterval=00:00:01", "--Serilog:MinimumLevel:Default=Warning",
            .. _ports.Where((_, other) => other != node).Select((port, i) => $"--Node:Peers:{i}=http://127.0.0.1:{port}"),
        ]);

    // Slots from the tip at which a node took a transaction up to the block that makes it final, as the chain itself shows them: no clock is looked at.
    private async Task<long> MedianSlotsAsync(int round)
    {
        var sent = new List<(string Transaction, long Height)>();
        for (var i = 0; i < Handful; i++)
        {
            var height = await HeightAsync(i % Size);
            sent.Add((await TopUpAsync(i % Size, $"payment {i} of round {round}"), height));
            await UntilAsync(async () => await HeightAsync(i % Size) > height, "a block follows");
        }

        foreach (var (transaction, _) in sent) await FinalAsync(transaction, from: 0);
        var blocks = await BlocksAsync(0);
        var slots = new List<long>();
        foreach (var (transaction, height) in sent)
        {
            var index = JsonNode.Parse(await _nodes[0]!.Client.GetStringAsync($"/transactions/{transaction}"))!["block_index"]!.GetValue<long>();
            slots.Add(SlotOf(blocks[FinalAt(blocks, index)]) - SlotOf(blocks[(int)height]));
        }

        return slots.Order().ElementAt(Handful / 2);
    }

    // A header's difficulty says by how much its votes raise the highest justified block. What a vote for a block comes from was the highest after that block, and is final when the two are neighbours.
    private static int FinalAt(List<JsonNode> blocks, long index)
    {
        var justified = new List<long>();
        foreach (var block in blocks)
        {
            justified.Add(justified.LastOrDefault() + block["difficulty"]!.GetValue<long>());
            var source = justified[(int)justified[^1]];
            if (source >= index && justified[^1] == source + 1) return justified.Count - 1;
        }

        return blocks.Count - 1;
    }

    private long SlotOf(JsonNode block) => (DateTimeOffset.Parse(block["timestamp"]!.GetValue<string>(), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds() - _genesis) / _slotTime;

    private async Task<string> TopUpAsync(int node, string reference)
    {
        using var bank = Wallet.ExchangeAuthority();
        var body = bank.Sign("top_up", new { recipient = "0x00000000000000000000000000000000000000aa", amount = 7, reference }, DateTimeOffset.UtcNow).ToString();
        using var answer = await _nodes[node]!.Client.PostAsync("/transactions", new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!["transaction_id"]!.GetValue<string>();
    }

    // One node after the other: asking all of them again and again would keep them busy with answers.
    private async Task FinalAsync(string transaction, int from)
    {
        foreach (var node in _nodes.Skip(from))
        {
            await UntilAsync(
                async () =>
                {
                    using var answer = await node!.Client.GetAsync($"/transactions/{transaction}");
                    return answer.IsSuccessStatusCode && JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("final").GetBoolean();
                },
                "a transaction is final at every node");
        }
    }

    private async Task<long> HeightAsync(int node) => JsonDocument.Parse(await _nodes[node]!.Client.GetStringAsync("/info")).RootElement.GetProperty("height").GetInt64();

    private async Task<List<JsonNode>> BlocksAsync(int node)
    {
        var blocks = new List<JsonNode>();
        for (long? from = 0; from is not null;)
        {
            var page = JsonNode.Parse(await _nodes[node]!.Client.GetStringAsync($"/chain?from={from}"))!;
            blocks.AddRange(page["chain"]!.AsArray().Select(static block => block!));
            from = page["next_from"]?.GetValue<long>();
        }

        return blocks;
    }

    private async Task<JsonArray> ValidatorsAsync(int node) => JsonNode.Parse(await _nodes[node]!.Client.GetStringAsync("/validators"))!["items"]!.AsArray();

    private async Task<long> ForgedAsync(int node, string account) => (await ValidatorsAsync(node)).Single(one => one!["address"]!.GetValue<string>() == account)!["forged"]!.GetValue<long>();

    private async Task RefuseTwoBlocksOfOneSlotAsync()
    {
        var seen = new HashSet<(long Slot, string Sealer)>();
        foreach (var block in await BlocksAsync(1)) seen.Add((SlotOf(block), block["sealer"]!.GetValue<string>())).Should().BeTrue("a slot has one block");
        seen.Count.Should().BeGreaterThan(5);
    }

    private async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (!await isSo())
        {
            if (clock.GetElapsedTime(start) > Patience) throw new TimeoutException($"It did not come true that {what}.\n{string.Join("\n\n", _nodes.Select(static node => node?.Output))}");
            await Task.Delay(Between);
        }
    }
}
