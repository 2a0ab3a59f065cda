namespace SecuTicket.Node;

/// <summary>What readers see of the single writer: its last durable state.</summary>
/// <remarks>
/// A state that is shown can not be changed any more, so the admissions after it copy each path of the maps that they touch. So it is made after each group of commands as long as somebody
/// asks, and otherwise when the next one does: a sale in which nobody looks at what waits copies its paths once a block.
/// </remarks>
/// <param name="loop">The single writer's loop.</param>
/// <param name="show">Makes what readers see.</param>
internal sealed class ShownState(NodeLoop loop, Func<NodeState, NodeSnapshot> show)
{
    // A group is written within some milliseconds. A disk that takes longer keeps no reader waiting.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Lock _stepping = new();
    private readonly Lock _repeating = new();
    private volatile NodeSnapshot _recent = show(loop.State);
    private volatile bool _isBehind;
    private volatile bool _isAsked;
    private (DurableState Of, NodeSnapshot Shown)? _repeated;

    /// <summary>A durable state: the chain is the last one, what waits may lack admissions since somebody asked for <see cref="Latest"/>. Costs nothing.</summary>
    public NodeSnapshot Recent => _recent;

    /// <summary>The last durable state.</summary>
    public NodeSnapshot Latest
    {
        get
        {
            if (!_isAsked) _isAsked = true;
            if (!_isBehind) return _recent;
            if (!_stepping.TryEnter(Patience)) return Repeated();

            try
            {
                if (_isBehind) Make();
                return _recent;
            }
            finally
            {
                _stepping.Exit();
            }
        }
    }

    /// <summary>Begins a group: until its end, nobody else touches the loop.</summary>
    public Lock.Scope Begin() => _stepping.EnterScope();

    /// <summary>All steps of the group are durable.</summary>
    public void Settle()
    {
        if (loop.Settle() || _isAsked)
        {
            _isAsked = false;
            Make();
        }
        else
        {
            _isBehind = true;
        }
    }

    private void Make()
    {
        _recent = show(loop.Settled);
        _isBehind = false;
    }

    // Beside a group that is under way: judged again, once for all who ask.
    private NodeSnapshot Repeated()
    {
        lock (_repeating)
        {
            var durable = loop.Durable;
            if (_repeated is not { } known || known.Of != durable) _repeated = known = (durable, show(durable.ToState()));
            return known.Shown;
        }
    }
}
