using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Nodes;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Api.Composition;

/// <summary>Opens the node's place among others after the node, lets it call once connections are accepted, and closes it before the node.</summary>
public sealed partial class NetworkHost(NodeHost host, OwnAddresses own, PeerNetworkSettings settings, PeerClient client, IOptions<NodeOptions> options, TimeProvider clock, ILogger<NetworkHost> logger)
    : IHostedLifecycleService, IAsyncDisposable
{
    private PeerNetwork? _network;
    private HeldKey? _key;

    /// <summary>The node's place among others.</summary>
    public PeerNetwork Network => _network ?? throw new InvalidOperationException("The network is not open.");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var node = host.Node;
        var key = _key = node.Accounts.Hold(node.Self).Value;
        _network = new PeerNetwork(new PeerNetworkParts(
            node,
            settings,
            new PeerSelf(() => Identity(node, key.PublicKey), key.Sign, RandomNumberGenerator.Fill, own.MayBe),
            host.Peers,
            client,
            host.Seals,
            clock,
            Report));
        host.HasPeers = () => Network.View.Connected > 0;
        return Task.CompletedTask;
    }

    /// <summary>Connections are accepted now: whoever is called can call back.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        Network.Start(options.Value.PeerAddresses.Where(IsOther));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_network is { } network) await network.DisposeAsync();
        _key?.Dispose();
        _key = null;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private PeerIdentity Identity(TicketNode node, PublicKey key)
    {
        var (address, port) = own.Announced;
        var tip = node.Snapshot.Chain.Tip;
        return new PeerIdentity(node.Spec.ChainId, node.Spec.Genesis.Hash, key, address, port, new PeerTip(tip.Header.Index, tip.Weight, tip.Hash), $"SecuTicket {NodesController.Version}");
    }

    private bool IsOther(PeerAddress address)
    {
        if (!own.Contains(address)) return true;

        LogWarning($"The configured peer {address} is this node itself.");
        return false;
    }

    private void Report(NetworkReport report)
    {
        if (report.IsAlarm || report.Failure is not null) LogAlarm(report.Failure, report.Sentence);
        else LogWarning(report.Sentence);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{What}")]
    private partial void LogAlarm(Exception? why, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogWarning(string what);
}
