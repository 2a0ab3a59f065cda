namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>One of several nodes: its data, the relay that others reach it through, and the process it is now, if any.</summary>
internal sealed class StormNode : IAsyncDisposable
{
    private const int TailLines = 40;

    // Whoever waits no longer does not know what became of his transaction: as it is with a node that is paused.
    private static readonly TimeSpan FansPatience = TimeSpan.FromSeconds(4);

    private readonly string[] _options;
    private readonly List<string> _log = [];
    private NodeUnderTest? _process;
    private volatile HttpClient _client = new();
    private volatile HttpClient _fansClient = new();

    public StormNode(string directory, PeerRelay relay, IEnumerable<string> options)
    {
        Directory = directory;
        Relay = relay;
        _options = [$"--Node:PublicUrl={relay.Url}", .. options];
    }

    public string Directory { get; }

    public PeerRelay Relay { get; }

    /// <summary>For who asks how it stands, past the relay; leads to where it was last while it is dead.</summary>
    public HttpClient Client => _client;

    /// <summary>The same for fans, who give up after some seconds.</summary>
    public HttpClient FansClient => _fansClient;

    /// <summary>Its process; null while it is dead.</summary>
    public int? ProcessId => _process?.Id;

    /// <summary>The end of what all its processes said.</summary>
    public string LogTail => string.Join('\n', _log.Concat(_process?.Output.Split('\n') ?? []).TakeLast(TailLines));

    public async Task StartAsync()
    {
        // It calls others before it says that it takes requests: whose calls they are must be known by then.
        _process = NodeUnderTest.Launch(Directory, _options);
        await _process.ListensAsync();
        var uri = new Uri(_process.Url);
        Relay.LeadTo(uri.Port);
        _client = new HttpClient { BaseAddress = uri };
        _fansClient = new HttpClient { BaseAddress = uri, Timeout = FansPatience };
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await EndAsync("SIGKILL");
    }

    public Task PauseAsync() => _process!.PauseAsync();

    public Task ContinueAsync() => _process!.ContinueAsync();

    /// <summary>SIGTERM.</summary>
    public async Task<int> StopAsync()
    {
        var exitCode = await _process!.TerminateAsync();
        await EndAsync($"exit code {exitCode}");
        return exitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Relay.Dispose();
    }

    private async Task EndAsync(string how)
    {
        _log.AddRange(_process!.Output.Split('\n'));
        _log.Add($"-- {how}");
        await _process.DisposeAsync();
        _process = null;
    }
}
