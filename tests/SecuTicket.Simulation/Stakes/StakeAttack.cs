using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Sealing;

namespace SecuTicket.Simulation.Stakes;

/// <summary>What a validator does that none may, or none should.</summary>
/// <param name="world">Where; its scenario says which.</param>
public sealed class StakeAttack(StakeWorld world)
{
    // Slots that a grinder looks ahead: further, the seeds of others decide.
    private const int Ahead = 4;

    private readonly HashSet<(Hash256 After, long Slot)> _leftEmpty = [];
    // What more of them must bring: one is what the empty slot costs, a greedier one does not reckon that.
    private readonly int _cost = world.Dice.Below(2);
    private int _votes;

    /// <summary>Slots that were left empty, and the block before.</summary>
    public IReadOnlyCollection<(Hash256 After, long Slot)> LeftEmpty => _leftEmpty;

    private StakeScenario Kind => world.Settings.Scenario;

    /// <summary>Whether the validator leaves its slot empty: it does when the seed that stays gives it more of the next slots than the one that its block makes.</summary>
    public bool LeavesOut(Blockchain chain, BlockHeader header)
    {
        if (Kind != StakeScenario.Grinding || chain.Turns is not { } turns) return false;

        var slot = world.Spec.SlotOf(header.Timestamp);
        var after = turns.After(header, world.Spec);
        int Won(Core.Ledger.Stakes.Turns seen) => Enumerable.Range(1, Ahead).Count(ahead => seen.ForgerOf(slot + ahead) == header.Sealer);
        if (Won(turns) <= Won(after) + _cost) return false;

        _leftEmpty.Add((header.Previous, slot));
        world.Tally.Count(StakeHappening.SlotLeftEmpty);
        return true;
    }

    /// <summary>Further blocks of its slot, given to others.</summary>
    public void MakeMore(StakeNode node, Blockchain former, SealJob job)
    {
        var header = job.Template.Header;
        if (Kind == StakeScenario.Equivocation)
        {
            Give(node, VerifiedBlock.Of(header with { Timestamp = header.Timestamp + 1 }, job.Template.Transactions, node.Person.Sign((header with { Timestamp = header.Timestamp + 1 }).Hash)));
        }
        else if (Kind == StakeScenario.NothingAtStake && former.Turns?.ForgerOf(world.Spec.SlotOf(header.Timestamp)) == header.Sealer)
        {
            var onion = former.Ledger.Stakes!.Validators.Find(header.Sealer)!.Onion;
            if (world.RevealAfter(node.Number, onion) is not { } reveal) return;

            var template = BlockTemplate.Next(former, [], header.Sealer, header.Timestamp, reveal);
            Give(node, VerifiedBlock.Of(template.Header, template.Transactions, node.Person.Sign(template.Header.Hash)));
        }
    }

    /// <summary>Votes for blocks that are not the tip.</summary>
    public IReadOnlyList<VerifiedTransaction> VotesFor(StakeNode node, Blockchain chain, IReadOnlyList<VerifiedBlock> blocks)
    {
        if (Kind != StakeScenario.NothingAtStake) return [];

        var source = chain.Ledger.Stakes!.Round.Justified;
        return [.. blocks.Where(block => block.Hash != chain.Tip.Hash && block.Header.Index > source.Index).Select(block => VoteFor(node, source.Index, source.Hash, block.Header))];
    }

    private VerifiedTransaction VoteFor(StakeNode node, long sourceIndex, Hash256 source, BlockHeader target) => Vote(world, node, $"everywhere-{++_votes:D10}", sourceIndex, source, target);

    /// <summary>A vote that nobody asks whether it may be signed.</summary>
    public static VerifiedTransaction Vote(StakeWorld world, StakeNode node, string nonce, long sourceIndex, Hash256 source, BlockHeader target)
    {
        var payload = Payload.From(JsonValue.Object(
        [
            new("type", JsonValue.Of(Core.Transactions.Vote.TypeName)),
            new("chain_id", JsonValue.Of(world.Spec.ChainId)),
            new("sender", JsonValue.Of(node.Person.Address.ToString())),
            new("nonce", JsonValue.Of(nonce)),
            new("valid_until", JsonValue.Of((world.Agenda.Now / 1_000) + 100)),
            new("source_index", JsonValue.Of(sourceIndex)),
            new("source", JsonValue.Of(source.ToString())),
            new("target_index", JsonValue.Of(target.Index)),
            new("target", JsonValue.Of(target.Hash.ToString())),
        ])).Value;
        return TransactionVerifier.Restore(new Transaction(payload, [node.Person.Sign(payload.Id)]));
    }

    private void Give(StakeNode node, VerifiedBlock block) => world.Spread(node, block, other => other % 2 == 0);
}
