using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SecuTicket.Core.Ledger;
using SecuTicket.Node;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>Whether nodes say the same: of the tip, of every transaction, of the chain's bytes, and of the ledger on their disks.</summary>
internal static class Agreement
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromSeconds(2);

    /// <summary>Waits until all nodes have one tip and nothing waits at any; where two branches weigh the same nothing decides but the next block, so one is asked for.</summary>
    public static async Task<string> OneTipAsync(IReadOnlyList<StormNode> nodes, TimeSpan patience)
    {
        var clock = TimeProvider.System;
        var (start, mined) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (true)
        {
            var standings = await Task.WhenAll(nodes.Select(StandingAsync));
            var isQuiet = Array.TrueForAll(standings, static one => one.Pending == 0);
            var tips = standings.Select(static one => one.Tip).Distinct(StringComparer.Ordinal).ToArray();
            if (isQuiet && tips.Length == 1) return tips[0];

            clock.GetElapsedTime(start).Should().BeLessThan(patience, "all nodes should have one tip, but have\n{0}", string.Join('\n', standings.Select(static (one, index) => $"node {index}: {one}")));
            if (isQuiet && standings.Select(static one => one.Height).Distinct().Count() == 1 && clock.GetElapsedTime(mined) > BetweenBlocks)
            {
                mined = clock.GetTimestamp();
                (await nodes[0].Client.PostAsync("/mine", null)).Dispose();
            }

            await Task.Delay(Between);
        }
    }

    /// <summary>How many nodes a node is connected with.</summary>
    public static async Task<int> PeersAsync(StormNode node) => (await StandingAsync(node)).Peers;

    /// <summary>The status of a transaction at a node, with the code if it was rejected; null when the node does not know it.</summary>
    public static async Task<string?> StatusAsync(StormNode node, string transaction)
    {
        using var answer = await node.Client.GetAsync($"/transactions/{transaction}");
        if (answer.StatusCode == HttpStatusCode.NotFound) return null;

        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return json.TryGetProperty("code", out var code) ? $"{json.GetProperty("status").GetString()} {code.GetString()}" : json.GetProperty("status").GetString();
    }

    /// <summary>SHA-256 of a node's whole export, and its length.</summary>
    public static async Task<(string Hash, long Length)> ExportAsync(StormNode node)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        for (string? from = "0"; from is not null;)
        {
            using var answer = (await node.Client.GetAsync($"/chain/export?from={from}")).EnsureSuccessStatusCode();
            var part = await answer.Content.ReadAsByteArrayAsync();
            hash.AppendData(part);
            length += part.Length;
            from = answer.Headers.TryGetValues("SecuTicket-Next", out var next) ? next.Single() : null;
        }

        return (Convert.ToHexStringLower(hash.GetHashAndReset()), length);
    }

    /// <summary>All that a stopped node's disk says of accounts, events and tickets, in one form and order.</summary>
    public static string Dump(OfflineChain chain)
    {
        var ledger = chain.Ledger;
        var dump = new StringBuilder();
        dump.AppendLine(CultureInfo.InvariantCulture, $"tip {chain.Tip.Index} {chain.Tip.Hash}").AppendLine(CultureInfo.InvariantCulture, $"supply {ledger.Supply}");
        foreach (var (account, balance) in ledger.Balances) dump.AppendLine(CultureInfo.InvariantCulture, $"balance {account} {balance}");
        foreach (var (id, terms) in ledger.Events) dump.AppendLine(CultureInfo.InvariantCulture, $"event {id} {Convert.ToHexStringLower(LedgerEncoding.Encode(terms))}");
        foreach (var (id, tally) in ledger.Tallies) dump.AppendLine(CultureInfo.InvariantCulture, $"tally {id} {Convert.ToHexStringLower(LedgerEncoding.Encode(tally))}");
        foreach (var (id, ticket) in ledger.Tickets) dump.AppendLine(CultureInfo.InvariantCulture, $"ticket {id} {ticket.Owner} {Convert.ToHexStringLower(LedgerEncoding.Encode(ticket))}");
        foreach (var (reference, _) in ledger.References) dump.AppendLine(CultureInfo.InvariantCulture, $"reference {reference}");
        foreach (var (seen, _) in ledger.Seen) dump.AppendLine(CultureInfo.InvariantCulture, $"seen {seen}");
        return dump.ToString();
    }

    private static async Task<Standing> StandingAsync(StormNode node)
    {
        var info = JsonDocument.Parse(await node.Client.GetStringAsync("/info")).RootElement;
        var pending = JsonDocument.Parse(await node.Client.GetStringAsync("/transactions/pending")).RootElement;
        return new Standing(info.GetProperty("height").GetInt64(), info.GetProperty("tip").GetString()!, info.GetProperty("peers").GetInt32(), pending.GetProperty("items").GetArrayLength());
    }

    private sealed record Standing(long Height, string Tip, int Peers, int Pending);
}
