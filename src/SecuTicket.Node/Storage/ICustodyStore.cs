using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>A kept account as it lies on disk: nothing in it can be read without the key file.</summary>
/// <param name="Address">The account.</param>
/// <param name="Label">Its name within this node, such as <c>node</c>; null for the accounts of users. No two share one.</param>
/// <param name="SealedSecret">The 32-byte HMAC secret, sealed: 61 bytes.</param>
/// <param name="SealedKey">The private key as PKCS #8, sealed: about 170 bytes.</param>
public sealed record KeptAccountRecord(Address Address, string? Label, byte[] SealedSecret, byte[] SealedKey);

/// <summary>A profile as it lies on disk, apart from its account so that it can be erased alone.</summary>
/// <param name="Fingerprint">Keyed hash of the canonical profile, 32 bytes; no two profiles share one.</param>
/// <param name="SealedRecordKey">The 32-byte key of this profile alone, sealed: 61 bytes. Without it the profile is noise.</param>
/// <param name="SealedProfile">The canonical profile, sealed under that key: at most 16 KiB + 29 bytes.</param>
public sealed record KeptProfileRecord(byte[] Fingerprint, byte[] SealedRecordKey, byte[] SealedProfile);

/// <summary>What became of an attempt to add an account.</summary>
public enum CustodyAddition
{
    /// <summary>It is durable.</summary>
    Added,

    /// <summary>Nothing was added: the address is kept already.</summary>
    AddressTaken,

    /// <summary>Nothing was added: the label names another account.</summary>
    LabelTaken,

    /// <summary>Nothing was added: a profile with this fingerprint is kept already.</summary>
    FingerprintTaken,
}

/// <summary>Where kept accounts lie, encrypted. Thread-safe; a write that returned is durable.</summary>
public interface ICustodyStore
{
    /// <summary>Accounts in it.</summary>
    long Count { get; }

    /// <summary>A sealed box that only the right key file opens; null while none was set.</summary>
    byte[]? KeyCheck { get; }

    /// <summary>Sets <see cref="KeyCheck"/>, in place of an earlier one.</summary>
    void SetKeyCheck(byte[] box);

    /// <summary>Adds an account and, when it has one, its profile: both or neither.</summary>
    CustodyAddition Add(KeptAccountRecord account, KeptProfileRecord? profile);

    /// <summary>The account at an address, or null.</summary>
    KeptAccountRecord? Find(Address address);

    /// <summary>Whether there is an account at an address.</summary>
    bool Contains(Address address);

    /// <summary>The address of the account with this label, or null.</summary>
    Address? FindByLabel(string label);

    /// <summary>Whether a profile with this fingerprint is kept.</summary>
    bool ProfileFingerprintExists(ReadOnlySpan<byte> fingerprint);

    /// <summary>The profile of an account, or null when it has none.</summary>
    KeptProfileRecord? FindProfile(Address address);

    /// <summary>Erases fingerprint, key and profile of an account, leaving no copy in any file of the store.</summary>
    /// <returns>False when it has no profile.</returns>
    bool EraseProfile(Address address);
}
