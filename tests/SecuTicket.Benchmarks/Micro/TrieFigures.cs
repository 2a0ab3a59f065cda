using BenchmarkDotNet.Attributes;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>The map that the ledger is made of, by its size.</summary>
[MemoryDiagnoser]
public class TrieFigures
{
    private const int Keys = 1_024;

    private readonly TicketId[] _present = new TicketId[Keys];
    private readonly TicketId[] _absent = new TicketId[Keys];
    private Trie<TicketId, object> _map = Trie<TicketId, object>.Empty;

    [Params(1_000, 10_000, 100_000, 1_000_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var random = new Random(20_261_120);
        var value = new object();
        _map = Trie<TicketId, object>.Empty;
        for (var i = 0; i < Size; i++)
        {
            var key = Draw(random);
            _map = _map.Set(key, value);

            // Keys from all over the map, so that what is near in time is not near in memory.
            if (i % Math.Max(1, Size / Keys) == 0) _present[i / Math.Max(1, Size / Keys) % Keys] = key;
        }

        for (var i = 0; i < Keys; i++)
        {
            _absent[i] = Draw(random);
            if (!_map.Contains(_present[i])) _present[i] = _present[0];
        }
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public int FindPresent()
    {
        var found = 0;
        foreach (var key in _present) found += _map.Contains(key) ? 1 : 0;
        return found;
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public int FindAbsent()
    {
        var found = 0;
        foreach (var key in _absent) found += _map.Contains(key) ? 1 : 0;
        return found;
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public int SetPresent()
    {
        var map = _map;
        foreach (var key in _present) map = map.Set(key, map);
        return map.Count;
    }

    [Benchmark(OperationsPerInvoke = Keys)]
    public int SetAbsent()
    {
        var map = _map;
        foreach (var key in _absent) map = map.Set(key, map);
        return map.Count;
    }

    private static TicketId Draw(Random random)
    {
        Span<byte> bytes = stackalloc byte[TicketId.Size];
        random.NextBytes(bytes);
        return new TicketId(bytes);
    }
}
