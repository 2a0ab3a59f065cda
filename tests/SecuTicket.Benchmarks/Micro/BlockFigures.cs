using BenchmarkDotNet.Attributes;
using SecuTicket.Benchmarks.World;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Benchmarks.Micro;

/// <summary>What a block is checked by beside its signatures: its bytes and its root.</summary>
[MemoryDiagnoser]
public class BlockFigures
{
    private const int OfBlock = 1_000;
    private const int ManyLeaves = 65_536;

    private Hash256[] _leaves = [];
    private Hash256[] _many = [];
    private Block? _block;
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Prepare()
    {
        var purchases = SignedPurchases.Of(OfBlock);
        _leaves = [.. purchases.Select(purchase => purchase.Leaf)];
        _many = [.. Enumerable.Range(0, ManyLeaves).Select(i => Hash256.Sha256(BitConverter.GetBytes(i)))];
        _block = SignedPurchases.BlockOf(purchases);
        _bytes = _block.Encode();
    }

    [Benchmark]
    public Hash256 RootOf1000Leaves() => MerkleTree.Root(_leaves);

    [Benchmark]
    public Hash256 RootOf65536Leaves() => MerkleTree.Root(_many);

    [Benchmark(OperationsPerInvoke = OfBlock)]
    public byte[] EncodeBlock() => _block!.Encode();

    [Benchmark(OperationsPerInvoke = OfBlock)]
    public Verdict<Block> DecodeBlock() => Block.Decode(_bytes, OfBlock);
}
