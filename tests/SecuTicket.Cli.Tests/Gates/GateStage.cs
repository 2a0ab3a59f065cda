using System.Buffers;
using System.Net;
using SecuTicket.Cli.Wallets;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tests.Gates;

/// <summary>An event, its holders, the node that signs its rosters, and a gate's machine whose clock is set by hand.</summary>
internal sealed class GateStage : IDisposable
{
    public const string ChainId = "secuticket-dev";

    public static readonly DateTimeOffset DoorsOpen = new(2027, 6, 15, 18, 0, 0, TimeSpan.Zero);

    private readonly List<RosterEntry> _entries = [];
    private long _height = 7;

    public GateStage()
    {
        Gate = new Machine { Clock = Clock, Network = new Network(this) };
        Event = new EventId(Hash256.Sha256("event"u8).Span[..EventId.Size]);
        Sold = Add("A-1", Alice, TicketStatus.Sold);
        Other = Add("A-2", Alice, TicketStatus.Sold);
    }

    public Machine Gate { get; }

    public ManualClock Clock { get; } = new(DoorsOpen);

    public Wallet Node { get; set; } = new(P256PrivateKey.Generate());

    public Wallet Alice { get; } = new(P256PrivateKey.Generate());

    public Wallet Bob { get; } = new(P256PrivateKey.Generate());

    public EventId Event { get; set; }

    public TicketId Sold { get; }

    public TicketId Other { get; }

    public Address Address { get; private set; }

    public List<Address> Gates { get; } = [];

    public bool IsCancelled { get; set; }

    /// <summary>Paths that the network was asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What the network answers instead of what it should; null for what it should.</summary>
    public Func<byte[], byte[]>? Spoil { get; set; }

    public TimeSpan NodeClockOffset { get; set; }

    public string Folder => Path.Combine(Gate.Folder, ".local", "share", "secuticket", "gates", Event.ToString());

    public string Receipts => Path.Combine(Folder, "receipts.ndjson");

    /// <summary>A gate with a wallet, listed by the event, that has fetched the roster; from now on there is no network.</summary>
    public static async Task<GateStage> ReadyAsync()
    {
        var stage = new GateStage();
        await stage.OpenWalletAsync();
        await stage.Gate.DoAsync("gate", "sync", stage.Event.ToString());
        stage.Gate.Network = new NoNetwork();
        return stage;
    }

    public async Task OpenWalletAsync()
    {
        var text = await Gate.OpenWalletAsync();
        Address = Address.TryParse(text, out var address) ? address : throw new InvalidOperationException(text);
        Gates.Add(Address);
    }

    public TicketId Add(string seat, Wallet owner, TicketStatus status)
    {
        var id = new TicketId(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(seat)).Span[..TicketId.Size]);
        _entries.Add(new RosterEntry(id, 0, seat, owner.Address, status, status == TicketStatus.Redeemed ? DoorsOpen.AddHours(-1).ToUnixTimeMilliseconds() : null));
        return id;
    }

    /// <summary>A block changes a ticket.</summary>
    public void Change(TicketId ticket, Func<RosterEntry, RosterEntry> change)
    {
        var at = _entries.FindIndex(entry => entry.Ticket == ticket);
        _entries[at] = change(_entries[at]);
        _height++;
    }

    public string Code(Wallet holder, TicketId ticket, TimeSpan late = default, string chainId = ChainId)
    {
        var at = (uint)(Clock.GetUtcNow() - late).ToUnixTimeSeconds();
        return new GateCode(ticket, at, holder.PublicKey, holder.SignDigest(GateCode.Digest(chainId, ticket, at))).Format();
    }

    public Task<CommandResult> ScanAsync(params string[] arguments) => Gate.RunAsync(["gate", "scan", Event.ToString(), .. arguments]);

    public Task<CommandResult> SyncAsync(params string[] arguments)
    {
        Gate.Network = new Network(this);
        return Gate.RunAsync(["gate", "sync", Event.ToString(), .. arguments]);
    }

    /// <summary>What the node would answer.</summary>
    public byte[] Roster(long? since, string branch = "main")
    {
        var of = new RosterEvent(Event, "Concert", "Hall", new EquatableArray<Session>([new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))]), null, new EquatableArray<Address>([.. Gates]), IsCancelled);
        var head = new RosterHead(ChainId, Node.Address, of, Point(_height, branch), since is { } version ? Point(version, branch) : null);
        var output = new ArrayBufferWriter<byte>();
        var entries = since is null ? _entries : _entries.TakeLast(1);
        RosterWriter.Write(output, head, entries, digest => new TransactionSignature(SignatureScheme.P256, Node.PublicKey, Node.SignDigest(digest)));
        return output.WrittenSpan.ToArray();
    }

    public void GoBackTo(long height) => _height = height;

    public long Height => _height;

    public void Dispose()
    {
        Gate.Dispose();
        foreach (var wallet in (Wallet[])[Node, Alice, Bob]) wallet.Dispose();
    }

    private static RosterPoint Point(long index, string branch) => new(index, Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes($"{branch} {index}")));

    private sealed class Network(GateStage stage) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var path = request.RequestUri!.PathAndQuery;
            stage.Asked.Add(path);
            var since = path.Split('&').Where(part => part.StartsWith("since=", StringComparison.Ordinal)).Select(part => (long?)long.Parse(part[6..])).FirstOrDefault();
            var body = path == "/info"
                ? System.Text.Encoding.UTF8.GetBytes($$"""{"node":"{{stage.Node.Address}}","chain_id":"{{ChainId}}","height":{{stage._height}},"tip":"","peers":0,"version":"1"}""")
                : stage.Roster(since);
            if (path != "/info" && stage.Spoil is { } spoil) body = spoil(body);
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
            answer.Content.Headers.ContentType = new("application/json");
            answer.Headers.Date = stage.Clock.GetUtcNow() + stage.NodeClockOffset;
            return Task.FromResult(answer);
        }
    }

    private sealed class NoNetwork : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"A gate without a network asked for {request.RequestUri}.");
    }
}

/// <summary>A clock that stands still until it is set.</summary>
internal sealed class ManualClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => Now.UtcTicks;
}
