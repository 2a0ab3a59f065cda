using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Cli.Tests;

/// <summary>One node for all tests that need one: a process of its own, which seals each transaction at once. An organiser has an event on it, and tickets.</summary>
public sealed class RunningNode : IAsyncLifetime
{
    public const int Seats = 40;
    public const int Price = 5_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-cli-node-").FullName;
    private readonly Queue<string> _unsold = new();
    private NodeUnderTest? _node;

    public string Url => _node!.Url;

    public HttpClient Http => _node!.Client;

    /// <summary>The computer of the organiser, who is an official seller too.</summary>
    internal Machine Organiser { get; private set; } = null!;

    /// <summary>Where the event's key is, and no network.</summary>
    internal Machine Safe { get; } = new();

    /// <summary>A fan's computer; the fan has money.</summary>
    internal Machine Fan { get; private set; } = null!;

    /// <summary>Another fan's.</summary>
    internal Machine Other { get; private set; } = null!;

    internal string OrganisersAddress { get; private set; } = string.Empty;

    internal string EventKeysAddress { get; private set; } = string.Empty;

    internal string FansAddress { get; private set; } = string.Empty;

    internal string OthersAddress { get; private set; } = string.Empty;

    internal string EventId { get; private set; } = string.Empty;

    public async Task InitializeAsync()
    {
        _node = await NodeUnderTest.StartAsync(_folder, "--Mining:MinPending=1");
        (Organiser, Fan, Other) = (new Machine(Url), new Machine(Url), new Machine(Url));
        (OrganisersAddress, EventKeysAddress) = (await Organiser.OpenWalletAsync(), await Safe.OpenWalletAsync());
        (FansAddress, OthersAddress) = (await Fan.OpenWalletAsync(), await Other.OpenWalletAsync());
        foreach (var machine in new[] { Organiser, Fan, Other }) await machine.DoAsync("top-up", "1000000", "--no-wait");
        var created = await Organiser.DoAsync(
            "event", "create", "--name", "Opening night", "--venue", "Hall 1", "--session", "2027-06-15 19:00", "--session", "2027-06-16 20:30", "--event-key", EventKeysAddress,
            "--resale", "capped", "--max-price-percent", "110", "--commission-percent", "5", "--gate", OthersAddress, "--no-wait");
        EventId = created["event_id"];
        var issued = await Organiser.DoAsync("ticket", "issue", "--event", EventId, "--seats", $"A-1..A-{Seats}", "--price", $"{Price}");
        foreach (var line in issued.Text.Split('\n').Where(line => line.Contains("\tA-"))) _unsold.Enqueue(line.Split('\t')[0]);
    }

    /// <summary>A ticket that nobody has yet, of no other test.</summary>
    internal string NextTicket() => _unsold.Dequeue();

    /// <summary>A ticket of the fan's.</summary>
    internal async Task<string> NextTicketOfFanAsync()
    {
        var ticket = NextTicket();
        await Fan.DoAsync("ticket", "buy", ticket, "--max-price", $"{Price}", "--no-wait");
        return ticket;
    }

    public async Task DisposeAsync()
    {
        foreach (var machine in new[] { Organiser, Safe, Fan, Other }) machine.Dispose();
        await _node!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class WithNode : ICollectionFixture<RunningNode>
{
    public const string Name = "a running node";
}
