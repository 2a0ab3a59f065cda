using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Chain;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Mempool;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests;

/// <summary>Somebody with a key, the same in every run.</summary>
public sealed class Person(string name)
{
    private readonly P256PrivateKey _key = P256PrivateKey.FromScalar(Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(name)).Span);

    public Address Address => Address.Of(PublicKey);

    private PublicKey PublicKey
    {
        get
        {
            Span<byte> point = stackalloc byte[PublicKey.Size];
            _key.CopyPublicKey(point);
            return new PublicKey(point);
        }
    }

    public TransactionSignature Sign(Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _key.Sign(digest.Span, signature);
        return new TransactionSignature(SignatureScheme.P256, PublicKey, new Signature(signature));
    }

    public override string ToString() => Address.ToString();
}

/// <summary>A small real chain on a store: signs, seals, reorganises and commits as a node does, one second a block.</summary>
public sealed class TestChain
{
    public const long GenesisTime = 1_800_000_000_000;

    public static readonly Person Bank = new("bank");
    public static readonly Person Organiser = new("organiser");
    public static readonly Person Gate = new("gate");
    public static readonly Person Alice = new("alice");
    public static readonly Person Bob = new("bob");

    private readonly string _name;
    private int _signed;

    public TestChain(IBlockStore store, ChainSpec? spec = null, string name = "main")
    {
        _name = name;
        Store = store;
        Spec = spec ?? SpecOf();
        var stored = store.Load(Spec);
        Chain = Blockchain.Restore(Spec, new ProofOfWorkVerifier(Spec, new P256Verifier(16)), stored.Recent, stored.Tip, stored.Ledger);
        Pending = PendingSet.Empty(new MempoolLimits(), Chain.Ledger, stored.NextSequence)
            .Restore(stored.Pending.Select(one => (TransactionVerifier.Restore(one.Transaction), one.Sequence, one.AdmittedAt)), Chain.NextContext(Now)).Set;
    }

    public IBlockStore Store { get; }

    public ChainSpec Spec { get; }

    public Blockchain Chain { get; private set; }

    public PendingSet Pending { get; private set; }

    /// <summary>Every block that was sealed or taken, in order.</summary>
    public List<VerifiedBlock> Blocks { get; } = [];

    /// <summary>Milliseconds: a second after the tip.</summary>
    public long Now => Chain.Tip.Header.Timestamp + 1_000;

    public long ValidUntil { get; set; } = (GenesisTime / 1_000) + 86_400;

    public static ChainSpec SpecOf(int reorganisationLimit = 100, string chainId = "test-chain", int difficulty = 1, params Person[] sealers)
    {
        var spec = new Dictionary<string, object>
        {
            ["chain_id"] = chainId,
            ["currency"] = "EUR",
            ["engine"] = ChainSpec.ProofOfWorkEngine,
            ["exchange_authorities"] = new[] { Bank.ToString() },
            ["genesis_time"] = GenesisTime,
            ["proof_of_work"] = new { difficulty },
            ["reorganisation_limit"] = reorganisationLimit,
            ["reward"] = 100,
        };
        if (sealers.Length > 0) spec["sealers"] = sealers.Select(sealer => sealer.ToString());
        return ChainSpec.Parse(JsonSerializer.SerializeToUtf8Bytes(spec)).Value;
    }

    public VerifiedTransaction Sign(Person who, string type, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var payload = new Dictionary<string, object>
        {
            ["chain_id"] = Spec.ChainId,
            ["nonce"] = $"nonce-{_name}-{++_signed:D10}",
            ["sender"] = who.ToString(),
            ["type"] = type,
            ["valid_until"] = ValidUntil,
        };
        foreach (var (name, value) in fields) payload.Add(name, value is Person or TicketId or EventId ? value.ToString()! : value);
        var read = Payload.From(CanonicalJson.Parse(JsonSerializer.SerializeToUtf8Bytes(payload)).Value).Value;
        return TransactionVerifier.Restore(new Transaction(read, [who.Sign(read.Id)]));
    }

    public VerifiedTransaction TopUp(Person who, long amount) =>
        Sign(Bank, "top_up", ("recipient", who), ("amount", amount), ("reference", $"payment {_name} {_signed}"));

    public VerifiedTransaction CreateEvent() => Sign(
        Organiser, "create_event",
        ("name", "An evening"), ("venue", "The hall"), ("sessions", new[] { new { date = "2027-06-15", time = "19:00" } }), ("gates", new[] { Gate.ToString() }),
        ("resale", new { resale = "free", commission_percent = 10 }));

    public VerifiedTransaction Issue(EventId id, long price, params string[] seats) =>
        Sign(Organiser, "issue_tickets", ("event_id", id), ("session", 0), ("seats", seats), ("price", price));

    public VerifiedTransaction Buy(Person who, TicketId ticket) => Sign(who, "purchase_ticket", ("ticket_id", ticket), ("max_price", 1_000_000));

    /// <summary>Admits a transaction and commits that.</summary>
    public VerifiedTransaction Admit(VerifiedTransaction transaction)
    {
        Store.Commit([Admission(transaction)]);
        return transaction;
    }

    /// <summary>Admits a transaction without committing it.</summary>
    public StoreChange Admission(VerifiedTransaction transaction)
    {
        Pending = Pending.Admit(transaction, Chain.NextContext(Now), Now).Value;
        return new StoreChange.Admitted(Pending.ById.Find(transaction.Id)!);
    }

    /// <summary>Seals the transactions, and what is pending when none is given, and commits the block.</summary>
    public VerifiedBlock Seal(params VerifiedTransaction[] transactions)
    {
        var block = Forge(transactions);
        Take(block);
        return block;
    }

    /// <summary>Seals a block on the tip without adding it.</summary>
    public VerifiedBlock Forge(params VerifiedTransaction[] transactions)
    {
        var candidates = transactions.Length > 0 ? transactions : Pending.InOrder.Select(entry => entry.Value.Transaction);
        var template = BlockTemplate.Next(Chain, candidates, Organiser.Address, Now);
        var nonce = ProofOfWork.Search(template.Header.Encode(), template.Header.Difficulty, 0, long.MaxValue)!.Value;
        var header = template.Header with { Nonce = nonce };
        var block = VerifiedBlock.Of(header, template.Transactions, Spec.Sealers is null ? null : Organiser.Sign(header.Hash));
        if (transactions.Length > 0) block.Transactions.Count.Should().Be(transactions.Length + 1, "the rules accept every transaction");
        return block;
    }

    /// <summary>Adds a block and commits what follows from it.</summary>
    public ChainUpdate Take(VerifiedBlock block)
    {
        var (update, changes) = Judge(block);
        Store.Commit(changes);
        Settle(update);
        Blocks.Add(block);
        return update;
    }

    /// <summary>What adding a block would commit.</summary>
    public (ChainUpdate Update, IReadOnlyList<StoreChange> Changes) Judge(VerifiedBlock block)
    {
        var update = Chain.Add(block, block.Header.Timestamp, Store);
        update.Verdict.Refusal.Should().BeNull();
        List<StoreChange> changes =
        [
            .. update.Side is { } side ? [new StoreChange.Sided(side)] : Array.Empty<StoreChange>(),
            .. update.Disconnected.Select(one => new StoreChange.Disconnected(one)),
            .. update.Connected.Select(one => new StoreChange.Connected(one)),
        ];
        if (update.Connected.Count == 0) return (update, changes);

        var (pending, rejected) = Rebase(update);
        changes.AddRange(rejected.Select(one => new StoreChange.Rejected(one)));
        if (update.Disconnected.Count > 0) changes.AddRange(pending.InOrder.Select(entry => new StoreChange.Admitted(entry.Value)));
        return (update, changes);
    }

    /// <summary>Takes over what was committed.</summary>
    public void Settle(ChainUpdate update)
    {
        if (update.Connected.Count > 0) Pending = Rebase(update).Set;
        Chain = update.Chain;
    }

    /// <summary>The same blocks up to <paramref name="index"/> on a store of their own: the start of another branch.</summary>
    public TestChain Fork(long index, string name, IBlockStore? store = null)
    {
        var fork = new TestChain(store ?? new InMemoryBlockStore(), Spec, name) { ValidUntil = ValidUntil };
        foreach (var block in Store.ReadChain(1, (int)index)) fork.Take(VerifiedBlock.Restore(Block.Decode(block.Bytes.Span, int.MaxValue).Value));
        return fork;
    }

    private (PendingSet Set, IReadOnlyList<RejectedTransaction> Rejected) Rebase(ChainUpdate update)
    {
        var confirmed = update.Connected.SelectMany(one => one.Block.Transactions).Select(transaction => transaction.Id).ToHashSet();
        var returning = update.Disconnected.Reverse().SelectMany(one => one.Block.Transactions).Where(transaction => transaction.Payload.Operation is not Reward).ToArray();
        return Pending.Rebase(update.Chain.Ledger, update.Chain.NextContext(update.Chain.Tip.Header.Timestamp + 1_000), returning, confirmed.Contains, Now);
    }
}
