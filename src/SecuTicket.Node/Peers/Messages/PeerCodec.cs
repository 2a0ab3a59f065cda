using System.Buffers.Binary;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;

namespace SecuTicket.Node.Peers.Messages;

/// <summary>The bytes of requests and answers; docs/protocol.md, "Peers", has the same in a table.</summary>
/// <remarks>
/// One value has one form, except that the handshake's JSON may hold fields that a later version added. What is read obeys <see cref="PeerLimits"/> and the
/// chain's limits, and every count is checked before memory is spent on it. Refusals say nothing of what the bytes held: they are shown to people.
/// </remarks>
public static class PeerCodec
{
    private const int WeightSize = 16;

    /// <summary>Most bytes of a request; 0 where none are sent, and for an unknown kind, of which nothing needs to be read.</summary>
    public static int MaxRequestSize(string kind, ChainSpec spec) => kind switch
    {
        PeerKinds.Hello or PeerKinds.Proof => PeerLimits.HandshakeBytes,
        PeerKinds.Headers => sizeof(int) + (PeerLimits.Locator * Hash256.Size),
        PeerKinds.Blocks => PeerLimits.Blocks * Hash256.Size,
        PeerKinds.CompactBlock => Hash256.Size,
        PeerKinds.BlockTransactions => Hash256.Size + PlaceBits.Size(spec.MaxBlockTransactions),
        PeerKinds.AnnounceTip => WeightSize + SealedHeader.MaxSize,
        PeerKinds.AnnounceBlock => WeightSize + CompactBlock.MaxSize(spec.MaxBlockTransactions, spec.MaxBlockSize),
        PeerKinds.AnnounceTransactions => PeerLimits.Leaves * Hash256.Size,
        PeerKinds.Transactions => PeerLimits.TransactionBytes,
        _ => 0,
    };

    /// <summary>Most bytes of the answer to a request of this kind; 0 where none are sent, and for an unknown kind.</summary>
    public static int MaxAnswerSize(string kind, ChainSpec spec) => kind switch
    {
        PeerKinds.Hello or PeerKinds.Proof => PeerLimits.HandshakeBytes,
        PeerKinds.Tip => PeerTip.Size + SealedHeader.MaxSize,
        PeerKinds.Addresses => PeerLimits.Addresses * (1 + PeerAddress.MaxLength),
        PeerKinds.Headers => PeerLimits.Headers * SealedHeader.MaxSize,
        PeerKinds.Blocks => Math.Max(PeerLimits.BlockBytes, spec.MaxBlockSize) + (PeerLimits.Blocks * sizeof(int)),
        PeerKinds.CompactBlock => CompactBlock.MaxSize(spec.MaxBlockTransactions, spec.MaxBlockSize),
        PeerKinds.BlockTransactions => spec.MaxBlockSize,
        PeerKinds.AnnounceTip => PlaceBits.Size(1),
        PeerKinds.AnnounceTransactions => PlaceBits.Size(PeerLimits.Leaves),
        _ => 0,
    };

    /// <summary>The bytes of a request, whose kind is <see cref="PeerKinds.Of"/>.</summary>
    /// <exception cref="ArgumentException">An announced tip is not the announced block: such a request has no bytes.</exception>
    public static byte[] Encode(PeerRequest request) => request switch
    {
        PeerRequest.Hello hello => HandshakeJson.Write(hello.Claims),
        PeerRequest.Prove prove => HandshakeJson.Write(prove.Proof),
        PeerRequest.GetHeaders get => new MessageWriter(sizeof(int) + (get.Locator.Count * Hash256.Size)).Number(get.Count).Hashes(get.Locator).Written,
        PeerRequest.GetBlocks get => new MessageWriter(get.Hashes.Count * Hash256.Size).Hashes(get.Hashes).Written,
        PeerRequest.GetCompactBlock get => get.Hash.Span.ToArray(),
        PeerRequest.GetBlockTransactions get => [.. get.Hash.Span, .. PlaceBits.Write(get.Places)],
        PeerRequest.AnnounceTip announce => Write(announce),
        PeerRequest.AnnounceBlock announce => Write(announce),
        PeerRequest.AnnounceTransactions announce => new MessageWriter(announce.Leaves.Count * Hash256.Size).Hashes(announce.Leaves).Written,
        PeerRequest.SendTransactions send => MessageWriter.Write(send.Transactions),
        _ => [],
    };

    /// <summary>The bytes of an answer.</summary>
    public static byte[] Encode(PeerAnswer answer) => answer switch
    {
        PeerAnswer.Welcome welcome => HandshakeJson.Write(welcome.Claims),
        PeerAnswer.Session session => HandshakeJson.Write(session.Token),
        PeerAnswer.Tip tip => Write(tip),
        PeerAnswer.Addresses addresses => MessageWriter.Write(addresses.Items),
        PeerAnswer.Headers headers => MessageWriter.Write(headers.Items),
        PeerAnswer.Blocks blocks => MessageWriter.Write([.. blocks.Items.Select(static block => (ReadOnlyMemory<byte>)block.Encode())]),
        PeerAnswer.StoredBlocks blocks => MessageWriter.Write(blocks.Items),
        PeerAnswer.Compact compact => compact.Block.Encode(),
        PeerAnswer.Transactions transactions => MessageWriter.Write(transactions.Items),
        PeerAnswer.Wanted wanted => PlaceBits.Write(wanted.Places),
        _ => [],
    };

    /// <summary>Reads a request; whether what it says is true is not asked here.</summary>
    /// <returns>The request; <c>not_found</c> for a kind that is not known here, <c>malformed_message</c>.</returns>
    public static Verdict<PeerRequest> DecodeRequest(string kind, ReadOnlySpan<byte> bytes, ChainSpec spec)
    {
        var reader = new MessageReader(bytes, MaxRequestSize(kind, spec));
        return kind switch
        {
            PeerKinds.Hello => HandshakeJson.ReadHello(bytes).TryGet(out var hello, out var refusal) ? new PeerRequest.Hello(hello) : refusal,
            PeerKinds.Proof => HandshakeJson.ReadProof(bytes).TryGet(out var proof, out var refusal) ? new PeerRequest.Prove(proof) : refusal,
            PeerKinds.Tip => reader.Finish<PeerRequest>(new PeerRequest.GetTip()),
            PeerKinds.Addresses => reader.Finish<PeerRequest>(new PeerRequest.GetAddresses()),
            PeerKinds.Headers => ReadGetHeaders(reader),
            PeerKinds.Blocks => reader.Finish<PeerRequest>(new PeerRequest.GetBlocks(reader.Hashes(PeerLimits.Blocks))),
            PeerKinds.CompactBlock => reader.Finish<PeerRequest>(new PeerRequest.GetCompactBlock(reader.Hash())),
            PeerKinds.BlockTransactions => reader.Finish<PeerRequest>(new PeerRequest.GetBlockTransactions(reader.Hash(), reader.Places(1, spec.MaxBlockTransactions))),
            PeerKinds.AnnounceTip => ReadAnnounceTip(reader),
            PeerKinds.AnnounceBlock => ReadAnnounceBlock(bytes, spec),
            PeerKinds.AnnounceTransactions => reader.Finish<PeerRequest>(new PeerRequest.AnnounceTransactions(reader.Hashes(PeerLimits.Leaves))),
            PeerKinds.Transactions => reader.Finish<PeerRequest>(new PeerRequest.SendTransactions(reader.Transactions(PeerLimits.Leaves))),
            _ => Unknown,
        };
    }

    /// <summary>Reads the answer to a request of a kind; whether what it says is true, or is what was asked for, is not asked here.</summary>
    /// <returns>The answer; <c>not_found</c> for a kind that is not known here, <c>malformed_message</c>.</returns>
    public static Verdict<PeerAnswer> DecodeAnswer(string kind, ReadOnlySpan<byte> bytes, ChainSpec spec)
    {
        var reader = new MessageReader(bytes, MaxAnswerSize(kind, spec));
        return kind switch
        {
            PeerKinds.Hello => HandshakeJson.ReadWelcome(bytes).TryGet(out var welcome, out var refusal) ? new PeerAnswer.Welcome(welcome) : refusal,
            PeerKinds.Proof => HandshakeJson.ReadSession(bytes).TryGet(out var token, out var refusal) ? new PeerAnswer.Session(token) : refusal,
            PeerKinds.Tip => ReadTip(reader),
            PeerKinds.Addresses => reader.Finish<PeerAnswer>(new PeerAnswer.Addresses(reader.Addresses(PeerLimits.Addresses))),
            PeerKinds.Headers => reader.Finish<PeerAnswer>(new PeerAnswer.Headers(reader.Headers(PeerLimits.Headers))),
            PeerKinds.Blocks => reader.Finish<PeerAnswer>(new PeerAnswer.Blocks(reader.Blocks(PeerLimits.Blocks, PeerLimits.BlockBytes, spec))),
            PeerKinds.CompactBlock => CompactBlock.Decode(bytes, spec.MaxBlockTransactions, spec.MaxBlockSize).TryGet(out var block, out var refusal) ? new PeerAnswer.Compact(block) : Malformed(refusal),
            PeerKinds.BlockTransactions => reader.Finish<PeerAnswer>(new PeerAnswer.Transactions(reader.Transactions(spec.MaxBlockTransactions))),
            PeerKinds.AnnounceTip => reader.Finish<PeerAnswer>(new PeerAnswer.Wanted(reader.Places(0, 1))),
            PeerKinds.AnnounceTransactions => reader.Finish<PeerAnswer>(new PeerAnswer.Wanted(reader.Places(0, PeerLimits.Leaves))),
            PeerKinds.AnnounceBlock or PeerKinds.Transactions => reader.Finish<PeerAnswer>(new PeerAnswer.Noted()),
            _ => Unknown,
        };
    }

    internal static Refusal Malformed(string how) => new(PeerRefusals.MalformedMessage, $"The message {how}.");

    // Its code only: the sentence may quote what was sent.
    internal static Refusal Malformed(Refusal part) => Malformed($"holds what can not be read ({part.Code})");

    private static Refusal Unknown => new(RefusalCodes.NotFound, "This kind of message is not known here.");

    private static byte[] Write(PeerAnswer.Tip tip)
    {
        EquatableArray<SealedHeader> header = tip.Header is { } one ? [one] : [];
        return [.. new MessageWriter(PeerTip.Size).Height(tip.Value.Height).Weight(tip.Value.Weight).Hash(tip.Value.Hash).Written, .. MessageWriter.Write(header)];
    }

    private static Verdict<PeerAnswer> ReadTip(MessageReader reader)
    {
        var tip = new PeerTip(reader.Height(), reader.Weight(), reader.Hash());
        var headers = reader.Headers(1);
        if (headers is [var header] && (header.Header.Hash != tip.Hash || header.Header.Index != tip.Height)) return Malformed("holds another block's header");

        return reader.Finish<PeerAnswer>(new PeerAnswer.Tip(tip, headers is [var own] ? own : null));
    }

    private static byte[] Write(PeerRequest.AnnounceTip announce) => [.. WeightOf(announce.Tip, announce.Header), .. MessageWriter.Write(new EquatableArray<SealedHeader>([announce.Header]))];

    private static byte[] Write(PeerRequest.AnnounceBlock announce) => [.. WeightOf(announce.Tip, announce.Block.Header), .. announce.Block.Encode()];

    // Height and hash are the header's: nothing is said twice.
    private static byte[] WeightOf(PeerTip tip, SealedHeader header) => tip.Hash == header.Header.Hash && tip.Height == header.Header.Index
        ? new MessageWriter(WeightSize).Weight(tip.Weight).Written
        : throw new ArgumentException("The tip is not the block.", nameof(tip));

    private static Verdict<PeerRequest> ReadAnnounceTip(MessageReader reader)
    {
        var weight = reader.Weight();
        return reader.Headers(1) is [var header]
            ? reader.Finish<PeerRequest>(new PeerRequest.AnnounceTip(new PeerTip(header.Header.Index, weight, header.Header.Hash), header))
            : Malformed("holds no header");
    }

    private static Verdict<PeerRequest> ReadAnnounceBlock(ReadOnlySpan<byte> bytes, ChainSpec spec)
    {
        if (bytes.Length < WeightSize) return Malformed("is cut short");
        if (!CompactBlock.Decode(bytes[WeightSize..], spec.MaxBlockTransactions, spec.MaxBlockSize).TryGet(out var block, out var refusal)) return Malformed(refusal);

        var weight = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return new PeerRequest.AnnounceBlock(new PeerTip(block.Header.Header.Index, weight, block.Hash), block);
    }

    private static Verdict<PeerRequest> ReadGetHeaders(MessageReader reader)
    {
        var count = reader.Number(1, PeerLimits.Headers);
        return reader.Finish<PeerRequest>(new PeerRequest.GetHeaders(reader.Hashes(PeerLimits.Locator), count));
    }
}
