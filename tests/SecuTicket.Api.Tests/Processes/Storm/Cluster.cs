using System.Net;
using SecuTicket.Api.Tests.Contract;

namespace SecuTicket.Api.Tests.Processes.Storm;

/// <summary>Some nodes of one chain on this machine, each told of one other, and the wires between any two.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const string ChainId = "storm";

    // Work is cheap and blocks are frequent, so that branches compete; the exchange authority is the one whose key everybody has.
    private const string Specification =
        """
        {"chain_id":"storm","currency":"EUR","engine":"proof-of-work","exchange_authorities":["0xCCec231B4D170B8615e6f454845c0eaBdc0FBFC5"],
        "genesis_time":1767225600000,"proof_of_work":{"difficulty":8},"reward":100}
        """;

    private static readonly string[] Options =
    [
        "--Mining:MinSpacing=00:00:00.250", "--Mining:MaxWait=00:00:00.400", "--Network:LookInterval=00:00:01", "--Serilog:MinimumLevel:Default=Warning",
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secuticket-storm-");
    private readonly SpecFolder _spec = new(Specification);
    private readonly Wire[,] _wires;
    private readonly StormNode[] _nodes;

    public Cluster(int size)
    {
        _wires = new Wire[size, size];
        _nodes = new StormNode[size];
        for (var one = 0; one < size; one++)
        {
            for (var other = 0; other <= one; other++) _wires[one, other] = _wires[other, one] = new Wire();
            var called = one;
            var relay = new PeerRelay((caller, port) => WireTo(called, caller, port));
            string[] peers = one == 0 ? [] : [$"--Node:Peers:0={_nodes[one - 1].Relay.Url}"];
            _nodes[one] = new StormNode(Path.Combine(_folder.FullName, $"node{one}"), relay, [$"--Node:ChainSpec={_spec.File}", .. peers, .. Options]);
        }
    }

    public IReadOnlyList<StormNode> Nodes => _nodes;

    public Wire Between(int one, int other) => _wires[one, other];

    /// <summary>All wires between some nodes and the others.</summary>
    public IEnumerable<Wire> Around(IReadOnlyCollection<int> some) =>
        from inside in some
        from outside in Enumerable.Range(0, _nodes.Length).Except(some)
        select _wires[inside, outside];

    /// <summary>What all nodes said last.</summary>
    public string LogTails() => string.Join("\n\n", _nodes.Select(static (node, index) => $"== node {index} ({node.Relay.Url})\n{node.LogTail}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        foreach (var wire in _wires) wire.Dispose();
        _spec.Dispose();
        _folder.Delete(recursive: true);
    }

    private Wire? WireTo(int called, IPEndPoint caller, int port)
    {
        var processes = _nodes.Select(static node => node.ProcessId).ToArray();
        return ConnectionOwner.Find(caller, port, processes.OfType<int>()) is { } process ? _wires[Array.IndexOf(processes, process), called] : null;
    }
}
