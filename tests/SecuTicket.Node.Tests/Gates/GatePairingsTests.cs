using SecuTicket.Core.Primitives;
using SecuTicket.Node.Gates;

namespace SecuTicket.Node.Tests.Gates;

public sealed class GatePairingsTests
{
    private static readonly EventId Concert = new(new byte[16]);
    private static readonly EventId Other = new(Enumerable.Repeat((byte)1, EventId.Size).ToArray());
    private static readonly Address Device = TestChain.Gate.Address;

    private readonly StillClock _clock = new();
    private byte _drawn;

    [Fact]
    public void A_code_is_good_once_and_what_is_easily_misread_is_taken_for_what_it_is()
    {
        var pairings = Of(new GateSettings(), random => Enumerable.Range(0, random.Length).Select(i => (byte)(i % 2)).ToArray().CopyTo(random));
        var made = pairings.Create(Concert).Value;

        made.Code.Should().Be("0101-0101-0101");
        pairings.Claim("olOi oi0l-olol", Device, "North").Value.Should().Be(Concert);
        pairings.Claim(made.Code, TestChain.Bob.Address, "South").Refusal!.Code.Should().Be("pairing_used");
        pairings.Claim(made.Code, Device, "North again").Value.Should().Be(Concert, "its answer may have been lost");
        pairings.Claims(Concert).Should().Equal(new PairingClaim(Device, "North", _clock.Now));
        pairings.Claims(Other).Should().BeEmpty();
    }

    [Fact]
    public void A_code_lives_for_ten_minutes_and_a_claim_for_a_day()
    {
        var pairings = Of();
        var (late, used) = (pairings.Create(Concert).Value.Code, pairings.Create(Concert).Value.Code);
        _clock.Now += TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1);
        pairings.Claim(used, Device, "North").IsAccepted.Should().BeTrue();
        _clock.Now += TimeSpan.FromMilliseconds(1);

        pairings.Claim(late, Device, "North").Refusal!.Code.Should().Be(RefusalCodes.NotFound);
        pairings.Claims(Concert).Should().HaveCount(1);
        _clock.Now += TimeSpan.FromDays(1);
        pairings.Claims(Concert).Should().BeEmpty();
    }

    [Fact]
    public void Open_codes_of_an_event_and_codes_of_all_are_bounded()
    {
        var pairings = Of(new GateSettings { PairingsPerEvent = 2, Pairings = 3 });
        var first = pairings.Create(Concert).Value.Code;
        pairings.Create(Concert).IsAccepted.Should().BeTrue();

        pairings.Create(Concert).Refusal!.Code.Should().Be("rate_limited");
        pairings.Claim(first, Device, "North").IsAccepted.Should().BeTrue();
        pairings.Create(Concert).IsAccepted.Should().BeTrue("a used one is not open");
        pairings.Create(Other).Refusal!.Code.Should().Be("not_ready");
        _clock.Now += TimeSpan.FromMinutes(10);
        pairings.Create(Other).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Used_codes_of_an_event_are_bounded_so_that_it_leaves_room_for_others()
    {
        var pairings = Of(new GateSettings { ClaimsPerEvent = 2, Pairings = 3 });
        for (var i = 0; i < 2; i++) pairings.Claim(pairings.Create(Concert).Value.Code, Device, "North").IsAccepted.Should().BeTrue();

        pairings.Create(Concert).Refusal!.Code.Should().Be("rate_limited");
        pairings.Create(Other).IsAccepted.Should().BeTrue();
        _clock.Now += GatePairings.ClaimLife;
        pairings.Create(Concert).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Guessing_ends_after_some_wrong_codes()
    {
        var pairings = Of(new GateSettings { PairingAttempts = 2 });
        var code = pairings.Create(Concert).Value.Code;
        for (var i = 0; i < 2; i++) pairings.Claim("wrong", Device, "North").Refusal!.Code.Should().Be(RefusalCodes.NotFound);

        pairings.Claim(code, Device, "North").Refusal!.Code.Should().Be("rate_limited");
        pairings.Claim(code, TestChain.Bob.Address, "South").IsAccepted.Should().BeTrue("another device's guesses do not count");
        _clock.Now += TimeSpan.FromMinutes(10);
        pairings.Claim(pairings.Create(Concert).Value.Code, Device, "North").IsAccepted.Should().BeTrue();
    }

    private GatePairings Of(GateSettings? settings = null, SecuTicket.Node.Custody.FillRandom? random = null) =>
        new(settings ?? new GateSettings(), _clock, random ?? (bytes => bytes.Fill(++_drawn)));
}
