using System.Diagnostics;
using System.Net;
using SecuTicket.Benchmarks.Load;

namespace SecuTicket.Benchmarks.World;

/// <summary>A server of its own process, as a user starts it, on a free loopback port.</summary>
/// <remarks>It prints where it listens once it does, so that nobody has to ask again and again: on two cores that would cost the start.</remarks>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private ServerProcess(Process process, Task<string> errors, IPEndPoint endPoint)
    {
        _process = process;
        _errors = errors;
        EndPoint = endPoint;
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>When the process was asked for, in stopwatch ticks.</summary>
    public long StartedAt { get; private init; }

    /// <summary>Its id, for tools that look at it from outside.</summary>
    public int Id => _process.Id;

    /// <summary>Memory of the process now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Processor time the process has used so far, on all cores: what a figure costs also when other programs slow it down.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a node on a world's data directory with settings of production, but for the rate limit, which loopback is exempt from in Development.</summary>
    public static ServerProcess StartNode(TicketWorld world, params ReadOnlySpan<string> more) => StartNodeOn(world.DataDirectory, world, more);

    /// <summary>Starts a node of a world's chain on another data directory.</summary>
    public static ServerProcess StartNodeOn(string dataDirectory, TicketWorld world, params ReadOnlySpan<string> more) => StartNodeOn(dataDirectory, world.SpecFile, more);

    /// <summary>Starts a node of a chain, whose specification is in a file, on a data directory.</summary>
    public static ServerProcess StartNodeOn(string dataDirectory, string specFile, params ReadOnlySpan<string> more) => Start(
        Path.Combine(AppContext.BaseDirectory, "SecuTicket.Api.dll"),
        [
            "--environment", "Development",
            "--urls", "http://127.0.0.1:0",
            $"--Node:DataDirectory={dataDirectory}",
            $"--Node:ChainSpec={specFile}",
            "--Serilog:MinimumLevel:Default=Warning",
            .. more,
        ]);

    /// <summary>Starts this program again as a server that echoes.</summary>
    public static ServerProcess StartEcho() => Start(typeof(ServerProcess).Assembly.Location, ["echo-server"]);

    /// <summary>Ends it as a power cut would: what it answered must be on the disk.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private static ServerProcess Start(string assembly, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(assembly);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var startedAt = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            var at = line.IndexOf("http://", StringComparison.Ordinal);
            if (at < 0) continue;

            // Whatever else it prints must not fill the pipe and stop it.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            return new ServerProcess(process, errors, IPEndPoint.Parse(line[(at + "http://".Length)..].Trim())) { StartedAt = startedAt };
        }

        process.WaitForExit();
        throw new BenchmarkFailedException($"{Path.GetFileName(assembly)} ended with {process.ExitCode} before it listened: {errors.GetAwaiter().GetResult()}");
    }

    /// <summary>Asks until the answer is 200, which must be the first one: a server that prints its address is ready.</summary>
    public string Get(string path)
    {
        var (status, body) = HttpLoad.Get(EndPoint, path);
        return status == 200 ? body : throw new BenchmarkFailedException($"GET {path} answered {status}: {body}{(_process.HasExited ? _errors.Result : string.Empty)}");
    }
}
