using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Peers;

/// <summary>The blocks that peers asked for last, decoded: those who catch up and those who put a new block together all want the same. Thread-safe.</summary>
/// <param name="bytes">Most bytes of them, as they are sent.</param>
internal sealed class RecentBlocks(long bytes)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<Hash256, LinkedListNode<Block>> _byHash = [];
    private readonly LinkedList<Block> _latestFirst = new();
    private long _held;

    public Block? Find(Hash256 hash)
    {
        lock (_changing)
        {
            if (!_byHash.TryGetValue(hash, out var node)) return null;

            _latestFirst.Remove(node);
            _latestFirst.AddFirst(node);
            return node.Value;
        }
    }

    public void Keep(Block block)
    {
        lock (_changing)
        {
            if (block.Size > bytes || _byHash.ContainsKey(block.Hash)) return;

            _byHash.Add(block.Hash, _latestFirst.AddFirst(block));
            _held += block.Size;
            while (_held > bytes)
            {
                var last = _latestFirst.Last!.Value;
                _latestFirst.RemoveLast();
                _byHash.Remove(last.Hash);
                _held -= last.Size;
            }
        }
    }
}
