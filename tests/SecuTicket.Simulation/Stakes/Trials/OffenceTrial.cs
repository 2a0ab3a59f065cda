using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation.Stakes.Trials;

/// <summary>A validator signs what nobody may sign. Once an honest node has both halves of the evidence, every node has it in a final block in the end, and the offender has lost its stake.</summary>
/// <param name="world">Where.</param>
public sealed class OffenceTrial(StakeWorld world) : StakeTrial(world)
{
    // What each node was given since its start: before, it knows nothing.
    private readonly Dictionary<int, (Dictionary<long, Hash256> Blocks, List<Vote> Votes)> _seen = [];
    private readonly HashSet<StakeHappening> _proven = [];

    /// <inheritdoc/>
    public override bool IsOver => _proven.Count == 0 || World.Honest.All(IsSlashedAt);

    /// <inheritdoc/>
    public override StakeAttack? AttackOf(int number) => number == World.Settings.Nodes - 1 ? new StakeAttack(World) : null;

    /// <inheritdoc/>
    public override void Began(StakeNode node) => _seen[node.Number] = ([], []);

    /// <inheritdoc/>
    public override void Took(StakeNode node, VerifiedBlock block)
    {
        if (node.Attack is not null) return;

        var slot = World.Spec.SlotOf(block.Header.Timestamp);
        if (block.Header.Sealer == World.Last.Person.Address && !_seen[node.Number].Blocks.TryAdd(slot, block.Hash) && _seen[node.Number].Blocks[slot] != block.Hash) Prove(StakeHappening.TwoBlocksOfOneSlot);
        foreach (var transaction in block.Transactions) Took(node, transaction);
    }

    /// <inheritdoc/>
    public override void Took(StakeNode node, VerifiedTransaction transaction)
    {
        if (node.Attack is not null || transaction.Payload.Operation is not Vote vote || transaction.Payload.Sender != World.Last.Person.Address) return;

        var votes = _seen[node.Number].Votes;
        if (votes.Exists(vote.Contradicts)) Prove(StakeHappening.VotesContradicted);
        votes.Add(vote);
    }

    /// <inheritdoc/>
    public override void Inspect()
    {
        if (_proven.Count == 0) return;

        foreach (var node in World.Honest.Where(node => !IsSlashedAt(node))) World.Watch.Violate("offences cost", $"node {World.Last.Number} signed two things, and node {node.Number} has no final block that says so");
        if (IsOver) World.Tally.Count(StakeHappening.OffenderSlashed);
    }

    private void Prove(StakeHappening offence)
    {
        if (_proven.Add(offence)) World.Tally.Count(offence);
    }

    private bool IsSlashedAt(StakeNode node) =>
        node.Chain is { } chain
        && chain.Ledger.Stakes!.Validators.Find(World.Last.Person.Address) is { Slashed: > 0 }
        && World.BooksOf(chain).SlashedAt(World.Last.Person.Address) <= chain.Ledger.Final;
}
