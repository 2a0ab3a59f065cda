using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>The part of a ledger that decides who makes blocks and which are final: an immutable value.</summary>
public sealed class StakeState
{
    internal StakeState(Trie<Address, Validator> validators, Trie<NumberedAddress, Present> queue, StakeTables tables, StakeRound round) =>
        (Validators, Queue, Tables, Round) = (validators, queue, tables, round);

    /// <summary>Whoever has something at stake, or was slashed.</summary>
    public Trie<Address, Validator> Validators { get; }

    /// <summary>The tables that count.</summary>
    public StakeTables Tables { get; }

    /// <summary>Seed, votes and finality.</summary>
    public StakeRound Round { get; }

    /// <summary>Withdrawals by the block that took them out.</summary>
    internal Trie<NumberedAddress, Present> Queue { get; }

    /// <summary>The stakes of genesis.</summary>
    public static StakeState Genesis(ChainSpec spec, StakeSpec stake)
    {
        var validators = Trie<Address, Validator>.Of(stake.Validators.Select(static one => KeyValuePair.Create(one.Address, new Validator(one.Amount, one.Commitment))));
        var table = TableOf(0, validators)!;
        var genesis = new BlockMark(0, spec.Genesis.Hash, 0, Hash256.Sha256(spec.Genesis.Hash.Span));
        return Of(validators, new StakeTables(table, table, table), new StakeRound(0, 0, genesis.Seed, genesis, genesis, [], 0));
    }

    /// <summary>The state that a store kept.</summary>
    /// <param name="validators">All validators.</param>
    /// <param name="tables">The tables that count.</param>
    /// <param name="round">Seed, votes and finality.</param>
    public static StakeState Of(Trie<Address, Validator> validators, StakeTables tables, StakeRound round)
    {
        var queue = Trie<NumberedAddress, Present>.Empty.Edit();
        foreach (var (account, validator) in validators)
            foreach (var withdrawal in validator.Withdrawals) queue.Set(new NumberedAddress(withdrawal.Index, account), default);
        return new StakeState(validators, queue.ToTrie(), tables, round);
    }

    /// <summary>Whether two states say the same.</summary>
    public static bool SameContent(StakeState? left, StakeState? right) =>
        ReferenceEquals(left, right)
        || (left is not null && right is not null && left.Round == right.Round && left.Tables == right.Tables && left.Validators.SameContent(right.Validators));

    /// <summary>Everything at stake and on its way out, in minor units.</summary>
    public long Total => Validators.Sum(static entry => entry.Value.AtStake);

    /// <summary>Everything at stake, in minor units; what is on its way out is not.</summary>
    public long Staked => Validators.Sum(static entry => entry.Value.Staked);

    /// <summary>Stake of <paramref name="account"/>, in minor units; what is on its way out is none any more.</summary>
    public long StakeOf(in Address account) => Validators.Find(account)?.Staked ?? 0;

    /// <summary>Whose turn it is after this block.</summary>
    /// <param name="stake">The chain's parameters.</param>
    public Turns TurnsAfter(StakeSpec stake) => Turns.Of(this, new BlockMark(Round.Index, default, Round.Slot, Round.Seed), stake.EpochLength);

    /// <summary>Whose turn it is after a block of our branch that is not below the final one; null when the state does not know it.</summary>
    /// <param name="hash">The block's hash; the state does not know that of its own block.</param>
    /// <param name="stake">The chain's parameters.</param>
    public Turns? TurnsAfter(in Hash256 hash, StakeSpec stake)
    {
        if (Round.Final.Hash == hash) return Turns.Of(this, Round.Final, stake.EpochLength);

        foreach (var open in Round.Open.Span)
            if (open.Block.Hash == hash) return Turns.Of(this, open.Block, stake.EpochLength);

        return null;
    }

    /// <summary>Begins the changes that make the next state.</summary>
    internal StakeEdit Edit() => new(this);

    /// <summary>The table of these validators' stakes; null when nobody has any.</summary>
    internal static StakeTable? TableOf(long since, IEnumerable<KeyValuePair<Address, Validator>> validators)
    {
        KeyValuePair<Address, long>[] staked = [.. validators.Where(static entry => entry.Value is { Staked: > 0, Slashed: 0 }).Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Staked))];
        return staked.Length == 0 ? null : new StakeTable(since, staked);
    }
}
