using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Tests.Network;

/// <summary>A whole node that listens on a port of this machine: for what nodes do with each other. It makes blocks only when a test asks for one, and fetches after a registration only when a test resolves.</summary>
public sealed class PeerNode : WebApplicationFactory<Program>
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly int _wantedPort;
    private readonly bool _ownsFolder;
    private readonly string _environment;
    private readonly (string Key, string Value)[] _settings;

    /// <param name="port">Where to listen; by default a free one.</param>
    /// <param name="folder">The data directory; by default a new one.</param>
    /// <param name="environment">Development, unless said otherwise.</param>
    /// <param name="settings">Further settings.</param>
    public PeerNode(int? port = null, string? folder = null, string environment = "Development", params (string Key, string Value)[] settings)
    {
        _ownsFolder = folder is null;
        _environment = environment;
        _settings = settings;
        _wantedPort = port ?? 0;
        Folder = folder ?? Directory.CreateTempSubdirectory("secuticket-").FullName;
        UseKestrel();
        StartServer();
        Port = new Uri(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()).Port;
        Api = new ApiClient(new HttpClient { BaseAddress = new Uri(Url), Timeout = Patience }, TimeProvider.System);
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    public string Folder { get; }

    public ApiClient Api { get; }

    public TicketNode Node => Services.GetRequiredService<TicketNode>();

    public Hash256 Tip => Node.Snapshot.Tip.Hash;

    public PeerNetwork Network => Services.GetRequiredService<NetworkHost>().Network;

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(start).Should().BeLessThan(Patience, what);
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public async Task<Hash256> SealAsync() => (await Node.SealAsync(Node.Self)).Value.Hash;

    public Task<JsonElement> RegisterAsync(params string[] nodes) => Api.PostAsync("/nodes/register", new { nodes });

    public Task<JsonElement> ResolveAsync() => Api.PostAsync("/nodes/resolve", "{}", HttpStatusCode.OK);

    public async Task<JsonElement[]> NodesAsync() => [.. (await Api.GetAsync("/nodes")).GetProperty("items").EnumerateArray()];

    /// <summary>Waits until this node calls another one.</summary>
    public Task UntilConnectedAsync(PeerNode other) =>
        UntilAsync(() => Network.View.Peers.Any(peer => peer.IsConnected && peer.Node == other.Node.Self), $"{Url} calls {other.Url}");

    public Task UntilTipAsync(Hash256 tip) => UntilAsync(() => Tip == tip, $"{Url} has the tip {tip}");

    /// <summary>Waits until the metrics have these lines: what happens is counted a moment after it can be seen.</summary>
    public Task UntilMeasuredAsync(params string[] lines) =>
        UntilAsync(async () => (await Api.Http.GetStringAsync("/metrics")).Split('\n').Intersect(lines).Count() == lines.Length, $"{Url} measures {string.Join(" and ", lines)}");

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        builder.UseSetting("urls", $"http://127.0.0.1:{_wantedPort}");
        builder.UseSetting("Node:DataDirectory", Folder);
        builder.UseSetting("Mining:Enabled", "false");
        builder.UseSetting("Node:WarmPages", "false");
        builder.UseSetting("Serilog:MinimumLevel", "Fatal");
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services.AddSingleton(provider =>
        {
            var settings = new NetworkOptions { LookAfterRegistration = TimeSpan.FromHours(1) }.ToSettings(isDevelopment: true);
            return settings with { Network = settings.Network with { LookInterval = 200, DialInterval = 100, TipPatience = 120_000, ResolveTime = 120_000 } };
        }));
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;

        Api.Http.Dispose();
        if (_ownsFolder && Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }
}
