using System.Net;
using System.Security.Cryptography;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Peers;
using SecuTicket.Node.Peers.Messages;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Benchmarks.World;

/// <summary>A whole node in this process that calls others over HTTP and can not be called, so that what goes on between it and them is only what a figure asks for.</summary>
internal sealed class CallingNode : IDisposable
{
    // No look and no offer that nobody asked for comes between.
    private static readonly long Never = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly DataDirectory _directory;
    private readonly SqliteDatabase _database;
    private readonly SqliteBlockStore _store;
    private readonly MasterKey _masterKey;
    private readonly KeptAccounts _accounts;
    private readonly P256Verifier _keys = new(65_536);
    private readonly PeerClient _client = new(new AddressGuard(true), Dns.GetHostAddressesAsync, new PeerClientSettings(), TimeProvider.System);

    /// <param name="spec">The chain.</param>
    /// <param name="folder">Its data directory; made when it is not there.</param>
    public CallingNode(ChainSpec spec, string folder)
    {
        _directory = DataDirectory.Open(folder);
        _database = SqliteDatabase.Open(_directory.LedgerFile);
        _store = new SqliteBlockStore(_database);
        _masterKey = KeyFile.OpenOrCreate(_directory.KeyFile, 0);
        _accounts = new KeptAccounts(new SqliteCustodyStore(_database), _masterKey);
        var seals = new ProofOfWorkVerifier(spec, _keys);
        Node = TicketNode.Start(new NodeParts(
            spec,
            new NodeSettings { Sealing = new SealingSettings { Enabled = false } },
            _store,
            _accounts,
            seals,
            new TransactionVerifier(_keys),
            new ProofOfWorkSealer(spec, 1, (_, _) => throw new InvalidOperationException("The chain names no sealers.")),
            TimeProvider.System,
            () => 0,
            (what, why) => Console.Error.WriteLine($"{what} {why}")));
        Network = new PeerNetwork(new PeerNetworkParts(
            Node,
            new PeerNetworkSettings { Network = new NetworkSettings { LookInterval = Never, LookAfterRegistration = Never, DiscoveryInterval = Never, OfferAgainInterval = Never } },
            new PeerSelf(Identity, digest => _accounts.Sign(Node.Self, digest).Value.Signature, RandomNumberGenerator.Fill, static _ => true),
            new PeerStore(_database),
            _client,
            seals,
            TimeProvider.System,
            report => Console.Error.WriteLine($"{report.Sentence} {report.Failure}")));
        Network.Start([]);
    }

    public TicketNode Node { get; }

    public PeerNetwork Network { get; }

    /// <summary>Makes a node its peer.</summary>
    public void Register(IPEndPoint node)
    {
        if (!PeerAddress.TryParse($"http://{node}", out var address)) throw new BenchmarkFailedException($"{node} is no address.");
        if (Network.RegisterAsync(address).GetAwaiter().GetResult().Refusal is { } refusal) throw new BenchmarkFailedException(refusal.Detail);
    }

    /// <summary>Takes the heaviest chain of its peers, which must be another one than its own.</summary>
    public Resolution Resolve()
    {
        if (!Network.ResolveAsync().GetAwaiter().GetResult().TryGet(out var resolution, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        return resolution.Replaced ? resolution : throw new BenchmarkFailedException("Nothing was fetched.");
    }

    /// <summary>Admits transactions as a client's.</summary>
    public void Submit(IReadOnlyList<Transaction> transactions)
    {
        if (!Node.SubmitAsync([.. transactions.Select(TransactionVerifier.Restore)]).GetAwaiter().GetResult().TryGet(out var submissions, out var refusal)) throw new BenchmarkFailedException(refusal.Detail);
        if (submissions.FirstOrDefault(one => one.Refusal is not null)?.Refusal is { } refused) throw new BenchmarkFailedException(refused.Detail);
    }

    /// <summary>Seals what waits.</summary>
    public long Seal() => Node.SealAsync(Node.Self).GetAwaiter().GetResult().TryGet(out var block, out var refusal) ? block.Block.Header.Index : throw new BenchmarkFailedException(refusal.Detail);

    public void Dispose()
    {
        Network.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Node.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client.Dispose();
        _store.Dispose();
        _accounts.Dispose();
        _masterKey.Dispose();
        _database.Dispose();
        _directory.Dispose();
        _keys.Dispose();
    }

    private PeerIdentity Identity()
    {
        var tip = Node.Snapshot.Chain.Tip;
        using var key = _accounts.Hold(Node.Self).Value;
        return new PeerIdentity(Node.Spec.ChainId, Node.Spec.Genesis.Hash, key.PublicKey, null, null, new PeerTip(tip.Header.Index, tip.Weight, tip.Hash), "SecuTicket.Benchmarks");
    }
}
