using System.Buffers.Binary;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>Reads the fields of a binary message one after the other and remembers the first that can not be read.</summary>
/// <remarks>After a fault every field reads as a harmless value of its type: nothing read may be used before <see cref="Finish"/> found nothing.</remarks>
internal ref struct MessageReader
{
    private ReadOnlySpan<byte> _rest;
    private Refusal? _fault;

    /// <summary>Reads these bytes, unless they are more than <paramref name="maxSize"/>.</summary>
    public MessageReader(ReadOnlySpan<byte> bytes, int maxSize)
    {
        _rest = bytes;
        if (bytes.Length > maxSize) Refuse($"has {bytes.Length} bytes, at most {maxSize} are expected");
    }

    /// <summary>4 bytes.</summary>
    public int Number(int minimum, int maximum)
    {
        var bytes = Take(sizeof(int));
        if (bytes.IsEmpty) return minimum;

        var value = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (value >= minimum && value <= maximum) return value;

        Refuse($"holds a number that is not from {minimum} to {maximum}");
        return minimum;
    }

    /// <summary>8 bytes: 0 to 2^53 − 1.</summary>
    public long Height()
    {
        var bytes = Take(sizeof(long));
        if (bytes.IsEmpty) return 0;

        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (value is >= 0 and <= CanonicalJson.MaxInteger) return value;

        Refuse("holds a height that is not from 0 to 2^53 − 1");
        return 0;
    }

    /// <summary>16 bytes.</summary>
    public UInt128 Weight() => Take(2 * sizeof(ulong)) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;

    /// <summary>32 bytes.</summary>
    public Hash256 Hash() => Take(Hash256.Size) is { IsEmpty: false } bytes ? new Hash256(bytes) : default;

    /// <summary>1 to <paramref name="maximum"/> hashes up to the end.</summary>
    public EquatableArray<Hash256> Hashes(int maximum)
    {
        var (count, over) = Math.DivRem(_rest.Length, Hash256.Size);
        if (over != 0 || count < 1 || count > maximum)
        {
            Refuse($"ends with {_rest.Length} bytes, expected 1 to {maximum} hashes of {Hash256.Size}");
            return [];
        }

        var hashes = new Hash256[count];
        for (var i = 0; i < count; i++) hashes[i] = Hash();
        return new EquatableArray<Hash256>(hashes);
    }

    /// <summary><see cref="PlaceBits"/> up to the end: <paramref name="minimum"/> places at least, each below <paramref name="limit"/>.</summary>
    public EquatableArray<int> Places(int minimum, int limit)
    {
        if (!PlaceBits.TryRead(Take(_rest.Length), limit, out var places) || places.Count < minimum) Refuse($"does not end with the bits of at least {minimum} places below {limit}");
        return places;
    }

    /// <summary>At most <paramref name="maximum"/> addresses up to the end, each as length (1 byte) ‖ ASCII text in the one writing that the address has.</summary>
    public EquatableArray<PeerAddress> Addresses(int maximum)
    {
        var addresses = new List<PeerAddress>();
        while (HasMore(addresses.Count, maximum))
        {
            var length = Take(1)[0];
            var text = System.Text.Encoding.Latin1.GetString(Take(length));
            if (PeerAddress.TryParse(text, out var address) && address.ToString() == text) addresses.Add(address);
            else Refuse($"holds as address {addresses.Count} what is none, or not as it is written");
        }

        return [.. addresses];
    }

    /// <summary>At most <paramref name="maximum"/> headers with their seals up to the end.</summary>
    public EquatableArray<SealedHeader> Headers(int maximum)
    {
        var headers = new List<SealedHeader>(Math.Min(maximum, _rest.Length / BlockHeader.Size));
        while (HasMore(headers.Count, maximum))
        {
            if (SealedHeader.Read(_rest, out var read).TryGet(out var header, out var refusal)) headers.Add(header);
            else Refuse(refusal);
            Take(read);
        }

        return [.. headers];
    }

    /// <summary>At most <paramref name="maximum"/> transactions up to the end.</summary>
    public EquatableArray<Transaction> Transactions(int maximum)
    {
        var transactions = new List<Transaction>();
        while (HasMore(transactions.Count, maximum))
        {
            if (Transaction.Read(_rest, out var read).TryGet(out var transaction, out var refusal)) transactions.Add(transaction);
            else Refuse(refusal);
            Take(read);
        }

        return [.. transactions];
    }

    /// <summary>At most <paramref name="maximum"/> blocks up to the end, each as length (4 bytes) ‖ stored form; one of any size, or several of <paramref name="maxBytes"/> together.</summary>
    public EquatableArray<Block> Blocks(int maximum, int maxBytes, ChainSpec spec)
    {
        var blocks = new List<Block>();
        for (var bytes = 0; HasMore(blocks.Count, maximum);)
        {
            var length = Number(0, blocks.Count == 0 ? spec.MaxBlockSize : Math.Clamp(maxBytes - bytes, 0, spec.MaxBlockSize));
            if (Block.Decode(Take(length), spec.MaxBlockTransactions).TryGet(out var block, out var refusal)) blocks.Add(block);
            else Refuse(refusal);
            bytes += length;
        }

        return [.. blocks];
    }

    /// <summary>What was read, when all of it could be and nothing follows.</summary>
    public readonly Verdict<T> Finish<T>(T value)
        where T : notnull
    {
        if (_fault is not null) return _fault;

        return _rest.IsEmpty ? value : PeerCodec.Malformed($"has {_rest.Length} bytes too many");
    }

    // Stops at a fault too, after which nothing is left.
    private bool HasMore(int count, int maximum)
    {
        if (count == maximum && !_rest.IsEmpty) Refuse($"holds more than {maximum} items");
        return !_rest.IsEmpty;
    }

    // The next bytes, or none and a fault.
    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Refuse("is cut short");
            return default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private void Refuse(string how) => Stop(PeerCodec.Malformed(how));

    private void Refuse(Refusal part) => Stop(PeerCodec.Malformed(part));

    private void Stop(Refusal fault)
    {
        _fault ??= fault;
        _rest = default;
    }
}
