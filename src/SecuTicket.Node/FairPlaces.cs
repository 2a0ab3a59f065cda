using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace SecuTicket.Node;

/// <summary>So many places that all remote addresses share. When all are taken, the address that has the most gives up its latest for one that has fewer: no address can keep the others out.</summary>
/// <remarks>
/// Bitcoin's nodes do so with connections (<c>AttemptToEvictConnection</c>, net.cpp). A fixed share for each address would hold back a crowd behind one address while there is room for all.
/// </remarks>
/// <typeparam name="T">What has a place.</typeparam>
/// <param name="most">Places in all.</param>
public sealed class FairPlaces<T>(int most)
    where T : class
{
    private readonly Lock _changing = new();

    // Of each address in the order in which they came.
    private readonly Dictionary<IPAddress, List<T>> _taken = [];
    private readonly Dictionary<T, IPAddress> _addresses = [];

    /// <summary>Places that are taken.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _addresses.Count;
        }
    }

    /// <summary>Takes a place.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="newcomer">What takes it.</param>
    /// <param name="displaced">What lost its place for it and is to be ended; null when there was room.</param>
    /// <returns>False when all places are taken and no address has so many more that it should give one up.</returns>
    public bool TryEnter(IPAddress address, T newcomer, out T? displaced)
    {
        displaced = null;
        lock (_changing)
        {
            if (_addresses.Count >= most && !TryDisplace(_taken.TryGetValue(address, out var own) ? own.Count : 0, out displaced)) return false;

            if (!_taken.TryGetValue(address, out var places)) _taken.Add(address, places = []);
            places.Add(newcomer);
            _addresses.Add(newcomer, address);
            return true;
        }
    }

    /// <summary>Gives a place back; nothing happens when it was lost already.</summary>
    public void Leave(T who)
    {
        lock (_changing) Remove(who);
    }

    // The latest, so that who came first stays: an address that fills all places can not push out what was there before it.
    private bool TryDisplace(int own, [NotNullWhen(true)] out T? displaced)
    {
        var largest = _taken.Values.MaxBy(static places => places.Count);
        displaced = largest is not null && largest.Count > own + 1 ? largest[^1] : null;
        if (displaced is not null) Remove(displaced);
        return displaced is not null;
    }

    private void Remove(T who)
    {
        if (!_addresses.Remove(who, out var address)) return;

        var places = _taken[address];
        places.RemoveAt(places.LastIndexOf(who));
        if (places.Count == 0) _taken.Remove(address);
    }
}
