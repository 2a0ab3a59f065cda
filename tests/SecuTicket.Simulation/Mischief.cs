namespace SecuTicket.Simulation;

/// <summary>Makes things go wrong, until it is told to end; then repairs all of it.</summary>
public sealed class Mischief(World world, Dice dice)
{
    private const double MeanPause = 90_000;
    private const long MostSkew = 3_600_000;

    private const long Moment = 180_000;

    private bool _ended;

    /// <summary>Begins.</summary>
    public void Begin()
    {
        world.Network.Weather = NetworkWeather.Draw(dice);
        Next();
    }

    /// <summary>Ends, and repairs everything.</summary>
    public void End()
    {
        _ended = true;
        world.Network.Weather = NetworkWeather.Calm;
        world.Network.Heal();
        foreach (var node in world.Nodes)
        {
            node.Skew = 0;
            (node.Disk.WriteTime, node.Disk.Failing, node.Disk.WhileWriting) = (5, 0, null);
            if (node.Ledger is null) node.Start();
        }
    }

    private void Next() => Later(dice.Exponential(MeanPause), () =>
    {
        Strike();
        Next();
    });

    private void Later(long delay, Action action) => world.Agenda.After(delay, () =>
    {
        if (!_ended) action();
    });

    private long Lasting(double mean) => world.IsShallow ? Math.Min(dice.Exponential(mean), Moment) : dice.Exponential(mean);

    private void Strike()
    {
        var node = dice.Pick(world.Nodes);
        switch (dice.Below(10))
        {
            case 0 or 1: Split(); break;
            case 2 or 3 or 4: Crash(node); break;
            case 5 or 6: Slow(node); break;
            case 7: Fail(node); break;
            case 8: Skew(node); break;
            case 9: world.Network.Weather = NetworkWeather.Draw(dice); break;
        }
    }

    // Sometimes only one direction is cut: a sees b, b does not see a.
    private void Split()
    {
        var (oneWay, alone) = (dice.Chance(0.2), dice.Chance(0.3));
        var chosen = dice.Below(world.NodeCount);
        var sides = world.Nodes.Select(node => alone ? node.Number == chosen : dice.Chance(0.5)).ToArray();
        world.Faults.Count(Fault.Partition);
        world.Trace.Note(world.Agenda.Now, -1, "network splits", sides.Count(side => side), detail: string.Concat(sides.Select(side => side ? 'a' : 'b')));
        for (var from = 0; from < sides.Length; from++)
            for (var to = 0; to < sides.Length; to++)
                if (sides[from] != sides[to] && (!oneWay || sides[from])) world.Network.Cut(from, to, true);
        Later(Lasting(8 * 60_000), () =>
        {
            world.Faults.Count(Fault.Healing);
            world.Trace.Note(world.Agenda.Now, -1, "network heals");
            world.Network.Heal();
        });
    }

    private void Crash(SimulatedNode node)
    {
        if (node.Ledger is null) return;

        if (dice.Chance(0.5)) Stop(node);
        else node.Disk.WhileWriting = () => Stop(node);
    }

    private void Stop(SimulatedNode node)
    {
        if (_ended || node.Ledger is null) return;

        world.Faults.Count(Fault.Crash);
        node.Crash();
        Later(Lasting(dice.Chance(0.2) ? 20 * 60_000 : 20_000), () =>
        {
            if (node.Ledger is null) node.Start();
        });
    }

    private void Slow(SimulatedNode node)
    {
        world.Faults.Count(Fault.SlowDisk);
        node.Disk.WriteTime = dice.Between(200, 20_000);
        Later(dice.Exponential(5 * 60_000), () => node.Disk.WriteTime = 5);
    }

    private void Fail(SimulatedNode node)
    {
        node.Disk.Failing = 0.05 + (0.5 * dice.Unit());
        Later(dice.Exponential(3 * 60_000), () => node.Disk.Failing = 0);
    }

    private void Skew(SimulatedNode node)
    {
        world.Faults.Count(Fault.ClockSkew);
        node.Skew = !world.IsShallow && dice.Chance(0.3) ? dice.Between(-MostSkew, MostSkew) : dice.Between(-90_000, 90_000);
        world.Trace.Note(world.Agenda.Now, node.Number, "has a clock that is wrong by ms", node.Skew);
        Later(dice.Exponential(15 * 60_000), () =>
        {
            node.Skew = 0;
            world.Trace.Note(world.Agenda.Now, node.Number, "has a right clock again");
        });
    }
}
