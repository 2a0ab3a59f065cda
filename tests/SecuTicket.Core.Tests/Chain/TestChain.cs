using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Chain;

/// <summary>Bodies and undo records in memory, kept as a node keeps them.</summary>
internal sealed class InMemoryArchive : IBlockArchive
{
    private readonly Dictionary<Hash256, ArchivedBlock> _blocks = [];

    public InMemoryArchive()
    {
    }

    private InMemoryArchive(InMemoryArchive other) => _blocks = new(other._blocks);

    public InMemoryArchive Copy() => new(this);

    public int Reads { get; private set; }

    public ArchivedBlock Find(Hash256 hash)
    {
        Reads++;
        return _blocks.TryGetValue(hash, out var found) ? found : throw new InvalidOperationException($"Block {hash} was lost.");
    }

    public void Keep(ChainUpdate update)
    {
        foreach (var (block, _) in update.Disconnected) _blocks[block.Hash] = new ArchivedBlock(block.Block, null);
        // Through bytes, as a disk would.
        foreach (var (block, outcome, _) in update.Connected)
            _blocks[block.Hash] = new ArchivedBlock(Block.Decode(block.Block.Encode(), int.MaxValue).Value, LedgerEncoding.DecodeDelta(LedgerEncoding.Encode(outcome.Delta)));
        if (update.Side is { } side) _blocks[side.Block.Hash] = new ArchivedBlock(side.Block.Block, null);
    }
}

/// <summary>One node's chain, its archive and its clock.</summary>
internal sealed class TestChain
{
    public TestChain(ChainSpec? spec = null)
    {
        Spec = spec ?? TestSpec.Of();
        Chain = Blockchain.Start(Spec, new ProofOfWorkVerifier(Spec, Keys));
    }

    public static P256Verifier Keys { get; } = new(64);

    public ChainSpec Spec { get; }

    public Blockchain Chain { get; private set; }

    public InMemoryArchive Archive { get; } = new();

    /// <summary>The node's clock, in milliseconds; far enough ahead that no test block is from the future unless it wants to be.</summary>
    public long Now { get; set; } = (TestSpec.GenesisSeconds + 1_000_000) * 1_000;

    public BlockHeader Tip => Chain.Tip.Header;

    /// <summary>Goes on with a chain that others made of this one, whose blocks are in the archive.</summary>
    public void Continue(Blockchain chain) => Chain = chain;

    public ChainUpdate Offers(VerifiedBlock block)
    {
        var former = Chain;
        var update = Chain.Add(block, Now, Archive);
        Archive.Keep(update);
        Chain = update.Chain;
        update.Disconnected.Select(one => one.Block.Hash).Should().Equal(former.Tip.Hash == Tip.Hash ? [] : Descent(former.Tip.Header, update.Disconnected.Count));
        if (update.Connected.Count > 0) update.Connected[^1].Block.Hash.Should().Be(Tip.Hash);
        return update;
    }

    public ChainUpdate Accepts(VerifiedBlock block)
    {
        var update = Offers(block);
        update.Verdict.Refusal.Should().BeNull();
        return update;
    }

    public Refusal Refuses(string code, VerifiedBlock block)
    {
        var (tip, ledger) = (Tip, Chain.Ledger);
        var update = Offers(block);
        update.Verdict.Refusal.Should().NotBeNull("{0} is due", code);
        update.Verdict.Refusal!.Code.Should().Be(code, update.Verdict.Refusal.Detail);
        update.Connected.Should().BeEmpty();
        update.Disconnected.Should().BeEmpty();
        (Tip, Chain.Ledger).Should().Be((tip, ledger));
        return update.Verdict.Refusal;
    }

    /// <summary>A block after <paramref name="parent"/>, or the tip, with enough work and the reward that is due.</summary>
    public VerifiedBlock Block(BlockHeader? parent = null, VerifiedTransaction[]? transactions = null, Person? sealer = null, long? at = null, uint? difficulty = null, bool rewarded = true, Func<BlockHeader, BlockHeader>? change = null)
    {
        parent ??= Tip;
        sealer ??= Scenario.Sealer;
        VerifiedTransaction[] body = rewarded && Spec.Reward > 0 ? [Reward(parent.Index + 1, sealer), .. transactions ?? []] : transactions ?? [];
        var root = MerkleTree.Root([.. body.Select(transaction => transaction.Transaction.Leaf)]);
        var header = new BlockHeader(BlockHeader.CurrentVersion, Spec.ChainHash, parent.Index + 1, parent.Hash, root, default, at ?? parent.Timestamp + 1_000, difficulty ?? DifficultyAfter(parent), sealer.Address, 0);
        header = change?.Invoke(header) ?? header;
        header = header with { Nonce = ProofOfWork.Search(header.Encode(), header.Difficulty, 0, long.MaxValue)!.Value };
        return VerifiedBlock.Of(header, [.. body], Spec.Sealers is null ? null : sealer.Sign(header.Hash));
    }

    /// <summary>So many blocks, one after the other, not offered to anyone yet.</summary>
    public List<VerifiedBlock> Branch(BlockHeader parent, int length, Person? sealer = null)
    {
        var blocks = new List<VerifiedBlock>();
        for (var i = 0; i < length; i++)
        {
            blocks.Add(Block(parent, sealer: sealer, difficulty: (uint)Spec.Work.Difficulty));
            parent = blocks[^1].Header;
        }

        return blocks;
    }

    public VerifiedTransaction Reward(long index, Person sealer, long? amount = null, string? chainId = null) =>
        TransactionVerifier.Restore(new Transaction(Payload.OfReward(chainId ?? Spec.ChainId, sealer.Address, amount ?? Spec.Reward, index), []));

    private IEnumerable<Hash256> Descent(BlockHeader from, int count)
    {
        var at = from;
        for (var i = 0; i < count; i++)
        {
            yield return at.Hash;
            at = Chain.Find(at.Previous)!.Header;
        }
    }

    private uint DifficultyAfter(BlockHeader parent) => new ProofOfWorkVerifier(Spec, Keys).DifficultyAfter(steps =>
    {
        var at = parent;
        for (var i = 0; i < steps && at is not null; i++) at = at.Index == 0 ? null : Chain.Find(at.Previous)?.Header;
        return at;
    });
}
