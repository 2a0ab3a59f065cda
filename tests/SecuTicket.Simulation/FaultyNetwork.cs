namespace SecuTicket.Simulation;

/// <summary>How bad a network is.</summary>
/// <param name="Latency">Usual time of a message, in milliseconds; each takes half of it to one and a half.</param>
/// <param name="Delay">How often a message takes up to <paramref name="LongDelay"/> instead, 0 to 1.</param>
/// <param name="LongDelay">In milliseconds.</param>
/// <param name="Loss">How often a message is lost, 0 to 1.</param>
/// <param name="Duplication">How often a message comes twice, 0 to 1.</param>
public sealed record NetworkWeather(long Latency, double Delay, long LongDelay, double Loss, double Duplication)
{
    /// <summary>Nothing goes wrong.</summary>
    public static NetworkWeather Calm { get; } = new(20, 0, 0, 0, 0);

    /// <summary>Some weather between calm and bad.</summary>
    public static NetworkWeather Draw(Dice dice) => new(dice.Between(5, 200), dice.Unit() * 0.1, dice.Between(1_000, 30_000), dice.Unit() * dice.Unit() * 0.3, dice.Unit() * 0.05);
}

/// <summary>Carries messages between nodes; what they say does not matter to it.</summary>
public sealed class FaultyNetwork
{
    private readonly Agenda _agenda;
    private readonly Dice _dice;
    private readonly FaultCounts _faults;
    private readonly bool[,] _cut;
    private readonly long[,] _latest;

    /// <summary>A network that nothing is wrong with yet.</summary>
    public FaultyNetwork(int nodes, Agenda agenda, Dice dice, FaultCounts faults)
    {
        (_agenda, _dice, _faults) = (agenda, dice, faults);
        _cut = new bool[nodes, nodes];
        _latest = new long[nodes, nodes];
    }

    /// <summary>How bad it is now.</summary>
    public NetworkWeather Weather { get; set; } = NetworkWeather.Calm;

    /// <summary>Messages sent.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes sent.</summary>
    public long Bytes { get; private set; }

    /// <summary>Messages from one node to another are lost from now on, or not any more.</summary>
    public void Cut(int from, int to, bool cut) => _cut[from, to] = cut;

    /// <summary>Nobody is cut off any more.</summary>
    public void Heal() => Array.Clear(_cut);

    /// <summary>Sends a message, which comes once, late, twice or never.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">To whom.</param>
    /// <param name="bytes">How large it is.</param>
    /// <param name="deliver">What happens when it comes.</param>
    public void Send(int from, int to, long bytes, Action deliver)
    {
        Messages++;
        Bytes += bytes;
        if (_dice.Chance(Weather.Loss))
        {
            _faults.Count(Fault.Loss);
            return;
        }

        if (_dice.Chance(Weather.Duplication))
        {
            _faults.Count(Fault.Duplication);
            Carry(from, to, deliver);
        }

        Carry(from, to, deliver);
    }

    private void Carry(int from, int to, Action deliver)
    {
        var delay = (Weather.Latency / 2) + _dice.Between(0, Weather.Latency);
        if (_dice.Chance(Weather.Delay))
        {
            _faults.Count(Fault.Delay);
            delay += _dice.Between(0, Weather.LongDelay);
        }

        var arrival = _agenda.Now + delay;
        if (arrival < _latest[from, to]) _faults.Count(Fault.Reordering);
        _latest[from, to] = Math.Max(arrival, _latest[from, to]);
        _agenda.After(delay, () =>
        {
            if (!_cut[from, to]) deliver();
        });
    }
}
