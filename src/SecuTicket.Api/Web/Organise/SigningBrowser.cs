using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.JSInterop;

namespace SecuTicket.Api.Web.Organise;

/// <summary>The wallet that signs in a browser.</summary>
/// <param name="Address">Its account, as the browser writes it.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Asks">Whether each signature asks its owner: a passkey.</param>
public sealed record SigningWallet(string Address, string Name, bool Asks);

/// <summary>What became of something that the browser signed and sent.</summary>
/// <param name="Ok">Whether the node took it.</param>
/// <param name="Answer">The node's answer, where it did.</param>
/// <param name="Code">Why not, as a code; empty where nobody answered.</param>
/// <param name="Message">Why not, in the reader's language.</param>
/// <param name="Errors">Faulty fields, where the node named some.</param>
public sealed record Outcome(bool Ok, JsonElement? Answer, string? Code, string? Message, Dictionary<string, string[]>? Errors)
{
    /// <summary>A text of the answer; empty when it has none of that name.</summary>
    public string Text(string name) => Answer is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
}

/// <summary>The browser of an open page, as far as it signs: keys and secrets stay there, and what is signed goes from there to the HTTP contract.</summary>
/// <param name="js">Calls the browser.</param>
public sealed class SigningBrowser(IJSRuntime js) : IAsyncDisposable
{
    private const string Script = "/web/js/organise/desk.js";

    // A person takes a while to say yes to a passkey.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private IJSObjectReference? _script;

    /// <summary>The wallet that signs; <see cref="LivePage.WalletChanged"/> hears of another one.</summary>
    public async Task<SigningWallet?> WatchWalletAsync(DotNetObjectReference<LivePage> page) => await (await ScriptAsync()).InvokeAsync<SigningWallet?>("watchWallet", page);

    /// <summary>Has a transaction signed and sends it.</summary>
    /// <param name="route">Such as <c>/tickets</c>.</param>
    /// <param name="fields">The payload's fields but those that all have.</param>
    /// <param name="replaced">What fields of the event are replaced: where they are others by the time that it is signed, it is not sent. Null where nothing is.</param>
    public Task<Outcome> WriteAsync(string route, JsonObject fields, JsonObject? replaced = null) => CallAsync("submit", route, fields, replaced);

    /// <summary>Sends a request that proves who asks.</summary>
    /// <param name="method">Such as <c>PUT</c>.</param>
    /// <param name="path">Such as <c>/events/…/messages</c>.</param>
    /// <param name="body">Null for none.</param>
    public Task<Outcome> AskAsync(string method, string path, JsonObject? body = null) => CallAsync("ask", method, path, body);

    /// <summary>Unix seconds of moments as the browser's clock shows them, such as <c>2027-06-15T19:00</c>; null for those that are none.</summary>
    public async Task<long?[]> SecondsAsync(params string[] texts) => await (await ScriptAsync()).InvokeAsync<long?[]>("secondsOf", [texts]);

    /// <summary>The other way round; empty for null.</summary>
    public async Task<string[]> TextsAsync(params long?[] seconds) => await (await ScriptAsync()).InvokeAsync<string[]>("textsOf", [seconds]);

    /// <summary>Whether what was typed is what a person reads of a text: what can not be seen, and forms of one character, make no difference. Browsers know all of Unicode, this process does not.</summary>
    public async Task<bool> IsSameAsync(string typed, string text) => await (await ScriptAsync()).InvokeAsync<bool>("isSame", typed, text);

    /// <summary>The browser's time zone, and what it calls the zones it knows into a list of the page.</summary>
    public async Task<string> ZoneAsync() => await (await ScriptAsync()).InvokeAsync<string>("zone");

    /// <summary>Has a new event signed and sends it; its seats are remembered, and its draft forgotten, in the browser as soon as the node took it, whatever becomes of this page.</summary>
    /// <param name="fields">The payload's fields but those that all have.</param>
    /// <param name="blocks">The seats that it is to have.</param>
    public Task<Outcome> CreateAsync(JsonObject fields, JsonArray blocks) => CallAsync("create", fields, blocks);

    /// <summary>Begins to keep what the page's form holds, and tells what was kept before; null where there is none.</summary>
    public async Task<Dictionary<string, string>?> BeginDraftAsync() => await (await ScriptAsync()).InvokeAsync<Dictionary<string, string>?>("beginDraft");

    /// <summary>Forgets what was typed.</summary>
    public async Task ForgetDraftAsync() => await (await ScriptAsync()).InvokeVoidAsync("forgetDraft");

    /// <summary>Remembers in the browser which seats an event is to have, so that issuing goes on after whatever interrupts it.</summary>
    public async Task PlanAsync(string eventId, JsonArray blocks) => await (await ScriptAsync()).InvokeVoidAsync("plan", eventId, blocks);

    /// <summary>Issues what an event still lacks of its plan. Returns at once; <paramref name="panel"/> hears how it goes.</summary>
    public async Task IssueAsync<T>(string eventId, DotNetObjectReference<T> panel, bool starts)
        where T : class => await (await ScriptAsync()).InvokeVoidAsync("issue", eventId, panel, starts);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_script is not { } script) return;

        _script = null;
        try
        {
            await script.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page went away, and its script with it.
        }
    }

    private async Task<Outcome> CallAsync(string name, params object?[] arguments) => await (await ScriptAsync()).InvokeAsync<Outcome>(name, Patience, arguments);

    private async ValueTask<IJSObjectReference> ScriptAsync() => _script ??= await js.InvokeAsync<IJSObjectReference>("import", Script);
}
