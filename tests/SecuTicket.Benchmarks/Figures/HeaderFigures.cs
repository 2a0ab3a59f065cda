using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Benchmarks.Figures;

/// <summary>How fast a peer's headers are read and proven.</summary>
internal sealed class HeadersProven : Figure
{
    // Of 180 bytes, padded: what proving a header can not do without.
    private const int CompressionsPerHeader = 3;

    public override string Name => "headers";

    public override string Unit => "headers/s";

    public override string About => "Headers a second on one core from the bytes of answers of 2,000 to a proven branch: form, link, difficulty, work, times.";

    public override double? Target => 200_000;

    public override string LimitName => "S / 3";

    public override double? Limit(Session session) => session.Limits.S / CompressionsPerHeader;

    public override Measurement Measure(Session session)
    {
        var pages = HeaderPages.Of(10);
        var start = Blockchain.Start(HeaderPages.Spec, HeaderPages.Seals);
        var done = 0L;
        var processor = Environment.CpuUsage.TotalTime;
        var rates = Repeated.Rates(session, 0.5, () =>
        {
            var branch = new HeaderBranch(start, HeaderPages.Seals);
            foreach (var bytes in pages)
            {
                if (!PeerCodec.DecodeAnswer(PeerKinds.Headers, bytes, HeaderPages.Spec).TryGet(out var answer, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
                if (branch.Add(((PeerAnswer.Headers)answer).Items, long.MaxValue / 2).Refusal is { } refused) throw new BenchmarkFailedException(refused.Detail);
            }

            done += branch.Count;
            return (int)branch.Count;
        });
        var spent = Environment.CpuUsage.TotalTime - processor;
        return new Measurement(rates, $"processor time of a header: {spent.TotalMicroseconds / done:0.00} µs", $"bytes of a header in an answer: {pages[0].Length / PeerLimits.Headers}");
    }
}

/// <summary>How fast a node answers a peer that asks for headers.</summary>
internal sealed class HeadersServed : Figure
{
    private const int Chain = 3 * PeerLimits.Headers;

    public override string Name => "headers_served";

    public override string Unit => "headers/s";

    public override string About => "Headers a second on one core from the database file to the bytes of answers of 2,000, the start found by its hash.";

    public override Measurement Measure(Session session)
    {
        using var scratch = new ScratchDirectory();
        using var database = SqliteDatabase.Open(scratch["ledger.db"]);
        using var store = new SqliteBlockStore(database);
        var locators = Fill(store);
        var reader = new HeaderReader(store);
        var at = 0;
        var done = 0L;
        var processor = Environment.CpuUsage.TotalTime;
        var rates = Repeated.Rates(session, 0.5, () =>
        {
            at = (at + 1) % locators.Count;
            var headers = reader.Read(new PeerRequest.GetHeaders([locators[at]], PeerLimits.Headers));
            if (PeerCodec.Encode(headers).Length < PeerLimits.Headers * BlockHeader.Size) throw new BenchmarkFailedException("An answer is not full.");
            done += headers.Items.Count;
            return headers.Items.Count;
        });
        return new Measurement(rates, $"processor time of a header: {(Environment.CpuUsage.TotalTime - processor).TotalMicroseconds / done:0.00} µs");
    }

    // Returns hashes that as many headers follow as an answer holds.
    private static List<Hash256> Fill(SqliteBlockStore store)
    {
        store.Load(HeaderPages.Spec);
        var chain = Blockchain.Start(HeaderPages.Spec, HeaderPages.Seals);
        List<Hash256> hashes = [chain.Tip.Hash];
        var connected = new List<ConnectedBlock>();
        foreach (var header in HeaderPages.Headers(Chain))
        {
            var update = chain.Add(VerifiedBlock.Restore(new Block(header, [])), long.MaxValue / 2, store);
            chain = update.Chain;
            connected.AddRange(update.Connected);
            hashes.Add(header.Hash);
        }

        foreach (var group in connected.Chunk(500)) store.Commit([.. group.Select(one => new StoreChange.Connected(one))]);
        return hashes[..^PeerLimits.Headers];
    }
}

/// <summary>A chain of empty blocks with next to no work, a second apart as its specification wants them.</summary>
internal static class HeaderPages
{
    public static ChainSpec Spec { get; } = ChainSpec.Parse(
        """
        {
          "chain_id": "secuticket-bench",
          "currency": "EUR",
          "engine": "proof-of-work",
          "genesis_time": 1767225600000,
          "proof_of_work": { "difficulty": 4, "retarget_interval": 100, "target_block_time": 1000 },
          "reward": 0
        }
        """u8).Value;

    public static ProofOfWorkVerifier Seals { get; } = new(Spec, new P256Verifier(16));

    /// <summary>The bytes of so many answers, all full.</summary>
    public static IReadOnlyList<byte[]> Of(int count) =>
        [.. Headers(count * PeerLimits.Headers).Chunk(PeerLimits.Headers).Select(page => PeerCodec.Encode(new PeerAnswer.Headers([.. page.Select(header => new SealedHeader(header, null))])))];

    public static IEnumerable<BlockHeader> Headers(int count)
    {
        var last = Spec.Genesis.Header;
        for (var i = 0; i < count; i++)
        {
            var header = last with { Index = last.Index + 1, Previous = last.Hash, Timestamp = last.Timestamp + 1_000, Difficulty = (uint)Spec.Work.Difficulty };
            last = header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };
            yield return last;
        }
    }
}
