using System.Collections.Concurrent;
using System.Globalization;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>What happens to the nodes of a cluster, drawn from a seed: kills and pauses, cuts and silences, until the storm is over; each ends before the next of its sort begins, and all end with it.</summary>
internal sealed class Weather(Cluster cluster, int seed, TimeSpan longest)
{
    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly ConcurrentQueue<string> _happened = new();

    /// <summary>What happened, in order.</summary>
    public IEnumerable<string> Happened => _happened;

    /// <summary>How often each sort of trouble was.</summary>
    public ConcurrentDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>A storm of a length; each sort comes at least once, however short it is.</summary>
    public Task RunAsync(TimeSpan length)
    {
        var end = _clock.GetTimestamp() + (long)(length.TotalSeconds * _clock.TimestampFrequency);
        var (processes, wires) = (new Random(seed), new Random(seed + 1));
        return Task.WhenAll(
            RepeatAsync(processes, end, [KillAsync, PauseAsync]),
            RepeatAsync(wires, end, [CutAsync, HushAsync]));
    }

    private async Task RepeatAsync(Random random, long end, Func<Random, Task>[] sorts)
    {
        do
        {
            random.Shuffle(sorts);
            foreach (var trouble in sorts)
            {
                await PassAsync(random, longest / 4);
                await trouble(random);
            }
        }
        while (_clock.GetTimestamp() < end);
    }

    private async Task KillAsync(Random random)
    {
        var node = random.Next(cluster.Nodes.Count);
        Note("killed", $"node {node}");
        await cluster.Nodes[node].KillAsync();
        await PassAsync(random, longest / 2);
        await cluster.Nodes[node].StartAsync();
        Note("started", $"node {node}");
    }

    private async Task PauseAsync(Random random)
    {
        var node = random.Next(cluster.Nodes.Count);
        Note("paused", $"node {node}");
        await cluster.Nodes[node].PauseAsync();
        await PassAsync(random, longest);
        await cluster.Nodes[node].ContinueAsync();
        Note("continued", $"node {node}");
    }

    private Task CutAsync(Random random) => SeverAsync(random, "cut off", static wire => wire.Cut());

    private Task HushAsync(Random random) => SeverAsync(random, "made unheard", static wire => wire.Hush());

    private async Task SeverAsync(Random random, string how, Action<Wire> sever)
    {
        var nodes = Enumerable.Range(0, cluster.Nodes.Count).ToArray();
        random.Shuffle(nodes);
        var some = nodes[..random.Next(1, (nodes.Length / 2) + 1)];
        var wires = cluster.Around(some).ToArray();
        Note(how, $"nodes {string.Join(" and ", some)}");
        foreach (var wire in wires) sever(wire);
        await PassAsync(random, longest);
        foreach (var wire in wires) wire.Heal();
        Note("healed", $"nodes {string.Join(" and ", some)}");
    }

    private static Task PassAsync(Random random, TimeSpan most) => Task.Delay(most * (0.3 + (0.7 * random.NextDouble())));

    private void Note(string what, string whom)
    {
        Counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
        _happened.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():HH:mm:ss.fff} {what}: {whom}"));
    }
}
