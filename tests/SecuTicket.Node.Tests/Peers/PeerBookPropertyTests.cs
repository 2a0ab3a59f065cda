using SecuTicket.Node.Peers;
using static SecuTicket.Node.Tests.Peers.PeerBookScenario;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>Whatever happens in whatever order: limits hold, anchors stay, and what is written is what is there.</summary>
public sealed class PeerBookPropertyTests
{
    private static readonly PeerBookSettings Tight = new()
    {
        Records = 24,
        Unproven = 8,
        UnprovenPerSource = 6,
        Registered = 4,
        Forgotten = 3,
        PerBlock = 5,
        Anchors = 4,
        Active = 6,
        LoopbackIsExempt = true,
        SuccessPrecision = TimeSpan.Zero,
    };

    [Fact]
    public void No_sequence_of_operations_exceeds_a_limit_or_loses_an_anchor()
    {
        for (var seed = 0; seed < 20; seed++) Run(seed, 400).Should().BeNull("of seed {0}", seed);
    }

    [Fact]
    public void The_same_seed_gives_the_same_book()
    {
        PeerRecord[] Once()
        {
            var walk = new Walk(7);
            for (var step = 0; step < 500; step++) walk.Step();
            return [.. walk.Scene.Book.Records];
        }

        Once().Should().Equal(Once());
    }

    private static string? Run(int seed, int steps)
    {
        var walk = new Walk(seed);
        for (var step = 0; step < steps; step++)
        {
            PeerRecord[] before = [.. walk.Scene.Book.Anchors.Where(one => one.KnownSince < walk.Scene.Now)];
            var (done, touched) = walk.Step();
            if (Excess(walk.Scene.Book) is { } excess) return $"step {step}, {done}: {excess}";
            if (walk.Fault is { } fault) return $"step {step}, {done}: {fault}";
            if (touched is null) continue;

            var after = walk.Scene.Book.Anchors;
            if (before.FirstOrDefault(one => one.Address != touched && after.All(other => other.Address != one.Address)) is { } lost) return $"step {step}, {done}: {lost.Address} is no anchor any more";
        }

        return walk.Written.Values.SequenceEqual(walk.Scene.Book.Records) ? null : "what was written is not what is there";
    }

    private static string? Excess(PeerBook book)
    {
        PeerRecord[] living = [.. book.Records.Where(one => !one.IsForgotten)], others = [.. living.Where(one => !one.IsWanted)], unproven = [.. others.Where(one => !one.IsProven)];
        if (living.Length > Tight.Records) return $"{living.Length} records";
        if (book.Records.Count - living.Length > Tight.Forgotten) return $"{book.Records.Count - living.Length} forgotten";
        if (living.Count(one => one.Origin == PeerOrigin.Registered) is var registered && registered > Tight.Registered) return $"{registered} registered";
        if (unproven.Length > Tight.Unproven) return $"{unproven.Length} unproven";
        if (unproven.CountBy(one => one.Source!).Any(source => source.Value > Tight.UnprovenPerSource)) return "too many of a source";
        if (others.Where(one => one.Block is not (null or "loopback")).CountBy(one => one.Block!).Any(block => block.Value > Tight.PerBlock)) return "too many of a block";
        return null;
    }

    /// <summary>A book to which things happen at random, as a node would let them.</summary>
    private sealed class Walk
    {
        private readonly List<PeerAddress> _connected = [];

        public Walk(int seed) => Scene = new PeerBookScenario(Tight, seed);

        public PeerBookScenario Scene { get; }

        public SortedDictionary<PeerAddress, PeerRecord> Written { get; } = [];

        public string? Fault { get; private set; }

        // What was done, and to whom alone it may have cost the rank of an anchor; null when to any.
        public (string Done, PeerAddress? Touched) Step()
        {
            Scene.Now += 1 + Scene.Random.NextInt64(Scene.Random.Next(20) == 0 ? 2 * Day : 10 * Minute);
            var step = Happen();
            foreach (var change in Scene.Book.TakeChanges())
            {
                if (change.Record is { } record) Written[change.Address] = record;
                else Written.Remove(change.Address);
            }

            if (Scene.Random.Next(50) == 0) Scene.Restart([.. Written.Values.OrderBy(_ => Scene.Random.Next())]);
            return step;
        }

        private (string, PeerAddress?) Happen()
        {
            var (random, book, address, now) = (Scene.Random, Scene.Book, Any(), Scene.Now);
            switch (random.Next(20))
            {
                case 0: book.Register(address, now); return ("register", address);
                case 1: book.Forget(address, now); return ("forget", address);
                case 2: book.Ban(address, now + random.NextInt64(Day)); return ("ban", address);
                case 3: book.Expire(now); return ("expire", null);
                case 4 when random.Next(4) == 0: book.Configure([Any(), Any(), Any()], now); return ("configure", null);
                case 5 or 6: book.Called(address, now); return ("call", At(65_000, 1));
                case 7 or 8: book.Failed(address, now); return ("fail", address);
                case 9 or 10 or 11: book.Learn([.. Enumerable.Range(0, random.Next(12)).Select(_ => Any())], At(50_000, random.Next(5)), now); return ("learn", At(65_000, 1));
                case 12 or 13 or 14: Choose(); return ("choose", At(65_000, 1));
                default:
                    book.Learn([address], At(50_000, random.Next(5)), now);
                    Scene.Succeed(address, random.Next(10) == 0 ? random.Next(50) : 100 + int.Abs(address.Port * 1_000) + address.Host.Sum(one => one), address.Literal is null ? $"1.{random.Next(6)}.0.0/16" : null);
                    return ("succeed", address);
            }
        }

        private void Choose()
        {
            while (_connected.Count > 0 && Scene.Random.Next(3) > 0) _connected.RemoveAt(Scene.Random.Next(_connected.Count));
            _connected.RemoveAll(address => Scene.Book.Find(address) is null || Scene.Book.IsCrowded(address, _connected));
            var chosen = Scene.Book.Choose(Scene.Now, _connected);
            PeerRecord[] records = [.. chosen.Select(address => Scene[address])], others = [.. records.Where(one => !one.IsWanted)];
            var active = _connected.Count(address => !Scene[address].IsWanted);
            if (records.Any(one => one.IsForgotten || one.IsBanned(Scene.Now) || one.NextAttempt > Scene.Now)) Fault = "one is chosen that may not be called";
            if (chosen.Intersect(_connected).Any() || chosen.Distinct().Count() < chosen.Count) Fault = "one is chosen twice";
            if (others.Length > 0 && others.Length + active > Tight.Active) Fault = $"{others.Length} are chosen beside {active}";
            if (others.Any(one => one.Block != "loopback" && !one.Address.IsLoopback && others.Count(other => other.Block == one.Block) > Tight.ActivePerBlock)) Fault = "too many of a block are chosen";
            _connected.AddRange(chosen);
        }

        private PeerAddress Any()
        {
            var known = Scene.Book.Records;
            if (known.Count > 0 && Scene.Random.Next(3) > 0) return known.ElementAt(Scene.Random.Next(known.Count)).Address;

            return Scene.Random.Next(6) switch
            {
                0 or 1 => At($"http://n{Scene.Random.Next(60)}.example"),
                2 => At($"http://127.0.0.1:{5_000 + Scene.Random.Next(20)}"),
                _ => At(Scene.Random.Next(6), Scene.Random.Next(12)),
            };
        }
    }
}
