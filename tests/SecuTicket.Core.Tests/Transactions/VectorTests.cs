using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Transactions as an independent implementation made them.</summary>
public class VectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_payload_of_the_independent_implementation_has_its_id_and_its_signature_verifies(int index)
    {
        var payload = Payload.From(Json(index)).Value;
        var transaction = new Transaction(payload, [Sample(index)]);

        Convert.ToHexStringLower(payload.Canonical.Span).Should().Be(TestVectors.Text("transactions", index, "canonical_utf8_hex"));
        payload.Id.ToString().Should().Be(TestVectors.Text("transactions", index, "transaction_id"));
        var verified = Scenario.Verifier.Verify(transaction).Value;
        verified.Signers.Should().Equal(payload.Sender);
        Transaction.Decode(transaction.Encode()).Value.Id.Should().Be(payload.Id);
    }

    // Its name holds control characters to try the canonical form; API.md has none in names, so the canonical form is right and the payload is not.
    [Fact]
    public void The_vector_with_control_characters_in_its_name_has_the_right_canonical_form_and_is_refused_for_its_name()
    {
        var json = Json(1);

        Hash256.Sha256(CanonicalJson.Write(json)).ToString().Should().Be(TestVectors.Text("transactions", 1, "transaction_id"));
        Payload.From(json).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == "name" && refusal.Faults.Count == 1);

        var payload = Payload.From(json.With("name", JsonValue.Of("Léo à l’Olympia — 😀"))).Value;
        var create = payload.Operation.Should().BeOfType<CreateEvent>().Subject;
        create.Sessions.Should().Equal(new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0)), new Session(new DateOnly(2027, 6, 16), new TimeOnly(19, 0)));
        create.Resale.Should().Be(ResaleRules.Default with { Mode = ResaleMode.Capped, MaxPricePercent = 110 }, "an empty list of resellers restricts nobody");
    }

    [Fact]
    public void What_the_fields_say_is_what_is_read()
    {
        var payload = Payload.From(Json(0)).Value;

        (payload.ChainId, payload.ValidUntil, payload.Sender.ToString()).Should().Be(("secuticket-dev", 1_813_000_000, "0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD"));
        payload.Operation.Should().Be(new PurchaseTicket(new TicketId(Convert.FromHexString("00112233445566778899aabbccddeeff")), 5_000, null));
        Payload.From(Json(2)).Value.Operation.Should().BeOfType<Core.Transactions.Record>();
    }

    internal static JsonValue Json(int index) => CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(TestVectors.At("transactions", index, "payload").GetRawText())).Value;

    internal static TransactionSignature Sample(int index)
    {
        PublicKey.TryParse(TestVectors.Text("transactions", index, "signature_sample", "public_key"), out var key).Should().BeTrue();
        Signature.TryParse(TestVectors.Text("transactions", index, "signature_sample", "signature"), out var signature).Should().BeTrue();
        return new TransactionSignature(SignatureScheme.P256, key, signature);
    }
}
