using SecuTicket.Core.Blocks;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Simulation.Stakes;

/// <summary>What everybody has after the blocks of a branch, reckoned from the blocks and the specification alone: none of the ledger's rules is asked.</summary>
public sealed class StakeBooks
{
    private readonly Dictionary<Address, Entry> _entries = [];
    private readonly ChainSpec _spec;

    /// <summary>The books of a branch. Only what validators of these worlds send is known: votes, reports, and stakes of one that renew a commitment.</summary>
    /// <param name="spec">The chain's specification.</param>
    /// <param name="blocks">The branch from block 1 on.</param>
    public StakeBooks(ChainSpec spec, IReadOnlyList<VerifiedBlock> blocks)
    {
        _spec = spec;
        foreach (var staker in spec.Stake!.Validators) _entries[staker.Address] = new Entry { Coins = staker.Amount, Staked = staker.Amount };
        foreach (var block in blocks) Enter(block);
        Slot = blocks.Count == 0 ? 0 : spec.SlotOf(blocks[^1].Header.Timestamp);
    }

    /// <summary>Commitments that were renewed.</summary>
    public int Renewals { get; private set; }

    private long Slot { get; }

    /// <summary>Index of the block that has the evidence against an account; null when none has.</summary>
    public long? SlashedAt(Address account) => _entries[account].SlashedAt;

    /// <summary>In what a ledger after these blocks says something else.</summary>
    public IEnumerable<string> Differences(LedgerState ledger)
    {
        var stakes = ledger.Stakes!;
        foreach (var (account, entry) in _entries)
        {
            var validator = stakes.Validators.Find(account);
            var coins = ledger.Balances.Find(account) + (validator?.AtStake ?? 0);
            if (coins != entry.Coins) yield return $"{account} has {coins} coins, {entry.Coins} are right";
            if ((validator?.Staked ?? 0) != entry.Staked) yield return $"{account} has {validator?.Staked} at stake, {entry.Staked} are right";
            if ((validator?.Slashed ?? 0) != entry.Slashed) yield return $"{account} lost {validator?.Slashed}, {entry.Slashed} are right";
            if ((validator?.Forged ?? 0) != entry.Forged) yield return $"{account} made {validator?.Forged} blocks, {entry.Forged} are right";
            if (entry.ForgedWhenSlashed) yield return $"{account} made a block after it was slashed";
        }

        var right = _entries.Values.Sum(static entry => entry.Coins);
        if (ledger.Supply != right) yield return $"there are {ledger.Supply} coins, {right} are right";

        var slots = stakes.Validators.Sum(static entry => entry.Value.Forged + entry.Value.Missed);
        if (slots != Slot) yield return $"{slots} slots were somebody's, there were {Slot}";
    }

    private void Enter(VerifiedBlock block)
    {
        var forger = _entries[block.Header.Sealer];
        forger.Forged++;
        forger.Coins += _spec.Reward;
        forger.ForgedWhenSlashed |= forger.SlashedAt is not null;
        foreach (var transaction in block.Transactions)
        {
            switch (transaction.Payload.Operation)
            {
                case Stake stake:
                    _entries[transaction.Payload.Sender].Staked += stake.Amount;
                    Renewals++;
                    break;
                case Report report: Slash(_entries[report.First.Signer], _entries[transaction.Payload.Sender], block.Header.Index); break;
            }
        }
    }

    private void Slash(Entry offender, Entry reporter, long index)
    {
        var lost = offender.Staked * _spec.Stake!.SlashPercent / 100;
        (offender.Slashed, offender.SlashedAt, offender.Staked) = (lost, index, 0);
        offender.Coins -= lost;
        reporter.Coins += lost * _spec.Stake.ReporterPercent / 100;
    }

    private sealed class Entry
    {
        // On the account, at stake and on its way out.
        public long Coins { get; set; }

        public long Staked { get; set; }

        public long Slashed { get; set; }

        public long? SlashedAt { get; set; }

        public long Forged { get; set; }

        public bool ForgedWhenSlashed { get; set; }
    }
}
