using Microsoft.AspNetCore.Components.Server.Circuits;

namespace SecuTicket.Api.Web.Organise;

/// <summary>Bounds how many interactive pages are open at once: each has memory here, whoever opened it.</summary>
/// <remarks>One for each page; they count together. A page too many ends at once and says that the connection could not be made; what is read without a circuit is there all the same.</remarks>
/// <param name="open">The count of all.</param>
public sealed class CircuitLimit(OpenCircuits open) : CircuitHandler
{
    private bool _counted;

    /// <inheritdoc/>
    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _counted = true;
        return open.Enter() ? Task.CompletedTask : throw new InvalidOperationException($"{OpenCircuits.Most} interactive pages are open, the most at once.");
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
public sealed class OpenCircuits
{
    /// <summary>The most at once: organisers work at few places, fans and gates need none.</summary>
    public const int Most = 256;

    private int _open;

    /// <summary>One more; false when it is too many.</summary>
    public bool Enter() => Interlocked.Increment(ref _open) <= Most;

    /// <summary>One less.</summary>
    public void Leave() => Interlocked.Decrement(ref _open);
}
