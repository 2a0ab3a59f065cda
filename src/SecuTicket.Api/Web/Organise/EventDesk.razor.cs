using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using SecuTicket.Api.Events;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Certificates;

namespace SecuTicket.Api.Web.Organise;

/// <summary>All that an organiser sees and does of one event. Everybody may look: nothing here is a secret of the chain.</summary>
public sealed partial class EventDesk : LivePage
{
    private readonly Dictionary<string, Task<Outcome>> _underWay = new(StringComparer.Ordinal);
    private CertificateStanding _standing = CertificateStanding.None;
    private IssuePanel? _issue;

    /// <summary>The event, as the path has it.</summary>
    [Parameter]
    public required string Id { get; set; }

    /// <summary>The event.</summary>
    public EventId EventId { get; private set; }

    /// <summary>Its rules; null where there is no such event.</summary>
    public EventTerms? Terms { get; private set; }

    /// <summary>Its counts and sums.</summary>
    public EventTally Tally { get; private set; } = EventTally.Empty;

    /// <summary>The same as far as blocks confirm.</summary>
    public EventTally Confirmed => Snapshot.Chain.Ledger.TallyOf(EventId);

    /// <summary>The ledger that is shown.</summary>
    public LedgerState Ledger => Snapshot.Pending.State;

    /// <summary>Its sessions, as they are written.</summary>
    public IReadOnlyList<string> Sessions { get; private set; } = [];

    /// <summary>Whether the wallet that signs is the organiser's.</summary>
    public bool IsOrganiser => Account == Terms?.Organiser;

    /// <summary>Whether what only the organiser may do is out of reach; revoking and messages are wanted of a cancelled event, too.</summary>
    public string? Disabled => IsOrganiser ? null : "true";

    /// <summary>Why nothing of the event can be changed, as the name of a word; null where it can.</summary>
    public string? WhyNot => !IsOrganiser ? "desk.only_organiser" : Terms!.Cancelled ? "desk.is_cancelled" : null;

    /// <summary>Whether what changes the event is out of reach.</summary>
    public string? Unchangeable => WhyNot is null ? null : "true";

    /// <summary>Whether something is signed and sent now.</summary>
    public string? Busy => _underWay.Count > 0 ? "true" : null;

    /// <summary>Whether each signature asks the wallet's owner.</summary>
    public bool IsAsking => Wallet?.Asks == true;

    /// <summary>Whether the browser can be asked.</summary>
    public bool IsReady => IsAsked;

    private bool IsWaiting => Terms!.CreatedIn > Snapshot.Tip.Index;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        if (Core.Primitives.EventId.TryParse(Id, out var id))
        {
            EventId = id;
            Look();
        }

        if (Terms is null) Navigation.NotFound();
    }

    /// <inheritdoc/>
    protected override void Look()
    {
        // A block may have taken it away again; what was there stays in view until the page is opened anew.
        if (Ledger.Events.Find(EventId) is not { } terms) return;

        Tally = Ledger.TallyOf(EventId);
        if (ReferenceEquals(terms, Terms)) return;

        Terms = terms;
        Sessions = [.. terms.Sessions.Select(SessionContract.Of).Select(session => Words.Session(session.Date, session.Time))];
        _standing = Certificates.StandingOf(terms.Organiser);
    }

    /// <inheritdoc/>
    protected override Task BeginAsync() => _issue?.BeginAsync(WhyNot is null && !IsAsking) ?? Task.CompletedTask;

    /// <summary>Has a transaction about the event signed and sent, and shows what it changed.</summary>
    public Task<Outcome> WriteAsync(string route, string type, Action<JsonObject> fill) => WriteAsync(route, type, fill, null);

    /// <summary>Has the list of accounts with a task changed, and shows it.</summary>
    /// <param name="kind">The field of the contract: <c>sellers</c> or <c>gates</c>.</param>
    /// <param name="change">What becomes of the list.</param>
    /// <remarks>A list is sent whole. So what is changed is the one of this moment, not the one that the page shows, and the browser asks once more when it has signed: another desk may be open.</remarks>
    public Task<Outcome> ChangeAsync(string kind, Func<EquatableArray<Address>, IEnumerable<Address>> change)
    {
        Refresh();
        var present = kind == "gates" ? Terms!.Gates : Terms!.Sellers;
        return WriteAsync("/transactions", UpdateEvent.TypeName, fields => fields[kind] = Typed.Json(change(present)), new JsonObject { [kind] = Typed.Json(present) });
    }

    /// <summary>Has a transaction about a ticket signed and sent, and shows what it changed.</summary>
    public Task<Outcome> RevokeAsync(TicketId ticket) =>
        ShowAsync($"/tickets/revoke {ticket}", () => Browser.WriteAsync("/tickets/revoke", new JsonObject { ["type"] = RevokeTicket.TypeName, ["ticket_id"] = ticket.ToString() }));

    /// <summary>Sends a request about the event that proves who asks.</summary>
    public Task<Outcome> AskAsync(string method, string what, JsonObject? body = null) => ShowAsync($"{method} {what} {body?.ToJsonString()}", () => Browser.AskAsync(method, $"/events/{EventId}/{what}", body));

    /// <summary>Shows what was issued meanwhile.</summary>
    public void Changed()
    {
        Refresh();
        StateHasChanged();
    }

    // On a slow line people press again: the same as what is under way is that, and is not signed and sent a second time.
    private async Task<Outcome> ShowAsync(string what, Func<Task<Outcome>> ask)
    {
        if (!_underWay.TryGetValue(what, out var asked)) _underWay[what] = asked = ask();
        Outcome outcome;
        try
        {
            outcome = await asked;
        }
        finally
        {
            if (_underWay.GetValueOrDefault(what) == asked) _underWay.Remove(what);
        }

        Changed();
        return outcome;
    }

    private Task<Outcome> WriteAsync(string route, string type, Action<JsonObject> fill, JsonObject? replaced)
    {
        var fields = new JsonObject { ["type"] = type, ["event_id"] = EventId.ToString() };
        fill(fields);
        return ShowAsync($"{route} {fields.ToJsonString()}", () => Browser.WriteAsync(route, fields, replaced));
    }

    private Task StartIssueAsync() => _issue!.BeginAsync(starts: true);
}
