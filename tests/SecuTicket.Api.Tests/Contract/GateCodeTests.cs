using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

public sealed class GateCodeTests
{
    [Fact]
    public async Task A_kept_holder_gets_a_code_its_drawing_and_when_it_ends()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);

        using var answer = await stage.Node.SendSignedAsync(stage.Fan, HttpMethod.Get, $"/tickets/{stage.Tickets[0]}/code");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.Should().BeTrue();
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        json.GetProperty("expires_at").GetString().Should().Be("2027-06-15T18:00:30.000Z");
        var code = GateCode.Parse(json.GetProperty("code").GetString()!).Value;
        code.Ticket.ToString().Should().Be(stage.Tickets[0]);
        code.At.Should().Be((uint)stage.Node.Clock.Now.ToUnixTimeSeconds());
        Core.Primitives.Address.Of(code.Key).Should().Be(stage.Fan.Address);
    }

    [Fact]
    public async Task The_drawing_is_an_svg_of_the_smallest_QR_code_that_holds_the_text_at_level_M()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        using var answer = await stage.Node.SendSignedAsync(stage.Fan, HttpMethod.Get, $"/tickets/{stage.Tickets[0]}/code");
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        var svg = XDocument.Parse(json.GetProperty("svg").GetString()!).Root!;

        svg.Name.LocalName.Should().Be("svg");
        svg.Attribute("width").Should().BeNull("it scales");

        // ISO/IEC 18004, table 7: 181 alphanumeric characters at level M take version 8 (49 modules), 181 bytes would take version 10.
        const int Modules = 49 + (2 * 4);
        svg.Attribute("viewBox")!.Value.Should().Be($"0 0 {Modules} {Modules}");
    }

    [Fact]
    public async Task Only_the_present_holder_gets_one()
    {
        using var stage = await Stage.OpenAsync();
        await stage.BuyAsync(stage.Fan, stage.Tickets[0]);
        await stage.SendAsync(stage.Fan, "transfer_ticket", new { ticket_id = stage.Tickets[0], recipient = stage.Own.Id });

        await RefusedAsync(stage, stage.Fan, $"/tickets/{stage.Tickets[0]}/code", HttpStatusCode.Forbidden, "not_holder");
        await RefusedAsync(stage, stage.Organiser, $"/tickets/{stage.Tickets[1]}/code", HttpStatusCode.Forbidden, "not_holder");
        await RefusedAsync(stage, stage.Own, $"/tickets/{stage.Tickets[0]}/code", HttpStatusCode.Unauthorized, "unknown_account");
        await RefusedAsync(stage, stage.Fan, $"/tickets/{new string('0', 32)}/code", HttpStatusCode.NotFound, "not_found");
        await RefusedAsync(stage, stage.Fan, $"/tickets/{stage.Tickets[0].ToUpperInvariant()}x/code", HttpStatusCode.BadRequest, "invalid_field");
        await stage.Node.Api.GetRefusedAsync($"/tickets/{stage.Tickets[0]}/code", HttpStatusCode.Unauthorized, "signature_missing");
    }

    private static async Task RefusedAsync(Stage stage, Wallet sender, string path, HttpStatusCode status, string code)
    {
        using var answer = await stage.Node.SendSignedAsync(sender, HttpMethod.Get, path);
        await answer.ShouldBeProblemAsync(status, code);
    }
}
