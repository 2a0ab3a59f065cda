using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Storage;

/// <summary>A kept account as it lies on disk: nothing in it can be read without the key file.</summary>
/// <param name="Address">The account.</param>
/// <param name="Label">Its name within this node, such as <c>node</c>; null for the accounts of users. No two share one.</param>
/// <param name="SealedSecret">The 32-byte HMAC secret, sealed: 61 bytes.</param>
/// <param name="SealedKey">The private key as PKCS #8, sealed: about 170 bytes.</param>
public sealed record KeptAccountRecord(Address Address, string? Label, byte[] SealedSecret, byte[] SealedKey);

/// <summary>An identity as it lies on disk, apart from any account so that it can be erased alone.</summary>
/// <param name="Fingerprint">Keyed hash of a canonical profile that an account was created with, 32 bytes; no two share one. Null for an identity put later.</param>
/// <param name="SealedRecordKey">The 32-byte key of this identity alone, sealed: 61 bytes. Without it the identity is noise.</param>
/// <param name="SealedIdentity">The canonical identity, sealed under that key: at most 16 KiB + 29 bytes.</param>
public sealed record IdentityRecord(byte[]? Fingerprint, byte[] SealedRecordKey, byte[] SealedIdentity);

/// <summary>How much is kept of identities.</summary>
/// <param name="Records">Most of them.</param>
/// <param name="Bytes">Most bytes of all of them, sealed.</param>
public readonly record struct IdentityLimits(long Records, long Bytes);

/// <summary>What became of an attempt to keep an identity.</summary>
public enum IdentityAddition
{
    /// <summary>It is durable.</summary>
    Added,

    /// <summary>It is durable, in place of another, whose bytes may be in a file until <see cref="ICustodyStore.Scrub"/>.</summary>
    Replaced,

    /// <summary>Nothing was changed: it would be beyond the limits.</summary>
    Full,
}

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

    /// <summary>Nothing was added: its profile would be beyond the limits of identities.</summary>
    VaultFull,
}

/// <summary>Where kept accounts and the identities of any accounts lie, encrypted. Thread-safe; a write that returned is durable.</summary>
public interface ICustodyStore
{
    /// <summary>Accounts in it.</summary>
    long Count { get; }

    /// <summary>A sealed box that only the right key file opens; null while none was set.</summary>
    byte[]? KeyCheck { get; }

    /// <summary>Sets <see cref="KeyCheck"/>, in place of an earlier one.</summary>
    void SetKeyCheck(byte[] box);

    /// <summary>Adds an account and, when it has one, its profile: both or neither.</summary>
    CustodyAddition Add(KeptAccountRecord account, IdentityRecord? profile, IdentityLimits limits);

    /// <summary>The account at an address, or null.</summary>
    KeptAccountRecord? Find(Address address);

    /// <summary>Whether there is an account at an address.</summary>
    bool Contains(Address address);

    /// <summary>The address of the account with this label, or null.</summary>
    Address? FindByLabel(string label);

    /// <summary>Whether a profile with this fingerprint is kept.</summary>
    bool FingerprintExists(ReadOnlySpan<byte> fingerprint);

    /// <summary>Keeps an identity at an address, in place of an earlier one and its fingerprint.</summary>
    IdentityAddition PutIdentity(Address address, IdentityRecord record, IdentityLimits limits);

    /// <summary>The identity at an address, or null when there is none.</summary>
    IdentityRecord? FindIdentity(Address address);

    /// <summary>Takes an identity and its fingerprint out, and remembers which commitment it had until <see cref="EndErasure"/>: what is begun must be finished, also after a crash.</summary>
    void BeginErasure(Address address, Hash256 commitment);

    /// <summary>The commitment of an identity whose erasure was begun and not ended; null when there is none.</summary>
    Hash256? FindErasure(Address address);

    /// <summary>Forgets that the erasure of the identity with this commitment was begun; that of a later identity stays.</summary>
    void EndErasure(Address address, Hash256 commitment);

    /// <summary>Makes sure that nothing of what was taken out or replaced is left in any file of the store.</summary>
    void Scrub();
}
