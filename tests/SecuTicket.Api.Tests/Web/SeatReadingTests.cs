using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Sale;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What a seat map reads again when something was sold.</summary>
public sealed class SeatReadingTests
{
    [Fact]
    public async Task Seats_are_told_as_they_wait_and_not_again_to_who_knows_them()
    {
        using var concert = await Concert.StartAsync(seats: 3);
        var path = $"/sale/{concert.EventId}/seats?session=0&area=0";
        using var before = await concert.Api.Http.GetAsync(path);
        (await before.Content.ReadAsStringAsync()).Should().Be("""{"offers":[],"states":"fff"}""");
        before.Headers.CacheControl!.NoCache.Should().BeTrue("seats are sold meanwhile");
        using var unchanged = await concert.Api.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", before.Headers.ETag!.Tag));
        unchanged.StatusCode.Should().Be(HttpStatusCode.NotModified);

        await concert.BuyAsync(concert.Alice, concert.Tickets[1]);

        using var after = await concert.Api.SendAsync(HttpMethod.Get, path, null, ("If-None-Match", before.Headers.ETag!.Tag));
        (await after.Content.ReadAsStringAsync()).Should().Be("""{"offers":[],"states":"ftf"}""");
    }

    [Fact]
    public async Task What_is_malformed_or_unknown_is_refused_as_everywhere()
    {
        using var concert = await Concert.StartAsync(seats: 1);
        foreach (var (path, status, code) in new[]
        {
            ("/sale/nonsense/seats", HttpStatusCode.BadRequest, "invalid_field"), ($"/sale/{concert.EventId}/seats?session=-1", HttpStatusCode.BadRequest, "invalid_field"),
            ($"/sale/{concert.EventId}/seats?area=x", HttpStatusCode.BadRequest, "invalid_field"), ($"/sale/{new string('0', 32)}/seats", HttpStatusCode.NotFound, "not_found"),
            ($"/sale/{concert.EventId}/seats?session=2", HttpStatusCode.NotFound, "not_found"), ($"/sale/{concert.EventId}/seats?session=1", HttpStatusCode.NotFound, "not_found"),
            ($"/sale/{concert.EventId}/seats?area=1", HttpStatusCode.NotFound, "not_found"),
        }) await concert.Api.GetRefusedAsync(path, status, code);
    }

    [Theory]
    [InlineData("Development", "127.0.0.1", true)]
    [InlineData("Development", "::1", true)]
    [InlineData("Development", "192.0.2.1", false)]
    [InlineData("Development", null, false)]
    [InlineData("Production", "127.0.0.1", false)]
    public void Money_for_trying_is_offered_on_the_developers_own_machine_only(string environment, string? remote, bool isOpen)
    {
        using var node = new NodeFactory();
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote) } };

        new Exchange(node.Services.GetRequiredService<NodeHost>(), new HostingEnvironment { EnvironmentName = environment }).IsOpenTo(context).Should().Be(isOpen);
    }

    // It is 15 June 2027, 18:00 UTC.
    [Theory]
    [InlineData("opens_at", 1_813_082_400, null)]
    [InlineData("opens_at", 1_813_082_401, "Resale opens on 15 June 2027, 18:00:01 UTC.")]
    [InlineData("closes_at", 1_813_082_400, null)]
    [InlineData("closes_at", 1_813_082_399, "Resale closed on 15 June 2027, 17:59:59 UTC.")]
    public async Task An_offer_is_not_sold_outside_of_its_time_and_its_map_says_why(string bound, long at, string? why)
    {
        using var concert = await Concert.StartAsync(seats: 1, resale: new Dictionary<string, object> { ["resale"] = "face_value", [bound] = at });

        var page = WebUtility.HtmlDecode(await PageAsync(concert, $"/sale/{concert.EventId}"));

        page.Should().Contain(why is null ? "data-sale " : $"data-resale-closed=\"{why}\"").And.NotContain(why is null ? "data-resale-closed" : "data-closed");
    }

    [Fact]
    public async Task What_a_holder_may_do_is_what_the_ledger_then_takes()
    {
        using var concert = await Concert.StartAsync(seats: 1, resale: new Dictionary<string, object> { ["resale"] = "capped", ["max_price_percent"] = 110, ["opens_at"] = 4_000_000_000, ["return"] = new { refund_percent = 50 } });
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.SealAsync();

        var page = WebUtility.HtmlDecode(await PageAsync(concert, $"/wallet/tickets/{concert.Tickets[0]}"));

        page.Should().Contain("Resale opens on 2 October 2096, 07:06:40 UTC.").And.Contain("You get 25.00 EUR back: 50\u00a0% of the face price of 50.00 EUR.");
        await concert.Api.PostRefusedAsync("/tickets/list", concert.Alice, "list_ticket", new { ticket_id = concert.Tickets[0], price = 1 }, HttpStatusCode.UnprocessableEntity, "outside_window");
        await concert.ReturnAsync(concert.Alice, concert.Tickets[0]);
    }

    private static async Task<string> PageAsync(Concert concert, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" }, { "Accept-Language", "en" } } };
        using var answer = await concert.Api.Http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
