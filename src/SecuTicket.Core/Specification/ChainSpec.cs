using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Specification;

/// <summary>What the nodes of one chain agree on before its first block. Genesis commits to its canonical form.</summary>
public sealed record ChainSpec
{
    /// <summary>Blocks show work.</summary>
    public const string ProofOfWorkEngine = "proof-of-work";

    /// <summary>Blocks are made in turn by who has coins at stake.</summary>
    public const string ProofOfStakeEngine = "proof-of-stake";

    /// <summary>Most leading zero bits a block may have to show.</summary>
    public const int MaxDifficulty = 64;

    /// <summary>Most pages whose passkeys a chain names.</summary>
    public const int MaxPasskeyOrigins = 100;

    private NamedHash? _named;

    /// <summary>1 to 64 printable ASCII characters; every transaction names it.</summary>
    public required string ChainId { get; init; }

    /// <summary>How blocks are sealed.</summary>
    public required string Engine { get; init; }

    /// <summary>Timestamp of genesis, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long GenesisTime { get; init; }

    /// <summary>ISO 4217 code of the currency whose minor units are counted.</summary>
    public required string Currency { get; init; }

    /// <summary>New coins of each block, in minor units; 0 for none.</summary>
    public required long Reward { get; init; }

    /// <summary>Who may bring coins in.</summary>
    public required EquatableArray<Address> ExchangeAuthorities { get; init; }

    /// <summary>Who may seal, with a signature; null for anyone.</summary>
    public EquatableArray<Address>? Sealers { get; init; }

    /// <summary>Parameters of proof of work.</summary>
    public required WorkSpec Work { get; init; }

    /// <summary>Parameters of proof of stake; null on chains without stakes.</summary>
    public StakeSpec? Stake { get; init; }

    /// <summary>The pages whose passkeys may sign; null for any.</summary>
    public EquatableArray<WebOrigin>? PasskeyOrigins { get; init; }

    /// <summary>A block that must be on the chain; null where none is known. Not part of <see cref="Canonical"/>.</summary>
    public KnownBlock? Checkpoint { get; init; }

    /// <summary>The layout of its headers: 2 where they carry what a forger reveals, else 1.</summary>
    public uint HeaderVersion => Stake is null ? BlockHeader.CurrentVersion : BlockHeader.RevealingVersion;

    /// <summary>How far a block's timestamp may be ahead of the clock of the node that checks it, in milliseconds; with stakes half a slot at most, so that nobody makes blocks for slots to come.</summary>
    public long MaxFuture => Math.Min(MaxFutureSeconds * 1000L, Stake is { } stake ? stake.SlotTime / 2 : long.MaxValue);

    /// <summary>The slot of a time in milliseconds since 1970, on a chain with stakes; genesis has slot 0.</summary>
    public long SlotOf(long time) => time < GenesisTime ? -1 : (time - GenesisTime) / Stake!.SlotTime;

    /// <summary>When a slot begins, in milliseconds since 1970, on a chain with stakes.</summary>
    public long StartOf(long slot) => GenesisTime + (slot * Stake!.SlotTime);

    /// <summary>How far a block's timestamp may be ahead of the clock of the node that checks it, in seconds.</summary>
    public required int MaxFutureSeconds { get; init; }

    /// <summary>Most transactions of a block, the reward included.</summary>
    public required int MaxBlockTransactions { get; init; }

    /// <summary>Most bytes of a block's stored form.</summary>
    public required int MaxBlockSize { get; init; }

    /// <summary>Most blocks that a reorganisation undoes; a block deeper than this is final.</summary>
    public required int ReorganisationLimit { get; init; }

    /// <summary>A fault planted on purpose, for tests only: no rule about the median time. What a specification says can not switch it on.</summary>
    /// <remarks>A simulation of a network is believed only after it found this.</remarks>
    internal bool SkipsMedianTime { get; init; }

    /// <summary>The canonical form of the specification as it was written.</summary>
    public required ReadOnlyMemory<byte> Canonical { get; init; }

    /// <summary>SHA-256 of <see cref="Canonical"/>.</summary>
    public Hash256 Hash => Hash256.Sha256(Canonical.Span);

    /// <summary>SHA-256 of the chain id: what every header names.</summary>
    public Hash256 ChainHash
    {
        get
        {
            // Every header is compared with it. A copy made by `with` may have another name.
            if (_named is not { } named || !ReferenceEquals(named.Id, ChainId)) _named = named = new NamedHash(ChainId, Hash256.Sha256(System.Text.Encoding.UTF8.GetBytes(ChainId)));
            return named.Hash;
        }
    }

    /// <summary>The block before all others: no transactions, no work, the specification's hash as its previous one.</summary>
    public Block Genesis => new(
        new BlockHeader(HeaderVersion, ChainHash, 0, Hash, MerkleTree.Root([]), Hash256.Zero, GenesisTime, 0, default, 0), []);

    /// <summary>Reads a specification file.</summary>
    /// <returns>The specification, or what is wrong with which field.</returns>
    public static Verdict<ChainSpec> Parse(ReadOnlySpan<byte> utf8)
    {
        if (!CanonicalJson.Parse(utf8).TryGet(out var json, out var refusal)) return refusal;

        var fields = FieldReader.Of(json);
        var spec = new ChainSpec
        {
            ChainId = fields.Text("chain_id", 1, 64, character => character is > ' ' and <= '~', "printable ASCII characters"),
            Engine = fields.Text("engine", 1, 64, char.IsAscii, "characters"),
            GenesisTime = fields.Integer("genesis_time", 0, CanonicalJson.MaxInteger),
            Currency = fields.Text("currency", 3, 3, char.IsAsciiLetterUpper, "capital letters"),
            Reward = fields.Integer("reward", 0, Operation.MaxAmount),
            ExchangeAuthorities = fields.OptionalAccounts("exchange_authorities", 100) ?? [],
            Sealers = fields.OptionalAccounts("sealers", 1_000),
            Stake = fields.OptionalObject("stake", StakeSpec.Read),
            PasskeyOrigins = fields.OptionalObject("webauthn", ReadOrigins) is { } pages ? [.. pages] : null,
            Checkpoint = fields.OptionalObject("checkpoint", KnownBlock.Read),
            Work = fields.OptionalObject("proof_of_work", WorkSpec.Read) ?? new WorkSpec(16, 0, 0),
            MaxFutureSeconds = (int)(fields.OptionalInteger("max_future_seconds", 1, 7_200) ?? 120),
            MaxBlockTransactions = (int)(fields.OptionalInteger("max_block_transactions", 2, 100_000) ?? 10_000),
            MaxBlockSize = (int)(fields.OptionalInteger("max_block_size", 128 * 1024, 16 * 1024 * 1024) ?? 2 * 1024 * 1024),
            ReorganisationLimit = (int)(fields.OptionalInteger("reorganisation_limit", 1, 100_000) ?? 1_000),
            Canonical = CanonicalJson.Write(json.Kind == JsonKind.Object ? JsonValue.Object(json.Members.Where(static member => member.Name != "checkpoint")) : json),
        };
        if (spec.Sealers is { Count: 0 }) fields.Refuse("sealers", "Name at least one who may seal, or leave the field out for anyone.");
        if (spec.Engine.Length > 0 && spec.Engine is not (ProofOfWorkEngine or ProofOfStakeEngine)) fields.Refuse("engine", $"Engine {spec.Engine} is not known here: expected {ProofOfWorkEngine} or {ProofOfStakeEngine}.");
        spec.RefuseContradictions(fields);
        return fields.Finish() is { } fault ? fault : spec;
    }

    /// <summary>Why the chain takes no such signatures: a passkey's, of a page that it does not name; null where it takes them.</summary>
    /// <param name="transaction">A transaction whose signatures are right.</param>
    public Refusal? RefusePasskeys(Transaction transaction)
    {
        if (PasskeyOrigins is not { } pages) return null;

        foreach (ref readonly var signature in transaction.Signatures.Span)
        {
            if (signature.Assertion?.Origin is { } origin && !pages.Any(page => page.Text == origin))
                return new Refusal(RefusalCodes.SignatureInvalid, $"The chain takes no passkeys of {origin}.");
        }

        return null;
    }

    /// <summary>Same canonical form.</summary>
    public bool Equals(ChainSpec? other) => other is not null && Canonical.Span.SequenceEqual(other.Canonical.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    private static List<WebOrigin> ReadOrigins(FieldReader fields)
    {
        var origins = new List<WebOrigin>();
        foreach (var text in fields.Texts("origins", 1, MaxPasskeyOrigins, 1, WebOrigin.MaxLength, char.IsAscii, "characters"))
        {
            if (WebOrigin.TryParse(text, out var origin)) origins.Add(origin);
            else fields.Refuse("origins", $"«{text}» is no origin as browsers write it, such as https://tickets.example.");
        }

        return origins;
    }

    private void RefuseContradictions(FieldReader fields)
    {
        if (Engine == ProofOfStakeEngine)
        {
            if (Stake is null && !fields.Has("stake")) fields.Refuse("stake", $"{ProofOfStakeEngine} needs it.");
            if (fields.Has("proof_of_work")) fields.Refuse("proof_of_work", $"It says nothing on a chain of {ProofOfStakeEngine}.");
            if (Sealers is not null) fields.Refuse("sealers", "Whoever has coins at stake makes the blocks.");
        }
        else
        {
            if (Stake is not null) fields.Refuse("stake", $"It says nothing on a chain of {Engine}.");
            if (Checkpoint is not null) fields.Refuse("checkpoint", "Work itself shows which chain is the right one.");
        }
    }

    private sealed record NamedHash(string Id, Hash256 Hash);
}

/// <summary>Parameters of proof of work.</summary>
/// <param name="Difficulty">Leading zero bits of the first blocks' hashes, 0 to 64.</param>
/// <param name="RetargetInterval">Blocks after which the difficulty may change by one bit; 0 for never.</param>
/// <param name="TargetBlockTime">Milliseconds that a block should take; used with a retarget interval only.</param>
public sealed record WorkSpec(int Difficulty, int RetargetInterval, long TargetBlockTime)
{
    internal static WorkSpec Read(FieldReader fields) => new(
        (int)fields.Integer("difficulty", 0, ChainSpec.MaxDifficulty),
        (int)(fields.OptionalInteger("retarget_interval", 0, 100_000) ?? 0),
        fields.OptionalInteger("target_block_time", 1, 86_400_000) ?? 10_000);
}
