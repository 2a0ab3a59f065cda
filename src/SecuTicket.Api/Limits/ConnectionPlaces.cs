using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SecuTicket.Node;

namespace SecuTicket.Api.Limits;

/// <summary>Connections that are open at once. When all places are taken, the address that has the most loses its latest to one that has fewer (<see cref="FairPlaces{T}"/>).</summary>
/// <remarks>
/// The server's own limit knows no addresses: one client that opens as many as there may be, and asks for next to nothing on each before it counts as idle, would keep everybody else out.
/// </remarks>
/// <param name="limits">How many may be open.</param>
public sealed class ConnectionPlaces(IOptions<LimitOptions> limits)
{
    private readonly FairPlaces<ConnectionContext> _places = new(limits.Value.Connections);
    private long _turnedAway;

    /// <summary>Connections now.</summary>
    public int Count => _places.Count;

    /// <summary>Connections that found no place, or lost theirs to another address, since the start.</summary>
    public long TurnedAway => Interlocked.Read(ref _turnedAway);

    /// <summary>A connection goes on as long as it has a place; one that gets none is closed before anything is read.</summary>
    public ConnectionDelegate Before(ConnectionDelegate next) => async connection =>
    {
        var entered = _places.TryEnter(EdgeLimits.Counted((connection.RemoteEndPoint as IPEndPoint)?.Address), connection, out var displaced);
        if (!entered || displaced is not null) Interlocked.Increment(ref _turnedAway);
        if (!entered) return;

        displaced?.Abort(new ConnectionAbortedException("All connections were taken, and this address had the most."));
        try
        {
            await next(connection);
        }
        finally
        {
            _places.Leave(connection);
        }
    };
}
