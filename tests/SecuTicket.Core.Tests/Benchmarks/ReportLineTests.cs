using SecuTicket.Benchmarks;

namespace SecuTicket.Core.Tests.Benchmarks;

public sealed class ReportLineTests
{
    [Fact]
    public void Its_json_has_what_programs_were_promised_in_that_order_and_nothing_else() =>
        new ReportLine("sync", 8123.456, "transactions/s", 9000, "A", 0.902606, 5, 8000, 8200) { Asked = ">= 8,000", IsMet = true, Notes = ["one"] }.ToJson().Should().Be(
            """{"name":"sync","value":8123.5,"unit":"transactions/s","limit":9000,"limit_name":"A","ratio":0.90261,"runs":5,"min":8000,"max":8200}""");

    [Fact]
    public void What_has_no_limit_says_null() => new ReportLine("restart_1m", 1.5, "s", null, null, null, 5, 1.4, 1.6).ToJson().Should().Be(
        """{"name":"restart_1m","value":1.5,"unit":"s","limit":null,"limit_name":null,"ratio":null,"runs":5,"min":1.4,"max":1.6}""");
}
