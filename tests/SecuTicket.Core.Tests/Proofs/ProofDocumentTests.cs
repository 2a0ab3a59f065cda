using System.Text.Json;
using System.Text.Json.Nodes;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Proofs;

public class ProofDocumentTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly ProofStage _stage = new();

    [Fact]
    public void What_is_written_is_read_in_any_order_and_spacing()
    {
        var proof = _stage.Prove(3, 1);
        var written = ProofStage.Write(proof);

        Same(ProofDocument.Read(Bytes(written)).Value, proof);
        Same(ProofDocument.Read(JsonSerializer.SerializeToUtf8Bytes(new JsonObject(written.Reverse().Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))), Indented)).Value, proof);
        Same(ProofDocument.Read(Bytes(ProofStage.Write(_stage.Prove(5, 0, ofTicket: false)))).Value, _stage.Prove(5, 0, ofTicket: false));
    }

    [Fact]
    public void Headers_are_read_from_the_node_s_answer_and_from_an_array()
    {
        JsonArray Headers() => new([.. _stage.Headers.Select(ProofStage.Write)]);

        ProofDocument.ReadHeaders(Bytes(new JsonObject { ["headers"] = Headers(), ["length"] = 8 })).Value.Headers.Should().Equal(_stage.Headers);
        ProofDocument.ReadHeaders(Bytes(Headers())).Value.Headers.Should().Equal(_stage.Headers);
        ProofDocument.ReadHeaders("{}"u8.ToArray()).Refusal!.Code.Should().Be("missing_field");
        ProofDocument.ReadHeaders("3"u8.ToArray()).Refusal!.Code.Should().Be("invalid_field");
        ProofDocument.ReadHeaders("[3]"u8.ToArray()).Refusal!.Field.Should().Be("[0]");
    }

    [Fact]
    public void Seals_and_passkeys_are_read_as_they_were_written()
    {
        var payload = _stage.Sign("fan A", Wish.Record("by a touch")).Payload;
        var block = _stage.Mine(Scenario.Verifier.Verify(new Transaction(payload, [new TestPasskey("fan A").Sign(payload.Id)])).Value);
        var proof = _stage.Prove(block, 1);
        var seal = ((Person)"sealer").Sign(block.Hash);

        Same(ProofDocument.Read(Bytes(ProofStage.Write(proof))).Value, proof);
        Same(ProofDocument.Read(Bytes(ProofStage.Write(proof with { Block = proof.Block with { Seal = seal } }))).Value, proof with { Block = proof.Block with { Seal = seal } });
        var foreign = ProofStage.Write(proof with { Block = proof.Block with { Seal = seal } });
        foreign["block_header"]!["seal"]!["scheme"] = "webauthn";
        ProofDocument.Read(Bytes(foreign)).Refusal!.Field.Should().Be("block_header.seal.scheme", "no passkey makes blocks");
    }

    public static TheoryData<string, string> Words => new()
    {
        { "transaction.transaction_id", "\"0000000000000000000000000000000000000000000000000000000000000000\"" },
        { "transaction.status", "\"pending\"" },
        { "transaction.block_index", "4" },
        { "block_header.index", "4" },
        { "block_header.hash", "\"0000000000000000000000000000000000000000000000000000000000000000\"" },
        { "block_header.previous_hash", "\"0000000000000000000000000000000000000000000000000000000000000000\"" },
        { "block_header.timestamp", "\"2027-01-15T08:00:00.001Z\"" },
        { "block_header.timestamp", "\"soon\"" },
        { "block_header.nonce", "-1" },
        { "block_header.nonce", "1.5" },
        { "block_header.difficulty", "4" },
        { "block_header.transactions_root", "\"0000000000000000000000000000000000000000000000000000000000000000\"" },
        { "block_header.sealer", "\"0x0000000000000000000000000000000000000000\"" },
        { "headers_to_tip[1].index", "6" },
    };

    public static TheoryData<string, string> Malformed => new()
    {
        { "leaf_index", "2147483648" },
        { "leaf_count", "1.5" },
        { "merkle_path[0].side", "\"up\"" },
        { "merkle_path[0].hash", "\"00\"" },
        { "merkle_path[1]", "1" },
        { "transaction.signatures[0].scheme", "\"rot13\"" },
        { "transaction.signatures[0].public_key", "\"04\"" },
        { "transaction.signatures[0].signature", "\"00\"" },
        { "block_header.header", "\"00\"" },
        { "ticket_id", "\"A-1\"" },
        { "chain_id", "1" },
    };

    // A person reads these; the bytes and the payload are what is proven.
    [Theory]
    [MemberData(nameof(Words))]
    public void What_stands_beside_the_bytes_says_the_same_or_is_refused(string field, string json)
    {
        var refusal = ProofDocument.Read(Bytes(With(field, json))).Refusal!;
        (refusal.Code, refusal.Field).Should().Be(("invalid_field", field));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_field_that_is_not_what_it_should_be_is_named(string field, string json)
    {
        var refusal = ProofDocument.Read(Bytes(With(field, json))).Refusal!;
        (refusal.Code, refusal.Field).Should().Be(("invalid_field", field));
    }

    [Fact]
    public void A_header_that_no_chain_has_is_refused_as_such()
    {
        var header = _stage.Blocks[2].Header with { Version = 3 };

        var refusal = ProofDocument.Read(Bytes(With("block_header.header", $"\"{Convert.ToHexStringLower(header.Encode())}\""))).Refusal!;
        (refusal.Code, refusal.Field).Should().Be(("invalid_header", "block_header.header"));
    }

    // S4.8: two statements that contradict are proof of an offence.
    [Fact]
    public void What_a_validator_signed_is_read_from_a_sealed_header_and_from_a_vote()
    {
        var proof = _stage.Prove(3, 1);
        var seal = ((Person)"sealer").Sign(proof.Block.Header.Hash);
        var vote = ProofStage.Write(proof)["transaction"]!;

        ProofDocument.ReadStatement(Bytes(ProofStage.Write(proof.Block with { Seal = seal }))).Value.Should().Be(new SignedStatement([.. proof.Block.Header.Encode()], seal.Key, seal.Value));
        var signature = proof.Transaction.Signatures[0];
        ProofDocument.ReadStatement(Bytes(vote)).Value.Should().Be(new SignedStatement([.. proof.Transaction.Payload.Canonical.Span], signature.Key, signature.Value));

        vote["signatures"] = new JsonArray();
        Fault(vote).Should().Be(("missing_field", "signatures"));
        Fault(ProofStage.Write(proof.Block)).Should().Be(("missing_field", "seal"));
        Fault(new JsonObject()).Should().Be(("missing_field", "payload"));

        static (string Code, string? Field) Fault(JsonNode document)
        {
            var refusal = ProofDocument.ReadStatement(Bytes(document)).Refusal!;
            return (refusal.Code, refusal.Field);
        }
    }

    // A bit of each byte; all eight would take seconds.
    [Fact]
    public void No_part_of_a_proof_can_be_changed_unnoticed()
    {
        var stage = new ProofStage();
        var proof = stage.Prove(3, 1);
        var bytes = Bytes(ProofStage.Write(proof with { HeadersToTip = [.. proof.HeadersToTip.Span[..1]] }));
        stage.Check(ProofDocument.Read(bytes).Value).IsAccepted.Should().BeTrue();

        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= (byte)(1 << (i % 8));
            if (ProofDocument.Read(bytes).TryGet(out var read, out _) && stage.Check(read).IsAccepted)
            {
                // A hex digit of a key in another case is the same key, a count of the same shape the same path, and a proof whose ticket_id has another name claims no ticket;
                // nothing that says something else passes.
                read.Transaction.Leaf.Should().Be(proof.Transaction.Leaf, "byte {0} is changed: …{1}…", i, System.Text.Encoding.UTF8.GetString(bytes, Math.Max(i - 20, 0), 20));
                (read.Block, read.Path.Index, read.Path.Steps, read.Ticket ?? proof.Ticket).Should().Be((proof.Block, proof.Path.Index, proof.Path.Steps, proof.Ticket));
                read.HeadersToTip.Should().Equal(proof.HeadersToTip.Span[..1].ToArray());
            }

            bytes[i] ^= (byte)(1 << (i % 8));
        }
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "transaction", "missing_field", "transaction" },
        { "transaction.payload", "missing_field", "transaction.payload" },
        { "transaction.payload.nonce", "missing_field", "transaction.payload" },
        { "transaction.transaction_id", "missing_field", "transaction.transaction_id" },
        { "transaction.signatures", "missing_field", "transaction.signatures" },
        { "transaction.status", "missing_field", "transaction.status" },
        { "block_header", "missing_field", "block_header" },
        { "block_header.header", "missing_field", "block_header.header" },
        { "block_header.hash", "missing_field", "block_header.hash" },
        { "merkle_path", "missing_field", "merkle_path" },
        { "leaf_index", "missing_field", "leaf_index" },
        { "leaf_count", "missing_field", "leaf_count" },
        { "headers_to_tip", "missing_field", "headers_to_tip" },
        { "chain_id", "missing_field", "chain_id" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_field_that_is_missing_is_named(string removed, string code, string field)
    {
        var written = ProofStage.Write(_stage.Prove(3, 1));
        var path = removed.Split('.');
        path[..^1].Aggregate(written, (at, name) => at[name]!.AsObject()).Remove(path[^1]).Should().BeTrue();

        var refusal = ProofDocument.Read(Bytes(written)).Refusal!;
        (refusal.Code, refusal.Field).Should().Be((code, field), refusal.Detail);
    }

    [Fact]
    public void What_is_no_proof_is_refused_by_what_it_is()
    {
        string Code(string text) => ProofDocument.Read(System.Text.Encoding.UTF8.GetBytes(text)).Refusal!.Code;

        Code("").Should().Be("malformed_json");
        Code("{").Should().Be("malformed_json");
        Code("null").Should().Be("invalid_field");
        Code("[]").Should().Be("invalid_field");
        Code("{}").Should().Be("missing_field");
        Code("""{"chain_id":"a","chain_id":"a"}""").Should().Be("malformed_json");
        Code("""{"transaction":{"payload":3}}""").Should().Be("invalid_field");
        Code(new string('[', 50)).Should().Be("malformed_json");
        ProofDocument.Read("[]"u8.ToArray()).Refusal!.Field.Should().BeNull("it is the document itself");
        var largest = new byte[ProofDocument.MaxSize];
        largest.AsSpan().Fill((byte)' ');
        Bytes(ProofStage.Write(_stage.Prove(3, 1))).CopyTo(largest, 0);
        ProofDocument.Read(largest).IsAccepted.Should().BeTrue();
        ProofDocument.Read(new byte[ProofDocument.MaxSize + 1]).Refusal!.Code.Should().Be("too_large");
    }

    [Fact]
    public void A_lone_surrogate_and_too_many_steps_are_refused()
    {
        var written = ProofStage.Write(_stage.Prove(3, 1));
        var text = written.ToJsonString().Replace("\"confirmed\"", "\"\\ud800\"", StringComparison.Ordinal);
        ProofDocument.Read(System.Text.Encoding.UTF8.GetBytes(text)).Refusal!.Field.Should().Be("transaction.status");

        text = written.ToJsonString().Replace($"\"chain_id\":\"{_stage.Spec.ChainId}\",\"transaction\"", "\"chain_id\":\"\\ud800\",\"transaction\"", StringComparison.Ordinal);
        ProofDocument.Read(System.Text.Encoding.UTF8.GetBytes(text)).Refusal!.Field.Should().Be("chain_id");

        var step = written["merkle_path"]![0]!;
        written["merkle_path"] = new JsonArray([.. Enumerable.Range(0, 31).Select(_ => step.DeepClone())]);
        ProofDocument.Read(Bytes(written)).Value.Path.Steps.Count.Should().Be(31, "whether they lead anywhere is not asked here");
        written["merkle_path"]!.AsArray().Add(step.DeepClone());
        ProofDocument.Read(Bytes(written)).Refusal!.Field.Should().Be("merkle_path");
    }

    [Fact]
    public void A_payload_as_deep_as_allowed_is_read()
    {
        var stage = new ProofStage();
        object deep = 1;
        for (var i = 0; i < 7; i++) deep = new { deep };
        var block = stage.Mine(stage.Sign("fan A", new Wish("record", new { data = deep })));

        stage.Check(ProofDocument.Read(Bytes(ProofStage.Write(stage.Prove(block, 1)))).Value).Value.Transaction.Id.Should().Be(block.Transactions[1].Id);
    }

    // A proof with one field replaced.
    private JsonObject With(string field, string json)
    {
        var written = ProofStage.Write(_stage.Prove(3, 1));
        var steps = field.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var holder = steps[..^1].Aggregate((JsonNode)written, static (at, step) => step[0] == '[' ? at[int.Parse(step[1..^1])]! : at[step]!);
        if (steps[^1][0] == '[') holder[int.Parse(steps[^1][1..^1])] = JsonNode.Parse(json);
        else holder[steps[^1]] = JsonNode.Parse(json);
        return written;
    }

    private static byte[] Bytes(JsonNode node) => System.Text.Encoding.UTF8.GetBytes(node.ToJsonString());

    private static void Same(InclusionProof read, InclusionProof expected)
    {
        read.Transaction.Leaf.Should().Be(expected.Transaction.Leaf);
        (read with { Transaction = expected.Transaction }).Should().Be(expected);
    }
}
