using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Api.Web.Wallet;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What fans are told that they may do, and which evenings are still to come.</summary>
public sealed class FanWordsTests
{
    private const long Now = 1_800_000_000;

    private static readonly Address Organiser = Account(1);
    private static readonly Address Holder = Account(2);
    private static readonly Ticket Sold = SoldAt(50_00);
    private static readonly Ticket Listed = Sold with { Status = TicketStatus.Listed, Listing = new Listing(55_00, null) };
    private static readonly ResaleRules Capped = ResaleRules.Default with { Mode = ResaleMode.Capped, MaxPricePercent = 110, CommissionPercent = 5 };

    [Fact]
    public void Each_thing_that_is_not_possible_has_its_reason_in_the_order_of_the_rules()
    {
        using var node = new NodeFactory();
        using var scope = node.Services.CreateScope();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var actions = scope.ServiceProvider.GetRequiredService<TicketActions>();
        var (open, cancelled) = (Terms(Capped), Terms(Capped) with { Cancelled = true });
        var (unsold, revoked) = (Sold with { Status = TicketStatus.Unsold }, Sold with { Status = TicketStatus.Revoked });
        var redeemed = Sold with { Status = TicketStatus.Redeemed, Redemption = new Redemption(Account(3), Now * 1000, default) };

        (TicketAction Action, string? Why)[] said =
        [
            (actions.Give(Sold, open), null),
            (actions.Give(unsold, cancelled), "Nobody holds this ticket"),
            (actions.Give(redeemed, cancelled), "It was used at the gate on 15 January 2027"),
            (actions.Give(revoked, cancelled), "took this ticket out of circulation"),
            (actions.Give(Listed, cancelled), "The event is cancelled."),
            (actions.Give(Listed, Terms(Capped with { TransferAllowed = false })), "Take the offer back first"),
            (actions.Give(Sold, Terms(Capped with { TransferAllowed = false })), "does not allow giving"),

            (actions.List(Sold, open, Now), null),
            (actions.List(redeemed, open, Now), "It was used"),
            (actions.List(Listed, cancelled, Now), "The event is cancelled."),
            (actions.List(Listed, Terms(Capped with { Mode = ResaleMode.Forbidden }), Now), "offered for resale already"),
            (actions.List(Sold, Terms(Capped with { Mode = ResaleMode.Forbidden, Resellers = [Organiser] }), Now), "does not allow resale"),
            (actions.List(Sold, Terms(Capped with { Resellers = [Organiser], OpensAt = Now + 1 }), Now), "Only accounts that the organiser named"),
            (actions.List(Sold, Terms(Capped with { Resellers = [Holder] }), Now), null),
            (actions.List(Sold, Terms(Capped with { OpensAt = Now + 1, MaxResales = 0 }), Now), "Resale opens on"),
            (actions.List(Sold, Terms(Capped with { OpensAt = Now, ClosesAt = Now }), Now), null),
            (actions.List(Sold, Terms(Capped with { ClosesAt = Now - 1, MaxResales = 0 }), Now), "Resale closed on"),
            (actions.List(Sold with { Resales = 2 }, Terms(Capped with { MaxResales = 2 }), Now), "It was resold as often as the rules allow: 2."),
            (actions.List(Sold with { Resales = 1 }, Terms(Capped with { MaxResales = 2 }), Now), null),
            (actions.List(SoldAt(0) with { Resales = 2 }, Terms(Capped with { MaxResales = 2 }), Now), "as often as the rules allow"),
            (actions.List(SoldAt(0), open, Now), "The rules allow at most 0.00 EUR, and nothing is offered here for less than 0.01 EUR."),
            (actions.List(SoldAt(1), open, Now), null),
            (actions.List(SoldAt(0), Terms(Capped with { Mode = ResaleMode.Free }), Now), null),

            (actions.Unlist(Listed), null),
            (actions.Unlist(Sold), "It is not offered"),
            (actions.Unlist(revoked), "out of circulation"),

            (actions.Return(Sold, open, held: 50_00, Now), null),
            (actions.Return(Listed, open, held: 0, Now), "Take the offer back first"),
            (actions.Return(Sold, Terms(Capped with { ReturnUntil = Now - 1 }), held: 0, Now), "Returning ended"),
            (actions.Return(Sold, Terms(Capped with { ReturnUntil = Now }), held: 50_00, Now), null),
            (actions.Return(Sold, Terms(Capped with { ReturnUntil = Now - 1 }) with { Cancelled = true }, held: 50_00, Now), null),
            (actions.Return(Sold, open, held: 49_99, Now), "has less than 50.00 EUR now"),
            (actions.Return(Sold, Terms(Capped with { RefundPercent = 80 }), held: 40_00, Now), null),
            (actions.Return(Sold, Terms(Capped with { RefundPercent = 80 }) with { Cancelled = true }, held: 49_99, Now), "has less than 50.00 EUR now"),
            (actions.Return(Sold with { PaidOnChain = false }, open, held: 0, Now), null),
        ];
        foreach (var (action, why) in said)
        {
            action.IsPossible.Should().Be(why is null, why ?? action.Why);
            if (why is not null) action.Why.Should().Contain(why);
        }

        static string Plain(TicketAction action) => action.What.Replace('\u00a0', ' ');
        Plain(actions.List(Sold, open, Now)).Should().Be("At most 55.00 EUR: 110 % of the face price of 50.00 EUR. Of what is paid, 5 % go to the organiser.");
        Plain(actions.List(Sold, Terms(ResaleRules.Default), Now)).Should().Be("At most 50.00 EUR: 100 % of the face price of 50.00 EUR.");
        actions.List(Sold, Terms(Capped with { Mode = ResaleMode.Free, CommissionPercent = 0 }), Now).What.Should().Be("At any price.");
        actions.List(Sold, Terms(Capped with { Mode = ResaleMode.Forbidden }), Now).What.Should().Be("Others can not buy it from you.");
        actions.Unlist(Listed).What.Should().Contain("55.00 EUR");
        Plain(actions.Return(Sold, Terms(Capped with { RefundPercent = 80 }), 0, Now)).Should().StartWith("You get 40.00 EUR back: 80 %");
        actions.Return(Sold, cancelled, 0, Now).What.Should().Contain("whole face price of 50.00 EUR");
        actions.Return(Sold with { PaidOnChain = false }, open, 0, Now).What.Should().StartWith("It was paid outside the chain");
    }

    [Theory]
    [InlineData("2027-06-15T16:59:59Z", 0, true)]
    [InlineData("2027-06-15T22:59:59Z", 0, true)]
    [InlineData("2027-06-15T23:00:00Z", 1, true)]
    [InlineData("2027-06-17T23:00:00Z", 1, false)]
    public void A_session_is_to_come_until_six_hours_after_its_begin_in_its_own_zone(string now, int next, bool isUpcoming)
    {
        var terms = Terms(Capped) with
        {
            Sessions = [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0)), new Session(new DateOnly(2027, 6, 16), new TimeOnly(19, 0))],
            TimeZone = "Europe/Zurich",
        };
        var at = DateTimeOffset.Parse(now, CultureInfo.InvariantCulture);

        var times = new SessionTimes();
        var found = times.NextOf(terms, at);

        (found.Index, found.IsUpcoming(at), times.IsUpcoming(terms, next, at)).Should().Be((next, isUpcoming, isUpcoming));
    }

    [Fact]
    public void A_zone_that_is_not_known_is_UTC_and_the_last_day_of_the_calendar_is_a_day()
    {
        var session = new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0));
        new SessionTimes().NextOf(Terms(Capped) with { TimeZone = "Nowhere/Land", Sessions = [session] }, DateTimeOffset.UnixEpoch).Begin.Should().Be(new DateTimeOffset(2027, 6, 15, 19, 0, 0, TimeSpan.Zero));

        var last = Terms(Capped) with { TimeZone = "Europe/Zurich", Sessions = [new Session(DateOnly.MaxValue, new TimeOnly(23, 59))] };
        new SessionTimes().NextOf(last, DateTimeOffset.UnixEpoch).IsUpcoming(DateTimeOffset.UnixEpoch).Should().BeTrue();
    }

    private static Address Account(int number) => Address.TryParse($"0x{number:x40}", out var account) ? account : throw new InvalidOperationException();

    private static Ticket SoldAt(long facePrice) => new Ticket(new TicketIssue(default, 0, facePrice, 1), 0, SeatName.Of("A-1"), Holder) with { Status = TicketStatus.Sold, PaidOnChain = true };

    private static EventTerms Terms(ResaleRules rules) =>
        new(0, default, 1, Organiser, "Event", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [], [], Organiser, null, rules, false);
}
