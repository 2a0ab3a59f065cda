using BenchmarkDotNet.Attributes;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>A block of 1,000 transactions in short, made and put together where 100,000 transactions wait.</summary>
[MemoryDiagnoser]
public class CompactFigures
{
    private const int Waiting = 100_000;
    private const int OfBlock = 1_000;

    private Transaction[] _pending = [];
    private Block _block = DevelopmentChain.Spec.Genesis;
    private CompactBlock _compact = CompactBlock.Of(DevelopmentChain.Spec.Genesis);

    [GlobalSetup]
    public void Prepare()
    {
        using var sender = new Signer();
        var one = sender.Sign("secuticket-bench", PurchaseTicket.TypeName, 1_813_000_000, new("max_price", JsonValue.Of(5000)), new("ticket_id", JsonValue.Of(new string('a', 32))));
        var json = CanonicalJson.ParseCanonical(one.Payload.Canonical.Span).Value;
        _pending = [.. Enumerable.Range(0, Waiting).Select(i => new Transaction(Payload.From(json.With("nonce", JsonValue.Of($"bench-{i:x16}"))).Value, one.Signatures))];
        _block = new Block(DevelopmentChain.Spec.Genesis.Header, [.. _pending.Where((_, i) => i % (Waiting / OfBlock) == 0)]);
        _compact = CompactBlock.Of(_block);
        if (Assemble().Missing.Count > 0) throw new BenchmarkFailedException("Not all was found.");
    }

    [Benchmark]
    public CompactBlock Shorten() => CompactBlock.Of(_block);

    [Benchmark]
    public CompactAssembly Assemble() => CompactAssembly.Of(_compact, _pending);
}
