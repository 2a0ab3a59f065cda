using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Custody;

/// <summary>Personal data of kept accounts, each sealed under a key of its own, which is sealed under the master key.</summary>
/// <remarks>Erasing that one small key erases the profile, whatever became of the ciphertext.</remarks>
internal sealed class ProfileVault
{
    private readonly ICustodyStore _store;
    private readonly MasterKey _key;
    private readonly FillRandom _fillRandom;

    public ProfileVault(ICustodyStore store, MasterKey key, FillRandom fillRandom)
    {
        _store = store;
        _key = key;
        _fillRandom = fillRandom;
    }

    /// <summary>The canonical bytes of a profile; empty for an empty object, which says nothing about anyone.</summary>
    /// <returns><c>invalid_field</c> when it is no object or too large.</returns>
    public static Verdict<byte[]> Check(JsonValue profile)
    {
        if (profile.Kind != JsonKind.Object) return Invalid($"it is {profile.Kind}, where an object is expected");
        if (profile.Members.Count == 0) return Array.Empty<byte>();

        var canonical = CanonicalJson.Write(profile);
        return canonical.Length <= KeptAccounts.MaxProfileSize
            ? canonical
            : Invalid($"it takes {canonical.Length} bytes in canonical form, at most {KeptAccounts.MaxProfileSize} are kept");
    }

    public bool Exists(ReadOnlySpan<byte> canonical) => _store.ProfileFingerprintExists(Fingerprint(canonical));

    public KeptProfileRecord Seal(Address address, ReadOnlySpan<byte> canonical)
    {
        Span<byte> recordKey = stackalloc byte[SealedBox.KeySize];
        _fillRandom(recordKey);
        try
        {
            return new KeptProfileRecord(
                Fingerprint(canonical),
                SealedBox.Seal(_key.Sealing, SealPurpose.ProfileKey, address, recordKey, _fillRandom),
                SealedBox.Seal(recordKey, SealPurpose.Profile, address, canonical, _fillRandom));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    public Verdict<JsonValue> Find(Address address)
    {
        if (_store.FindProfile(address) is not { } record) return None(address);
        if (!SealedBox.TryOpen(_key.Sealing, SealPurpose.ProfileKey, address, record.SealedRecordKey, out var recordKey)) throw Changed(address);

        try
        {
            return SealedBox.TryOpen(recordKey, SealPurpose.Profile, address, record.SealedProfile, out var canonical)
                ? CanonicalJson.Parse(canonical)
                : throw Changed(address);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    public Verdict Erase(Address address) => _store.EraseProfile(address) ? Verdict.Accepted : None(address);

    public static StorageException Changed(Address address) => new(
        StorageFault.Damaged, $"The record of the kept account {address} was changed on disk: its seal does not open. Put a backup of the database in its place.");

    private byte[] Fingerprint(ReadOnlySpan<byte> canonical) => HMACSHA256.HashData(_key.Fingerprints, canonical);

    private static Refusal Invalid(string found) => new("invalid_field", $"The profile can not be kept: {found}.", Field: "profile");

    private static Refusal None(Address address) => new("not_found", $"No profile of {address} is kept here.");
}
