using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Specification;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

/// <summary>What is asked of every transaction, whatever it wants: the chain, the time, and that it is new.</summary>
public class CommonRuleTests
{
    private static readonly Person Anna = "anna";
    private static readonly Wish Note = Wish.Record("note");

    private readonly Scenario _story = new();

    [Fact]
    public void A_transaction_of_another_chain_is_refused() =>
        _story.Refuses("wrong_chain", _story.Sign(Anna, Note, chainId: "test-chain2")).Field.Should().Be("chain_id");

    [Fact]
    public void A_chain_that_names_pages_takes_transactions_of_their_passkeys_only()
    {
        WebOrigin.TryParse("https://www.tickets.example", out var page).Should().BeTrue();
        var story = new Scenario(TestSpec.Of() with { PasskeyOrigins = [page] });
        var passkey = new TestPasskey("anna");

        story.Refuses("signature_invalid", Signed(passkey)).Detail.Should().Contain("takes no passkeys of https://tickets.example.");
        story.Applies(Signed(passkey with { Origin = "https://www.tickets.example" }));
        story.Applies(story.Sign(Anna, Note));
        _story.Applies(Signed(passkey));

        VerifiedTransaction Signed(TestPasskey signer)
        {
            var payload = story.Sign(Anna, Note).Payload;
            return Scenario.Verifier.Verify(new Transaction(payload, [signer.Sign(payload.Id)])).Value;
        }
    }

    [Fact]
    public void A_transaction_is_valid_up_to_and_with_its_last_second()
    {
        _story.Refuses("expired", _story.Sign(Anna, Note, validUntil: Scenario.Start - 1)).Kind.Should().Be(RefusalKind.Invalid);
        _story.Applies(_story.Sign(Anna, Note, validUntil: Scenario.Start));
    }

    [Fact]
    public void A_transaction_is_valid_for_30_days_at_most()
    {
        const long ThirtyDays = 2_592_000;

        _story.Refuses("too_far_ahead", _story.Sign(Anna, Note, validUntil: Scenario.Start + ThirtyDays + 1)).Kind.Should().Be(RefusalKind.Transient);
        _story.Refuses("too_far_ahead", _story.Sign(Anna, Note, validUntil: (1L << 53) - 1));
        _story.Applies(_story.Sign(Anna, Note, validUntil: Scenario.Start + ThirtyDays));
    }

    [Fact]
    public void The_chain_is_asked_before_the_time_and_the_time_before_the_rules()
    {
        _story.Refuses("wrong_chain", _story.Sign(Anna, Note, validUntil: 0, chainId: "other"));
        _story.Refuses("expired", _story.Sign(Anna, Wish.TopUp(Anna, 1, "x"), validUntil: 0));
    }

    [Fact]
    public void A_transaction_occurs_once_and_another_nonce_makes_it_another()
    {
        var first = _story.Sign(Anna, Note, validUntil: Scenario.Start + 10, nonce: "0123456789abcdef");
        _story.Applies(first);

        _story.Refuses("transaction_exists", first);
        _story.Refuses("transaction_exists", _story.Sign(Anna, Note, validUntil: Scenario.Start + 10, nonce: "0123456789abcdef"), "another signature of the same payload is the same transaction");
        _story.Applies(_story.Sign(Anna, Note, validUntil: Scenario.Start + 10, nonce: "0123456789abcdeg"));
    }

    [Fact]
    public void What_expired_is_forgotten_and_still_can_not_come_back()
    {
        var old = _story.Sign(Anna, Note, validUntil: Scenario.Start + 10);
        var young = _story.Sign(Anna, Note, validUntil: Scenario.Start + 1_000);
        _story.Seals(old, young);
        _story.State.Seen.Count.Should().Be(2);

        _story.Now = Scenario.Start + 10;
        var last = LedgerContent.Of(_story.State);
        var forgetting = _story.Seals();
        forgetting.Delta.Forgotten.Should().Equal(new NumberedHash(Scenario.Start + 10, old.Id));
        _story.State.Seen.Select(entry => entry.Key.Hash).Should().Equal(young.Id);
        _story.Refuses("expired", old);
        _story.Refuses("transaction_exists", young);
        LedgerContent.Of(forgetting.Delta.Undo(_story.State)).Should().Be(last);
    }

    [Fact]
    public void Nothing_is_forgotten_that_a_block_between_the_median_and_now_could_still_hold()
    {
        var transaction = _story.Sign(Anna, Note, validUntil: Scenario.Start + 10);
        _story.Seals(transaction);
        _story.Now = Scenario.Start + 500;

        _story.State = _story.TrySeal([], median: (Scenario.Start + 10) * 1_000 + 999).Value.State;
        _story.State.Seen.Count.Should().Be(1, "a later block may be timed within that second");
        _story.State = _story.TrySeal([], median: (Scenario.Start + 11) * 1_000).Value.State;
        _story.State.Seen.Count.Should().Be(0);
    }

    [Fact]
    public void A_block_forgets_no_more_than_twice_what_it_may_hold()
    {
        var story = new Scenario(TestSpec.Of(maxTransactions: 2));
        for (var i = 0; i < 10; i++) story.Applies(story.Sign(Anna, Note, validUntil: Scenario.Start + i));
        story.Now = Scenario.Start + 100;

        story.Seals().Delta.Forgotten.Count.Should().Be(4);
        story.Seals().Delta.Forgotten.Count.Should().Be(4);
        story.Seals().Delta.Forgotten.Count.Should().Be(2);
    }

    [Fact]
    public void A_refused_transaction_leaves_no_trace()
    {
        var before = _story.State;
        var refused = _story.Sign(Anna, Wish.Pay("boris", 1));
        _story.Refuses("insufficient_funds", refused);

        _story.State.Should().BeSameAs(before);
        _story.Funds(Anna, 1);
        _story.Applies(refused);
    }
}
