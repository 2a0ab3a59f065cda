using System.Globalization;
using SecuTicket.Benchmarks;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.Micro;
using SecuTicket.Benchmarks.World;
using SecuTicket.Simulation;

const string Usage = $"""
    suite [--quick]        measures the figures that something is asked of
    suite --all [--quick]  measures every figure
    <figure>... [--quick]  measures some, and the limits that bound them
    list                   names the figures
    micro [filter]         micro figures with BenchmarkDotNet
    --connections N        connections of the clients over HTTP
    {SimulationCommand.Usage}
    """;

var quick = args.Contains("--quick");
var connectionsAt = Array.IndexOf(args, "--connections");
var words = args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (connectionsAt < 0 || i != connectionsAt + 1)).ToArray();
var connections = connectionsAt < 0 ? Session.DefaultConnections : int.Parse(args[connectionsAt + 1], CultureInfo.InvariantCulture);

switch (words.FirstOrDefault())
{
    case "echo-server":
        await EchoServer.RunAsync(int.Parse(words[1], CultureInfo.InvariantCulture));
        return 0;
    case "simulate":
        return SimulationCommand.Run([.. args.SkipWhile(word => word != "simulate").Skip(1)], Console.Out);
    case "list":
        foreach (var figure in FigureList.All) Console.WriteLine($"{figure.Name,-34} {figure.Unit,-18} {figure.About}");
        return 0;
    case "micro":
        MicroFigures.Run([.. args.Where(word => word != "micro")]);
        return 0;
    case "suite":
        return Measure(args.Contains("--all") ? FigureList.All : FigureList.Suite);
    case not null when words.Select(FigureList.Find).OfType<Figure>().ToArray() is var figures && figures.Length == words.Length:
        return Measure(figures);
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
