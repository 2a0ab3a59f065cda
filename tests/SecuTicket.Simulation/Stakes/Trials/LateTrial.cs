using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Sync;

namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>A node begins late, with a checkpoint, and is offered first what leaves the chain before it: another past, made with the keys of all who had stake at the beginning.</summary>
/// <param name="world">Where.</param>
public sealed class LateTrial(StakeWorld world) : StakeTrial(world)
{
    private bool _isHere;
    private KnownBlock? _checkpoint;
    private VerifiedBlock[] _otherPast = [];

    /// <inheritdoc/>
    public override bool IsOver => _checkpoint is null || World.Last.Chain!.Ledger.Final >= _checkpoint.Index;

    /// <inheritdoc/>
    public override bool IsAway(StakeNode node) => node == World.Last && !_isHere;

    /// <inheritdoc/>
    public override void ThreeQuarters()
    {
        _isHere = true;
        var (final, weight) = World.Nodes.Select(static node => node.Chain).OfType<Blockchain>().Select(static chain => (chain.Ledger.Stakes!.Round.Final, chain.Tip.Weight)).MaxBy(static one => one.Final.Index);
        if (final is not { Index: > 1 }) return;

        _checkpoint = new KnownBlock(final.Index, final.Hash);
        _otherPast = OtherPast();
        World.Join(_checkpoint);
        if (WeightForNewcomers() <= weight) return;

        // All of it comes to the checkpoint's index as another block; its beginning does not come so far.
        foreach (var node in World.Nodes.Where(static node => node.IsRunning))
        {
            Offer(node, _otherPast);
            Offer(node, _otherPast[..(int)(_checkpoint.Index - 1)]);
        }

        World.Tally.Count(StakeHappening.LongRangeForkRefused);
    }

    /// <inheritdoc/>
    public override void Inspect()
    {
        if (_checkpoint is null) return;

        var branch = World.BranchOf(World.Last.Chain!);
        if (branch.Count < _checkpoint.Index || branch[(int)_checkpoint.Index - 1].Hash != _checkpoint.Hash)
        {
            World.Watch.Violate("checkpoint", $"node {World.Last.Number} has another block {_checkpoint.Index} than its checkpoint {_checkpoint.Hash}");
            return;
        }

        World.Tally.Count(StakeHappening.CheckpointReached);
        foreach (var node in World.Nodes) Offer(node, _otherPast);
    }

    private void Offer(StakeNode node, VerifiedBlock[] blocks)
    {
        var tip = node.Chain!.Tip.Hash;
        World.Bring(null, node, blocks[^1]);
        if (node.Chain.Tip.Hash != tip) World.Watch.Violate("long range", $"node {node.Number} left block {tip} for a branch of {blocks.Length} blocks from before the checkpoint");
    }

    // What the same branch weighs for a node that has no checkpoint, and would follow it.
    private UInt128 WeightForNewcomers()
    {
        var headers = new HeaderBranch(Blockchain.Start(World.Spec, World.Seals), World.Seals);
        headers.Add([.. _otherPast.Select(static block => block.Block.SealedHeader)], World.Agenda.Now);
        return headers.Count == _otherPast.Length ? headers.Weight : 0;
    }

    // Blocks in every slot, and everybody's votes.
    private VerifiedBlock[] OtherPast()
    {
        var chain = Blockchain.Start(World.Spec, World.Seals);
        var archive = new InMemoryBlockStore();
        archive.Load(World.Spec);
        var blocks = new List<VerifiedBlock>();
        VerifiedTransaction[] votes = [];
        for (var slot = 1; slot < World.Spec.SlotOf(World.Agenda.Now); slot++)
        {
            var forger = World.Nodes.First(node => node.Person.Address == chain.Turns!.ForgerOf(slot));
            var reveal = World.RevealAfter(forger.Number, chain.Ledger.Stakes!.Validators.Find(forger.Person.Address)!.Onion)!.Value;
            var template = BlockTemplate.Next(chain, votes, forger.Person.Address, World.Spec.StartOf(slot), reveal);
            var block = VerifiedBlock.Of(template.Header, template.Transactions, forger.Person.Sign(template.Header.Hash));
            World.Know(block);
            blocks.Add(block);
            chain = chain.Add(block, World.Agenda.Now, archive, template).Chain;
            var source = chain.Ledger.Stakes!.Round.Justified;
            votes = [.. World.Nodes.Select(node => StakeAttack.Vote(World, node, $"other-past-{slot:D8}", source.Index, source.Hash, template.Header))];
        }

        return [.. blocks];
    }
}
