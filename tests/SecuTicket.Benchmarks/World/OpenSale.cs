using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>Tickets on sale to 1,000 fans, and their purchases: each is signed once, however many figures send it to nodes of their own.</summary>
internal sealed class OpenSale : IDisposable
{
    /// <summary>Accounts that buy.</summary>
    public const int Fans = 1_000;

    // Enough of them at a time to keep all cores busy.
    private const int SignedAtOnce = 10_000;

    private readonly TicketWorld _world;
    private readonly List<byte[]> _bodies = [];

    public OpenSale(TicketWorld world) => _world = world;

    /// <summary>Tickets on sale.</summary>
    public int Tickets => _world.Size.Tickets;

    /// <summary>The world before anything is sold, in a data directory of its own.</summary>
    public TicketWorld World(string name) => _world.Twin(name);

    /// <summary>What fans post for a range of tickets.</summary>
    public IEnumerable<byte[]> Bodies(int first, int count)
    {
        while (_bodies.Count < first + count) _bodies.AddRange(_world.SignPurchases(_bodies.Count, Math.Min(SignedAtOnce, Tickets - _bodies.Count)).Select(Signer.BodyOf));
        return _bodies.Skip(first).Take(count);
    }

    /// <summary>The same as requests, one purchase each.</summary>
    public RequestSet Requests(int first, int count)
    {
        var requests = new RequestSet();
        foreach (var body in Bodies(first, count)) requests.AddPost("/tickets/purchase", body);
        return requests;
    }

    public void Dispose() => _world.Dispose();
}
