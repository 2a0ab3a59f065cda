using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Node.Gates;

namespace SecuTicket.Api.Tests.Contract;

public sealed class GateRosterTests
{
    [Fact]
    public async Task A_gate_follows_the_ledger_by_one_full_roster_and_the_changes_after_it()
    {
        using var stage = await Stage.OpenAsync();
        var first = await stage.RosterAsync();
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        (await stage.RosterAsync()).Find(stage.Ticket(0))!.Value.Status.Should().Be(TicketStatus.Unsold, "a roster shows confirmed state");
        await stage.Node.SealAsync();

        var changes = await stage.RosterAsync($"&since={first.Head.At.Version}&tip={first.Head.At.Tip}");
        var next = first.With(changes).Value;
        var full = await stage.RosterAsync();

        first.Head.IsFull.Should().BeTrue();
        first.Count.Should().Be(3);
        first.Head.Event.Gates.Should().Equal(stage.Gate.Address);
        changes.Head.IsFull.Should().BeFalse();
        changes.Entries.Select(entry => entry.Ticket).Should().Equal(stage.Ticket(0));
        next.Entries.Should().BeEquivalentTo(full.Entries);
        next.Head.Should().Be(full.Head);
        next.Find(stage.Ticket(0))!.Value.Owner.Should().Be(stage.Own.Address);
        next.Head.At.Version.Should().Be(2);
        (await stage.RosterAsync("&since=2")).Count.Should().Be(0, "nothing changed since");
        (await stage.RosterAsync("&since=1")).Head.Since!.Value.Tip.Should().Be(first.Head.At.Tip, "without a tip the version alone decides");
    }

    [Fact]
    public async Task A_gate_of_an_event_with_many_tickets_is_told_of_those_that_changed_and_no_others()
    {
        using var stage = await Stage.OpenAsync();
        await stage.SendAsync(stage.Organiser, "issue_tickets", new { event_id = stage.EventId, session = 0, seats = Enumerable.Range(0, 1_000).Select(seat => $"B-{seat}"), price = Stage.Price });
        await stage.Node.SealAsync();
        var first = await stage.RosterAsync();
        await stage.BuyAsync(stage.Own, stage.Tickets[2]);
        await stage.Node.SealAsync();
        await stage.BuyAsync(stage.Own, stage.Tickets[0]);
        await stage.Node.SealAsync();

        var changes = await stage.RosterAsync($"&since={first.Head.At.Version}&tip={first.Head.At.Tip}");

        changes.Entries.Select(entry => entry.Ticket).Should().Equal(stage.Ticket(0), stage.Ticket(2));
        first.With(changes).Value.Entries.Should().Equal((await stage.RosterAsync()).Entries);
    }

    [Theory]
    [InlineData("&since=9", "it is ahead of the tip")]
    [InlineData("&since=1&tip=0000000000000000000000000000000000000000000000000000000000000000", "its block is not on this branch")]
    public async Task A_gate_whose_version_is_not_of_this_chains_past_gets_everything(string query, string because)
    {
        using var stage = await Stage.OpenAsync();

        var roster = await stage.RosterAsync(query);

        roster.Head.IsFull.Should().BeTrue(because);
        roster.Count.Should().Be(3);
    }

    [Fact]
    public async Task A_roster_changed_on_its_way_is_refused_by_the_gate()
    {
        using var stage = await Stage.OpenAsync();
        var bytes = await stage.Node.Api.Http.GetByteArrayAsync($"/gate/roster?event_id={stage.EventId}");

        for (var i = 0; i < bytes.Length; i += 13)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;
            GateRoster.Read(changed, stage.Source(), stage.Node.Node.Verifier).IsAccepted.Should().BeFalse("byte {0} was changed", i);
        }
    }

    [Fact]
    public async Task Gates_that_ask_for_the_same_are_served_from_memory_until_the_next_block()
    {
        using var stage = await Stage.OpenAsync();
        var rosters = stage.Node.Services.GetRequiredService<Rosters>();

        var same = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => stage.Node.Api.Http.GetByteArrayAsync($"/gate/roster?event_id={stage.EventId}")));
        same.Should().AllSatisfy(bytes => bytes.Should().Equal(same[0]));
        rosters.Made.Should().Be(1);
        await stage.RosterAsync("&since=1");
        await stage.RosterAsync("&since=1");
        rosters.Made.Should().Be(2);
        await stage.Node.SealAsync();
        (await stage.RosterAsync()).Head.At.Version.Should().Be(2);
        rosters.Made.Should().Be(3);
    }

    [Fact]
    public async Task Memory_for_rosters_is_bounded_and_what_was_asked_for_last_stays()
    {
        using var stage = await Stage.OpenAsync(("Gates:RosterCacheBytes", "2500"));
        var rosters = stage.Node.Services.GetRequiredService<Rosters>();

        await stage.RosterAsync();
        var one = rosters.KeptBytes;
        one.Should().BePositive();
        await stage.RosterAsync("&since=1");
        await stage.RosterAsync("&since=0");
        rosters.KeptBytes.Should().BeInRange(1, 2_500);
        var made = rosters.Made;
        await stage.RosterAsync("&since=0");
        rosters.Made.Should().Be(made, "the last one is there still");
        await stage.RosterAsync();
        rosters.Made.Should().Be(made + 1, "the first one left");
    }

    [Fact]
    public async Task What_can_not_be_answered_says_why()
    {
        using var node = new NodeFactory();
        const string Id = "00000000000000000000000000000000";

        await node.Api.GetRefusedAsync($"/gate/roster?event_id={Id}", HttpStatusCode.NotFound, "not_found");
        await node.Api.GetRefusedAsync("/gate/roster", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.GetRefusedAsync("/gate/roster?event_id=1", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.GetRefusedAsync($"/gate/roster?event_id={Id}&since=-1", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.GetRefusedAsync($"/gate/roster?event_id={Id}&since=x", HttpStatusCode.BadRequest, "invalid_field");
        await node.Api.GetRefusedAsync($"/gate/roster?event_id={Id}&tip=x", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public async Task Whoever_asks_while_as_many_are_made_as_may_be_is_told_to_come_again()
    {
        using var stage = await Stage.OpenAsync();
        var rosters = new Rosters(stage.Node.Node, new GateSettings { RosterBuilds = 0 });

        var verdict = await rosters.GetAsync(stage.Event(), null, null);

        verdict.Refusal!.Code.Should().Be("not_ready");
        verdict.Refusal.Kind.Should().Be(Core.Primitives.RefusalKind.Transient);
    }

    [Fact]
    public async Task So_many_changes_are_answered_with_the_full_roster_that_all_share_and_so_are_more_wishes_than_are_served_at_once()
    {
        using var stage = await Stage.OpenAsync();
        var few = new Rosters(stage.Node.Node, new GateSettings { RosterChanges = 2 });
        var busy = new Rosters(stage.Node.Node, new GateSettings { RosterChangeBuilds = 0 });
        using var full = await LeaseAsync(few, stage);
        using var changes = await LeaseAsync(few, stage, 0);
        using var again = await LeaseAsync(few, stage, 0);
        using var none = await LeaseAsync(few, stage, 1);
        using var busyChanges = await LeaseAsync(busy, stage, 1);

        changes.Bytes.Should().BeSameAs(full.Bytes, "three tickets changed since genesis");
        again.Bytes.Should().BeSameAs(full.Bytes);
        Read(stage, none).Head.IsFull.Should().BeFalse("none changed since block 1");
        few.Made.Should().Be(2);
        Read(stage, busyChanges).Head.IsFull.Should().BeTrue();
    }

    [Fact]
    public async Task Rosters_that_are_still_sent_take_room_until_they_are_and_then_others_are_served()
    {
        using var stage = await Stage.OpenAsync();
        var rosters = new Rosters(stage.Node.Node, new GateSettings { RosterBytes = 1_500, RosterCacheBytes = 0 });
        using var slow = await LeaseAsync(rosters, stage);
        using var slower = await LeaseAsync(rosters, stage);
        slower.Bytes.Should().BeSameAs(slow.Bytes, "one array is sent to all");
        rosters.Bytes.Should().Be(slow.Bytes.Length).And.BeGreaterThan(750, "there is no room for another one");
        await stage.Node.SealAsync();

        var refused = await rosters.GetAsync(stage.Event(), null, null);
        slow.Dispose();
        slow.Dispose();
        var refusedAgain = await rosters.GetAsync(stage.Event(), null, null);
        slower.Dispose();
        rosters.Bytes.Should().Be(0);
        using var next = await LeaseAsync(rosters, stage);

        (refused.Refusal!.Code, refused.Refusal.Kind).Should().Be(("not_ready", Core.Primitives.RefusalKind.Transient));
        refusedAgain.Refusal!.Code.Should().Be("not_ready", "somebody is sent it still");
        Read(stage, next).Head.At.Version.Should().Be(2);
    }

    [Fact]
    public async Task What_is_only_kept_leaves_for_what_is_asked_for_now()
    {
        using var stage = await Stage.OpenAsync();
        var rosters = new Rosters(stage.Node.Node, new GateSettings { RosterBytes = 1_500 });
        (await LeaseAsync(rosters, stage)).Dispose();
        var kept = rosters.KeptBytes;
        await stage.Node.SealAsync();

        using var next = await LeaseAsync(rosters, stage);

        Read(stage, next).Head.At.Version.Should().Be(2);
        (rosters.Bytes, rosters.KeptBytes).Should().Be((kept, kept));
    }

    [Fact]
    public async Task An_answer_that_was_sent_gives_its_room_back()
    {
        using var stage = await Stage.OpenAsync(("Gates:RosterCacheBytes", "0"));
        var rosters = stage.Node.Services.GetRequiredService<Rosters>();

        await stage.RosterAsync();

        SpinWait.SpinUntil(() => rosters.Bytes == 0, TimeSpan.FromMinutes(2)).Should().BeTrue("the server is done with it a moment after the client");
        rosters.Made.Should().Be(1);
    }

    private static async Task<RosterLease> LeaseAsync(Rosters rosters, Stage stage, long? since = null) => (await rosters.GetAsync(stage.Event(), since, null)).Value;

    private static GateRoster Read(Stage stage, RosterLease roster) => GateRoster.Read(roster.Bytes, stage.Source(), stage.Node.Node.Verifier).Value;
}
