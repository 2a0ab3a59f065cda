using System.Buffers.Binary;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>Writes the fields of a binary message one after the other; numbers big-endian.</summary>
/// <param name="size">Bytes of the whole message.</param>
internal sealed class MessageWriter(int size)
{
    private readonly byte[] _bytes = new byte[size];
    private int _at;

    /// <summary>The message, once all of it is written.</summary>
    public byte[] Written => _at == _bytes.Length ? _bytes : throw new InvalidOperationException($"{_at} of {_bytes.Length} bytes were written.");

    private Span<byte> Rest => _bytes.AsSpan(_at);

    /// <summary>Each as length (1 byte) ‖ ASCII text.</summary>
    public static byte[] Write(EquatableArray<PeerAddress> addresses)
    {
        var writer = new MessageWriter(addresses.Sum(address => 1 + address.ToString().Length));
        foreach (var address in addresses.Span)
        {
            var text = address.ToString();
            writer.Rest[0] = (byte)text.Length;
            writer._at += 1 + System.Text.Encoding.ASCII.GetBytes(text, writer.Rest[1..]);
        }

        return writer.Written;
    }

    /// <summary>One after the other.</summary>
    public static byte[] Write(EquatableArray<SealedHeader> headers)
    {
        var writer = new MessageWriter(headers.Sum(header => header.Size));
        foreach (var header in headers.Span) writer._at += header.Write(writer.Rest);
        return writer.Written;
    }

    /// <summary>Each as length (4 bytes) ‖ its bytes.</summary>
    public static byte[] Write(IReadOnlyList<ReadOnlyMemory<byte>> blocks)
    {
        var writer = new MessageWriter(blocks.Sum(block => sizeof(int) + block.Length));
        foreach (var block in blocks) writer.Number(block.Length).Bytes(block.Span);
        return writer.Written;
    }

    /// <summary>One after the other.</summary>
    public static byte[] Write(EquatableArray<Transaction> transactions)
    {
        var writer = new MessageWriter(transactions.Sum(transaction => transaction.Size));
        foreach (var transaction in transactions.Span) writer._at += transaction.Write(writer.Rest);
        return writer.Written;
    }

    /// <summary>4 bytes.</summary>
    public MessageWriter Number(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Rest, value);
        return Past(sizeof(int));
    }

    /// <summary>8 bytes.</summary>
    public MessageWriter Height(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(Rest, value);
        return Past(sizeof(long));
    }

    /// <summary>16 bytes.</summary>
    public MessageWriter Weight(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(Rest, value);
        return Past(2 * sizeof(ulong));
    }

    /// <summary>32 bytes.</summary>
    public MessageWriter Hash(in Hash256 hash) => Bytes(hash.Span);

    /// <summary>32 bytes each.</summary>
    public MessageWriter Hashes(EquatableArray<Hash256> hashes)
    {
        foreach (ref readonly var hash in hashes.Span) Hash(hash);
        return this;
    }

    private MessageWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Rest);
        return Past(bytes.Length);
    }

    private MessageWriter Past(int count)
    {
        _at += count;
        return this;
    }
}
