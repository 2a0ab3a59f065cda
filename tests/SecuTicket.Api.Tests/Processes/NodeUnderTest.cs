using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>A real node in a process of its own, on a free port, as an operator starts it.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    // On a machine that has better to do it takes long; only what hangs takes longer.
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(5);

    private const string ListensAt = "  API ";
    private const int LeastPort = 20_000;
    private const int Ports = 12_000;

    // Test projects that run side by side begin at different ones.
    private static int _ports = Environment.ProcessId * 64;

    private readonly Process _process;
    private readonly TaskCompletionSource<string?> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];

    private NodeUnderTest(string dataDirectory, string[] options)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.dll"), "--urls", "http://127.0.0.1:0", $"--Node:DataDirectory={dataDirectory}", "--environment", "Development", "--Node:WarmPages=false", .. options];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _listening.TrySetResult(null);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it is reached.</summary>
    public string Url => Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    public HttpClient Client { get; } = new();

    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    /// <summary>A port for who must know it before somebody listens there; below those that a system gives out by itself, so that nobody gets it meanwhile.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = LeastPort + (int)((uint)Interlocked.Increment(ref _ports) % Ports);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    /// <summary>Starts a node and waits until it takes requests.</summary>
    public static async Task<NodeUnderTest> StartAsync(string dataDirectory, params string[] options)
    {
        var node = Launch(dataDirectory, options);
        await node.ListensAsync();
        return node;
    }

    /// <summary>Starts a node that nobody can ask anything before <see cref="ListensAsync"/>.</summary>
    public static NodeUnderTest Launch(string dataDirectory, params string[] options) => new(dataDirectory, options);

    /// <summary>Starts a node that is expected to refuse to start.</summary>
    public static async Task<(int ExitCode, string Output)> RefusedAsync(string dataDirectory, params string[] options)
    {
        await using var node = Launch(dataDirectory, options);
        await node._process.WaitForExitAsync().WaitAsync(StartTime);
        return (node._process.ExitCode, node.Output);
    }

    /// <summary>Waits until it takes requests.</summary>
    public async Task ListensAsync()
    {
        if (await _listening.Task.WaitAsync(StartTime) is { } url)
        {
            Client.BaseAddress = new Uri(url);
            return;
        }

        await DisposeAsync();
        throw new InvalidOperationException($"The node did not start:\n{Output}");
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, _) =>
        {
            if (Output.Contains(text, StringComparison.Ordinal)) said.TrySetResult();
        };
        if (Output.Contains(text, StringComparison.Ordinal)) return;
        await said.Task.WaitAsync(StartTime);
    }

    /// <summary>SIGKILL: the process gets no chance to finish anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public async Task<int> TerminateAsync()
    {
        await SignalAsync("TERM");
        await _process.WaitForExitAsync().WaitAsync(StartTime);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP: the process does nothing, and its connections stay as they are.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on as if nothing had been.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString()]);
        await kill.WaitForExitAsync();
    }

    private void Hear(string? line)
    {
        if (line is null) return;

        lock (_output) _output.Add(line);
        if (line.StartsWith(ListensAt, StringComparison.Ordinal)) _listening.TrySetResult(line[ListensAt.Length..].Trim());
    }
}
