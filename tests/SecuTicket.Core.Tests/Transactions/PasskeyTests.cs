using System.Buffers.Text;
using System.Text.Json;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Blocks;
using SecuTicket.Core.Tests.Consensus.Stakes;
using SecuTicket.Core.Tests.Cryptography;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Vectors;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Scheme webauthn: what a passkey signs in place of a transaction's id. W3C WebAuthn Level 3, section 7.2.</summary>
public class PasskeyTests
{
    private static readonly TestPasskey Anna = new("anna");
    private static readonly Payload Note = Payload.From(Wish.Record("note").Json("anna", 1_813_000_000)).Value;
    private static readonly Payload Sale = Payload.From(Wish.Sell(new TicketId(new byte[16]), "boris").Json("anna", 1_813_000_000)).Value;

    public static TheoryData<string> Pages => new("https://tickets.example", "https://www.tickets.example", "https://a.b.tickets.example:8443");

    [Fact]
    public void The_assertion_of_the_independent_implementation_is_right_and_has_its_bytes_and_its_leaf()
    {
        var vector = TestVectors.Webauthn.GetProperty("transaction");
        var signature = SignatureOf(vector);
        var transaction = new Transaction(GoldenBlock.Purchase.Payload, [signature]);

        Scenario.Verifier.Verify(transaction).Value.Signers.Should().Equal(GoldenBlock.Purchase.Payload.Sender);
        signature.Assertion!.Digest.ToString().Should().Be(vector.GetProperty("digest").GetString());
        Convert.ToHexStringLower(transaction.Encode().AsSpan(sizeof(int) + transaction.Payload.Canonical.Length)).Should().Be(vector.GetProperty("signature_list").GetString());
        transaction.SignaturesHash.ToString().Should().Be(vector.GetProperty("signature_list_sha256").GetString());
        transaction.Leaf.ToString().Should().Be(vector.GetProperty("leaf").GetString());
        (transaction.Id, GoldenBlock.Purchase.Leaf != transaction.Leaf).Should().Be((GoldenBlock.Purchase.Id, true), "one payload, two signatures");
    }

    [Fact]
    public void Assertions_that_browsers_made_are_right_and_wrong_of_any_other_challenge()
    {
        foreach (var vector in TestVectors.Webauthn.GetProperty("real").EnumerateArray())
        {
            var challenge = new Hash256(Convert.FromHexString(vector.GetProperty("challenge").GetString()!));

            Scenario.Verifier.Verify(SignatureOf(vector), challenge).Refusal.Should().BeNull("of {0}", vector.GetProperty("browser"));
            Scenario.Verifier.Verify(SignatureOf(vector), Note.Id).IsAccepted.Should().BeFalse();
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_may_use_passkeys_of_its_own_host_and_of_a_domain_above_it(string page) => Fault(Anna with { Origin = page }).Should().BeNull();

    [Fact]
    public void What_browsers_and_authenticators_write_beside_is_taken_as_it_is()
    {
        Fault(Anna with { Rest = "}" }).Should().BeNull("older browsers do not say whether a frame asks");
        Fault(Anna with { Rest = TestPasskey.ReminderRest }).Should().BeNull();
        Fault(Anna with { Rest = ",\"tokenBinding\":{\"status\":\"supported\"},\"crossOrigin\":false}" }).Should().BeNull();
        Fault(Anna with { Origin = "https:\\/\\/tickets.example" }).Should().BeNull("it is JSON");
        Fault(Anna with { Origin = "http://localhost:5000", RelyingParty = "localhost" }).Should().BeNull();
        Fault(Anna with { Origin = "http://localhost", RelyingParty = "localhost" }).Should().BeNull();
        Fault(Anna with { Flags = 0x01 }).Should().BeNull("a touch is enough, nobody was asked for a finger");
        Fault(Anna with { Flags = 0x81, Extensions = [0xa0] }).Should().BeNull();
        Fault(Anna with { Flags = 0x81, Extensions = [0xa1, 0x61, 0x61, 0xf5] }).Should().BeNull("a map may hold something");
        foreach (var counter in new[] { 0u, 1u, uint.MaxValue }) Fault(Anna with { Counter = counter }).Should().BeNull("nobody compares it");
    }

    // Each is signed with the right key: nothing but the rule refuses it.
    [Theory]
    [InlineData("type", "webauthn.create", "type")]
    [InlineData("type", "payment.get", "type")]
    [InlineData("type", "Webauthn.get", "type")]
    [InlineData("rest", ",\"crossOrigin\":true}", "crossOrigin")]
    [InlineData("rest", ",\"crossOrigin\":\"false\"}", "crossOrigin")]
    [InlineData("rest", ",\"crossOrigin\":null}", "crossOrigin")]
    [InlineData("rest", ",\"crossOrigin\":false,\"topOrigin\":\"https://tickets.example\"}", "topOrigin")]
    [InlineData("rest", ",\"topOrigin\":null}", "topOrigin")]
    [InlineData("rest", ",\"type\":\"webauthn.get\"}", "more than once")]
    [InlineData("rest", ",\"x\":1.5}", "client data")]
    [InlineData("rest", ",\"x\":[[[[[[[[0]]]]]]]]}", "client data")]
    [InlineData("rest", "}}", "client data")]
    [InlineData("rest", "", "client data")]
    [InlineData("origin", "http://tickets.example", "origin")]
    [InlineData("origin", "https://tickets.example/", "origin")]
    [InlineData("origin", "https://tickets.example:443", "origin")]
    [InlineData("origin", "android:apk-key-hash:abc", "origin")]
    [InlineData("origin", "null", "origin")]
    [InlineData("origin", "", "origin")]
    [InlineData("origin", "https://tickets.example.evil.example", "relying party")]
    [InlineData("origin", "https://eviltickets.example", "relying party")]
    [InlineData("origin", "https://example", "relying party")]
    [InlineData("party", "www.tickets.example", "relying party")]
    [InlineData("party", "example", "relying party")]
    [InlineData("party", "", "relying party")]
    [InlineData("flags", "00", "UP")]
    [InlineData("flags", "04", "UP")]
    [InlineData("flags", "11", "BS")]
    [InlineData("flags", "41", "AT")]
    [InlineData("flags", "81", "extensions")]
    [InlineData("extensions", "a0", "extensions")]
    public void A_rule_that_is_broken_is_named(string what, string value, string named)
    {
        var broken = what switch
        {
            "type" => Anna with { Type = value },
            "rest" => Anna with { Rest = value },
            "origin" => Anna with { Origin = value },
            "party" => Anna with { RelyingParty = value },
            "flags" => Anna with { Flags = Convert.ToByte(value, 16) },
            _ => Anna with { Extensions = Convert.FromHexString(value) },
        };

        Fault(broken).Should().Contain(named);
    }

    [Fact]
    public void Extensions_are_a_CBOR_map() => Fault(Anna with { Flags = 0x81, Extensions = [0x80] }).Should().Contain("CBOR");

    [Fact]
    public void The_challenge_is_the_id_in_base64url_without_padding_and_nothing_else()
    {
        var id = Note.Id;
        Fault(Anna.Sign(Sale.Id)).Should().Contain("challenge", "it is of another transaction");
        Fault(Anna.Sign(Hash256.Sha256(id.Span))).Should().Contain("challenge", "the id is not hashed once more");
        foreach (var text in new[] { Base64Url.EncodeToString(id.Span) + "=", Convert.ToBase64String(id.Span), id.ToString(), Base64Url.EncodeToString(System.Text.Encoding.ASCII.GetBytes(id.ToString())), string.Empty })
            Fault(Anna.SignClient($$"""{"type":"webauthn.get","challenge":"{{text}}","origin":"https://tickets.example"}""")).Should().Contain("challenge", "of {0}", text);

        Fault(Anna.SignClient($$"""{"type":"webauthn.get","origin":"https://tickets.example"}""")).Should().Contain("challenge");
        Fault(Anna.SignClient($$"""{"type":"webauthn.get","challenge":["{{Base64Url.EncodeToString(id.Span)}}"],"origin":"https://tickets.example"}""")).Should().Contain("challenge");
        foreach (var client in new[] { "[]", "1", "null", "\"webauthn.get\"" }) Fault(Anna.SignClient(client)).Should().Contain("no JSON object");
        Fault(Anna.SignClient([.. "\uFEFF"u8, .. Anna.Sign(id).Assertion!.ClientData])).Should().Contain("byte order mark");
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        var most = Anna with { Rest = $",\"x\":\"{new string('x', PasskeyAssertion.MaxClientDataSize - 123)}\"}}", Flags = 0x81, Extensions = [0xa0, .. new byte[PasskeyAssertion.MaxAuthenticatorDataSize - 38]] };
        var signature = most.Sign(Note.Id);
        (signature.Assertion!.ClientData.Count, signature.Assertion.AuthenticatorData.Count).Should().Be((1_024, 255));
        Fault(signature).Should().BeNull();
        new Transaction(Note, [signature]).Encode().Should().HaveCount(sizeof(int) + Note.Canonical.Length + 1 + TransactionSignature.MaxSize);
        Transaction.Decode(new Transaction(Note, [signature]).Encode()).Value.Signatures.Should().Equal(signature);

        Fault(most with { Rest = most.Rest.Replace("\"}", "x\"}") }).Should().Contain("1025 bytes");
        Fault((most with { Extensions = [.. most.Extensions, 0] }).Sign(Note.Id)).Should().Contain("37 to 255");
        var small = Anna.Sign(Note.Id) with { Assertion = new PasskeyAssertion([.. Anna.Authenticator[..36]], Anna.Sign(Note.Id).Assertion!.ClientData) };
        Fault(small).Should().Contain("37 to 255");
        foreach (var other in new[] { small, (most with { Rest = most.Rest.Replace("\"}", "x\"}") }).Sign(Note.Id), Anna.SignClient(string.Empty) })
            Transaction.Decode(new Transaction(Note, [other]).Encode()).Refusal!.Code.Should().Be("invalid_block", "it is refused before it costs memory");
    }

    [Fact]
    public void Where_a_page_was_is_told_as_far_as_client_data_says_it()
    {
        Origin("""{"origin":"https://tickets.example"}""").Should().Be("https://tickets.example");
        foreach (var client in new[] { "{}", """{"origin":1}""", """["origin"]""", "\"origin\"", "{", string.Empty }) Origin(client).Should().BeNull("of {0}", client);

        static string? Origin(string client) => new PasskeyAssertion([], [.. System.Text.Encoding.UTF8.GetBytes(client)]).Origin;
    }

    [Fact]
    public void A_byte_changed_anywhere_is_refused()
    {
        var bytes = new Transaction(Note, [Anna.Sign(Note.Id)]).Encode();
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            if (Transaction.Decode(changed).TryGet(out var read, out _)) Scenario.Verifier.Verify(read).IsAccepted.Should().BeFalse("of byte {0}", at);
        }
    }

    [Fact]
    public void Neither_scheme_s_signature_is_one_of_the_other()
    {
        Person person = "anna";
        var (plain, passkey) = (person.Sign(Note.Id), Anna.Sign(Note.Id));
        (person.Address, person.Key).Should().Be((Anna.Address, Anna.Key), "one key has one account, whichever way it signs");

        Fault(passkey with { Scheme = SignatureScheme.P256, Assertion = null }).Should().NotBeNull("it is not of the id");
        Fault(plain with { Scheme = SignatureScheme.Webauthn, Assertion = passkey.Assertion }).Should().NotBeNull("the id is not what a passkey signs");
        Fault(plain with { Scheme = SignatureScheme.Webauthn }).Should().Contain("scheme");
        Fault(passkey with { Scheme = SignatureScheme.P256 }).Should().Contain("scheme");
        Fault(person.Sign(passkey.Assertion!.Digest) with { Scheme = SignatureScheme.Webauthn, Assertion = passkey.Assertion }).Should().BeNull("whoever has the key can play the authenticator: it is the key that counts");
    }

    [Fact]
    public void A_high_s_or_another_key_is_refused()
    {
        var good = Anna.Sign(Note.Id);

        Fault(good with { Value = new Signature(TestCurve.Flip(good.Value.Span)) }).Should().Contain("low-s");
        Fault(good with { Value = new TestPasskey("boris").Sign(Note.Id).Value }).Should().Contain("low-s");
        Fault(new TestPasskey("boris").Sign(Note.Id)).Should().Contain("expected the sender");
    }

    [Fact]
    public void An_official_sale_takes_any_two_of_both_kinds_the_seller_s_first()
    {
        Person boris = "boris";
        var other = new TestPasskey("boris").Sign(Sale.Id);
        foreach (var signatures in new TransactionSignature[][] { [Anna.Sign(Sale.Id), other], [Anna.Sign(Sale.Id), boris.Sign(Sale.Id)], [((Person)"anna").Sign(Sale.Id), other] })
        {
            var transaction = new Transaction(Sale, new EquatableArray<TransactionSignature>(signatures));
            var read = Transaction.Decode(transaction.Encode()).Value;

            Scenario.Verifier.Verify(read).Value.Signers.Should().Equal(Anna.Address, boris.Address);
            (read.Leaf, read.Size, read.Signatures).Should().Be((transaction.Leaf, transaction.Encode().Length, transaction.Signatures));
        }

        Scenario.Verifier.Verify(new Transaction(Sale, [other, Anna.Sign(Sale.Id)])).IsAccepted.Should().BeFalse();
        Scenario.Verifier.Verify(new Transaction(Sale, [Anna.Sign(Sale.Id), ((Person)"anna").Sign(Sale.Id)])).Refusal!.Detail.Should().Contain("signed twice");
    }

    [Fact]
    public void Cut_off_anywhere_or_with_another_length_it_is_no_transaction()
    {
        var transaction = new Transaction(Note, [Anna.Sign(Note.Id)]);
        var bytes = transaction.Encode();
        var authenticator = sizeof(int) + Note.Canonical.Length + TransactionSignature.ListSize(1);
        for (var length = 0; length < bytes.Length; length++) Transaction.Decode(bytes.AsSpan(0, length)).IsAccepted.Should().BeFalse();

        Transaction.Decode([.. bytes, 0]).Refusal!.Code.Should().Be("invalid_block");
        foreach (var (at, value) in new[] { (authenticator, 36), (authenticator, 0), (authenticator, 255), (authenticator + 38, 4), (authenticator + 38, 255), (authenticator + 39, 0) })
        {
            var changed = bytes.ToArray();
            changed[at] = (byte)value;
            Transaction.Decode(changed).Refusal!.Code.Should().Be("invalid_block", "of {0} at {1}", value, at);
        }
    }

    [Fact]
    public void A_block_of_both_kinds_is_read_with_the_same_signers_as_one_by_one()
    {
        Transaction[] transactions =
        [
            .. Enumerable.Range(0, 70).Select(i =>
            {
                var payload = Payload.From(Wish.Record(i).Json($"person {i}", 1_813_000_000)).Value;
                return new Transaction(payload, [i % 3 == 0 ? ((Person)$"person {i}").Sign(payload.Id) : (new TestPasskey($"person {i}") with { Rest = i % 2 == 0 ? TestPasskey.UsualRest : TestPasskey.ReminderRest }).Sign(payload.Id)]);
            }),
        ];
        var block = new Block(GoldenBlock.Header, new EquatableArray<Transaction>(transactions));

        var read = Block.Decode(block.Encode(), 100).Value.Transactions;

        read.Select(one => one.Leaf).Should().Equal(transactions.Select(one => one.Leaf));
        foreach (var transaction in read) Scenario.Verifier.Verify(transaction).Value.Signers.Should().Equal(transaction.Payload.Sender);
        CompactBlock.Decode(new CompactBlock(block.SealedHeader, 1, [], [new PlacedTransaction(0, read[1])]).Encode(), 100, 1 << 20).Value.Given[0].Transaction.Leaf.Should().Be(read[1].Leaf);
    }

    [Fact]
    public void No_passkey_seals_a_block_or_votes()
    {
        var header = new SealedHeader(GoldenBlock.Header, Anna.Sign(GoldenBlock.Header.Hash));
        byte[] bytes = [.. GoldenBlock.Header.Encode(), .. new Transaction(Note, [header.Seal!.Value]).Encode().AsSpan(sizeof(int) + Note.Canonical.Length)];
        SealedHeader.Read(bytes, out _).Refusal!.Detail.Should().Contain("no passkey");

        var vote = Payload.From(Wishes.Vote(0, default, 1, default).Json("anna", 1_813_000_000)).Value;
        Scenario.Verifier.Verify(new Transaction(vote, [((Person)"anna").Sign(vote.Id)])).Refusal.Should().BeNull();
        TransactionVerifier.VerifyForm(new Transaction(vote, [Anna.Sign(vote.Id)])).Refusal!.Detail.Should().Contain("plain key");
    }

    [Fact]
    public void A_body_takes_what_authenticators_give_and_writes_what_is_kept()
    {
        var vector = TestVectors.Webauthn.GetProperty("transaction");
        var kept = SignatureOf(vector);
        foreach (var text in new[] { kept.Value.ToString(), vector.GetProperty("high_s_der").GetString()!, vector.GetProperty("high_s_der").GetString()!.ToUpperInvariant() })
            Read(SignedBody.Write(kept).With("signature", JsonValue.Of(text))).Value.Should().Be(kept);

        SignedBody.Write(kept).Find("client_data_json")!.Text.Should().Be(vector.GetProperty("client_data_json").GetString());
    }

    [Theory]
    [InlineData("authenticator_data", "")]
    [InlineData("authenticator_data", "00")]
    [InlineData("authenticator_data", "zz")]
    [InlineData("client_data_json", "")]
    [InlineData("client_data_json", "e30=")]
    [InlineData("client_data_json", "e31")]
    [InlineData("client_data_json", "e3 0")]
    [InlineData("client_data_json", "{}")]
    [InlineData("client_data_json", null)]
    [InlineData("authenticator_data", null)]
    public void What_can_be_no_part_of_an_assertion_is_a_field_at_fault(string field, string? text)
    {
        var json = SignedBody.Write(Anna.Sign(Note.Id));
        json = text is null ? json.Without(field) : json.With(field, JsonValue.Of(text));

        Read(json).Refusal!.Should().Match<Refusal>(refusal => refusal.Code == (text == null ? "missing_field" : "invalid_field") && refusal.Field == $"signatures[0].{field}");
    }

    [Fact]
    public void Parts_that_are_too_long_and_parts_of_a_passkey_beside_a_plain_key_are_refused()
    {
        var json = SignedBody.Write(Anna.Sign(Note.Id));

        foreach (var digits in new[] { 2 * 36, (2 * 37) + 1, (2 * 255) + 1, 2 * 256 })
            Read(json.With("authenticator_data", JsonValue.Of(new string('0', digits)))).Refusal!.Field.Should().Be("signatures[0].authenticator_data", "of {0} digits", digits);
        foreach (var digits in new[] { 2 * 37, 2 * 255 })
            Read(json.With("authenticator_data", JsonValue.Of(new string('0', digits)))).IsAccepted.Should().BeTrue("of {0} digits", digits);
        Read(json.With("client_data_json", JsonValue.Of(Base64Url.EncodeToString(new byte[1_025])))).Refusal!.Field.Should().Be("signatures[0].client_data_json");
        Read(json.With("client_data_json", JsonValue.Of(Base64Url.EncodeToString(new byte[1_024])))).IsAccepted.Should().BeTrue("what it says is for the verifier");
        Read(json.With("scheme", JsonValue.Of("p256"))).Refusal!.Code.Should().Be("unknown_field");
        Read(json.With("raw_id", JsonValue.Of(""))).Refusal!.Code.Should().Be("unknown_field");
    }

    private static TransactionSignature SignatureOf(JsonElement vector)
    {
        PublicKey.TryParse(vector.GetProperty("public_key").GetString(), out var key).Should().BeTrue();
        Signature.TryParse(vector.GetProperty("signature").GetString(), out var value).Should().BeTrue();
        PasskeyAssertion.TryParseAuthenticatorData(vector.GetProperty("authenticator_data").GetString(), out var authenticator).Should().BeTrue();
        return new TransactionSignature(SignatureScheme.Webauthn, key, value, new PasskeyAssertion(authenticator, [.. System.Text.Encoding.UTF8.GetBytes(vector.GetProperty("client_data").GetString()!)]));
    }

    private static Verdict<TransactionSignature> Read(JsonValue signature) =>
        SignedBody.From(JsonValue.Object([new("signatures", JsonValue.Array([signature]))]), 1).TryGet(out var body, out var refusal) ? body.Signatures!.Value[0] : refusal;

    private static string? Fault(TestPasskey passkey) => Fault(passkey.Sign(Note.Id));

    private static string? Fault(TransactionSignature signature)
    {
        var refusal = Scenario.Verifier.Verify(new Transaction(Note, [signature])).Refusal;
        (refusal?.Code ?? "signature_invalid").Should().Be("signature_invalid");
        return refusal?.Detail;
    }
}
