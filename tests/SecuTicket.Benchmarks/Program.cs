using System.Globalization;
using SecuTicket.Benchmarks;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.Micro;
using SecuTicket.Benchmarks.World;
using SecuTicket.Simulation;

const string Usage = $"""
    suite [--quick]        measures every figure
    <figure> [--quick]     measures one, and the limits that bound it
    list                   names the figures
    micro [filter]         micro figures with BenchmarkDotNet
    --connections N        connections of the clients over HTTP
    {SimulationCommand.Usage}
    """;

var words = args.Where(word => !word.StartsWith("--", StringComparison.Ordinal)).ToArray();
var quick = args.Contains("--quick");
var connectionsAt = Array.IndexOf(args, "--connections");
var connections = connectionsAt < 0 ? Session.DefaultConnections : int.Parse(args[connectionsAt + 1], CultureInfo.InvariantCulture);

switch (words.FirstOrDefault())
{
    case "echo-server":
        await EchoServer.RunAsync(int.Parse(words[1], CultureInfo.InvariantCulture));
        return 0;
    case "simulate":
        return SimulationCommand.Run([.. args.SkipWhile(word => word != "simulate").Skip(1)], Console.Out);
    case "list":
        foreach (var figure in FigureList.All) Console.WriteLine($"{figure.Name,-20} {figure.Unit,-18} {figure.About}");
        return 0;
    case "micro":
        MicroFigures.Run([.. args.Where(word => word != "micro")]);
        return 0;
    case "suite":
        return Measure(FigureList.All);
    case { } name when FigureList.Find(name) is { } figure:
        return Measure([figure]);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

int Measure(IReadOnlyList<Figure> figures)
{
    try
    {
        using var session = new Session(quick, connections, Console.Error);
        foreach (var figure in figures) session.Measure(figure);
        Report.Write(session, figures, Console.Out);
        return 0;
    }
    catch (BenchmarkFailedException failure)
    {
        Console.Error.WriteLine($"Failed: {failure.Message}");
        return 1;
    }
}
