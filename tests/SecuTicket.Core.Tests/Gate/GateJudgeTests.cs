using SecuTicket.Core.Gate;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Gate;

/// <summary>With the ledger and with a roster alone, a gate finds the same.</summary>
public class GateJudgeTests
{
    private readonly GateStage _stage = new();

    private long Now => _stage.Ledger.Now;

    [Fact]
    public void The_first_reason_in_the_order_of_judging_is_told_online_and_offline()
    {
        var yesterday = Now - 86_400;
        Person stranger = "stranger";

        // Each code has every later reason too, so that none hides behind an earlier one.
        Finds(GateStage.Code(stranger, default, yesterday), GateResult.Unknown, ticketIsKnown: false);
        Finds(GateStage.Code(stranger, _stage.Sold, yesterday), GateResult.WrongEvent, gate: GateStage.Bob);
        Finds(GateStage.Code(stranger, _stage.Revoked, yesterday), GateResult.Revoked);
        Finds(GateStage.Code(stranger, _stage.Redeemed, yesterday), GateResult.NotOwner);
        Finds(GateStage.Code(GateStage.Organiser, _stage.Unsold, Now), GateResult.NotOwner);
        Finds(GateStage.Code(GateStage.Alice, _stage.Redeemed, yesterday), GateResult.AlreadyRedeemed);
        Finds(GateStage.Code(GateStage.Alice, _stage.Sold, yesterday), GateResult.Expired);
        Finds(GateStage.Code(GateStage.Alice, _stage.Sold, Now), GateResult.Valid);
        Finds(GateStage.Code(GateStage.Alice, _stage.Listed, Now), GateResult.Valid);

        _stage.Ledger.Does(GateStage.Organiser, Wish.CancelEvent(_stage.Event));
        Finds(GateStage.Code(stranger, _stage.Sold, yesterday), GateResult.WrongEvent, gate: GateStage.Bob);
        Finds(GateStage.Code(stranger, _stage.Revoked, yesterday), GateResult.EventCancelled);
    }

    [Fact]
    public void What_is_no_code_or_of_another_chain_or_changed_or_cut_short_is_invalid()
    {
        var code = GateStage.Code(GateStage.Alice, _stage.Sold, Now);

        foreach (var text in new[] { string.Empty, "hello", code[..^1], code[1..], code.ToLowerInvariant(), new string('x', 100_000) }) Finds(text, GateResult.Invalid, ticketIsKnown: false);
        Finds(GateStage.Code(GateStage.Alice, _stage.Sold, Now, "other-chain"), GateResult.Invalid, ticketIsKnown: false);
        for (var i = 0; i < code.Length; i += 7) Finds(code[..i] + (code[i] == '7' ? '8' : '7') + code[(i + 1)..], GateResult.Invalid, ticketIsKnown: false);
    }

    [Fact]
    public void Former_holders_after_a_gift_a_resale_and_a_return_are_not_owners()
    {
        var returned = _stage.Bought("C-1");
        _stage.Ledger.Funds(GateStage.Bob, 5_000);
        _stage.Ledger.Does(GateStage.Alice, Wish.Give(_stage.Sold, GateStage.Bob));
        _stage.Ledger.Does(GateStage.Bob, Wish.Purchase(_stage.Listed, 5_000));
        _stage.Ledger.Does(GateStage.Alice, Wish.Return(returned));

        foreach (var ticket in new[] { _stage.Sold, _stage.Listed, returned }) Finds(GateStage.Code(GateStage.Alice, ticket, Now), GateResult.NotOwner);
        foreach (var ticket in new[] { _stage.Sold, _stage.Listed }) Finds(GateStage.Code(GateStage.Bob, ticket, Now), GateResult.Valid);
    }

    [Theory]
    [InlineData(0, GateResult.Valid)]
    [InlineData(30, GateResult.Valid)]
    [InlineData(-30, GateResult.Valid)]
    [InlineData(31, GateResult.Expired)]
    [InlineData(-31, GateResult.Expired)]
    [InlineData(86_400, GateResult.Expired)]
    public void A_code_is_good_for_thirty_seconds_either_way(int seconds, GateResult expected) => Finds(GateStage.Code(GateStage.Alice, _stage.Sold, Now + seconds), expected);

    [Fact]
    public void A_ticket_of_another_event_is_for_the_wrong_event_and_without_a_network_unknown()
    {
        var other = _stage.Ledger.Creates(GateStage.Organiser, gates: [GateStage.South]);
        var code = GateStage.Code(GateStage.Organiser, _stage.Ledger.Issues(GateStage.Organiser, other, "A-1"), Now);

        GateStage.Judge.Judge(code, GateStage.North.Address, Now, _stage.Ledger.State).Result.Should().Be(GateResult.WrongEvent);
        Offline(code, GateLog.Empty(_stage.Scope)).Result.Should().Be(GateResult.Unknown);
    }

    [Fact]
    public void Whom_the_gate_let_in_itself_is_in_with_the_time_of_the_first_scan()
    {
        var log = GateLog.Empty(_stage.Scope);
        var code = GateStage.Code(GateStage.Alice, _stage.Sold, Now);
        var first = log.Next(code, Offline(code, log), Now);
        first.Result.Should().Be(GateResult.Valid);
        log = log.With(first).Value;

        var second = Offline(code, log);
        log = log.With(log.Next(code, second, Now + 5)).Value;
        var third = Offline(code, log);

        foreach (var again in new[] { second, third })
        {
            again.Result.Should().Be(GateResult.AlreadyRedeemed);
            again.First.Should().Be(new GateAdmission(GateStage.North.Address, Now * 1000, null, first.Hash));
        }

        Offline(GateStage.Code(GateStage.Bob, _stage.Sold, Now), log).Result.Should().Be(GateResult.NotOwner, "a stranger with a copy learns nothing of the first");
    }

    [Fact]
    public void Whom_the_gate_let_in_itself_is_in_by_its_own_receipt_though_the_roster_knows_too()
    {
        var log = GateLog.Empty(_stage.Scope);
        var code = GateStage.Code(GateStage.Alice, _stage.Sold, Now);
        var first = log.Next(code, Offline(code, log), Now);
        log = log.With(first).Value;
        _stage.Ledger.Does(GateStage.South, Wish.Redeem(_stage.Sold));

        Offline(code, log).First.Should().Be(new GateAdmission(GateStage.North.Address, first.At * 1000, null, first.Hash));
        Offline(code, GateLog.Empty(_stage.Scope)).First.Should().Be(new GateAdmission(null, Now * 1000, null, null));
    }

    [Fact]
    public void Whom_the_gate_turned_away_is_not_in()
    {
        var log = GateLog.Empty(_stage.Scope);
        var stale = GateStage.Code(GateStage.Alice, _stage.Sold, Now - 31);
        var refused = log.Next(stale, Offline(stale, log), Now);
        refused.Result.Should().Be(GateResult.Expired);
        log = log.With(refused).Value;

        log.Find(_stage.Sold).Should().BeNull();
        Offline(GateStage.Code(GateStage.Alice, _stage.Sold, Now), log).Result.Should().Be(GateResult.Valid);
    }

    private void Finds(string code, GateResult expected, bool ticketIsKnown = true, Person? gate = null)
    {
        var scope = _stage.Scope with { Gate = (gate ?? GateStage.North).Address };
        foreach (var finding in new[] { GateStage.Judge.Judge(code, scope.Gate, Now, _stage.Ledger.State), Offline(code, GateLog.Empty(scope)) })
        {
            finding.Result.Should().Be(expected);
            (finding.Ticket is not null, finding.Event is not null).Should().Be((ticketIsKnown, ticketIsKnown));
            (finding.First?.At).Should().Be(expected == GateResult.AlreadyRedeemed ? Now * 1000 : null);
        }
    }

    private GateFinding Offline(string code, GateLog log) => GateStage.Judge.Judge(code, Now, _stage.Read(_stage.Roster()).Value, log);
}
