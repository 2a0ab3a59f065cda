using Microsoft.Extensions.Options;
using SecuTicket.Api.Hosting;
using SecuTicket.Api.SignedRequests;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Certificates;
using SecuTicket.Node.Contact;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Forging;
using SecuTicket.Node.Gates;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Composition;

/// <summary>Opens the node with the process and closes it last: data directory, key, database, accounts, ledger.</summary>
public sealed partial class NodeHost(IOptions<NodeOptions> options, IOptions<MiningOptions> mining, IConfiguration configuration, IHostEnvironment environment, TimeProvider clock, ILogger<NodeHost> logger)
    : IHostedService, IAsyncDisposable
{
    // One key is about 4 KiB in memory.
    private const int KeyCacheCapacity = 65_536;
    private const string ExchangeLabel = "exchange";

    private readonly Stack<IDisposable> _opened = new();
    private readonly Lock _closing = new();
    private Task? _opening;
    private Task? _closed;
    private TicketNode? _node;
    private EventDelegations? _delegations;
    private OrganiserCertificates? _certificates;
    private ReceiptBook? _receipts;
    private ContactBook? _contacts;
    private UsedTokens? _tokens;
    private PeerStore? _peers;
    private ISealVerifier? _seals;

    /// <summary>The node.</summary>
    public TicketNode Node => _node ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Whose official sales the node may complete.</summary>
    public EventDelegations Delegations => _delegations ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Which names organisers' accounts are bound to.</summary>
    public OrganiserCertificates Certificates => _certificates ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>The receipts that gates uploaded.</summary>
    public ReceiptBook Receipts => _receipts ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Who lets organisers write to them, and what those wrote.</summary>
    public ContactBook Contacts => _contacts ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>The tokens that signed requests made writes with.</summary>
    public UsedTokens Tokens => _tokens ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Where the peer book is kept.</summary>
    public PeerStore Peers => _peers ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Checks seals.</summary>
    public ISealVerifier Seals => _seals ?? throw new InvalidOperationException("The node is not open.");

    /// <summary>Whether other nodes may seal the same transactions; one that is alone need not wait for chance.</summary>
    public Func<bool> HasPeers { get; set; } = static () => false;

    /// <summary>Searches for nonces; null where blocks show no work.</summary>
    public ProofOfWorkSealer? Sealer { get; private set; }

    /// <summary>The exchange authority whose key this node keeps; null for none.</summary>
    public Address? ExchangeAuthority { get; private set; }

    /// <summary>Full path of the data directory.</summary>
    public string DataDirectory { get; private set; } = string.Empty;

    /// <summary>What the operator must know, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>Begins to open the node, so that the rest of the process is composed meanwhile: with a million tickets both take a second or two. <see cref="StartAsync"/> waits for it.</summary>
    public void BeginOpening() => _opening ??= Task.Run(Open);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        BeginOpening();
        try
        {
            await _opening!;
        }
        catch (Exception fault) when (fault is DataDirectoryException or KeyFileException or StorageException)
        {
            Close();
            throw new StartupRefusedException(fault.Message, cause: fault);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    /// <summary>Closes the node once; whoever else asks meanwhile waits for the same end: the database must not go while the node still writes.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_closing) return new ValueTask(_closed ??= CloseAsync());
    }

    private void Open()
    {
        var spec = ReadSpec();
        RefuseDevelopmentChainInPublic(spec);
        var directory = Opened(SecuTicket.Node.Storage.DataDirectory.Open(options.Value.DataDirectory ?? Path.Combine("data", $"{Listening().First().Port}"), options.Value.KeyFile));
        DataDirectory = directory.Path;
        var database = Opened(SqliteDatabase.Open(directory.LedgerFile));
        var custody = new SqliteCustodyStore(database);
        var key = Opened(KeyFile.OpenOrCreate(directory.KeyFile, custody.Count));
        var accounts = Opened(new KeptAccounts(custody, key, new KeptAccountsOptions { Identities = options.Value.Vault }));
        ExchangeAuthority = KeepExchangeAuthority(spec, accounts);
        _delegations = new EventDelegations(database);
        var anchors = new TrustFolder(options.Value.TrustAnchors ?? Path.Combine(directory.Path, "trust"), clock, LogUnusual);
        _certificates = new OrganiserCertificates(database, anchors, clock, options.Value.RequireRevocationLists);
        _receipts = new ReceiptBook(database);
        _contacts = new ContactBook(database, clock, options.Value.Contact);
        _tokens = new UsedTokens(database, clock, SignedRequestReader.Remembered);
        _peers = new PeerStore(database);
        var keys = Opened(new P256Verifier(KeyCacheCapacity));
        _seals = SealVerifiers.Of(spec, keys);
        Sealer = spec.Stake is null ? new ProofOfWorkSealer(spec, mining.Value.Threads, (account, hash) => SignSeal(accounts, account, hash)) : null;
        var forger = OpenForger(spec, directory.Path);
        _node = TicketNode.Start(new NodeParts(
            spec,
            new NodeSettings
            {
                Sealing = new SealingSettings
                {
                    Enabled = mining.Value.Enabled,
                    MinPending = mining.Value.MinPending,
                    MaxWait = mining.Value.MaxWait,
                    MinSpacing = mining.Value.MinSpacing,
                },
            },
            Opened(new SqliteBlockStore(database)),
            accounts,
            _seals,
            new TransactionVerifier(keys),
            Sealer ?? (ISealer)new ProofOfStakeSealer(forger),
            clock,
            () => HasPeers() ? Random.Shared.NextDouble() : 0,
            Report)
        {
            Forger = forger,
            TryDisk = () => DurableFiles.Try(directory.Path),
        });
        if (forger is not null && _node.Snapshot.Chain.Ledger.Stakes?.StakeOf(forger.Account) is 0 or null)
            Warnings = [.. Warnings, $"{forger.Account}, whose forging key this node has, has nothing at stake: it follows the chain and makes no blocks until it has."];
        if (forger is not null && forger.Mark.Slot > spec.SlotOf(clock.GetUtcNow().ToUnixTimeMilliseconds()))
            Warnings = [.. Warnings, $"{forger.Account} has signed a block of slot {forger.Mark.Slot}, which is to come: its clock was ahead, or is behind now. It makes none of a slot before."];
    }

    private Forger? OpenForger(ChainSpec spec, string folder)
    {
        if (options.Value.ForgingKeyFile is not { } file) return null;
        if (spec.Stake is null) throw new StartupRefusedException($"{spec.ChainId} has no stakes: leave --Node:ForgingKeyFile out.", ExitCode.Misconfigured);

        var passphrase = options.Value.ForgingKeyPassphraseFile is { } named ? ForgingKey.ReadPassphrase(named) : options.Value.ForgingKeyPassphrase;
        var self = Opened(ForgingKey.Open(file, passphrase)).Self;
        var marks = new ForgingMarkFile(folder, self.Account);
        return new Forger(spec, self, marks.Read(), marks.Write, clock.GetUtcNow().ToUnixTimeMilliseconds()) { Report = LogUnusual };
    }

    // With no failure behind it, it is something that the chain did.
    private void Report(string what, Exception? why)
    {
        if (why is null) LogUnusual(what);
        else LogTrouble(why, what);
    }

    private async Task CloseAsync()
    {
        // How it failed, StartAsync said.
        if (_opening is { } opening) await opening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_node is { } node) await node.DisposeAsync();
        Close();
    }

    private void Close()
    {
        while (_opened.TryPop(out var opened)) opened.Dispose();
    }

    private T Opened<T>(T opened)
        where T : IDisposable
    {
        _opened.Push(opened);
        return opened;
    }

    private ChainSpec ReadSpec()
    {
        if (options.Value.ChainSpec is not { } file) return DevelopmentChain.Spec;

        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StartupRefusedException($"The chain specification '{file}' can not be read ({fault.Message}): name another with --Node:ChainSpec=…", ExitCode.Misconfigured, fault);
        }

        return ChainSpec.Parse(content).TryGet(out var spec, out var refusal)
            ? spec
            : throw new StartupRefusedException($"The chain specification '{file}' is wrong: {refusal.Detail}", ExitCode.Misconfigured);
    }

    private void RefuseDevelopmentChainInPublic(ChainSpec spec)
    {
        if (spec.Hash != DevelopmentChain.Spec.Hash) return;

        Warnings = [$"{spec.ChainId} is for trying things: the private key of its exchange authority is public, anyone can make money on it."];
        if (!environment.IsDevelopment() && Listening().Any(static address => !ListeningAddresses.IsLoopback(address)))
            throw new StartupRefusedException($"The chain {spec.ChainId} is for trying things and is not served beyond this machine: listen on 127.0.0.1, or give your chain's own specification with --Node:ChainSpec=…", ExitCode.Misconfigured);
    }

    private Address? KeepExchangeAuthority(ChainSpec spec, KeptAccounts accounts)
    {
        using var key = ReadExchangeKey(spec);
        if (key is null) return accounts.FindByLabel(ExchangeLabel) is { } kept && spec.ExchangeAuthorities.Contains(kept) ? kept : null;

        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        var address = Address.Of(new PublicKey(point));
        if (!spec.ExchangeAuthorities.Contains(address))
            throw new StartupRefusedException($"The exchange key is the one of {address}, which is no exchange authority of {spec.ChainId}.", ExitCode.Misconfigured);

        return accounts.Import(ExchangeLabel, key).TryGet(out var imported, out var refusal)
            ? imported
            : throw new StartupRefusedException($"The exchange key can not be kept: {refusal.Detail}");
    }

    private P256PrivateKey? ReadExchangeKey(ChainSpec spec)
    {
        if (options.Value.ExchangeKeyFile is not { } file) return spec.Hash == DevelopmentChain.Spec.Hash ? P256PrivateKey.FromScalar(DevelopmentChain.ExchangeAuthorityScalar) : null;

        try
        {
            using var ecdsa = System.Security.Cryptography.ECDsa.Create();
            ecdsa.ImportFromPem(File.ReadAllText(file));
            if (DurableFiles.OpenToOthers(file) is { } extra)
                Warnings = [.. Warnings, $"The exchange key '{file}' is open to others ({extra}), and whoever has it can make money. Run: chmod 600 '{file}' (and ask who may have read it)."];

            var pkcs8 = ecdsa.ExportPkcs8PrivateKey();
            var key = P256PrivateKey.FromPkcs8(pkcs8);
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(pkcs8);
            return key;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new StartupRefusedException($"The exchange key '{file}' can not be read ({fault.Message}): --Node:ExchangeKeyFile=… names a PEM file with a P-256 private key.", ExitCode.Misconfigured, fault);
        }
    }

    private static Verdict<TransactionSignature> SignSeal(KeptAccounts accounts, Address account, Hash256 hash) =>
        accounts.Sign(account, hash).TryGet(out var signature, out var refusal)
            ? new TransactionSignature(SignatureScheme.P256, signature.PublicKey, signature.Signature)
            : new Refusal(RefusalCodes.NotSealer, $"The key of {account} is not kept here: {refusal.Detail}");

    private IEnumerable<BindingAddress> Listening() => ListeningAddresses.Of(configuration).Select(BindingAddress.Parse);

    [LoggerMessage(Level = LogLevel.Error, Message = "{What}")]
    private partial void LogTrouble(Exception why, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogUnusual(string what);
}
