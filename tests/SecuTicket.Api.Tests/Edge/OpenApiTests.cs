using System.Text.Json;
using SecuTicket.Api.Swagger;

namespace SecuTicket.Api.Tests.Edge;

public sealed class OpenApiTests
{
    [Fact]
    public async Task A_transaction_is_documented_with_its_type_fields_example_security_and_refusals()
    {
        var purchase = (await DocumentAsync()).GetProperty("paths").GetProperty("/tickets/purchase").GetProperty("post");

        purchase.GetProperty("x-transaction-type").GetString().Should().Be("purchase_ticket");
        var json = purchase.GetProperty("requestBody").GetProperty("content").GetProperty("application/json");
        json.GetProperty("example").GetProperty("ticket_id").GetString().Should().Be(ExampleIds.Ticket);
        json.GetProperty("schema").GetProperty("$ref").GetString().Should().EndWith("/PurchaseTicketDocument");
        purchase.GetProperty("security")[0].TryGetProperty("account", out _).Should().BeTrue();
        var responses = purchase.GetProperty("responses");
        foreach (var status in new[] { "400", "401", "404", "409", "413", "415", "422", "429", "503" })
            responses.GetProperty(status).GetProperty("content").TryGetProperty("application/problem+json", out _).Should().BeTrue(status);
        responses.GetProperty("422").GetProperty("description").GetString().Should().Contain("`price_above_max`");
    }

    [Fact]
    public async Task Fields_are_snake_case_with_their_summaries_and_limits()
    {
        var schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty("PurchaseTicketDocument");

        var properties = schema.GetProperty("properties");
        properties.GetProperty("max_price").GetProperty("description").GetString().Should().Contain("minor units");
        properties.GetProperty("nonce").GetProperty("pattern").GetString().Should().Be("^[A-Za-z0-9_-]{16,64}$");
        properties.GetProperty("valid_until").GetProperty("maximum").GetInt64().Should().Be(9_007_199_254_740_991);
        schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).Should().BeEquivalentTo("sender", "nonce", "valid_until", "ticket_id", "max_price");
    }

    [Fact]
    public async Task Batches_signed_requests_admin_routes_and_queries_are_documented()
    {
        var document = await DocumentAsync();
        var paths = document.GetProperty("paths");

        paths.GetProperty("/transactions/batch").GetProperty("post").GetProperty("requestBody").GetProperty("content").TryGetProperty("application/x-ndjson", out _).Should().BeTrue();
        var code = paths.GetProperty("/tickets/{id}/code").GetProperty("get");
        code.GetProperty("x-signed-request").GetBoolean().Should().BeTrue();
        code.GetProperty("parameters")[0].GetProperty("example").GetString().Should().Be(ExampleIds.Ticket);
        var mine = paths.GetProperty("/mine").GetProperty("post");
        mine.GetProperty("security")[0].TryGetProperty("admin", out _).Should().BeTrue();
        mine.TryGetProperty("requestBody", out _).Should().BeFalse("a body that says nothing is better left out");
        paths.GetProperty("/events").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString())
            .Should().BeEquivalentTo("limit", "after", "pending");
        document.GetProperty("x-examples").GetProperty("account").GetString().Should().Be(ExampleIds.Account);
        document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).Should().BeEquivalentTo("account", "admin");
    }

    [Fact]
    public async Task The_page_asks_nothing_of_third_parties_and_fails_closed_without_its_script()
    {
        await using var host = await EdgeHost.StartAsync();

        var page = await host.Client.GetAsync("/swagger/index.html");

        page.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("default-src 'self'").And.Contain("connect-src 'self'");
        (await page.Content.ReadAsStringAsync()).Should().NotContain("http://").And.NotContain("https://").And.Contain("./sign.js");
        (await host.Client.GetStringAsync("/swagger/index.js")).Should().Contain("SecuTicketPage.sign(request)").And.NotContain("persistAuthorization\":true");
    }

    private static async Task<JsonElement> DocumentAsync()
    {
        await using var host = await EdgeHost.StartAsync();
        return JsonDocument.Parse(await host.Client.GetStringAsync("/swagger/v1/swagger.json")).RootElement;
    }
}
