using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Ledger.Stakes;

/// <summary>Many changes to a <see cref="StakeState"/>; for one thread.</summary>
/// <remarks>The rules change nothing here before they are sure, so no change is ever taken back.</remarks>
internal sealed class StakeEdit(StakeState state)
{
    private readonly TrieEdit<Address, Validator> _validators = state.Validators.Edit();
    private readonly TrieEdit<NumberedAddress, Present> _queue = state.Queue.Edit();

    public StakeRound Round { get; set; } = state.Round;

    public StakeTables Tables { get; set; } = state.Tables;

    public int Count => _validators.Count;

    public Validator? Find(in Address account) => _validators.Find(account);

    /// <summary>Whoever has something at stake, or was slashed, as it is now.</summary>
    public Trie<Address, Validator> Validators => _validators.ToTrie();

    /// <summary>Withdrawals as they are now, oldest first.</summary>
    public IEnumerable<NumberedAddress> Queue => _queue.ToTrie().Select(static entry => entry.Key);

    public void Set(in Address account, Validator? validator)
    {
        foreach (var former in _validators.Find(account)?.Withdrawals ?? []) _queue.Remove(new NumberedAddress(former.Index, account));
        foreach (var withdrawal in validator?.Withdrawals ?? []) _queue.Set(new NumberedAddress(withdrawal.Index, account), default);
        if (validator is null) _validators.Remove(account);
        else _validators.Set(account, validator);
    }

    /// <summary>The state as it is now; the edit may go on.</summary>
    public StakeState ToState()
    {
        var validators = _validators.ToTrie();
        return ReferenceEquals(validators, state.Validators) && ReferenceEquals(Round, state.Round) && ReferenceEquals(Tables, state.Tables)
            ? state
            : new StakeState(validators, _queue.ToTrie(), Tables, Round);
    }

    /// <summary>Goes back to before a block.</summary>
    public void Undo(StakeDelta delta)
    {
        foreach (var change in delta.Validators) Set(change.Key, change.Before);
        Round = delta.Round.Before;
        if (delta.Tables is { } tables) Tables = tables.Before;
    }
}
