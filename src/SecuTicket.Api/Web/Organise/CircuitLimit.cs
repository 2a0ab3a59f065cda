using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Limits;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Bounds how many interactive pages are open at once: each has memory here, whoever opened it.</summary>
/// <remarks>One for each page; they count together. A page too many ends at once and says so; what is read without a circuit is there all the same.</remarks>
/// <param name="open">The count of all.</param>
public sealed class CircuitLimit(OpenCircuits open) : CircuitHandler
{
    private bool _counted;

    /// <inheritdoc/>
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _counted = true;
        return open.Enter() ? Task.CompletedTask : throw new InvalidOperationException($"{open.Most} interactive pages are open, the most at once.");
    }

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_counted) open.Leave();
        _counted = false;
        return Task.CompletedTask;
    }
}

/// <summary>How many interactive pages are open.</summary>
/// <param name="limits">How many may be.</param>
public sealed class OpenCircuits(IOptions<LimitOptions> limits)
{
    private int _open;

    /// <summary>The most at once.</summary>
    public int Most => limits.Value.InteractivePages;

    /// <summary>One more; false when it is too many.</summary>
    public bool Enter() => Interlocked.Increment(ref _open) <= Most;

    /// <summary>One less.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);
}
