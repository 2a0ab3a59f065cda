using System.Reflection;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Gates;
using SecuTicket.Node.Storage;
using SecuTicket.Node.Tests.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Gates;

public sealed class ChangesSinceTests
{
    private const int Blocks = 24;
    private const int WidestGap = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void What_blocks_changed_is_what_looking_at_all_tickets_finds(int seed)
    {
        var random = new Random(seed);
        var (chain, id) = WideEvent();
        var kinds = new HashSet<string>();
        for (var i = 0; i < Blocks; i++)
        {
            if (i % 8 == 7) Reorganise(chain, 1 + random.Next(2), i);
            chain.Seal(RandomWishes.Of(chain, random));
            kinds.UnionWith(chain.Blocks[^1].Transactions.Select(transaction => transaction.Payload.Operation.GetType().Name));

            var tip = chain.Chain.Tip.Header.Index;
            for (var since = Math.Max(tip - WidestGap, 0); since <= tip; since++)
                ChangesSince.Find(chain.Store, chain.Chain, id, since).Should().Equal(RosterEntry.AllOf(chain.Chain.Ledger, id, since), "seed {0}, block {1}, since {2}", seed, tip, since);
        }

        kinds.Should().Contain([nameof(PurchaseTicket), nameof(SellTicket), nameof(RevokeTicket)]);
    }

    [Fact]
    public void Tickets_of_the_event_that_are_revoked_or_redeemed_or_were_changed_twice_are_told_once_in_the_order_of_their_issue()
    {
        var (chain, id) = WideEvent();
        var tickets = Seats(id, 3);
        var other = chain.CreateEvent();
        chain.Seal(other, chain.Issue(EventId.Of(other.Id), 0, "A-1", "A-2", "A-3", "A-4"));
        chain.Seal(chain.Buy(Alice, tickets[2]), chain.Buy(Alice, tickets[0]), chain.Buy(Alice, IssueTickets.TicketOf(EventId.Of(other.Id), 0, "A-4")));
        chain.Seal(chain.Sign(Gate, RedeemTicket.TypeName, ("ticket_id", tickets[2])), chain.Sign(Organiser, RevokeTicket.TypeName, ("ticket_id", tickets[1])));

        var changes = ChangesSince.Find(chain.Store, chain.Chain, id, chain.Chain.Tip.Header.Index - 2);

        changes!.Select(entry => entry.Ticket).Should().Equal(tickets);
        changes.Should().Equal(RosterEntry.AllOf(chain.Chain.Ledger, id, chain.Chain.Tip.Header.Index - 2));
    }

    [Fact]
    public void Of_a_snapshot_whose_blocks_the_store_has_left_nothing_is_said()
    {
        var (chain, id) = WideEvent();
        chain.Seal(chain.Buy(Alice, Seats(id, 1)[0]));
        var snapshot = chain.Chain;
        var since = snapshot.Tip.Header.Index - 1;
        ChangesSince.Find(chain.Store, snapshot, id, since).Should().ContainSingle();

        Reorganise(chain, 1, 0);

        ChangesSince.Find(chain.Store, snapshot, id, since).Should().BeNull();
        ChangesSince.Find(chain.Store, chain.Chain, id, since).Should().BeEmpty("the other branch does not sell it");
    }

    [Fact]
    public void Only_as_many_blocks_are_read_as_cost_less_than_looking_at_all_tickets()
    {
        var (chain, id) = WideEvent();
        for (var i = 0; i < 10; i++) chain.Seal();
        var tip = chain.Chain.Tip.Header.Index;
        var store = Reading.Of(chain.Store);

        ChangesSince.Find(store, chain.Chain, id, tip).Should().BeEmpty();
        Reading.CountOf(store).Should().Be(0);
        ChangesSince.Find(store, chain.Chain, id, tip - 5).Should().BeEmpty();
        Reading.CountOf(store).Should().Be(5);
        ChangesSince.Find(store, chain.Chain, id, tip - 6).Should().BeNull("1,000 tickets are looked at sooner than six blocks are read");
        Reading.CountOf(store).Should().Be(10);
    }

    [Fact]
    public void What_a_block_changed_counts_too()
    {
        var (chain, id) = WideEvent();
        chain.Seal([.. Seats(id, 201).Select(ticket => chain.Buy(Alice, ticket))]);
        chain.Seal();

        ChangesSince.Find(chain.Store, chain.Chain, id, chain.Chain.Tip.Header.Index - 2).Should().HaveCount(201);
        chain.Seal();
        ChangesSince.Find(chain.Store, chain.Chain, id, chain.Chain.Tip.Header.Index - 3).Should().HaveCount(201);
        ChangesSince.Find(chain.Store, chain.Chain, id, chain.Chain.Tip.Header.Index - 4).Should().BeNull();
    }

    // An event of 1,000 seats that cost nothing.
    private static (TestChain Chain, EventId Id) WideEvent()
    {
        var chain = new TestChain(new InMemoryBlockStore());
        var created = chain.CreateEvent();
        var id = EventId.Of(created.Id);
        chain.Seal(created, chain.Issue(id, 0, [.. Enumerable.Range(0, IssueTickets.MaxSeats).Select(Seat)]));
        return (chain, id);
    }

    private static TicketId[] Seats(EventId id, int count) => [.. Enumerable.Range(0, count).Select(seat => IssueTickets.TicketOf(id, 0, Seat(seat)))];

    private static string Seat(int number) => $"A-{number}";

    private static void Reorganise(TestChain chain, int depth, int name)
    {
        var fork = chain.Fork(chain.Chain.Tip.Header.Index - depth, $"other-{name}");
        for (var i = 0; i <= depth; i++) chain.Take(fork.Seal(fork.TopUp(Bob, 1 + i)));
        chain.Chain.Tip.Hash.Should().Be(fork.Chain.Tip.Hash);
    }

    /// <summary>A store that counts how often it is asked what a block changed.</summary>
    public class Reading : DispatchProxy
    {
        private IBlockStore _store = null!;
        private int _count;

        public static IBlockStore Of(IBlockStore store)
        {
            var reading = Create<IBlockStore, Reading>();
            ((Reading)(object)reading)._store = store;
            return reading;
        }

        public static int CountOf(IBlockStore reading) => ((Reading)(object)reading)._count;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IBlockStore.FindDelta)) _count++;
            return targetMethod.Invoke(_store, args);
        }
    }
}
