using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>What opens a commitment, beside the identity itself.</summary>
/// <param name="Commitment">What may stand on the chain: see <see cref="IdentityCommitment"/>.</param>
/// <param name="Salt">The 32 bytes that were hashed with the identity; known to its holder and this node alone.</param>
public readonly record struct IdentityOpening(Hash256 Commitment, Hash256 Salt);

/// <summary>What holders chose to say of themselves, each sealed under a key of its own, which is sealed under the master key. Thread-safe.</summary>
/// <remarks>
/// The salt of the commitment is derived from the record's key, so that whatever erases that key erases the salt with it and nothing more is kept. Whose key
/// an account's is does not matter here: the caller has made sure who asks. An erasure that a reader held up is finished by whoever writes next; its mark
/// stays until the account asks again and gets its receipt.
/// Refusals: <c>not_found</c>, <c>vault_full</c> (Transient), <c>invalid_field</c>, <c>too_large</c>. A record that the key file does not open is a broken disk: <see cref="StorageException"/>.
/// </remarks>
public sealed class IdentityVault
{
    private readonly ICustodyStore _store;
    private readonly MasterKey _key;
    private readonly IdentityLimits _limits;
    private readonly FillRandom _fillRandom;

    // What is erased is read first, for its commitment: it must still be what is there.
    private readonly Lock _changing = new();

    // How often something was taken out, and how much of that is in no file any more: less when a reader held it up. Opening the store leaves nothing. Under the lock.
    private long _takenOut;
    private long _scrubbed;

    internal IdentityVault(ICustodyStore store, MasterKey key, IdentityLimits limits, FillRandom fillRandom)
    {
        _store = store;
        _key = key;
        _limits = limits;
        _fillRandom = fillRandom;
    }

    /// <summary>Keeps an identity in place of an earlier one, which is erased; durable when this returns.</summary>
    /// <param name="address">Whose it is.</param>
    /// <param name="identity">A JSON object of at most <see cref="IdentityCommitment.MaxIdentitySize"/> canonical bytes.</param>
    /// <returns>Its commitment and a new salt; <c>invalid_field</c>, <c>too_large</c>, <c>vault_full</c>.</returns>
    /// <exception cref="StorageException">The disk failed; after <see cref="StorageFault.Busy"/> the new one is kept, and putting it again finishes erasing.</exception>
    public Verdict<IdentityOpening> Put(Address address, JsonValue identity)
    {
        if (!IdentityCommitment.Canonical(identity).TryGet(out var canonical, out var refusal)) return refusal;

        var (record, opening) = Seal(address, canonical, fingerprint: null);
        IdentityAddition outcome;
        bool isBehind;
        lock (_changing)
        {
            isBehind = _scrubbed < _takenOut;
            outcome = _store.PutIdentity(address, record, _limits);
            if (outcome == IdentityAddition.Replaced) _takenOut++;
        }

        if (outcome == IdentityAddition.Full) return Full();
        if (outcome == IdentityAddition.Replaced) Scrub();
        else if (isBehind) CatchUp();
        return opening;
    }

    /// <summary>What somebody said of themselves.</summary>
    /// <returns>The identity, or <c>not_found</c>.</returns>
    public Verdict<JsonValue> Find(Address address) =>
        _store.FindIdentity(address) is { } record ? CanonicalJson.ParseAny(Open(address, record).Canonical) : None(address);

    /// <summary>Erases an identity, its key, its salt and its fingerprint; when this returns none of them is in any file of the store.</summary>
    /// <returns>The commitment that can not be opened any more; <c>not_found</c> when there is none.</returns>
    /// <exception cref="StorageException">The disk failed; after <see cref="StorageFault.Busy"/> erasing again goes on where this ended.</exception>
    public Verdict<Hash256> Erase(Address address)
    {
        Hash256 commitment;
        lock (_changing)
        {
            if (_store.FindIdentity(address) is { } record)
            {
                _store.BeginErasure(address, commitment = Open(address, record).Opening.Commitment);
                _takenOut++;
            }
            else if (_store.FindErasure(address) is { } begun) commitment = begun;
            else return None(address);
        }

        Scrub();
        _store.EndErasure(address, commitment);
        return commitment;
    }

    /// <summary>Whether some account was created with this profile.</summary>
    internal bool Knows(ReadOnlySpan<byte> canonical) => _store.FingerprintExists(Fingerprint(canonical));

    /// <summary>The record of a profile given at an account's creation: no second account is made with the same.</summary>
    internal IdentityRecord SealProfile(Address address, ReadOnlySpan<byte> canonical) => Seal(address, canonical, Fingerprint(canonical)).Record;

    internal static StorageException Changed(Address address) => new(
        StorageFault.Damaged, $"The record of the account {address} was changed on disk: its seal does not open. Put a backup of the database in its place.");

    internal Refusal Full() => new(
        "vault_full",
        $"This node keeps identities of {_limits.Records} accounts and {_limits.Bytes} bytes, the most it is set to. Make the commitment yourself, or use another node.",
        RefusalKind.Transient);

    private void Scrub()
    {
        long upTo;
        lock (_changing) upTo = _takenOut;
        _store.Scrub();
        lock (_changing) _scrubbed = Math.Max(_scrubbed, upTo);
    }

    // Somebody else's erasure: that it is held up once more is not what the caller asked about.
    private void CatchUp()
    {
        try
        {
            Scrub();
        }
        catch (StorageException held) when (held.Fault == StorageFault.Busy)
        {
            // Whoever writes next tries again.
        }
    }

    private (IdentityRecord Record, IdentityOpening Opening) Seal(Address address, ReadOnlySpan<byte> canonical, byte[]? fingerprint)
    {
        Span<byte> recordKey = stackalloc byte[SealedBox.KeySize];
        _fillRandom(recordKey);
        try
        {
            var record = new IdentityRecord(
                fingerprint,
                SealedBox.Seal(_key.Sealing, SealPurpose.IdentityKey, address, recordKey, _fillRandom),
                SealedBox.Seal(recordKey, SealPurpose.Identity, address, canonical, _fillRandom));
            return (record, OpeningOf(recordKey, canonical));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    private (byte[] Canonical, IdentityOpening Opening) Open(Address address, IdentityRecord record)
    {
        if (!SealedBox.TryOpen(_key.Sealing, SealPurpose.IdentityKey, address, record.SealedRecordKey, out var recordKey)) throw Changed(address);

        try
        {
            return SealedBox.TryOpen(recordKey, SealPurpose.Identity, address, record.SealedIdentity, out var canonical)
                ? (canonical, OpeningOf(recordKey, canonical))
                : throw Changed(address);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    // HKDF-SHA256 (RFC 5869): the salt tells nothing of the key that it comes from.
    private static IdentityOpening OpeningOf(ReadOnlySpan<byte> recordKey, ReadOnlySpan<byte> canonical)
    {
        Span<byte> bytes = stackalloc byte[IdentityCommitment.SaltSize];
        HKDF.Expand(HashAlgorithmName.SHA256, recordKey, bytes, "SecuTicket identity salt 1"u8);
        var salt = new Hash256(bytes);
        return new IdentityOpening(IdentityCommitment.Of(salt, canonical), salt);
    }

    private byte[] Fingerprint(ReadOnlySpan<byte> canonical) => HMACSHA256.HashData(_key.Fingerprints, canonical);

    private static Refusal None(Address address) => new(RefusalCodes.NotFound, $"No identity of {address} is kept here.");
}
