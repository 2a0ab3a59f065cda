using SecuTicket.Core.Ledger;
using SecuTicket.Core.Tests.Transactions;

namespace SecuTicket.Core.Tests.Ledger;

// S0.14: a purchase rewrote the owner in all earlier transactions; here history reads sold/A, unsold/organiser, sold/B for ever.
public class SellBackStoryTests
{
    private static readonly Person Organiser = "organiser";
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";

    [Fact]
    public void A_ticket_sold_back_and_bought_again_keeps_its_whole_history()
    {
        var story = new Scenario();
        var concert = story.Creates(Organiser);
        var seat = story.Issues(Organiser, concert, "A-1", 5_000);
        story.Funds(Anna, 5_000);
        story.Funds(Boris, 5_000);

        story.Does(Anna, Wish.Purchase(seat, 5_000));
        var afterAnna = story.State;
        story.Does(Anna, Wish.Return(seat));
        story.Does(Boris, Wish.Purchase(seat, 5_000));

        story.History.Select(change => (change.Type, change.Status, change.From, change.To, change.Price)).Should().Equal(
            ("issue_tickets", TicketStatus.Unsold, null, Organiser.Address, 5_000),
            ("purchase_ticket", TicketStatus.Sold, Organiser.Address, Anna.Address, 5_000),
            ("return_ticket", TicketStatus.Unsold, Anna.Address, Organiser.Address, 5_000),
            ("purchase_ticket", TicketStatus.Sold, Organiser.Address, Boris.Address, 5_000));
        (story.Balance(Anna), story.Balance(Boris), story.Balance(Organiser)).Should().Be((5_000, 0, 5_000));
        afterAnna.Tickets.Find(seat)!.Owner.Should().Be(Anna.Address, "a state once read does not change any more");
        story.Tally(concert).Should().Be(EventTally.Empty with { Issued = 1, Sold = 1, Sales = 2, Revenue = 10_000, Refunds = 5_000, Returns = 1 });
    }

    [Fact]
    public void The_same_story_in_blocks_leaves_one_delta_each_that_takes_it_back_step_by_step()
    {
        var story = new Scenario();
        var concert = story.Creates(Organiser);
        var seat = story.Issues(Organiser, concert, "A-1", 5_000);
        story.Funds(Anna, 5_000);
        story.Funds(Boris, 5_000);
        var blocks = new List<BlockOutcome>();
        var states = new List<LedgerState> { story.State };
        foreach (var (who, wish) in new (Person, Wish)[] { (Anna, Wish.Purchase(seat, 5_000)), (Anna, Wish.Return(seat)), (Boris, Wish.Purchase(seat, 5_000)) })
        {
            blocks.Add(story.Seals(story.Sign(who, wish)));
            states.Add(story.State);
        }

        blocks.Select(block => block.Effects[0].Changes[0]).Select(change => (change.Status, change.To)).Should().Equal(
            (TicketStatus.Sold, Anna.Address), (TicketStatus.Unsold, Organiser.Address), (TicketStatus.Sold, Boris.Address));
        for (var i = blocks.Count - 1; i >= 0; i--)
            LedgerContent.Of(blocks[i].Delta.Undo(states[i + 1])).Should().Be(LedgerContent.Of(states[i]));
    }
}
