using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Fetches the blocks of a branch whose headers have proven its weight, and offers them to our ledger in order.</summary>
internal sealed class BranchFetch(NetworkSettings settings, Func<NodeSnapshot> snapshot, PeerLinks links, Outbox outbox, Misconduct misconduct, CompactFetch compact)
{
    /// <summary>Blocks that were asked for, and the bytes of what was answered.</summary>
    public FetchCount Fetched { get; private set; }

    /// <summary>Blocks from peers that joined our branch.</summary>
    public long Connected { get; private set; }

    /// <summary>Offers to our ledger that were not judged yet.</summary>
    public int Offering { get; private set; }

    /// <summary>Fetches what is missing of a branch.</summary>
    /// <param name="reading">The branch, of which nothing more is asked for when it is left.</param>
    /// <param name="standing">How it compares with our chain.</param>
    /// <param name="done">Hears that all was taken (null), or why not: of kind Invalid when a rule refused a block of the branch.</param>
    public void Fetch(BranchReading reading, BranchStanding standing, Action<Refusal?> done)
    {
        if (reading.Branch.IsLong) FetchSegments(reading, new Queue<HeaderSegment>(standing.Segments), done);
        else if (standing.Missing.Count <= settings.FetchedInShort) FetchShort(reading, new Queue<Hash256>(standing.Missing), [], Finish);
        else FetchWhole(reading, standing.Missing, done);

        // A peer of another version may know whole blocks only. A rule that refuses a block for what it does not find is Invalid.
        void Finish(Refusal? refusal)
        {
            if (refusal is { Code: RefusalCodes.NotFound, Kind: RefusalKind.Transient }) FetchWhole(reading, standing.Missing, done);
            else done(refusal);
        }
    }

    /// <summary>Counts bytes that were fetched for an announced block.</summary>
    public void CountBytes(long bytes) => Fetched += new FetchCount(0, 0, bytes);

    /// <summary>Offers a block that a peer announced, which counts as fetched.</summary>
    public void OfferAnnounced(Block block, long bytes, Action<Refusal?> done)
    {
        Fetched += new FetchCount(0, 1, bytes);
        Offer(null, [block], (_, refusal) => done(refusal));
    }

    // Hears how many were taken, and why the next one was not; null when all were.
    private void Offer(BranchReading? reading, IReadOnlyList<Block> blocks, Action<int, Refusal?> done)
    {
        Offering++;
        outbox.Offer(blocks, verdict =>
        {
            Offering--;
            if (verdict.TryGet(out var acceptance, out var refusal)) Connected += acceptance.Connected;
            reading?.Joined(acceptance?.Connected ?? 0, outbox.Now);
            done(acceptance?.Taken ?? 0, refusal ?? acceptance?.Refusal);
        });
    }

    // Few blocks are of late: most of their transactions are likely to wait here already.
    private void FetchShort(BranchReading reading, Queue<Hash256> missing, List<Block> blocks, Action<Refusal?> done)
    {
        if (reading.IsStopped) return;

        if (!missing.TryDequeue(out var hash))
        {
            Offer(reading, blocks, (_, refusal) => done(refusal));
            return;
        }

        var link = reading.Link;

        outbox.Call<PeerAnswer.Compact>(
            link,
            new PeerRequest.GetCompactBlock(hash),
            (answer, bytes) =>
            {
                Fetched += new FetchCount(0, 1, bytes);
                reading.Arrived(outbox.Now);
                if (answer.Block.Hash != hash)
                {
                    misconduct.ChargePeer(link, Misconduct.Grave, "it sent another block than the one it was asked for");
                    done(Wrong);
                    return;
                }

                compact.Assemble(answer.Block, link, more => Fetched += new FetchCount(0, 0, more), result =>
                {
                    reading.Arrived(outbox.Now);
                    if (!result.TryGet(out var block, out var refusal))
                    {
                        done(refusal);
                        return;
                    }

                    blocks.Add(block);
                    FetchShort(reading, missing, blocks, done);
                });
            },
            failure => done(failure with { Kind = RefusalKind.Transient }));
    }

    private void FetchSegments(BranchReading reading, Queue<HeaderSegment> segments, Action<Refusal?> done)
    {
        if (reading.IsStopped) return;

        if (!segments.TryDequeue(out var segment))
        {
            done(null);
            return;
        }

        var link = reading.Link;
        outbox.Call<PeerAnswer.Headers>(
            link,
            segment.Request,
            (answer, bytes) =>
            {
                Fetched += new FetchCount(answer.Items.Count, 0, bytes);
                reading.Arrived(outbox.Now);
                if (!segment.Read(answer.Items).TryGet(out var hashes, out var refusal))
                {
                    if (refusal.Kind == RefusalKind.Invalid) misconduct.ChargePeer(link, Misconduct.Grave, $"it sent other headers the second time ({refusal.Code})");
                    done(refusal with { Kind = RefusalKind.Transient });
                    return;
                }

                var chain = snapshot().Chain;
                FetchWhole(reading, [.. hashes.SkipWhile(hash => chain.Find(hash) is not null)], failure =>
                {
                    if (failure is null) FetchSegments(reading, segments, done);
                    else done(failure);
                });
            },
            failure => done(failure with { Kind = RefusalKind.Transient }));
    }

    private static Refusal Wrong { get; } = new(RefusalCodes.InvalidBlock, "The peer sent another block.", RefusalKind.Transient);

    private static Refusal NobodyHasThem { get; } = new(PeerRefusals.Unreachable, "No peer brought the blocks that are left.", RefusalKind.Transient);

    private void FetchWhole(BranchReading reading, EquatableArray<Hash256> missing, Action<Refusal?> done)
    {
        var (link, weight) = (reading.Link, reading.Branch.Weight);
        var download = new BlockDownload(missing);
        var waiting = new Queue<FetchedBlock>();
        var (offers, isOver) = (0, false);
        GoOn();

        void GoOn()
        {
            if (isOver || reading.IsStopped) return;

            foreach (var assignment in download.Next([.. links.Ready.Where(one => one == link || one.Tip.Weight >= weight).Select(static one => one.Address)])) Ask(assignment);
            while (offers < settings.OffersAhead && HasWaiting()) OfferNext();
            if (offers > 0) return;

            if (download.IsDone) End(null);
            else if (download.InFlight == 0) End(NobodyHasThem);
        }

        bool HasWaiting()
        {
            if (waiting.Count == 0)
                foreach (var fetched in download.Ready()) waiting.Enqueue(fetched);
            return waiting.Count > 0;
        }

        void Ask(BlockAssignment assignment)
        {
            var asked = links.At(assignment.Peer)!;
            outbox.Call<PeerAnswer.Blocks>(
                asked,
                new PeerRequest.GetBlocks(assignment.Hashes),
                (answer, bytes) =>
                {
                    Fetched += new FetchCount(0, answer.Items.Count, bytes);
                    reading.Arrived(outbox.Now);
                    if (download.Arrived(assignment.Peer, assignment.Chunk, answer.Items).Refusal is { } refusal)
                        misconduct.ChargePeer(asked, Misconduct.Grave, $"it sent a block that is refused with {refusal.Code}");
                    GoOn();
                },
                failure =>
                {
                    if (failure.Code == PeerRefusals.NotANode) misconduct.ChargePeer(asked, Misconduct.Doubtful, "it answers a question for blocks with something else");
                    download.Failed(assignment.Peer, assignment.Chunk);
                    GoOn();
                });
        }

        void OfferNext()
        {
            var offered = new List<FetchedBlock>();
            var size = 0L;
            while (offered.Count < settings.OfferedBlocks && size < settings.OfferedBytes && HasWaiting())
            {
                var next = waiting.Dequeue();
                offered.Add(next);
                size += next.Block.Size;
            }

            offers++;
            Offer(reading, [.. offered.Select(static one => one.Block)], (taken, refusal) =>
            {
                offers--;
                if (isOver) return;

                if (refusal is null) GoOn();
                else End(refusal.Code == RefusalCodes.InvalidSeal ? Accuse(offered[taken].From) : refusal);
            });
        }

        // The branch's own seals were checked with its headers, and no hash covers a seal: this one was changed on the way.
        Refusal Accuse(PeerAddress from)
        {
            if (links.At(from) is { } liar) misconduct.ChargePeer(liar, Misconduct.Grave, "it changed the seal of a block");
            return Wrong;
        }

        void End(Refusal? refusal)
        {
            isOver = true;
            done(refusal);
        }
    }
}
