using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node;

/// <summary>The blocks that one step moved: found here before they are stored, and what they mean for the transactions that wait.</summary>
/// <param name="stored">Blocks of the steps before.</param>
internal sealed class StepBlocks(IBlockArchive stored) : IBlockArchive
{
    private readonly Dictionary<Hash256, ArchivedBlock> _moved = [];

    // Our branch as far as this step grew it, oldest first.
    private readonly List<VerifiedBlock> _joined = [];

    // What left it: the last reorganisation's first, of each the oldest first.
    private readonly List<VerifiedBlock> _left = [];

    /// <summary>Whether a block joined our branch.</summary>
    public bool MovedTip { get; private set; }

    /// <summary>Whether a block left our branch.</summary>
    public bool Reorganised => _left.Count > 0;

    /// <summary>Begins a step.</summary>
    public void Clear()
    {
        _moved.Clear();
        _joined.Clear();
        _left.Clear();
        MovedTip = false;
    }

    /// <summary>Takes what became of a block.</summary>
    public void Add(ChainUpdate update)
    {
        if (update.Side is { } side) _moved[side.Block.Hash] = new ArchivedBlock(side.Block.Block, null);
        foreach (var disconnected in update.Disconnected)
        {
            _moved[disconnected.Block.Hash] = new ArchivedBlock(disconnected.Block.Block, null);
            if (_joined.Count > 0) _joined.RemoveAt(_joined.Count - 1);
        }

        _left.InsertRange(0, update.Disconnected.Reverse().Select(disconnected => disconnected.Block));
        foreach (var connected in update.Connected)
        {
            _moved[connected.Block.Hash] = new ArchivedBlock(connected.Block.Block, connected.Outcome.Delta);
            _joined.Add(connected.Block);
            MovedTip = true;
        }
    }

    /// <inheritdoc/>
    public ArchivedBlock Find(Hash256 hash) => _moved.GetValueOrDefault(hash) ?? stored.Find(hash);

    /// <summary>Ids of the transactions that are confirmed now and were not before the step.</summary>
    public HashSet<Hash256> Confirmed() => [.. _joined.SelectMany(block => block.Transactions).Select(transaction => transaction.Id)];

    /// <summary>Transactions of blocks that left our branch, in the order in which they are to be judged again; some may be confirmed in another block.</summary>
    public VerifiedTransaction[] Returning() =>
        [.. _left.SelectMany(block => block.Transactions).Where(transaction => transaction.Payload.Operation is not Reward).DistinctBy(transaction => transaction.Id)];
}
