using System.Security.Cryptography;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>A new kept account. The secret is shown once and can not be asked for again.</summary>
/// <param name="Address">The account.</param>
/// <param name="Secret">Its HMAC secret: 64 lower-case hex digits that stand for 32 bytes.</param>
public sealed record KeptAccountCreated(Address Address, string Secret)
{
    /// <summary>The address alone: a secret must not reach a log by being formatted.</summary>
    public override string ToString() => Address.ToString();
}

/// <summary>A signature by a kept account.</summary>
/// <param name="PublicKey">The account's key.</param>
/// <param name="Signature">Raw r ‖ s, low s.</param>
public readonly record struct KeptSignature(PublicKey PublicKey, Signature Signature);

/// <summary>Makes a 64-byte low-s signature of a 32-byte digest with a key. Passed in so that a simulation can sign the same way twice.</summary>
public delegate void SignDigest(P256PrivateKey key, ReadOnlySpan<byte> digest32, Span<byte> signature64);

/// <summary>The accounts whose keys this node keeps: made, proved and signed for here, encrypted on disk. Thread-safe.</summary>
/// <remarks>
/// Refusals: <c>unknown_account</c> (not kept here), <c>signature_invalid</c>, <c>account_exists</c>, <c>accounts_full</c> and <c>vault_full</c> (Transient),
/// <c>invalid_field</c>. A record that the key file does not open is a broken disk: <see cref="StorageException"/>.
/// </remarks>
public sealed class KeptAccounts : IDisposable
{
    /// <summary>Label of the node's own account: it earns rewards and signs records.</summary>
    public const string NodeLabel = "node";

    /// <summary>Most characters of a label.</summary>
    public const int MaxLabel = 32;

    /// <summary>Bytes of an account's HMAC secret.</summary>
    public const int SecretSize = 32;

    private readonly ICustodyStore _store;
    private readonly MasterKey _key;
    private readonly KeptAccountsOptions _options;
    private readonly FillRandom _fillRandom;
    private readonly SignDigest _sign;
    private readonly UnsealedAccountCache _unsealed;

    /// <summary>Opens the accounts in a store with the node's key.</summary>
    /// <param name="store">Where they lie; stays the caller's.</param>
    /// <param name="key">From the key file; stays the caller's and must outlive this.</param>
    /// <param name="options">Limits; the defaults when null.</param>
    /// <param name="fillRandom">Where secrets, keys and nonces come from; the platform's generator when null.</param>
    /// <param name="sign">How digests are signed; <see cref="P256PrivateKey.Sign"/> when null.</param>
    /// <exception cref="KeyFileException">The key is not the one the accounts in the store were sealed under.</exception>
    public KeptAccounts(
        ICustodyStore store, MasterKey key, KeptAccountsOptions? options = null, FillRandom? fillRandom = null, SignDigest? sign = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(key);
        _store = store;
        _key = key;
        _options = options ?? new KeptAccountsOptions();
        _fillRandom = fillRandom ?? RandomNumberGenerator.Fill;
        _sign = sign ?? (static (signer, digest, signature) => signer.Sign(digest, signature));
        Identities = new IdentityVault(store, key, _options.Identities, _fillRandom);
        _unsealed = new UnsealedAccountCache(_options.CacheCapacity);
        CheckKey();
    }

    /// <summary>What holders said of themselves, also those whose keys are not kept here.</summary>
    public IdentityVault Identities { get; }

    /// <summary>Accounts kept, the node's own included.</summary>
    public long Count => _store.Count;

    /// <summary>Makes an account with a new secret and key; durable when this returns.</summary>
    /// <param name="profile">The account's identity, an object of at most <see cref="IdentityCommitment.MaxIdentitySize"/> canonical bytes; null or empty for none.</param>
    /// <returns><c>account_exists</c> when an account with the same profile is kept already, <c>invalid_field</c>, <c>accounts_full</c>, <c>vault_full</c>.</returns>
    public Verdict<KeptAccountCreated> Create(JsonValue? profile)
    {
        if (_store.Count >= _options.MaxAccounts) return Full();

        var canonical = default(byte[]);
        if (profile is not { Kind: JsonKind.Object, Members.Count: 0 } and not null)
        {
            if (!IdentityCommitment.Canonical(profile).TryGet(out canonical, out var refusal)) return new Refusal(RefusalCodes.InvalidField, $"The profile can not be kept: {refusal.Detail}", Field: "profile");
            if (Identities.Knows(canonical)) return Exists();
        }

        using var key = NewKey();
        var (outcome, created) = Add(key, label: null, canonical);
        return outcome switch
        {
            CustodyAddition.Added => created,
            CustodyAddition.FingerprintTaken => Exists(),
            CustodyAddition.VaultFull => Identities.Full(),
            _ => throw new InvalidOperationException("The random source gave the same key twice."),
        };
    }

    /// <summary>Whether the key of an account is kept here.</summary>
    public bool IsKept(Address address)
    {
        using var cached = _unsealed.Borrow(address);
        return cached is not null || _store.Contains(address);
    }

    /// <summary>Checks that a message was tagged with the sender's secret, in constant time.</summary>
    /// <param name="sender">The account.</param>
    /// <param name="message">What was tagged: the canonical payload.</param>
    /// <param name="tag">HMAC-SHA256, 32 bytes; any other length is wrong.</param>
    /// <returns>Accepted, <c>unknown_account</c> or <c>signature_invalid</c>.</returns>
    public Verdict VerifyHmac(Address sender, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag)
    {
        using var account = Unseal(sender);
        if (account is null) return Unknown(sender);

        return HmacSha256.Verify(account.Secret, message, tag) ? Verdict.Accepted : WrongTag(sender);
    }

    /// <summary>Signs a digest with the key of an account. The caller has made sure that its owner asked for it.</summary>
    /// <returns>The signature, or <c>unknown_account</c>.</returns>
    public Verdict<KeptSignature> Sign(Address address, Hash256 digest)
    {
        using var account = Unseal(address);
        return account is null ? Unknown(address) : Sign(account, digest);
    }

    /// <summary>Signs a digest for the owner of an account, who asks for it by a tag: <see cref="VerifyHmac"/> and <see cref="Sign(Address, Hash256)"/> at the price of one look-up.</summary>
    /// <param name="sender">The account.</param>
    /// <param name="message">What was tagged: the canonical payload.</param>
    /// <param name="tag">HMAC-SHA256, 32 bytes; any other length is wrong.</param>
    /// <param name="digest">What is signed: the payload's id.</param>
    /// <returns>The signature, <c>unknown_account</c> or <c>signature_invalid</c>.</returns>
    public Verdict<KeptSignature> Countersign(Address sender, ReadOnlySpan<byte> message, ReadOnlySpan<byte> tag, Hash256 digest)
    {
        using var account = Unseal(sender);
        if (account is null) return Unknown(sender);

        return HmacSha256.Verify(account.Secret, message, tag) ? Sign(account, digest) : WrongTag(sender);
    }

    /// <summary>Holds the key of an account open for one who signs often and can not wait for a disk.</summary>
    /// <returns>The key, which the caller disposes of; or <c>unknown_account</c>.</returns>
    public Verdict<HeldKey> Hold(Address address) => Unseal(address) is { } account ? new HeldKey(account, PublicKeyOf(account.Key), _sign) : Unknown(address);

    /// <summary>The account with this label, or null.</summary>
    public Address? FindByLabel(string label) => _store.FindByLabel(label);

    /// <summary>The node's own account, made at its first start.</summary>
    public Address NodeAccount()
    {
        if (_store.FindByLabel(NodeLabel) is { } known) return known;

        using var key = NewKey();
        var (outcome, created) = Add(key, NodeLabel, profile: null);
        return outcome == CustodyAddition.Added
            ? created.Address
            : _store.FindByLabel(NodeLabel) ?? throw new InvalidOperationException("The random source gave the same key twice.");
    }

    /// <summary>Keeps a key made elsewhere under a label; again with the same key and label changes nothing.</summary>
    /// <param name="label">1..32 characters.</param>
    /// <param name="key">Stays the caller's.</param>
    /// <returns>Its address; <c>account_exists</c> when the label names another key or the key is kept under another label.</returns>
    public Verdict<Address> Import(string label, P256PrivateKey key)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(label.Length, MaxLabel, nameof(label));
        ArgumentNullException.ThrowIfNull(key);
        var address = Address.Of(PublicKeyOf(key));
        if (_store.FindByLabel(label) is null && Add(key, label, profile: null).Outcome == CustodyAddition.Added) return address;

        return _store.FindByLabel(label) == address
            ? address
            : new Refusal("account_exists", $"'{label}' names another account here, or {address} is kept under another label. Use the key that was there first, or another label.");
    }

    /// <summary>Clears the secrets and keys held in memory.</summary>
    public void Dispose() => _unsealed.Dispose();

    private void CheckKey()
    {
        if (_store.KeyCheck is { } check && SealedBox.TryOpen(_key.Sealing, SealPurpose.KeyCheck, default, check, out _)) return;
        if (_store.Count > 0)
        {
            throw new KeyFileException(
                $"The key file is not the one the {_store.Count} kept accounts of this data directory were sealed with. Put the right one back, or name it with --Node:KeyFile=…");
        }

        _store.SetKeyCheck(SealedBox.Seal(_key.Sealing, SealPurpose.KeyCheck, default, [], _fillRandom));
    }

    private (CustodyAddition Outcome, KeptAccountCreated Created) Add(P256PrivateKey key, string? label, byte[]? profile)
    {
        var address = Address.Of(PublicKeyOf(key));
        Span<byte> secret = stackalloc byte[SecretSize];
        _fillRandom(secret);
        var pkcs8 = key.ExportPkcs8();
        try
        {
            var account = new KeptAccountRecord(
                address,
                label,
                SealedBox.Seal(_key.Sealing, SealPurpose.AccountSecret, address, secret, _fillRandom),
                SealedBox.Seal(_key.Sealing, SealPurpose.AccountKey, address, pkcs8, _fillRandom));
            var outcome = _store.Add(account, profile is null ? null : Identities.SealProfile(address, profile), _options.Identities);
            return (outcome, new KeptAccountCreated(address, Convert.ToHexStringLower(secret)));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private KeptSignature Sign(UnsealedAccount account, in Hash256 digest)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        _sign(account.Key, digest.Span, signature);
        return new KeptSignature(PublicKeyOf(account.Key), new Signature(signature));
    }

    private UnsealedAccount? Unseal(Address address)
    {
        if (_unsealed.Borrow(address) is { } cached) return cached;
        if (_store.Find(address) is not { } record) return null;

        var secret = Open(SealPurpose.AccountSecret, address, record.SealedSecret);
        var pkcs8 = Open(SealPurpose.AccountKey, address, record.SealedKey);
        try
        {
            var account = new UnsealedAccount(address, secret, P256PrivateKey.FromPkcs8(pkcs8));
            _unsealed.Keep(account);
            return account;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private byte[] Open(SealPurpose purpose, Address address, byte[] box) =>
        SealedBox.TryOpen(_key.Sealing, purpose, address, box, out var content) ? content : throw IdentityVault.Changed(address);

    // FIPS 186-5, A.2.2: draw until the candidate is a scalar. One in 2^32 is not.
    private P256PrivateKey NewKey()
    {
        const int MaxDraws = 8;
        Span<byte> scalar = stackalloc byte[P256PrivateKey.ScalarSize];
        try
        {
            for (var draw = 0; draw < MaxDraws; draw++)
            {
                _fillRandom(scalar);
                if (scalar.ContainsAnyExcept((byte)0) && scalar.SequenceCompareTo(Order) < 0) return P256PrivateKey.FromScalar(scalar);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(scalar);
        }

        throw new InvalidOperationException($"{MaxDraws} draws in a row were no P-256 scalar: the random source is broken.");
    }

    // n, the order of the group (SP 800-186, 3.2.1.3).
    private static ReadOnlySpan<byte> Order =>
    [
        0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];

    private static PublicKey PublicKeyOf(P256PrivateKey key)
    {
        Span<byte> point = stackalloc byte[PublicKey.Size];
        key.CopyPublicKey(point);
        return new PublicKey(point);
    }

    private static Refusal Unknown(Address address) => new(
        "unknown_account",
        $"The key of {address} is not kept by this node. Sign with the account's own key (`signatures`), or ask the node that keeps it.");

    private static Refusal WrongTag(Address sender) => new(
        "signature_invalid",
        $"The hmac is not HMAC-SHA256 of the canonical payload under the secret of {sender}. The key is the 32 bytes the secret's 64 hex digits stand for.",
        Field: "hmac");

    private static Refusal Exists() => new(
        "account_exists", "An account with exactly this profile is kept here already. Use that one, or make an account without a profile.", Field: "profile");

    private Refusal Full() => new(
        "accounts_full", $"This node keeps {_options.MaxAccounts} accounts, the most it is set to. Use a key of your own, or another node.", RefusalKind.Transient);
}
