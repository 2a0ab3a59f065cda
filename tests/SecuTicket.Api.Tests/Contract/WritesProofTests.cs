using SecuTicket.Core.Encoding;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>What is malformed is 400; what is well formed and proves nothing is 401.</summary>
public sealed class WritesProofTests(OpenSale sale) : IClassFixture<OpenSale>
{
    private const string Order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    private const string One = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string Zero = "0000000000000000000000000000000000000000000000000000000000000000";

    [Theory]
    [InlineData(Zero + Zero)]
    [InlineData(Zero + One)]
    [InlineData(One + Zero)]
    [InlineData(Order + One)]
    [InlineData(One + Order)]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF" + One)]
    public async Task A_signature_out_of_range_is_a_wrong_one(string signature) // S2.6
    {
        await sale.Scenario.PostRefusedAsync("/transactions", With(sale.Scenario, signature), 401, "signature_invalid");
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData(One)]
    [InlineData(One + One + "00")]
    [InlineData("g000000000000000000000000000000000000000000000000000000000000000" + One)]
    public async Task What_is_neither_128_hex_digits_nor_DER_is_malformed(string signature) // S2.6
    {
        await sale.Scenario.PostRefusedAsync("/transactions", With(sale.Scenario, signature), 400, "invalid_field");
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("Paris")]
    public async Task A_time_zone_that_does_not_exist_is_malformed(string zone) // S0.1
    {
        var scenario = sale.Scenario;

        var problem = await scenario.PostRefusedAsync(scenario.Organiser, "create_event", Event(zone), 400, "invalid_field");

        problem.GetProperty("errors").TryGetProperty("time_zone", out _).Should().BeTrue();
        await scenario.PostAsync(scenario.Organiser, "create_event", Event("America/Argentina/Buenos_Aires"));
    }

    private static object Event(string zone) => new { name = "Encore", venue = "Hall", sessions = new[] { new { date = "2027-06-15", time = "19:00" } }, time_zone = zone };

    private static JsonValue With(WritesScenario scenario, string signature)
    {
        var good = scenario.Sign(scenario.Fan, "record", new { data = 1 });
        var wrong = good.Find("signatures")!.Items[0].With("signature", JsonValue.Of(signature));
        return good.With("signatures", JsonValue.Array([wrong]));
    }
}
