using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.World;

namespace SecuTicket.Benchmarks;

/// <summary>One run of the program: what was measured so far, and what several figures share.</summary>
/// <param name="quick">Fewer runs and smaller loads: to see that everything works, not to publish.</param>
/// <param name="connections">Connections of the clients over HTTP.</param>
/// <param name="progress">Hears what is going on.</param>
internal sealed class Session(bool quick, int connections, TextWriter progress) : IDisposable
{
    /// <summary>Enough to keep both cores busy while a group is written; other numbers were not compared yet.</summary>
    public const int DefaultConnections = 64;

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, Measurement> _measured = [];
    private readonly Dictionary<string, TimeSpan> _times = [];
    private readonly ScratchDirectory _scratch = new();
    private TicketWorld? _unsigned;
    private SeenAnswers? _answers;
    private TicketWorld? _synced;
    private OpenSale? _sale;
    private ServerProcess? _echo;
    private readonly Dictionary<int, LargeWorld> _large = [];
    private GateWorld? _gate;
    private Lazy<CatchUpTrial>? _catchUp;
    private Lazy<PurchaseTrial>? _purchases;
    private Lazy<LookupTrial>? _lookups;
    private Limits? _limits;
    private TimeSpan _measuring;

    /// <summary>Fewer runs and smaller loads.</summary>
    public bool IsQuick => quick;

    /// <summary>Runs of each figure.</summary>
    public int Runs => quick ? 1 : 5;

    /// <summary>Connections of the clients over HTTP.</summary>
    public int Connections => connections;

    /// <summary>What bounds the figures.</summary>
    public Limits Limits => _limits ??= new Limits(this);

    /// <summary>When, on what and how it was measured, in one sentence.</summary>
    public string Conditions => string.Create(
        CultureInfo.InvariantCulture,
        $"{(IsQuick ? "Quick, to see that all works: one run each" : $"Medians of {Runs} runs")}, {DateTimeOffset.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}; {Elapsed.TotalSeconds:0} s in all.");

    private TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>A server that echoes.</summary>
    public ServerProcess Echo => _echo ??= ServerProcess.StartEcho();

    /// <summary>Bytes that a node answers with.</summary>
    public ExchangeSize SizeOf(HttpExchange exchange)
    {
        _answers ??= SeenAnswers.Of(_scratch["answers"]);
        return exchange.IsPurchase ? _answers.Purchase : _answers.Lookup;
    }

    /// <summary>Tickets on sale to 1,000 fans, on which no signature is right: for what is written and never checked.</summary>
    public TicketWorld UnsignedWorld => _unsigned ??= Build("unsigned", new WorldSize(OpenSale.Fans, LimitStore.Tickets(this), 0) { IsSigned = false });

    /// <summary>200,000 tickets that nobody bought yet (20,000 when quick).</summary>
    public OpenSale Sale => _sale ??= new OpenSale(Build("sale", new WorldSize(OpenSale.Fans, IsQuick ? 20_000 : 200_000, 0)));

    /// <summary>1,000,000 tickets of 100,000 owners (a tenth of it when quick).</summary>
    public LargeWorld MillionTickets => LargeWorld(IsQuick ? 20_000 : 1_000_000);

    /// <summary>The chain that a new node fetches.</summary>
    public TicketWorld SyncedWorld => _synced ??= Build("synced", Sync.SizeFor(this));

    /// <summary>What one block costs between two nodes.</summary>
    public CatchUpTrial CatchUp => (_catchUp ??= new(() => CatchUpTrial.Run(this))).Value;

    /// <summary>A node that sells tickets one by one. What failed once is not tried again for the next figure.</summary>
    public PurchaseTrial Purchases => (_purchases ??= new(() => PurchaseTrial.Run(this))).Value;

    /// <summary>Nodes that are asked for tickets.</summary>
    public LookupTrial Lookups => (_lookups ??= new(() => LookupTrial.Run(this))).Value;

    /// <summary>A roster of 100,000 tickets and those who hold them.</summary>
    public GateWorld GateWorld => _gate ??= new GateWorld(100_000);

    /// <summary>A world of so many tickets, and a tenth as many owners.</summary>
    public LargeWorld LargeWorld(int tickets)
    {
        if (_large.TryGetValue(tickets, out var known)) return known;

        progress.WriteLine($"  preparing {tickets:N0} tickets of {tickets / 10:N0} owners");
        return _large[tickets] = World.LargeWorld.Build(_scratch[$"large-{tickets}"], tickets, tickets / 10);
    }

    /// <summary>Makes a world in this run's scratch folder.</summary>
    public TicketWorld Build(string name, WorldSize size)
    {
        progress.WriteLine($"  preparing {size.Tickets:N0} tickets, {size.Sold:N0} sold, {size.Fans:N0} fans");
        return TicketWorld.Build(_scratch[name], size);
    }

    /// <summary>A folder or file of this run.</summary>
    public string ScratchPath(string name) => _scratch[name];

    /// <summary>Measures a figure, once.</summary>
    public Measurement Measure(Figure figure)
    {
        if (_measured.TryGetValue(figure.Name, out var known)) return known;

        progress.WriteLine($"{figure.Name}: {figure.About}");
        var (start, others) = (Elapsed, _measuring);
        var measured = _measured[figure.Name] = figure.Measure(this);

        // What it asked for on its way and had not been measured yet has its own time.
        var alone = Elapsed - start - (_measuring - others);
        _times[figure.Name] = alone;
        _measuring += alone;
        return measured;
    }

    /// <summary>How long it took to measure a figure, preparation included, without other figures that it asked for.</summary>
    public TimeSpan TimeOf(Figure figure) => _times[figure.Name];

    /// <summary>The median of a figure that bounds another.</summary>
    public double ValueOf(string name) => Measure(FigureList.Find(name) ?? throw new ArgumentException($"There is no figure {name}.", nameof(name))).Median;

    /// <summary>Says what goes on.</summary>
    public void Say(string text) => progress.WriteLine($"  {text}");

    public void Dispose()
    {
        _unsigned?.Dispose();
        _synced?.Dispose();
        _sale?.Dispose();
        _echo?.Dispose();
        foreach (var large in _large.Values) large.Dispose();
        _gate?.Dispose();
        _scratch.Dispose();
    }
}
