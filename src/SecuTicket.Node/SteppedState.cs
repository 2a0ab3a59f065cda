using SecuTicket.Core.Mempool;
using SecuTicket.Node.Sealing;

namespace SecuTicket.Node;

/// <summary>What the single writer knows between its steps, and how much of it is durable; for its thread, but for <see cref="Durable"/>.</summary>
/// <remarks>What waits is changed in place from step to step, so that each path of the maps is copied once for all of them until the whole is asked for.</remarks>
/// <param name="state">What it knows at first, all of it durable.</param>
internal sealed class SteppedState(NodeState state)
{
    private readonly AdmissionRecord _record = new(state);
    private PendingEdit? _admissions;

    /// <summary>All of it. Ends what admissions share.</summary>
    public NodeState Whole
    {
        get
        {
            if (_admissions?.ToSet() is { } waiting && !ReferenceEquals(waiting, Basis.Pending)) Basis = Basis with { Pending = waiting };
            return Basis;
        }

        set
        {
            if (!ReferenceEquals(value.Pending, Basis.Pending)) _admissions = null;
            Basis = value;
        }
    }

    /// <summary>As <see cref="Whole"/>, but what waits may lack admissions.</summary>
    public NodeState Basis { get; private set; } = state;

    /// <summary>What waits, to be admitted to.</summary>
    public PendingEdit Admissions => _admissions ??= Basis.Pending.Edit();

    /// <summary>What waits, as far as it matters for when a block is due.</summary>
    public WaitingLine Waiting => new(Basis.Pending, _admissions);

    /// <summary>What is durable. For any thread.</summary>
    public DurableState Durable => _record.Durable;

    /// <summary>One was admitted.</summary>
    public void Admitted(PendingTransaction pending) => _record.Add(pending);

    /// <summary>All of it is durable.</summary>
    /// <returns>False when nothing but admissions came since it was so before, and nobody asked for the whole.</returns>
    public bool Settle()
    {
        if (_record.Settle(Basis)) return false;

        _record.Begin(Whole);
        return true;
    }

    /// <summary>All of it, when it is durable. Ends what admissions share.</summary>
    public NodeState Settled()
    {
        _record.Begin(Whole);
        return Basis;
    }

    /// <summary>Begins anew with a state that is durable.</summary>
    public void Reset(NodeState durable)
    {
        (_admissions, Basis) = (null, durable);
        _record.Begin(durable);
    }
}
