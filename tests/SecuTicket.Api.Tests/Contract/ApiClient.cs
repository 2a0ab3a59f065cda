using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Asks a node over HTTP and holds it to its word: each call says which status it expects, and gives the answer's JSON.</summary>
public sealed class ApiClient(HttpClient http, TimeProvider clock)
{
    public HttpClient Http { get; } = http;

    public Task<JsonElement> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) => ReadAsync(Http.GetAsync(path), expected);

    public Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected = HttpStatusCode.Created) => ReadAsync(SendAsync(HttpMethod.Post, path, body), expected);

    /// <summary>Signs and posts a transaction that must be admitted.</summary>
    public Task<JsonElement> PostAsync(string path, Wallet sender, string type, object fields, params Wallet[] others) =>
        PostAsync(path, sender.Sign(type, fields, clock.GetUtcNow(), others));

    /// <summary>Signs and posts a transaction that must be refused.</summary>
    public Task<JsonElement> PostRefusedAsync(string path, Wallet sender, string type, object fields, HttpStatusCode status, string code, params Wallet[] others) =>
        PostRefusedAsync(path, sender.Sign(type, fields, clock.GetUtcNow(), others), status, code);

    public async Task<JsonElement> PostRefusedAsync(string path, object body, HttpStatusCode status, string code)
    {
        using var answer = await SendAsync(HttpMethod.Post, path, body);
        return await answer.ShouldBeProblemAsync(status, code);
    }

    public async Task<JsonElement> GetRefusedAsync(string path, HttpStatusCode status, string code)
    {
        using var answer = await Http.GetAsync(path);
        return await answer.ShouldBeProblemAsync(status, code);
    }

    /// <summary>All items of a paged list, read page by page; every page but the last must be full.</summary>
    public async Task<IReadOnlyList<JsonElement>> GetAllAsync(string path, int limit)
    {
        var items = new List<JsonElement>();
        var separator = path.Contains('?') ? '&' : '?';
        string? after = null;
        do
        {
            var page = await GetAsync($"{path}{separator}limit={limit}{(after is null ? string.Empty : $"&after={after}")}");
            var count = page.GetProperty("items").GetArrayLength();
            items.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString();
            if (after is null) count.Should().BeLessThanOrEqualTo(limit);
            else count.Should().Be(limit);
        }
        while (after is not null);
        return items;
    }

    /// <summary>Sends a body: text as it is, anything else as JSON.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
        {
            var text = body switch
            {
                string raw => raw,
                JsonValue json => Encoding.UTF8.GetString(CanonicalJson.Write(json)),
                _ => JsonSerializer.Serialize(body),
            };
            request.Content = new StringContent(text, Encoding.UTF8, "application/json");
        }

        return await Http.SendAsync(request);
    }

    private static async Task<JsonElement> ReadAsync(Task<HttpResponseMessage> sending, HttpStatusCode expected)
    {
        using var answer = await sending;
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.Should().Be(expected, "{0}", text);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("application/json");
        return JsonDocument.Parse(text).RootElement;
    }
}
