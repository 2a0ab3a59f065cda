using System.Globalization;
using SecuTicket.Api.Gate;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Demo;

/// <summary>The life of a ticket, walked at start when <c>--demo</c> asks for it: bought, given back, bought by another, resold, shown at a gate.</summary>
/// <param name="client">Does what the people in it do.</param>
/// <param name="codes">Makes the code that the holder shows.</param>
/// <param name="judge">Judges it.</param>
public sealed class DemoWalk(DemoClient client, GateCodeMaker codes, OnlineGate judge)
{
    /// <summary>What the event is called; by this and its organiser a second start knows it again.</summary>
    public const string EventName = "SecuTicket demo";

    private const int Rows = 5;
    private const int SeatsInRow = 20;
    private const int Sessions = 2;
    private const long FacePrice = 50_00;
    private const long ResalePrice = 55_00;
    private const long Pocket = 200_00;

    /// <summary>Walks and prints each step; where it was walked before, prints what is there. A refusal or a stop of the node ends it in a sentence.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="stopping">The node stops.</param>
    public async Task RunAsync(TextWriter output, CancellationToken stopping)
    {
        try
        {
            if (FindEvent() is { } known) await ShowAsync(output, known.Id, known.Terms);
            else if (client.HasExchange) await WalkAsync(output, stopping);
            else await output.WriteLineAsync($"There is no demo on {client.Node.Spec.ChainId}: it needs money, and this node keeps no exchange authority's key (--Node:ExchangeKeyFile=…).");
        }
        catch (DemoStoppedException stopped)
        {
            await output.WriteLineAsync($"The demo ends here. {stopped.Message}");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await output.WriteLineAsync("The demo ends here: the node stops.");
        }

        await output.FlushAsync(CancellationToken.None);
    }

    private async Task WalkAsync(TextWriter output, CancellationToken stopping)
    {
        var organiser = client.Open("organiser");
        var gate = client.Open("gate");
        DemoAccount[] fans = [client.Open("fan A"), client.Open("fan B"), client.Open("fan C")];
        var names = new DemoNames([organiser, gate, .. fans]);
        await output.WriteLineAsync("Demo: the life of a ticket. The accounts below are for Authorize in Swagger; their secrets are shown this once.");
        foreach (var account in names.Accounts) await output.WriteLineAsync($"  {account.Name,-10} {account.Address}  secret {account.Secret}");

        foreach (var fan in fans) await client.TopUpAsync(fan, Pocket, stopping);
        await MineAsync(output, $"each fan gets {Money(Pocket)}", stopping);

        var id = await CreateEventAsync(organiser, gate, stopping);
        await MineAsync(output, $"the organiser creates event {id}: resale up to 110 %, 5 % commission", stopping);

        for (var session = 0; session < Sessions; session++) await IssueAsync(organiser, id, session, stopping);
        await MineAsync(output, $"the organiser issues {Sessions} x {Rows * SeatsInRow} tickets at {Money(FacePrice)}", stopping);

        await WalkOwnersAsync(output, id, fans, names, stopping);
        await WalkResaleAsync(output, id, fans, stopping);
        await WalkGateAsync(output, id, gate, fans[1], stopping);
        foreach (var account in names.Accounts) await output.WriteLineAsync($"  {account.Name,-10} has {Money(Ledger.BalanceOf(account.Address))} and {Held(account.Address)} tickets");
    }

    // S0.11 and S0.14: bought, sold back, bought by a second user; and the history says so for ever.
    private async Task WalkOwnersAsync(TextWriter output, EventId id, DemoAccount[] fans, DemoNames names, CancellationToken stopping)
    {
        var ticket = TicketOf(id, 0);
        await client.SendAsync(fans[0], PurchaseTicket.TypeName, stopping, Ticket(ticket), new("max_price", JsonValue.Of(FacePrice)));
        await MineAsync(output, $"fan A buys ticket {ticket} (seat {SeatOf(0)}) for {Money(FacePrice)}", stopping);
        await client.SendAsync(fans[0], ReturnTicket.TypeName, stopping, Ticket(ticket));
        await MineAsync(output, $"fan A sells it back to the organiser for {Money(FacePrice)}", stopping);
        await client.SendAsync(fans[1], PurchaseTicket.TypeName, stopping, Ticket(ticket), new("max_price", JsonValue.Of(FacePrice)));
        await MineAsync(output, $"fan B buys it for {Money(FacePrice)}", stopping);
        await ShowHistoryAsync(output, ticket, names);
    }

    private async Task WalkResaleAsync(TextWriter output, EventId id, DemoAccount[] fans, CancellationToken stopping)
    {
        var ticket = TicketOf(id, 1);
        await client.SendAsync(fans[2], PurchaseTicket.TypeName, stopping, Ticket(ticket), new("max_price", JsonValue.Of(FacePrice)));
        await client.SendAsync(fans[2], ListTicket.TypeName, stopping, Ticket(ticket), new("price", JsonValue.Of(ResalePrice)));
        await MineAsync(output, $"fan C buys ticket {ticket} (seat {SeatOf(1)}) and offers it for {Money(ResalePrice)}", stopping);
        await client.SendAsync(fans[0], PurchaseTicket.TypeName, stopping, Ticket(ticket), new("max_price", JsonValue.Of(ResalePrice)));
        await MineAsync(output, $"fan A buys it; the organiser gets {Money(ResalePrice * 5 / 100)} of that", stopping);
    }

    private async Task WalkGateAsync(TextWriter output, EventId id, DemoAccount gate, DemoAccount holder, CancellationToken stopping)
    {
        var ticket = TicketOf(id, 0);
        if (!codes.Make(ticket, holder.Address).TryGet(out var code, out var refusal)) throw new DemoStoppedException("A code", refusal);

        await output.WriteLineAsync($"  fan B shows {code.Code[..24]}…: the gate reads {judge.Judge(code.Code, gate.Address).Result}");
        await client.SendAsync(gate, RedeemTicket.TypeName, stopping, Ticket(ticket));
        await MineAsync(output, "the gate lets fan B in", stopping);
        await output.WriteLineAsync($"  the same code again: the gate reads {judge.Judge(code.Code, gate.Address).Result}");
    }

    private async Task<EventId> CreateEventAsync(DemoAccount organiser, DemoAccount gate, CancellationToken stopping)
    {
        var sessions = Enumerable.Range(0, Sessions).Select(i => JsonValue.Object(
        [
            new("date", JsonValue.Of(client.DayIn(30 + i).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))),
            new("time", JsonValue.Of("19:00")),
        ]));
        var resale = JsonValue.Object(
        [
            new("resale", JsonValue.Of("capped")),
            new("max_price_percent", JsonValue.Of(110)),
            new("commission_percent", JsonValue.Of(5)),
        ]);
        var payload = await client.SendAsync(
            organiser,
            CreateEvent.TypeName,
            stopping,
            new("name", JsonValue.Of(EventName)),
            new("venue", JsonValue.Of("Demo hall")),
            new("sessions", JsonValue.Array(sessions)),
            new("gates", JsonValue.Array([JsonValue.Of(gate.Address.ToString())])),
            new("resale", resale));
        return EventId.Of(payload.Id);
    }

    private Task<Payload> IssueAsync(DemoAccount organiser, EventId id, int session, CancellationToken stopping) => client.SendAsync(
        organiser,
        IssueTickets.TypeName,
        stopping,
        new("event_id", JsonValue.Of(id.ToString())),
        new("session", JsonValue.Of(session)),
        new("seats", JsonValue.Array(Enumerable.Range(0, Rows * SeatsInRow).Select(seat => JsonValue.Of(SeatOf(seat))))),
        new("price", JsonValue.Of(FacePrice)));

    private async Task ShowAsync(TextWriter output, EventId id, EventTerms terms)
    {
        var tickets = Ledger.TicketsOf(id).Select(entry => Ledger.Tickets.Find(entry.Value)!).ToArray();
        var statuses = tickets.GroupBy(ticket => ticket.Status).Select(group => $"{group.Count()} {group.Key.ToString().ToLowerInvariant()}");
        await output.WriteLineAsync("Demo: it is on this data directory already. The secrets were shown when it was walked; for new ones start with another --Node:DataDirectory=…");
        await output.WriteLineAsync($"  organiser  {terms.Organiser}");
        foreach (var gate in terms.Gates) await output.WriteLineAsync($"  gate       {gate}");
        await output.WriteLineAsync($"  event      {id}, {tickets.Length} tickets: {string.Join(", ", statuses)}");
        if (Ledger.Tickets.Contains(TicketOf(id, 0))) await ShowHistoryAsync(output, TicketOf(id, 0), new DemoNames([]));
    }

    private async Task ShowHistoryAsync(TextWriter output, TicketId ticket, DemoNames names)
    {
        const int MostLines = 20;
        await output.WriteLineAsync($"  history of ticket {ticket}:");
        foreach (var line in client.Node.Store.TicketHistory(ticket, after: null, MostLines))
        {
            var change = line.Change;
            var price = change.Price is { } paid ? Money(paid) : string.Empty;
            await output.WriteLineAsync($"    block {line.Position.BlockIndex,-4} {change.Status.ToString().ToLowerInvariant(),-9} {names.Of(change.To),-10}  {change.Type}  {price}".TrimEnd());
        }
    }

    private async Task MineAsync(TextWriter output, string what, CancellationToken stopping)
    {
        var block = await client.MineAsync(stopping);
        await output.WriteLineAsync($"  block {block.Index,-4} {what}");
    }

    private (EventId Id, EventTerms Terms)? FindEvent()
    {
        foreach (var (_, id) in Ledger.EventOrder)
        {
            var terms = Ledger.Events.Find(id)!;
            if (terms.Name == EventName && client.Node.Accounts.IsKept(terms.Organiser)) return (id, terms);
        }

        return null;
    }

    private LedgerState Ledger => client.Node.Snapshot.Pending.State;

    private int Held(Address account) => Ledger.TicketsOf(account).Count(entry => Ledger.Tickets.Find(entry.Key)!.Status != TicketStatus.Unsold);

    private string Money(long amount) => string.Create(CultureInfo.InvariantCulture, $"{amount / 100}.{amount % 100:00} {client.Node.Spec.Currency}");

    private static string SeatOf(int index) => $"{(char)('A' + (index / SeatsInRow))}-{(index % SeatsInRow) + 1}";

    private static TicketId TicketOf(EventId id, int seat) => IssueTickets.TicketOf(id, 0, SeatOf(seat));

    private static JsonMember Ticket(TicketId ticket) => new("ticket_id", JsonValue.Of(ticket.ToString()));
}

/// <summary>Calls accounts what the demonstration calls them; others by their address.</summary>
/// <param name="Accounts">Who is in it.</param>
internal sealed record DemoNames(IReadOnlyList<DemoAccount> Accounts)
{
    public string Of(Address address) => Accounts.FirstOrDefault(account => account.Address == address)?.Name ?? address.ToString();
}
