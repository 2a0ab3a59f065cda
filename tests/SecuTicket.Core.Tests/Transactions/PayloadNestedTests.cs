using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Resale rules and sessions: objects within a payload, whose faults are named by their path.</summary>
public class PayloadNestedTests
{
    public static TheoryData<string, string?, string> Rules => new()
    {
        { """{}""", null, "" },
        { """{"transfer":"allowed","resale":"free"}""", null, "" },
        { """{"transfer":"forbidden","resale":"forbidden"}""", null, "" },
        { """{"max_price_percent":0,"commission_percent":0,"max_resales":0,"return":{"refund_percent":0}}""", null, "" },
        { """{"max_price_percent":1000,"commission_percent":100,"max_resales":2147483647,"return":{"refund_percent":1000,"until":0}}""", null, "" },
        { """{"opens_at":5,"closes_at":4}""", null, "" },
        { """{"resellers":[],"return":{}}""", null, "" },
        { """{"max_price_percent":1001}""", "resale.max_price_percent", "" },
        { """{"max_price_percent":-1}""", "resale.max_price_percent", "" },
        { """{"commission_percent":101}""", "resale.commission_percent", "" },
        { """{"commission_percent":-1}""", "resale.commission_percent", "" },
        { """{"max_resales":-1}""", "resale.max_resales", "" },
        { """{"max_resales":2147483648}""", "resale.max_resales", "" },
        { """{"return":{"refund_percent":1001}}""", "resale.return.refund_percent", "" },
        { """{"return":{"until":-1}}""", "resale.return.until", "" },
        { """{"return":100}""", "resale.return", "" },
        { """{"transfer":true}""", "resale.transfer", "" },
        { """{"transfer":"Allowed"}""", "resale.transfer", "" },
        { """{"resale":"face value"}""", "resale.resale", "" },
        { """{"resale":null}""", "resale.resale", "" },
        { """{"commission_to":"0x"}""", "resale.commission_to", "" },
        { """{"resellers":["0x"]}""", "resale.resellers[0]", "" },
        { """{"resellers":"0x"}""", "resale.resellers", "" },
        { """{"opens_at":-1}""", "resale.opens_at", "" },
        { """{"closes_at":"1"}""", "resale.closes_at", "" },
        { """[]""", "resale", "" },
        { """{"cap":1}""", "resale.cap", "unknown_field" },
        { """{"return":{"percent":1}}""", "resale.return.percent", "unknown_field" },
    };

    public static TheoryData<string, string?, string> Sessions => new()
    {
        { """[{"date":"2027-06-15","time":"00:00"}]""", null, "" },
        { """[{"date":"2028-02-29","time":"23:59"}]""", null, "" },
        { """[{"date":"9999-12-31","time":"19:00"}]""", null, "" },
        { """[{"date":"2027-06-15","time":"19:00"},{"date":"2027-06-15","time":"19:00"}]""", null, "" },
        { """[{"date":"2027-02-31","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-02-29","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-13-01","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-00-10","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"0000-01-01","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"15-06-2027","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-6-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027/06/15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":" 027-06-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"+027-06-15","time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":20270615,"time":"19:00"}]""", "sessions[0].date", "" },
        { """[{"date":"2027-06-15","time":"19:00"},{"date":"2027-06-16","time":"25:00"}]""", "sessions[1].time", "" },
        { """[{"date":"2027-06-15","time":"24:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19:60"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"7:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19h00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"19:00:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15","time":"１９:00"}]""", "sessions[0].time", "" },
        { """[{"date":"2027-06-15"}]""", "sessions[0].time", "missing_field" },
        { """[{"date":"2027-06-15","time":"19:00","hall":1}]""", "sessions[0].hall", "unknown_field" },
        { """["2027-06-15"]""", "sessions[0]", "" },
        { """[]""", "sessions", "" },
        { """{}""", "sessions", "" },
    };

    [Theory]
    [MemberData(nameof(Rules))]
    public void Resale_rules_are_read_to_their_bounds(string resale, string? field, string code) => Check("create_event", "resale", resale, field, code);

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_rules_of_an_update_are_read_like_those_of_a_creation(string resale, string? field, string code) => Check("update_event", "resale", resale, field, code);

    // S0.1: dates are validated.
    [Theory]
    [MemberData(nameof(Sessions))]
    public void Sessions_are_days_and_times_that_exist(string sessions, string? field, string code) => Check("create_event", "sessions", sessions, field, code);

    [Theory]
    [InlineData("""{"time":"19:00"}""", "date")]
    [InlineData("""{"date":"2027-06-15"}""", "time")]
    [InlineData("""{"date":20270615,"time":"19:00"}""", "date")]
    [InlineData("""{"date":"2027-06-15","time":19}""", "time")]
    public void What_is_missing_or_no_text_is_at_fault_once_and_not_for_being_no_day_too(string session, string field) =>
        Payload.From(Valid("create_event").With("sessions", Parse($"[{session}]"))).Refusal!.Faults.Select(fault => fault.Field).Should().Equal($"sessions[0].{field}");

    private static void Check(string type, string field, string json, string? fault, string code)
    {
        var refusal = Payload.From(Valid(type).With(field, Parse(json))).Refusal;
        refusal?.Field.Should().Be(fault, refusal.Detail);
        (refusal is null).Should().Be(fault is null);
        if (refusal is not null) refusal.Code.Should().Be(code.Length == 0 ? "invalid_field" : code);
    }
}
