using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Cryptography;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

// S1.1, S1.7, S2.6: who signed, and that nobody else could have.
public class TransactionVerifierTests
{
    private static readonly Person Seller = "seller";
    private static readonly Person EventKey = "event key";
    private static readonly Payload Note = Payload.From(Wish.Record("note").Json(Seller, 1_813_000_000)).Value;
    private static readonly Payload Sale = Payload.From(Wish.Sell(new TicketId(new byte[16]), "anna").Json(Seller, 1_813_000_000)).Value;

    [Fact]
    public void The_sender_s_signature_of_the_id_is_accepted()
    {
        var verified = Scenario.Verifier.Verify(new Transaction(Note, [Seller.Sign(Note.Id)])).Value;

        verified.Signers.Should().Equal(Seller.Address);
        (verified.Id, verified.Payload).Should().Be((Note.Id, Note));
    }

    [Fact]
    public void No_signature_is_missing_and_anything_else_is_invalid()
    {
        Code(Note).Should().Be("signature_missing");
        Code(Note, EventKey.Sign(Note.Id)).Should().Be("signature_invalid", "it is another's");
        Code(Note, Seller.Sign(Sale.Id)).Should().Be("signature_invalid", "it is of something else");
        Code(Note, Seller.Scribble()).Should().Be("signature_invalid", "it is zero");
        Code(Note, EventKey.Sign(Note.Id) with { Key = Seller.Key }).Should().Be("signature_invalid", "the key is the sender's, the signature is not");
        Code(Note, Seller.Sign(Note.Id) with { Key = EventKey.Key }).Should().Be("signature_invalid");
    }

    [Fact]
    public void A_high_s_is_refused_so_nobody_makes_a_second_signature_of_the_first()
    {
        var good = Seller.Sign(Note.Id);

        Code(Note, good with { Value = new Signature(TestCurve.Flip(good.Value.Span)) }).Should().Be("signature_invalid");
    }

    // The address holds X and the parity of Y only: a point beside the curve can have the address of a real key.
    [Fact]
    public void A_key_off_the_curve_is_refused_even_when_its_address_is_the_sender_s()
    {
        var beside = Seller.Key.Span.ToArray();
        beside[32] ^= 1;
        var key = new PublicKey(beside);
        TestCurve.IsOnCurve(beside).Should().BeFalse();
        Address.Of(key).Should().Be(Seller.Address);

        Code(Note, Seller.Sign(Note.Id) with { Key = key }).Should().Be("signature_invalid");
    }

    [Fact]
    public void The_key_of_zeros_signs_nothing_though_it_has_an_address()
    {
        var json = Wish.Record("note").Json(Seller, 1_813_000_000).With("sender", JsonValue.Of(Address.Of(default).ToString()));
        var payload = Payload.From(json).Value;

        Code(payload, new TransactionSignature(SignatureScheme.P256, default, default)).Should().Be("signature_invalid");
        Code(payload, Seller.Sign(payload.Id) with { Key = default }).Should().Be("signature_invalid");
    }

    [Fact]
    public void Only_an_official_sale_takes_two_signatures()
    {
        Code(Note, Seller.Sign(Note.Id), EventKey.Sign(Note.Id)).Should().Be("signature_invalid");
        Code(Sale, Seller.Sign(Sale.Id), EventKey.Sign(Sale.Id)).Should().BeNull();
        Code(Sale, Seller.Sign(Sale.Id)).Should().BeNull("whether the event's is due, the ledger knows");
        Code(Sale, Seller.Sign(Sale.Id), EventKey.Sign(Sale.Id), EventKey.Sign(Sale.Id)).Should().Be("signature_invalid");
        Scenario.Verifier.Verify(new Transaction(Sale, [Seller.Sign(Sale.Id), EventKey.Sign(Sale.Id)])).Value.Signers.Should().Equal(Seller.Address, EventKey.Address);
    }

    [Fact]
    public void The_sender_s_comes_first_and_both_are_checked()
    {
        Code(Sale, EventKey.Sign(Sale.Id), Seller.Sign(Sale.Id)).Should().Be("signature_invalid");
        Code(Sale, Seller.Sign(Sale.Id), Seller.Sign(Sale.Id)).Should().Be("signature_invalid", "one is enough where both have one key");
        Code(Sale, Seller.Sign(Sale.Id), EventKey.Sign(Note.Id)).Should().Be("signature_invalid");
        Code(Sale, Seller.Sign(Note.Id), EventKey.Sign(Sale.Id)).Should().Be("signature_invalid");
    }

    // S1.7: a bad one is reported, and whose it is.
    [Fact]
    public void Of_two_signatures_the_wrong_one_is_named_by_its_signer()
    {
        Wrong(Seller.Sign(Note.Id), EventKey.Sign(Sale.Id)).Should().Contain(Seller.Address.ToString()).And.NotContain(EventKey.Address.ToString());
        Wrong(Seller.Sign(Sale.Id), EventKey.Sign(Note.Id)).Should().Contain(EventKey.Address.ToString()).And.NotContain(Seller.Address.ToString());

        static string Wrong(params TransactionSignature[] signatures) => Scenario.Verifier.Verify(new Transaction(Sale, new EquatableArray<TransactionSignature>(signatures))).Refusal!.Detail;
    }

    [Fact]
    public void Nobody_signs_a_reward()
    {
        var reward = Payload.OfReward("test-chain", Seller.Address, 100, 7);

        Code(reward).Should().BeNull();
        Code(reward, Seller.Sign(reward.Id)).Should().Be("signature_invalid");
    }

    [Fact]
    public void Any_number_of_signatures_is_refused_and_none_throws()
    {
        foreach (var count in new[] { 3, 4, 255, 256, 1_000 })
            Code(Sale, [.. Enumerable.Repeat(Seller.Scribble(), count)]).Should().Be("signature_invalid");
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_key_or_signature_is_refused()
    {
        var good = new Transaction(Note, [Seller.Sign(Note.Id)]).Encode();
        var start = good.Length - PublicKey.Size - Signature.Size;
        for (var at = start; at < good.Length; at++)
        {
            var changed = good.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            Scenario.Verifier.Verify(Transaction.Decode(changed).Value).IsAccepted.Should().BeFalse("of byte {0}", at);
        }
    }

    [Fact]
    public async Task Many_threads_may_check_at_once()
    {
        using var cache = new P256Verifier(4);
        var verifier = new TransactionVerifier(cache);
        var good = Enumerable.Range(0, 20).Select(i => Wish.Record(i).Sign((Person)$"person {i % 5}", 1_813_000_000)).ToArray();
        var bad = good.Select(transaction => new Transaction(transaction.Payload, [transaction.Signatures[0] with { Value = default }])).ToArray();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => good.All(one => verifier.Verify(one).IsAccepted) && bad.All(one => !verifier.Verify(one).IsAccepted))));
        results.Should().OnlyContain(result => result);
    }

    [Fact]
    public void What_was_checked_before_is_restored_with_its_signers()
    {
        var transaction = new Transaction(Sale, [Seller.Sign(Sale.Id), EventKey.Sign(Sale.Id)]);

        TransactionVerifier.Restore(transaction).Signers.Should().Equal(Scenario.Verifier.Verify(transaction).Value.Signers);
    }

    private static string? Code(Payload payload, params TransactionSignature[] signatures) => Scenario.Verifier.Verify(new Transaction(payload, new EquatableArray<TransactionSignature>(signatures))).Refusal?.Code;
}
