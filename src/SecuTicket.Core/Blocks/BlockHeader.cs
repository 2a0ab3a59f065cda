using System.Buffers.Binary;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Blocks;

/// <summary>What a block commits to: 180 bytes, big-endian, whose SHA-256 is the block's hash.</summary>
/// <remarks>
/// <para>version 4 ‖ SHA-256(chain id) 32 ‖ index 8 ‖ previous hash 32 ‖ transactions root 32 ‖ state root 32 ‖ timestamp 8 ‖ difficulty 4 ‖ sealer 20 ‖ nonce 8.</para>
/// <para>SHA-256 takes 64-byte blocks: the first two hold nothing that a search changes, the third holds the nonce, word-aligned, and the padding. So trying a
/// nonce costs one compression after the state of the first 128 bytes.</para>
/// </remarks>
/// <param name="Version">Layout of the header: 1, or 2 on chains with stakes.</param>
/// <param name="Chain">SHA-256 of the chain id's UTF-8 bytes: a block of one chain is no block of another.</param>
/// <param name="Index">Blocks before it on its branch; genesis has 0.</param>
/// <param name="Previous">Hash of the block before; genesis names the hash of the chain's canonical specification.</param>
/// <param name="TransactionsRoot">Root of the Merkle tree over the transactions and their signatures.</param>
/// <param name="StateRoot">Zero in version 1; in version 2 the forger's next link of its hash chain, from which the next seed is made.</param>
/// <param name="Timestamp">Milliseconds since 1970-01-01T00:00:00Z, as the sealer says.</param>
/// <param name="Difficulty">Leading zero bits that the hash must have; in version 2 by how much the block's votes raise the highest justified index.</param>
/// <param name="Sealer">Who gets the reward.</param>
/// <param name="Nonce">What the search changes, 0 to 2^53 − 1.</param>
public sealed record BlockHeader(
    uint Version,
    Hash256 Chain,
    long Index,
    Hash256 Previous,
    Hash256 TransactionsRoot,
    Hash256 StateRoot,
    long Timestamp,
    uint Difficulty,
    Address Sealer,
    long Nonce)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 180;

    /// <summary>Where the nonce starts: its last 8 bytes.</summary>
    public const int NonceOffset = Size - sizeof(long);

    /// <summary>The layout without anything in the place of the state root.</summary>
    public const uint CurrentVersion = 1;

    /// <summary>The layout of chains with stakes: in the place of the state root is what the forger reveals.</summary>
    public const uint RevealingVersion = 2;

    // Boxed: threads that share a header may hash it twice, but none sees half a hash.
    private object? _hash;

    private BlockHeader(BlockHeader original)
    {
        // The hash is not copied: `with` changes a field.
        (Version, Chain, Index, Previous, TransactionsRoot) = (original.Version, original.Chain, original.Index, original.Previous, original.TransactionsRoot);
        (StateRoot, Timestamp, Difficulty, Sealer, Nonce) = (original.StateRoot, original.Timestamp, original.Difficulty, original.Sealer, original.Nonce);
    }

    /// <summary>SHA-256 of the 180 bytes: the block's name.</summary>
    public Hash256 Hash => (Hash256)(_hash ??= Hash256.Sha256(Encode()));

    /// <summary>Writes the 180 bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Version);
        Chain.Span.CopyTo(destination[4..]);
        BinaryPrimitives.WriteInt64BigEndian(destination[36..], Index);
        Previous.Span.CopyTo(destination[44..]);
        TransactionsRoot.Span.CopyTo(destination[76..]);
        StateRoot.Span.CopyTo(destination[108..]);
        BinaryPrimitives.WriteInt64BigEndian(destination[140..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[148..], Difficulty);
        Sealer.Span.CopyTo(destination[152..]);
        BinaryPrimitives.WriteInt64BigEndian(destination[NonceOffset..], Nonce);
    }

    /// <summary>The 180 bytes.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[Size];
        Write(bytes);
        return bytes;
    }

    /// <summary>Reads 180 bytes; refuses another version, a state root, and numbers that no client could read exactly.</summary>
    public static Verdict<BlockHeader> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) return new Refusal(RefusalCodes.InvalidHeader, $"A header takes {Size} bytes, found {bytes.Length}.");

        var header = new BlockHeader(
            BinaryPrimitives.ReadUInt32BigEndian(bytes),
            new Hash256(bytes[4..36]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[36..]),
            new Hash256(bytes[44..76]),
            new Hash256(bytes[76..108]),
            new Hash256(bytes[108..140]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[140..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[148..]),
            new Address(bytes[152..172]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[NonceOffset..]));
        return header.VerifyForm().Refusal is { } refusal ? refusal : header;
    }

    /// <summary>Checks what a header must say wherever it stands: a known version, no state root in version 1, numbers between 0 and 2^53 − 1.</summary>
    public Verdict VerifyForm()
    {
        if (Version is not (CurrentVersion or RevealingVersion)) return new Refusal(RefusalCodes.InvalidHeader, $"Version {Version} is not known here, expected {CurrentVersion} or {RevealingVersion}.");
        if (Version == CurrentVersion && StateRoot != Hash256.Zero) return new Refusal(RefusalCodes.InvalidHeader, "The state root must be zero in version 1.");
        if (!IsExact(Index) || !IsExact(Timestamp) || !IsExact(Nonce))
            return new Refusal(RefusalCodes.InvalidHeader, "Index, timestamp and nonce must lie between 0 and 2^53 − 1.");

        return Verdict.Accepted;
    }

    /// <summary>Same fields.</summary>
    public bool Equals(BlockHeader? other) => other is not null && Hash == other.Hash;

    /// <inheritdoc/>
    public override int GetHashCode() => Hash.GetHashCode();

    private static bool IsExact(long value) => value is >= 0 and <= CanonicalJson.MaxInteger;
}
