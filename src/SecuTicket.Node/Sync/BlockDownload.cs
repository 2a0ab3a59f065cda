using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Sync;

/// <summary>Part of a download that one peer is to be asked for.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Chunk">Names the part.</param>
/// <param name="Hashes">The blocks, at most <see cref="BlockDownload.ChunkBlocks"/>.</param>
public sealed record BlockAssignment(PeerAddress Peer, int Chunk, EquatableArray<Hash256> Hashes);

/// <summary>A block that came, and from whom.</summary>
/// <param name="Block">The block: its hash is the one asked for and its body the one that its header names; nothing else was checked.</param>
/// <param name="From">The peer that sent it.</param>
public sealed record FetchedBlock(Block Block, PeerAddress From);

/// <summary>Plans how the blocks of a branch are fetched from several peers at once, and puts what comes into order. It only decides: whoever uses it makes the calls.</summary>
/// <remarks>
/// The list is cut into chunks of consecutive blocks. Memory is bounded by what may be under way and by <see cref="HeldBytes"/>; the chunk that is next in order is always asked for, so a
/// slow peer holds the others up but nothing stands still. A peer that has not a block, that failed often or that lied is not asked again for this download.
/// With nothing under way, nothing ready and nothing that <see cref="Next"/> gives, the peers can not bring what is left. Not thread-safe.
/// </remarks>
/// <param name="hashes">The blocks, in the order in which they are wanted.</param>
public sealed class BlockDownload(IReadOnlyList<Hash256> hashes)
{
    /// <summary>Most blocks of a chunk.</summary>
    public const int ChunkBlocks = 32;

    /// <summary>Calls under way at once.</summary>
    public const int MaxInFlight = 8;

    /// <summary>Calls under way at once to one peer: one that it answers, and the next.</summary>
    public const int MaxPerPeer = 2;

    /// <summary>Chunks that may wait for one before them.</summary>
    public const int Window = 16;

    /// <summary>Bytes of blocks that wait for their turn beyond which only the chunk that is next in order is asked for.</summary>
    public const long HeldBytes = 8L * PeerLimits.BlockBytes;

    /// <summary>Failed calls after which a peer is not asked again.</summary>
    public const int MaxFailures = 3;

    // Chunks from the first that is not delivered on, as far as they were looked at: at most Window.
    private readonly LinkedList<Chunk> _chunks = new();
    private readonly Dictionary<PeerAddress, Asked> _records = [];
    private int _cut;
    private int _delivered;
    private long _held;

    /// <summary>Calls under way.</summary>
    public int InFlight { get; private set; }

    /// <summary>Whether all blocks were handed out.</summary>
    public bool IsDone => _delivered == hashes.Count;

    /// <summary>Blocks that came and wait for their turn.</summary>
    public int Held => _chunks.Sum(chunk => chunk.Blocks.Count);

    /// <summary>What is to be asked for now; each must be followed by <see cref="Arrived"/> or <see cref="Failed"/>.</summary>
    /// <param name="peers">Who can be asked, the best first.</param>
    public IReadOnlyList<BlockAssignment> Next(IReadOnlyList<PeerAddress> peers)
    {
        var assignments = new List<BlockAssignment>();
        CutChunks();
        foreach (var chunk in _chunks)
        {
            if (InFlight == MaxInFlight || (_held >= HeldBytes && chunk != _chunks.First!.Value)) break;
            if (chunk.AskedOf is not null || chunk.IsComplete || Choose(peers, chunk) is not { } peer) continue;

            chunk.AskedOf = peer;
            RecordOf(peer).InFlight++;
            InFlight++;
            assignments.Add(new BlockAssignment(peer, chunk.Number, [.. hashes.Skip(chunk.From + chunk.Came).Take(chunk.Count - chunk.Came)]));
        }

        return assignments;
    }

    /// <summary>Takes the answer to an assignment. Fewer blocks than were asked for are no fault: the rest is asked for again, none at all means that the peer has them not.</summary>
    /// <returns>Refused as Invalid when one was not asked for or has another body than its header says: the peer broke the protocol. The blocks before it count.</returns>
    /// <exception cref="InvalidOperationException">The peer was not asked for this chunk.</exception>
    public Verdict Arrived(PeerAddress peer, int chunk, IReadOnlyList<Block> blocks)
    {
        var (asked, record) = End(peer, chunk);
        if (blocks.Count == 0) record.IsOut = true;
        foreach (var block in blocks)
        {
            if (Refuse(asked, block) is { } refusal)
            {
                record.IsOut = true;
                return refusal;
            }

            asked.Blocks.Enqueue(new FetchedBlock(block, peer));
            asked.Came++;
            _held += block.Size;
        }

        return Verdict.Accepted;
    }

    /// <summary>Takes note that an assignment came to nothing: another peer is asked, if there is one.</summary>
    /// <exception cref="InvalidOperationException">The peer was not asked for this chunk.</exception>
    public void Failed(PeerAddress peer, int chunk)
    {
        var (asked, record) = End(peer, chunk);
        asked.FailedAt = peer;
        if (++record.Failures == MaxFailures) record.IsOut = true;
    }

    /// <summary>The blocks that are next in order, each handed out once.</summary>
    public IReadOnlyList<FetchedBlock> Ready()
    {
        var ready = new List<FetchedBlock>();
        while (_chunks.First is { Value: var first })
        {
            while (first.Blocks.TryDequeue(out var fetched))
            {
                ready.Add(fetched);
                _held -= fetched.Block.Size;
            }

            if (!first.IsComplete) break;
            _chunks.RemoveFirst();
        }

        _delivered += ready.Count;
        return ready;
    }

    private void CutChunks()
    {
        while (_chunks.Count < Window && _cut < hashes.Count)
        {
            var count = Math.Min(ChunkBlocks, hashes.Count - _cut);
            _chunks.AddLast(new Chunk(_cut / ChunkBlocks, _cut, count));
            _cut += count;
        }
    }

    private PeerAddress? Choose(IReadOnlyList<PeerAddress> peers, Chunk chunk)
    {
        PeerAddress? best = null;
        foreach (var peer in peers)
        {
            var record = RecordOf(peer);
            if (record.IsOut || record.InFlight >= MaxPerPeer) continue;
            if (best is null || best == chunk.FailedAt || (peer != chunk.FailedAt && record.InFlight < RecordOf(best).InFlight)) best = peer;
        }

        return best;
    }

    private Asked RecordOf(PeerAddress peer)
    {
        if (!_records.TryGetValue(peer, out var record)) _records.Add(peer, record = new Asked());
        return record;
    }

    private (Chunk Chunk, Asked Record) End(PeerAddress peer, int chunk)
    {
        var asked = _chunks.FirstOrDefault(one => one.Number == chunk && one.AskedOf == peer) ?? throw new InvalidOperationException($"{peer} was not asked for chunk {chunk}.");
        asked.AskedOf = null;
        InFlight--;
        var record = RecordOf(peer);
        record.InFlight--;
        return (asked, record);
    }

    // A good header with another body must not stand for the block, or the good one would never be fetched.
    private Refusal? Refuse(Chunk chunk, Block block)
    {
        if (chunk.IsComplete) return new Refusal(RefusalCodes.TooLarge, $"More blocks came than were asked for, first {block.Hash}.");

        var expected = hashes[chunk.From + chunk.Came];
        if (block.Hash != expected) return new Refusal(RefusalCodes.InvalidBlock, $"Block {block.Hash} came where {expected} was asked for.");

        var root = block.ComputeTransactionsRoot();
        return root == block.Header.TransactionsRoot ? null : new Refusal(RefusalCodes.InvalidRoot, $"The transactions' root of block {block.Hash} is {root}, the header says {block.Header.TransactionsRoot}.");
    }

    private sealed class Chunk(int number, int from, int count)
    {
        public int Number => number;

        public int From => from;

        public int Count => count;

        /// <summary>Blocks that came, handed out or not.</summary>
        public int Came { get; set; }

        public bool IsComplete => Came == Count;

        public Queue<FetchedBlock> Blocks { get; } = [];

        public PeerAddress? AskedOf { get; set; }

        public PeerAddress? FailedAt { get; set; }
    }

    private sealed class Asked
    {
        public int InFlight { get; set; }

        public int Failures { get; set; }

        public bool IsOut { get; set; }
    }
}
