using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Proofs;

/// <summary>Reads proofs and headers as the HTTP contract writes them.</summary>
/// <remarks>
/// The document says many things twice, for people: a header as 180 bytes and as its fields, a transaction's id beside its payload. What is checked are bytes and
/// payload; whatever stands beside them must say the same, or a person would read something that is not proven.
/// </remarks>
public static class ProofDocument
{
    /// <summary>Most bytes of a proof: 16 MiB.</summary>
    public const int MaxSize = 16 * 1024 * 1024;

    /// <summary>Most bytes of headers: 512 MiB, some 600,000 of them.</summary>
    public const int MaxHeadersSize = 512 * 1024 * 1024;

    // A payload may be 8 deep, and stands in the transaction, in the proof.
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = CanonicalJson.MaxDepth + 4 };

    /// <summary>Reads a proof: the answer of <c>GET /tickets/{id}/proof</c> or <c>GET /transactions/{id}/proof</c>, in any order and spacing.</summary>
    /// <returns>The proof, or <c>too_large</c>, <c>malformed_json</c>, or what is wrong with the first wrong field.</returns>
    public static Verdict<InclusionProof> Read(ReadOnlyMemory<byte> utf8) => Read(utf8, MaxSize, static root =>
    {
        var shown = root.Object("transaction");
        var transaction = TransactionOf(shown);
        var block = HeaderOf(root.Object("block_header"));
        var path = new MerklePath(root.Integer("leaf_index"), root.Integer("leaf_count"), [.. root.Objects("merkle_path", MerklePath.MaxSteps).Select(StepOf)]);
        var headers = HeadersOf(root.Objects("headers_to_tip", InclusionProof.MaxHeaders));
        TicketId? ticket = root.Has("ticket_id") ? root.Value<TicketId>("ticket_id", TicketId.TryParse, "32 hex digits") : null;
        var chainId = root.Text("chain_id");
        shown.Same("status", "confirmed");
        if (block is not null) shown.Same("block_index", block.Header.Index);
        return transaction is null || block is null ? null : new InclusionProof(chainId, transaction, block, path, headers) { Ticket = ticket };
    });

    /// <summary>Reads headers: the answer of <c>GET /chain/headers</c>, or an array of headers.</summary>
    /// <returns>The headers, oldest first, or as <see cref="Read(ReadOnlyMemory{byte})"/>.</returns>
    public static Verdict<HeaderList> ReadHeaders(ReadOnlyMemory<byte> utf8) =>
        Read(utf8, MaxHeadersSize, static root => new HeaderList(HeadersOf(root.IsArray ? root.Items(int.MaxValue) : root.Objects("headers", int.MaxValue))));

    /// <summary>Reads what a validator signed: a header with its seal, as <c>GET /chain/headers/{id}</c> answers it, or a vote, as <c>GET /transactions/{id}</c> does.</summary>
    /// <returns>The statement, or as <see cref="Read(ReadOnlyMemory{byte})"/>. No signature is checked.</returns>
    public static Verdict<SignedStatement> ReadStatement(ReadOnlyMemory<byte> utf8) => Read(utf8, MaxSize, static root =>
    {
        if (root.Has("header"))
            return HeaderOf(root) is { } header && (header.Seal ?? PlainOf(root.Object("seal"))) is { } seal ? new SignedStatement([.. header.Header.Encode()], seal.Key, seal.Value) : null;

        return TransactionOf(root) is { } vote && vote.Signatures is [var signature, ..] ? new SignedStatement([.. vote.Payload.Canonical.Span], signature.Key, signature.Value) : root.Missing<SignedStatement>("signatures");
    });

    private static Verdict<T> Read<T>(ReadOnlyMemory<byte> utf8, int maxSize, Func<ProofFields, T?> read)
        where T : class
    {
        if (utf8.Length > maxSize) return new Refusal(RefusalCodes.TooLarge, $"The document takes {utf8.Length} bytes, at most {maxSize} are read.");

        try
        {
            using var document = JsonDocument.Parse(utf8, Options);
            var root = new ProofFields(document.RootElement);
            var value = read(root);
            if (root.Fault is { } fault) return fault;

            return value ?? throw new InvalidOperationException("Nothing was read, and nothing said why.");
        }
        catch (JsonException fault)
        {
            // The reader's only way to say that the text is not JSON.
            return new Refusal(RefusalCodes.MalformedJson, $"The document is not JSON: {fault.Message}");
        }
    }

    private static Transaction? TransactionOf(ProofFields fields)
    {
        if (fields.Payload("payload") is not { } payload) return null;

        var transaction = new Transaction(payload, [.. fields.Objects("signatures", TransactionSignature.MaxCount).Select(SignatureOf)]);
        fields.Same("transaction_id", transaction.Id.ToString());
        return transaction;
    }

    private static TransactionSignature SignatureOf(ProofFields fields) =>
        fields.OneOf("scheme", SignedBody.PlainScheme, SignedBody.PasskeyScheme) != 1
            ? ValueOf(fields)
            : ValueOf(fields) with
            {
                Scheme = SignatureScheme.Webauthn,
                Assertion = new PasskeyAssertion(
                    fields.Value<EquatableArray<byte>>("authenticator_data", PasskeyAssertion.TryParseAuthenticatorData, "37 to 255 bytes in hex"),
                    fields.Value<EquatableArray<byte>>("client_data_json", PasskeyAssertion.TryParseClientData, "up to 1,024 bytes in base64url")),
            };

    private static TransactionSignature PlainOf(ProofFields fields)
    {
        fields.Same("scheme", SignedBody.PlainScheme);
        return ValueOf(fields);
    }

    private static TransactionSignature ValueOf(ProofFields fields) => new(
        SignatureScheme.P256,
        fields.Value<PublicKey>("public_key", PublicKey.TryParse, "an uncompressed point, 130 hex digits"),
        fields.Value<Signature>("signature", Signature.TryParse, "r and s, 128 hex digits"));

    private static EquatableArray<SealedHeader> HeadersOf(IEnumerable<ProofFields> items) => new([.. items.Select(HeaderOf).OfType<SealedHeader>()]);

    private static SealedHeader? HeaderOf(ProofFields fields)
    {
        if (fields.Header("header") is not { } header) return null;

        fields.Same("index", header.Index);
        fields.Same("hash", header.Hash.ToString());
        fields.Same("previous_hash", header.Previous.ToString());
        fields.SameTime("timestamp", header.Timestamp);
        fields.Same("nonce", header.Nonce);
        fields.Same("difficulty", header.Difficulty);
        fields.Same("transactions_root", header.TransactionsRoot.ToString());
        fields.Same("sealer", header.Sealer.ToString());
        return new SealedHeader(header, fields.Has("seal") ? PlainOf(fields.Object("seal")) : null);
    }

    private static MerkleStep StepOf(ProofFields fields) =>
        new(fields.Value<Hash256>("hash", Hash256.TryParse, "64 hex digits"), fields.OneOf("side", "left", "right") == 0 ? MerkleSide.Left : MerkleSide.Right);
}

/// <summary>Headers as somebody wrote them down, oldest first: nothing of them is checked yet.</summary>
/// <param name="Headers">The headers.</param>
public sealed record HeaderList(EquatableArray<SealedHeader> Headers);
