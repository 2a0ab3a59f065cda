using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SecuTicket.Api.Tests.Processes;

namespace SecuTicket.Browser.Tests;

/// <summary>A node as an operator starts it, and Chromium before its Swagger page: the whole life of a ticket, by clicks.</summary>
[Collection(SwaggerChromium.Name)]
[Trait("Length", "longer")]
public sealed class TicketLifeTests(ChromiumFixture chromium) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("secuticket-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // S0.7, S0.11, S0.14
    [SkippableFact]
    public async Task The_whole_life_of_a_ticket_is_clicked_through_and_no_secret_leaves_the_page()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        await using var node = await NodeUnderTest.StartAsync(_folder);
        await page.OpenAsync(node.Url);
        await page.ShowAsync("life-1-start");
        await page.FoldAsync();
        var (organiser, fanA, fanB, gate) = (await MakeAccountAsync(page), await MakeAccountAsync(page), await MakeAccountAsync(page), await MakeAccountAsync(page));
        await page.SignAsAsync("fan A");
        (await page.PressAsync("POST /accounts/{address}/top-up")).ShouldBe(201);
        await page.SignAsAsync("fan B");
        (await page.PressAsync("POST /accounts/{address}/top-up")).ShouldBe(201);
        await page.SignAsAsync("nobody");

        await page.AuthorizeAsync(organiser.Account, organiser.Secret);
        var @event = (await page.PressAsync("POST /events")).ShouldBe(201)["event_id"];
        var ticket = (await page.PressAsync("POST /tickets")).ShouldBe(201).Json.GetProperty("ticket_ids")[0].GetString()!;
        (await page.PressAsync("POST /mine")).ShouldBe(200)["message"].Should().Be("New block forged");
        await page.ShowAsync("life-2-issued");

        await page.SignAsAsync("nobody");
        await page.AuthorizeByNameAsync("fan A");
        (await page.PressAsync("POST /tickets/purchase")).ShouldBe(201);
        await ShowForReadersAsync(page);
        (await page.PressAsync("POST /mine")).ShouldBe(200);
        var bought = (await page.PressAsync("GET /tickets/{id}")).ShouldBe(200);
        (bought["id"], bought["event_id"], bought["status"], bought["owner"]).Should().Be((ticket, @event, "sold", fanA.Account));
        (await page.PressAsync("POST /tickets/list")).ShouldBe(201);

        await page.SignAsAsync("fan B");
        (await page.PressAsync("POST /tickets/purchase")).ShouldBe(201);
        (await page.PressAsync("GET /tickets/{id}/code")).ShouldBe(200)["code"].Should().StartWith("ST1:");
        var scanned = (await page.PressAsync("POST /gate/scan")).ShouldBe(200);
        (scanned["result"], scanned.Json.GetProperty("ticket").GetProperty("owner").GetString()).Should().Be(("valid", fanB.Account));
        await page.ShowAsync("life-3-scanned");

        await page.SignAsAsync("gate");
        (await page.PressAsync("POST /tickets/redeem")).ShouldBe(201);
        (await page.PressAsync("POST /mine")).ShouldBe(200);
        var history = (await page.PressAsync("GET /tickets/{id}/history")).ShouldBe(200).Json.GetProperty("items");
        history.EnumerateArray().Select(change => $"{change.GetProperty("type").GetString()} {change.GetProperty("status").GetString()}")
            .Should().Equal("issue_tickets unsold", "purchase_ticket sold", "list_ticket listed", "purchase_ticket sold", "redeem_ticket redeemed");
        (await page.PressAsync("GET /chain/validate")).ShouldBe(200).Json.GetProperty("valid").GetBoolean().Should().BeTrue();

        await RefusedAsync(page, node);

        // The face price, then 10 % more of which 5 % are the organiser's.
        (await BalanceAsync(node, organiser.Account), await BalanceAsync(node, fanA.Account), await BalanceAsync(node, fanB.Account)).Should().Be((5_275, 20_225, 14_500));
        await node.KillAsync();
        (await page.PressAsync("POST /tickets/redeem")).ShouldBe(ShownAnswer.None);
        await page.ShouldHaveKeptAsync([organiser, fanA, fanB, gate]);
        page.Faults.Should().BeEmpty();
    }

    private static async Task RefusedAsync(PressedPage page, NodeUnderTest node)
    {
        (await page.PressAsync("POST /tickets/redeem")).ShouldBe(409)["code"].Should().Be("already_redeemed");
        await page.ShowAsync("life-4-refused");
        await page.SignAsAsync("nobody");
        (await page.PressAsync("POST /tickets/transfer")).ShouldBe(401)["detail"].Should().Contain("POST /accounts");
        page.SentTo("POST", "/tickets/transfer").Should().Be(0);
        await page.AuthorizeAsync("0x3f4D672BCdF5A8ec4E93D073eCd782D9E8d6B3aD", new string('5', 64));
        (await page.PressAsync("POST /tickets/transfer")).ShouldBe(401)["code"].Should().Be("unknown_account");
        (await node.Client.GetAsync("/health/live")).EnsureSuccessStatusCode();
        await page.SignAsAsync("gate");
    }

    // S0.7
    [SkippableFact]
    public async Task Every_example_works_when_it_is_pressed_in_its_turn()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        await using var node = await NodeUnderTest.StartAsync(_folder);
        await page.OpenAsync(node.Url);
        await page.FoldAsync();
        for (var i = 0; i < 4; i++) (await page.CallAsync("POST /accounts")).ShouldBe(201);
        (string SignAs, string[] Routes)[] turns =
        [
            ("fan A", ["POST /accounts/{address}/top-up", "GET /accounts/{address}"]),
            ("organiser", ["POST /events", "PUT /events/{id}/delegation", "POST /tickets", "POST /tickets/sell"]),
            ("fan A", ["POST /tickets/list", "POST /tickets/unlist", "POST /tickets/transfer", "POST /transactions", "POST /transactions/batch", "POST /transactions/new", "POST /transaction"]),
            ("fan A",
            [
                "PUT /accounts/{address}/identity", "GET /accounts/{address}/identity", "DELETE /accounts/{address}/identity", "PUT /accounts/{address}/contact", "GET /accounts/{address}/messages",
            ]),
            ("organiser", ["POST /events/{id}/messages", "POST /events/{id}/gate-pairings"]),
            ("gate", ["POST /gate/pair", "POST /gate/receipts"]),
            ("fan B", ["POST /tickets/return"]),
            ("organiser", ["GET /events/{id}/gate-pairings", "GET /events/{id}/gate-report", "POST /tickets/revoke", "POST /events/cancel"]),
            ("nobody",
            [
                "POST /blocks", "GET /mine", "POST /tickets/verify", "POST /nodes/resolve", "POST /miner/nodes/resolve", "GET /nodes/resolve", "GET /miner/nodes/resolve",
            ]),
        ];

        foreach (var (name, routes) in turns)
        {
            await page.SignAsAsync(name);
            foreach (var route in routes)
            {
                var answer = await page.CallAsync(route);
                answer.Status.Should().BeInRange(200, 201, "{0} says {1}", route, answer.Text);
            }
        }

        // What must be signed was pressed in its turn, but for the code, which needs a holder; the stream is listened to for seconds.
        // Of validators a chain of work knows none.
        string[] ofStakes = ["GET /validators", "GET /validators/schedule"];
        foreach (var route in ofStakes) (await page.CallAsync(route)).ShouldBe(422);
        foreach (var route in (await GetRoutesAsync(node)).Except(["GET /tickets/{id}/code", "GET /stream"]).Except(ofStakes).Except(turns.SelectMany(turn => turn.Routes))) (await page.CallAsync(route)).ShouldBe(200);
        (await page.CallAsync("POST /shutdown")).ShouldBe(202);
        page.Faults.Should().BeEmpty();
    }

    [SkippableFact]
    public async Task Fields_show_what_is_sent_until_somebody_types_and_a_stream_is_listened_to_for_a_while()
    {
        var page = new PressedPage(await chromium.NewPageAsync());
        await using var node = await NodeUnderTest.StartAsync(_folder);
        await page.OpenAsync(node.Url);
        await page.FoldAsync();
        var made = await MakeAccountAsync(page);
        var verify = (await page.OpenOperationAsync("POST /tickets/verify")).Locator(".body-param textarea");
        var account = (await page.OpenOperationAsync("GET /accounts/{address}")).Locator("input[placeholder=address]");
        await Assertions.Expect(verify).ToHaveValueAsync(new Regex(made.Account));
        await Assertions.Expect(verify).Not.ToHaveValueAsync(new Regex("acc00"));
        await Assertions.Expect(account).ToHaveValueAsync(made.Account);

        await verify.FillAsync("""{ "typed": true }""");
        await account.FillAsync("typed");
        await MakeAccountAsync(page);

        (await verify.InputValueAsync()).Should().Be("""{ "typed": true }""");
        (await account.InputValueAsync()).Should().Be("typed");
        (await page.PressAsync("GET /stream")).ShouldBe(200).Text.Should().Contain(": listening").And.Contain("curl -N");
    }

    private static async Task<(string Account, string Secret)> MakeAccountAsync(PressedPage page)
    {
        var made = (await page.PressAsync("POST /accounts")).ShouldBe(201);
        return (made["address"], made["secret"]);
    }

    private static async Task<long> BalanceAsync(NodeUnderTest node, string account) =>
        JsonDocument.Parse(await node.Client.GetStringAsync($"/accounts/{account}")).RootElement.GetProperty("balance").GetInt64();

    private static async Task<IEnumerable<string>> GetRoutesAsync(NodeUnderTest node) =>
        JsonDocument.Parse(await node.Client.GetStringAsync("/swagger/v1/swagger.json")).RootElement.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _)).Select(path => $"GET {path.Name}").ToArray();

    // docs/images/swagger.png: SECUTICKET_PICTURES=$PWD/docs/images dotnet test tests/SecuTicket.Browser.Tests --filter TicketLife
    private static async Task ShowForReadersAsync(PressedPage page)
    {
        await page.Page.SetViewportSizeAsync(1100, 1220);
        await (await page.OpenOperationAsync("POST /tickets/purchase")).EvaluateAsync("block => block.scrollIntoView()");
        await page.ShowAsync("swagger");
    }
}
