using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Core.Blocks;
using SecuTicket.Node;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>A whole node in memory but for its data directory, which is a folder of its own; blocks are made only when a test asks for one.</summary>
/// <remarks>Dispose it to stop the node; its folder goes with it, unless it was given one.</remarks>
public sealed class NodeFactory : WebApplicationFactory<Program>
{
    private readonly bool _ownsFolder;
    private readonly string _environment;
    private readonly (string Key, string Value)[] _settings;
    private readonly List<Wallet> _wallets = [];

    /// <param name="environment">Development, unless said otherwise.</param>
    /// <param name="folder">The data directory; by default a new one.</param>
    /// <param name="remote">Where requests come from; by default this machine.</param>
    /// <param name="spec">The chain specification as JSON; by default the built-in one.</param>
    /// <param name="settings">Further settings.</param>
    public NodeFactory(string environment = "Development", string? folder = null, IPAddress? remote = null, string? spec = null, params (string Key, string Value)[] settings)
    {
        _ownsFolder = folder is null;
        _environment = environment;
        _settings = settings;
        Folder = folder ?? Directory.CreateTempSubdirectory("secuticket-").FullName;
        Remote = remote ?? IPAddress.Loopback;
        if (spec is not null) File.WriteAllText(SpecFile, spec);
        Api = new ApiClient(CreateClient(), Clock);
    }

    /// <summary>The data directory.</summary>
    public string Folder { get; }

    private string SpecFile => Path.Combine(Folder, "chain.json");

    /// <summary>Where requests come from.</summary>
    public IPAddress Remote { get; set; }

    /// <summary>The node's clock: it stands still unless a test moves it.</summary>
    public TestClock Clock { get; } = new();

    /// <summary>The way in.</summary>
    public ApiClient Api { get; }

    /// <summary>The node behind the API.</summary>
    public TicketNode Node => Services.GetRequiredService<TicketNode>();

    /// <summary>A new account that the node keeps.</summary>
    public Wallet KeepAccount()
    {
        var created = Node.Accounts.Create(null).Value;
        return Remember(Wallet.Kept(created.Address, created.Secret));
    }

    /// <summary>An account that no node keeps.</summary>
    public Wallet OwnAccount(string seed) => Remember(Wallet.Own(seed));

    /// <summary>Brings coins in, pending until the next block.</summary>
    public async Task TopUpAsync(Wallet recipient, long amount)
    {
        using var authority = Wallet.ExchangeAuthority();
        await Api.PostAsync("/transactions", authority, "top_up", new { recipient = recipient.Id, amount, reference = Guid.NewGuid().ToString("N") });
    }

    /// <summary>Seals a block of all that waits.</summary>
    /// <param name="sealer">Who gets the reward; by default the node's own account.</param>
    public async Task<VerifiedBlock> SealAsync(Wallet? sealer = null) => (await Node.SealAsync(sealer?.Address ?? Node.Sealer)).Value;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_environment);
        builder.UseSetting("Node:DataDirectory", Folder);
        builder.UseSetting("Mining:Enabled", "false");
        builder.UseSetting("Node:WarmPages", "false");
        if (File.Exists(SpecFile)) builder.UseSetting("Node:ChainSpec", SpecFile);
        // Two parts, not three: the factory hands an empty value to every section on the way, which Serilog takes for a level.
        builder.UseSetting("Serilog:MinimumLevel", "Fatal");
        foreach (var (key, value) in _settings) builder.UseSetting(key, value);
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Clock);
            services.AddSingleton<IStartupFilter>(new RemoteAddress(this));
        });
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;

        foreach (var wallet in _wallets) wallet.Dispose();
        if (_ownsFolder && Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private Wallet Remember(Wallet wallet)
    {
        _wallets.Add(wallet);
        return wallet;
    }

    // The test server's requests come from nowhere.
    private sealed class RemoteAddress(NodeFactory factory) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                context.Connection.RemoteIpAddress = factory.Remote;
                return following(context);
            });
            next(app);
        };
    }
}
