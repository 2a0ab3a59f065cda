using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>A real node in a process of its own, on a free port, as an operator starts it.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource<bool> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _output = [];

    private NodeUnderTest(string dataDirectory, int port, string[] options)
    {
        Url = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.dll"), "--urls", Url, $"--Node:DataDirectory={dataDirectory}", "--environment", "Development", .. options];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Exited += (_, _) => _running.TrySetResult(false);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Client = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    /// <summary>The process's id.</summary>
    public int Id => _process.Id;

    public HttpClient Client { get; }

    public string Output
    {
        get
        {
            lock (_output) return string.Join('\n', _output);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a node and waits until it takes requests.</summary>
    public static async Task<NodeUnderTest> StartAsync(string dataDirectory, params string[] options)
    {
        var node = new NodeUnderTest(dataDirectory, FreePort(), options);
        if (await node._running.Task.WaitAsync(StartTime)) return node;

        await node.DisposeAsync();
        throw new InvalidOperationException($"The node did not start:\n{node.Output}");
    }

    /// <summary>Starts a node that is expected to refuse to start.</summary>
    public static async Task<(int ExitCode, string Output)> RefusedAsync(string dataDirectory, int port, params string[] options)
    {
        await using var node = new NodeUnderTest(dataDirectory, port, options);
        await node._process.WaitForExitAsync().WaitAsync(StartTime);
        return (node._process.ExitCode, node.Output);
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
        if (line.StartsWith("SecuTicket is running", StringComparison.Ordinal)) _running.TrySetResult(true);
    }
}
