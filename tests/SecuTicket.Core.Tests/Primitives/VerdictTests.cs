using SecuTicket.Core.Primitives;

namespace SecuTicket.Core.Tests.Primitives;

public class VerdictTests
{
    private static readonly Refusal Late = new("expired", "valid_until is past.", RefusalKind.Invalid, "valid_until");

    [Fact]
    public void A_verdict_nobody_gave_is_not_accepted()
    {
        default(Verdict).IsAccepted.Should().BeFalse();
        default(Verdict).Refusal!.Code.Should().Be("unchecked");
        default(Verdict<int>).IsAccepted.Should().BeFalse();
        default(Verdict<int>).Refusal!.Code.Should().Be("unchecked");
        default(Verdict<string>).TryGet(out var value, out var refusal).Should().BeFalse();
        value.Should().BeNull();
        refusal!.Code.Should().Be("unchecked");
    }

    [Fact]
    public void Accepted_has_no_refusal()
    {
        Verdict.Accepted.IsAccepted.Should().BeTrue();
        Verdict.Accepted.Refusal.Should().BeNull();
        Verdict.Accepted.ToString().Should().Be("accepted");
    }

    [Fact]
    public void A_refusal_is_a_verdict_and_says_why()
    {
        Verdict verdict = Late;

        verdict.IsAccepted.Should().BeFalse();
        verdict.Refusal.Should().BeSameAs(Late);
        verdict.ToString().Should().Be("expired: valid_until is past.");
    }

    [Fact]
    public void A_missing_refusal_is_still_no_acceptance()
    {
        Verdict verdict = (Refusal)null!;
        Verdict<int> withValue = (Refusal)null!;

        verdict.IsAccepted.Should().BeFalse();
        verdict.Refusal.Should().NotBeNull();
        withValue.IsAccepted.Should().BeFalse();
        withValue.Refusal.Should().NotBeNull();
    }

    [Fact]
    public void A_value_is_an_accepted_verdict()
    {
        Verdict<int> verdict = 7;

        verdict.IsAccepted.Should().BeTrue();
        verdict.Value.Should().Be(7);
        verdict.Refusal.Should().BeNull();
        verdict.TryGet(out var value, out var refusal).Should().BeTrue();
        value.Should().Be(7);
        refusal.Should().BeNull();
        verdict.ToString().Should().Be("accepted: 7");
    }

    [Fact]
    public void Asking_a_refusal_for_its_value_throws_and_says_why_there_is_none()
    {
        Verdict<int> verdict = Late;
        var ask = () => verdict.Value;

        ask.Should().Throw<InvalidOperationException>().WithMessage("*expired*");
        verdict.TryGet(out _, out var refusal).Should().BeFalse();
        refusal.Should().BeSameAs(Late);
        verdict.ToString().Should().Be("expired: valid_until is past.");
    }
}
