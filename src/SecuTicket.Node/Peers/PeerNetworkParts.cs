using SecuTicket.Core.Consensus;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Peers;

/// <summary>What a node's place among others is made of.</summary>
/// <param name="Node">The node whose chain it is.</param>
/// <param name="Settings">Its habits and limits.</param>
/// <param name="Self">Who it is.</param>
/// <param name="Store">Where the peer book is kept.</param>
/// <param name="Client">Calls peers.</param>
/// <param name="Seals">Checks seals of headers.</param>
/// <param name="Clock">Tells the time.</param>
/// <param name="Report">Hears of what an operator should know.</param>
public sealed record PeerNetworkParts(
    TicketNode Node,
    PeerNetworkSettings Settings,
    PeerSelf Self,
    PeerStore Store,
    PeerClient Client,
    ISealVerifier Seals,
    TimeProvider Clock,
    Action<NetworkReport> Report);

/// <summary>The habits and limits of a node among others.</summary>
public sealed record PeerNetworkSettings
{
    /// <summary>How peers are looked after.</summary>
    public NetworkSettings Network { get; init; } = new();

    /// <summary>Whom it remembers and calls.</summary>
    public PeerBookSettings Book { get; init; } = new();

    /// <summary>What it does for those who call it.</summary>
    public PeerServerSettings Server { get; init; } = new();

    /// <summary>Inputs that may wait for the loop; whoever brings one more is told to come later. Default 4,096.</summary>
    public int QueuedInputs { get; init; } = 4_096;

    /// <summary>Bytes of callers' messages that may wait for the loop. Default 64 MiB.</summary>
    public long QueuedBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Of these, bytes of one caller. Default 8 MiB.</summary>
    public long QueuedBytesPerCaller { get; init; } = 8L * 1024 * 1024;

    /// <summary>Requests of callers that are read and answered from the disk at the same time. By default half of the database's read connections, so that the API has the other half.</summary>
    public int ServedAtOnce { get; init; } = Math.Max(1, new SqliteOptions().Readers / 2);

    /// <summary>Requests of callers that may wait for their turn; one more is told to come later. Default 256.</summary>
    public int WaitingToBeServed { get; init; } = 256;
}

/// <summary>What an operator should know of the network.</summary>
/// <param name="Sentence">What happened.</param>
/// <param name="IsAlarm">Whether somebody must decide something.</param>
/// <param name="Failure">The exception behind it, when something of our own failed.</param>
public sealed record NetworkReport(string Sentence, bool IsAlarm = false, Exception? Failure = null);
