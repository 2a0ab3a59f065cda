using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Api.Web.Sale;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>How rules, money, numbers and days are written.</summary>
public sealed class PlainWordsTests : IDisposable
{
    private readonly NodeFactory _node = new();
    private readonly IServiceScope _scope;
    private readonly CultureInfo _former = CultureInfo.CurrentUICulture;

    public PlainWordsTests()
    {
        _scope = _node.Services.CreateScope();
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
    }

    public void Dispose()
    {
        CultureInfo.CurrentUICulture = _former;
        _scope.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void Rules_are_said_one_sentence_each_and_nothing_of_a_resale_that_there_is_not()
    {
        var words = _scope.ServiceProvider.GetRequiredService<RulesInWords>();
        string[] Said(ResaleRules rules) => [.. words.Of(rules).Select(static one => one.Replace('\u00a0', ' '))];
        var capped = ResaleRules.Default with { Mode = ResaleMode.Capped, MaxPricePercent = 110, CommissionPercent = 5, MaxResales = 2, Resellers = [new Address(new byte[20]), new Address(new byte[20])], OpensAt = 0, ClosesAt = 86_400, RefundPercent = 50, ReturnUntil = 60 };

        Said(ResaleRules.Default).Should().Equal("You may give it to somebody else.", "It may be resold for at most its face price.", "You may return it: 100 % of its face price comes back.");
        Said(capped).Should().Equal(
            "You may give it to somebody else.", "It may be resold for at most 110 % of its face price.", "5 % of a resale goes to the organiser.", "One ticket may be resold 2 times.", "Only 2 accounts named by the organiser may resell.",
            "Resale opens on 1 January 1970, 00:00:00 UTC.", "Resale closes on 2 January 1970, 00:00:00 UTC.", "You may return it until 1 January 1970, 00:01:00 UTC: 50 % of its face price comes back.");
        Said(capped with { MaxResales = 1, Resellers = [new Address(new byte[20])] }).Should().Contain("One ticket may be resold once.").And.Contain("Only one account named by the organiser may resell.");
        Said(capped with { MaxResales = 0, Resellers = [] }).Should().Contain("No ticket may be resold a single time.").And.Contain("Nobody may resell.");
        Said(capped with { Mode = ResaleMode.Forbidden, TransferAllowed = false, ReturnUntil = null }).Should().Equal("It can not be given to somebody else.", "It can not be resold.", "You may return it: 50 % of its face price comes back.");
        Said(capped with { Mode = ResaleMode.Free })[1].Should().Be("It may be resold at any price.");
        words.MomentOf(long.MaxValue).Should().Be("9,223,372,036,854,775,807 UTC");
        words.MomentOf(long.MinValue).Should().Be("−9,223,372,036,854,775,808 UTC");
    }

    [Theory]
    [InlineData("en", "−1,250.05 EUR", "−92,233,720,368,547,758.08", "Tuesday 15 June 2027, 19:00", "31 December 2026, 23:30:05")]
    [InlineData("fr", "−1 250,05 EUR", "−92 233 720 368 547 758,08", "mardi 15 juin 2027, 19:00", "31 décembre 2026, 23:30:05")]
    public void Money_numbers_and_days_are_written_in_the_readers_language(string language, string money, string least, string session, string moment)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var words = _scope.ServiceProvider.GetRequiredService<PageWords>();

        words.Money(-1_250_05).Replace('\u00a0', ' ').Should().Be(money);
        words.Amount(long.MinValue).Replace('\u00a0', ' ').Should().Be(least);
        words.Number(-7).Should().Be("−7");
        words.Local("2027-06-15T19:00").Should().Be(session);
        words.Local("2027-06-15").Should().BeNull();
        words.Moment(new DateTimeOffset(2027, 1, 1, 0, 30, 5, TimeSpan.FromHours(1))).Should().Be(moment);
    }
}
