using System.Globalization;
using SecuTicket.Benchmarks;
using SecuTicket.Benchmarks.Figures;
using SecuTicket.Benchmarks.Micro;
using SecuTicket.Benchmarks.World;
using SecuTicket.Simulation;

const string Usage = $"""
    suite [--quick]        measures the figures that something is asked of
    suite --all [--quick]  measures every figure
    suite --growth         and then growth, as below
    <figure>... [--quick]  measures some, and the limits that bound them
    list                   names the figures
    {GrowthCommand.Usage}
    micro [filter]         micro figures with BenchmarkDotNet
    --connections N        connections of the clients over HTTP
    --markdown FILE        puts tables and plots into a document, between its marks
    {SimulationCommand.Usage}
    """;

var quick = args.Contains("--quick");
var connections = Option("--connections") is { } number ? int.Parse(number, CultureInfo.InvariantCulture) : Session.DefaultConnections;
var markdown = Option("--markdown");
var largest = Option("--largest") is { } size ? int.Parse(size, CultureInfo.InvariantCulture) : int.MaxValue;
var words = args.Where((word, i) => !word.StartsWith("--", StringComparison.Ordinal) && (i == 0 || args[i - 1] is not ("--connections" or "--markdown" or "--largest"))).ToArray();

switch (words.FirstOrDefault())
{
    case "echo-server":
        await EchoServer.RunAsync();
        return 0;
    case SyncingNode.Command:
        SyncingNode.Run();
        return 0;
    case "simulate":
        return SimulationCommand.Run([.. args.SkipWhile(word => word != "simulate").Skip(1)], Console.Out);
    case "list":
        foreach (var figure in FigureList.All) Console.WriteLine($"{figure.Name,-34} {figure.Unit,-18} {figure.About}");
        return 0;
    case "growth":
        return GrowthCommand.Run(words[1..], largest, args.Contains("--prepare"), markdown);
    case "micro":
        MicroFigures.Run([.. args.Where(word => word != "micro")]);
        return 0;
    case "suite":
        var failed = Measure(args.Contains("--all") ? FigureList.All : FigureList.Suite);
        return args.Contains("--growth") ? Math.Max(failed, GrowthCommand.Run([], largest, false, markdown)) : failed;
    case not null when words.Select(FigureList.Find).OfType<Figure>().ToArray() is var figures && figures.Length == words.Length:
        return Measure(figures);
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

int Measure(IReadOnlyList<Figure> figures)
{
    // A figure that fails is not printed, and the others are.
    using var session = new Session(quick, connections, Console.Error);
    var lines = new List<ReportLine>();
    var failures = new List<(string Figure, string Why)>();
    foreach (var figure in figures)
    {
        try
        {
            lines.Add(Report.LineOf(session, figure));
        }
        catch (BenchmarkFailedException failure)
        {
            failures.Add((figure.Name, failure.Message));
        }
    }

    Report.Write(session, lines, Console.Out);
    foreach (var (figure, why) in failures) Console.Error.WriteLine($"{figure} failed: {why}");
    if (markdown is not null) MarkdownReport.Write(markdown, session, lines, [.. failures.Select(static failure => failure.Figure)]);
    return failures.Count > 0 ? 1 : 0;
}
