using SecuTicket.Core.Mempool;

namespace SecuTicket.Node;

/// <summary>What a node knows and has on its disk: a state that nobody changes any more, and what was admitted to it since.</summary>
/// <remarks>The single writer goes on with maps of its own that are changed in place; whoever needs the state meanwhile, because a write failed or takes long, has it judged again from this.</remarks>
public sealed class DurableState
{
    private readonly NodeState _basis;
    private readonly PendingTransaction[] _admitted;
    private readonly int _count;

    internal DurableState(NodeState basis, PendingTransaction[] admitted, int count) => (_basis, _admitted, _count) = (basis, admitted, count);

    /// <summary>The state, worked out anew each time: some microseconds for each admission since the last state that was shown.</summary>
    public NodeState ToState()
    {
        if (_count == 0) return _basis;

        var pending = _basis.Pending.Edit();
        foreach (var one in _admitted.AsSpan(0, _count)) pending.Repeat(one, _basis.Chain.NextContext(one.AdmittedAt));
        return _basis with { Pending = pending.ToSet() };
    }
}

/// <summary>Keeps what is admitted after a state, for <see cref="DurableState"/>; for the single writer's thread.</summary>
/// <param name="basis">The state.</param>
internal sealed class AdmissionRecord(NodeState basis)
{
    private const int FirstCapacity = 256;

    private NodeState _basis = basis;

    // Whoever reads the part that is durable goes on doing so: what is there is never written again.
    private PendingTransaction[] _admitted = [];
    private int _count;
    private volatile DurableState _durable = new(basis, [], 0);

    /// <summary>The state and what of it is durable; for any thread.</summary>
    public DurableState Durable => _durable;

    /// <summary>Begins anew after a state that is durable, all of it.</summary>
    public void Begin(NodeState state)
    {
        if (_count == 0 && ReferenceEquals(_basis, state)) return;

        (_basis, _admitted, _count) = (state, [], 0);
        _durable = new DurableState(state, [], 0);
    }

    /// <summary>One was admitted; it is not durable yet.</summary>
    public void Add(PendingTransaction admitted)
    {
        if (_count == _admitted.Length)
        {
            var larger = new PendingTransaction[Math.Max(FirstCapacity, 2 * _count)];
            _admitted.AsSpan(0, _count).CopyTo(larger);
            _admitted = larger;
        }

        _admitted[_count++] = admitted;
    }

    /// <summary>All that was admitted is durable.</summary>
    /// <param name="state">The state, which may lack what was admitted.</param>
    /// <returns>False when it is another one than that of the beginning: then that is not all.</returns>
    public bool Settle(NodeState state)
    {
        if (!ReferenceEquals(_basis, state)) return false;

        _durable = new DurableState(_basis, _admitted, _count);
        return true;
    }
}
