using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Simulation;

/// <summary>Everybody who uses the network: organisers, a bank, fans and gates, each at a node of their choice, and some of them at two at once.</summary>
public sealed class Crowd
{
    /// <summary>Brings coins in.</summary>
    public static readonly Person Bank = new("bank");

    private const double MeanPause = 12_000;
    private const int MostEvents = 4;
    private const int MostTickets = 80;

    private readonly World _world;
    private readonly Dice _dice;
    private readonly Person[] _organisers = [.. Enumerable.Range(0, 2).Select(i => new Person($"organiser-{i:D4}"))];
    private readonly Person[] _fans = [.. Enumerable.Range(0, 12).Select(i => new Person($"fan-number-{i:D4}"))];
    private readonly Person _gate = new("gate-number-one");
    private readonly Person _bank = new(Bank.Name);
    private readonly Dictionary<Person, SimulatedNode> _nodes = [];
    private bool _ended;
    private int _made;

    /// <summary>People who have done nothing yet.</summary>
    public Crowd(World world, Dice dice)
    {
        (_world, _dice) = (world, dice);
        foreach (var person in (Person[])[.. _organisers, .. _fans, _gate, _bank]) _nodes[person] = dice.Pick(world.Nodes);
    }

    /// <summary>Begins.</summary>
    public void Begin() => Next();

    /// <summary>Ends.</summary>
    public void End() => _ended = true;

    private void Next() => _world.Agenda.After(_dice.Exponential(MeanPause), () =>
    {
        if (_ended) return;

        Act();
        Next();
    });

    private void Act()
    {
        switch (_dice.Below(10))
        {
            case 0: ActAsBank(); break;
            case 1 or 2: ActAsOrganiser(_dice.Pick(_organisers)); break;
            case 3: ActAsGate(); break;
            case 4: BuyTwice(); break;
            default: ActAsFan(_dice.Pick(_fans)); break;
        }
    }

    private void ActAsBank() => Post(_bank, "top_up", ("recipient", _dice.Pick(_fans)), ("amount", _dice.Between(100, 20_000)), ("reference", $"payment {_made++}"));

    private void ActAsOrganiser(Person organiser)
    {
        if (See(organiser) is not { } state) return;

        var own = state.Events.Where(entry => entry.Value.Organiser == organiser.Address && !entry.Value.Cancelled).Select(entry => entry.Key).ToArray();
        if (own.Length == 0 || (state.Events.Count < MostEvents && _dice.Chance(0.2)))
        {
            Post(
                organiser, "create_event",
                ("name", $"Evening {_made++}"), ("venue", "The hall"), ("sessions", new[] { new { date = "2027-06-15", time = "19:00" } }), ("gates", new[] { _gate.Address.ToString() }),
                ("resale", new { resale = "capped", max_price_percent = 150, commission_percent = (int)_dice.Between(0, 20), @return = new { refund_percent = (int)_dice.Between(50, 100) } }));
            return;
        }

        var chosen = _dice.Pick(own);
        if (state.Tickets.Count < MostTickets)
        {
            Post(organiser, "issue_tickets", ("event_id", chosen), ("session", 0), ("seats", Enumerable.Range(0, (int)_dice.Between(1, 8)).Select(_ => $"S-{_made++}").ToArray()), ("price", _dice.Between(0, 3_000)));
            return;
        }

        if (PickTicket(state, ticket => state.Events.Find(ticket.Event)!.Organiser == organiser.Address) is not { } found) return;

        switch (_dice.Below(30))
        {
            case 0: Post(organiser, "cancel_event", ("event_id", found.Ticket.Event)); break;
            case < 4: Post(organiser, "revoke_ticket", ("ticket_id", found.Id)); break;
            case < 15: Post(organiser, "sell_ticket", ("ticket_id", found.Id), ("recipient", _dice.Pick(_fans))); break;
            default: Post(organiser, "transfer", ("recipient", _dice.Pick(_fans)), ("amount", _dice.Between(1, 500))); break;
        }
    }

    private void ActAsGate()
    {
        if (See(_gate) is { } state && PickTicket(state, ticket => ticket.Status is TicketStatus.Sold or TicketStatus.Listed) is { } found)
            Post(_gate, "redeem_ticket", ("ticket_id", found.Id));
    }

    private void ActAsFan(Person fan)
    {
        if (See(fan) is not { } state) return;
        if (_dice.Chance(0.2))
        {
            Post(fan, "transfer", ("recipient", _dice.Pick(_fans)), ("amount", 1 + (state.BalanceOf(fan.Address) / _dice.Between(1, 4))));
            return;
        }

        if (_dice.Chance(0.5) && PickTicket(state, ticket => ticket.Owner == fan.Address && ticket.Status is TicketStatus.Sold or TicketStatus.Listed) is { } own)
        {
            switch (_dice.Below(6))
            {
                case 0: Post(fan, "transfer_ticket", ("ticket_id", own.Id), ("recipient", _dice.Pick(_fans))); break;
                case 1: Post(fan, "return_ticket", ("ticket_id", own.Id)); break;
                case 2: Post(fan, "unlist_ticket", ("ticket_id", own.Id)); break;
                default: Post(fan, "list_ticket", ("ticket_id", own.Id), ("price", own.Ticket.FacePrice * _dice.Between(50, 150) / 100)); break;
            }

            return;
        }

        if (PickTicket(state, ticket => ticket.Price is not null && ticket.Owner != fan.Address) is { } sold) Post(fan, "purchase_ticket", ("ticket_id", sold.Id), ("max_price", sold.Ticket.Price!.Value));
    }

    // Two buyers of one seat, at two nodes that have not heard of each other's yet.
    private void BuyTwice()
    {
        var (one, other) = (_dice.Pick(_fans), _dice.Pick(_fans));
        if (one == other || See(one) is not { } state || PickTicket(state, ticket => ticket.Price is not null) is not { } found) return;

        foreach (var fan in (Person[])[one, other]) Post(fan, "purchase_ticket", ("ticket_id", found.Id), ("max_price", found.Ticket.Price!.Value));
    }

    private LedgerState? See(Person person)
    {
        if (_dice.Chance(0.1)) _nodes[person] = _dice.Pick(_world.Nodes);
        if (_nodes[person].Ledger is { } ledger) return ledger.Snapshot.Pending.State;

        _nodes[person] = _dice.Pick(_world.Nodes);
        return null;
    }

    private (TicketId Id, Ticket Ticket)? PickTicket(LedgerState state, Func<Ticket, bool> wanted)
    {
        var found = state.Tickets.Where(entry => wanted(entry.Value)).ToArray();
        if (found.Length == 0) return null;

        var (id, ticket) = found[_dice.Below(found.Length)];
        return (id, ticket);
    }

    private void Post(Person person, string type, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var seconds = _world.Agenda.Now / 1_000;
        var transaction = person.Wish(_world.Spec.ChainId, seconds + (_dice.Chance(0.1) ? _dice.Between(30, 900) : 86_400), type, fields);
        Post(_nodes[person], transaction);
        if (_dice.Chance(0.15)) Post(_dice.Pick(_world.Nodes), transaction);
    }

    private void Post(SimulatedNode node, Transaction transaction) => _world.Agenda.After(_dice.Between(1, 100), () =>
    {
        if (node.Ledger is not { } ledger) return;

        _world.Trace.Note(_world.Agenda.Now, node.Number, transaction.Payload.Operation.Type, subject: transaction.Id);
        ledger.Submit([_world.Signatures.Verify(transaction).Value], answer =>
        {
            if (answer.IsAccepted && answer.Value[0].Status is TransactionStatus.Pending or TransactionStatus.Confirmed) _world.Watch.Acknowledge(node.Number, transaction.Id);
        });
    });
}
