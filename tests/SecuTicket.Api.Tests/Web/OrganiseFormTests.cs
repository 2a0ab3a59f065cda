using Microsoft.Extensions.Localization;
using SecuTicket.Api.Web.Frame;
using SecuTicket.Api.Web.Organise;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Tests.Web;

/// <summary>What organisers type, what becomes of it, and what is kept of it.</summary>
public sealed class OrganiseFormTests
{
    private const long Now = 1_800_000_000;

    [Theory]
    [InlineData(null, null, "")]
    [InlineData(Now + 60, Now + 60, "opening.same")]
    [InlineData(null, Now, "opening.past_open")]
    [InlineData(Now - 60, Now - 30, "opening.past_open")]
    [InlineData(Now + 60, Now, "opening.past")]
    [InlineData(null, Now + 1, "opening.pause")]
    [InlineData(Now, Now + 1, "opening.pause")]
    [InlineData(Now + 60, Now + 30, "opening.earlier")]
    [InlineData(Now + 60, Now + 90, "opening.later")]
    public void A_new_opening_is_said_to_mean_what_the_ledger_makes_of_it(long? opens, long? typed, string meaning)
    {
        var form = new OpeningForm();
        form.Type("typed", typed);

        form.MeaningOf(Terms(opens), Now).Should().Be(meaning);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(Now, true)]
    [InlineData(Now + 1, false)]
    public void A_sale_is_open_from_its_opening_on(long? opens, bool isOpen) => OpeningForm.IsOpen(Terms(opens), Now).Should().Be(isOpen);

    [Fact]
    public void A_draft_fills_every_field_it_has()
    {
        var form = new EventForm();

        EventDraft.Restore(form, new Dictionary<string, string>
        {
            ["name"] = "Carmen",
            ["venue"] = "Opéra",
            ["time_zone"] = "Europe/Zurich",
            ["sale_opens_at"] = "2027-01-01T10:00",
            ["sellers"] = "0x1",
            ["gates"] = "0x2",
            ["sessions[0].date"] = "2027-06-15",
            ["sessions[1].time"] = "20:00",
            ["sessions[3].date"] = "2027-06-18",
            ["blocks[0].section"] = "Balcony",
            ["blocks[0].first_row"] = "B",
            ["blocks[0].last_row"] = "D",
            ["blocks[0].first_seat"] = "5",
            ["blocks[0].last_seat"] = "9",
            ["blocks[0].price"] = "50",
            ["blocks[1].session"] = "1",
            ["resale.resale"] = "free",
            ["resale.max_price_percent"] = "120",
            ["resale.commission_percent"] = "7",
            ["resale.commission_to"] = "0x3",
            ["resale.max_resales"] = "2",
            ["resale.resellers"] = "0x4",
            ["resale.opens_at"] = "2027-01-02T10:00",
            ["resale.closes_at"] = "2027-01-03T10:00",
            ["resale.return.refund_percent"] = "80",
            ["resale.return.until"] = "2027-01-04T10:00",
        });

        (form.Name, form.Venue, form.TimeZone, form.SaleOpensAt, form.Sellers, form.Gates).Should().Be(("Carmen", "Opéra", "Europe/Zurich", "2027-01-01T10:00", "0x1", "0x2"));
        form.Sessions.Select(session => (session.Date, session.Time)).Should().Equal([("2027-06-15", ""), ("", "20:00")], "what comes after a gap belongs to another form");
        form.Seats.Blocks.Select(block => (block.Section, block.FirstRow, block.LastRow, block.FirstSeat, block.LastSeat, block.Price, block.Session))
            .Should().Equal(("Balcony", "B", "D", "5", "9", "50", ""), ("", "A", "A", "1", "20", "", "1"));
        var rules = form.Rules;
        (rules.Mode, rules.MaxPrice, rules.Commission, rules.CommissionTo, rules.Resales, rules.Resellers).Should().Be(("free", "120", "7", "0x3", "2", "0x4"));
        (rules.Transfer, rules.OpensAt, rules.ClosesAt, rules.Refund, rules.ReturnUntil).Should().Be((false, "2027-01-02T10:00", "2027-01-03T10:00", "80", "2027-01-04T10:00"));
    }

    [Fact]
    public void A_draft_that_was_made_up_fills_no_more_than_a_form_has()
    {
        var form = new EventForm();
        var made = new Dictionary<string, string> { ["name"] = new string('x', 100_000), ["resale.resale"] = "<script>", ["resale.transfer"] = "on", ["unknown"] = "1", ["sessions[-1].date"] = "1" };
        for (var i = 0; i < 1_000; i++) (made[$"sessions[{i}].date"], made[$"blocks[{i}].price"]) = ("never", "much");

        EventDraft.Restore(form, made);

        (form.Sessions.Count, form.Seats.Blocks.Count, form.Rules.Mode, form.Rules.Transfer).Should().Be((CreateEvent.MaxSessions, SeatsForm.MaxBlocks, "capped", true));
        var faults = new FormFaults();
        form.Read(new Typed(faults, new NameOnly()), new FormMoments(new Dictionary<string, long?>()));
        (faults["name"], faults["sessions[365].date"]).Should().Be(("fault.long 200 100000", "fault.date"));
    }

    [Fact]
    public void A_field_that_is_typed_anew_is_not_wrong_any_more_and_of_two_faults_the_first_is_said()
    {
        var faults = new FormFaults();
        faults.Add("name", "first");
        faults.Add("name", "second");
        faults.Add(new Outcome(false, null, "invalid_field", "no", new Dictionary<string, string[]> { ["name"] = ["third"], ["venue"] = ["one", "two"] }));
        (faults["name"], faults["venue"], faults.Count).Should().Be(("first", "one two", 2));

        faults.Remove("name");
        faults.Remove("unknown");

        (faults["name"], faults.Count).Should().Be((null, 1));
        faults.Clear();
        faults.Count.Should().Be(0);
    }

    [Theory]
    [InlineData("", "fault.empty 0 1000")]
    [InlineData(" \t ", "fault.empty 0 1000")]
    [InlineData("-1", "fault.number 0 1000")]
    [InlineData("1001", "fault.number 0 1000")]
    [InlineData("99999999999999999999", "fault.number 0 1000")]
    [InlineData("1.0", "fault.number 0 1000")]
    [InlineData("1e3", "fault.number 0 1000")]
    [InlineData("٣", "fault.number 0 1000")]
    [InlineData("<script>", "fault.number 0 1000")]
    [InlineData("\u202e12", "fault.number 0 1000")]
    [InlineData(" 12 ", null)]
    [InlineData("1000", null)]
    public void A_number_is_digits_between_its_bounds(string typed, string? fault)
    {
        var faults = new FormFaults();

        new Typed(faults, new NameOnly()).Number("number", typed, 0, 1_000);

        faults["number"].Should().Be(fault);
    }

    [Fact]
    public void A_price_is_read_as_holders_forms_read_it_or_refused()
    {
        foreach (var (typed, price) in PriceCases.All)
        {
            var faults = new FormFaults();

            var read = new Typed(faults, new NameOnly()).Price("price", typed);

            (faults.Count == 0 ? (long?)read : null).Should().Be(price, "of what is typed as \"{0}\"", typed);
        }
    }

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u202e \u2069\ufeff")]
    [InlineData("\u0301\ufe0f")]
    [InlineData("\u2800\u3164\u115f")]
    [InlineData("\u00ad")]
    public void A_text_that_shows_nothing_is_refused_and_what_has_it_for_a_name_is_called_by_its_id(string typed)
    {
        var faults = new FormFaults();

        new Typed(faults, new NameOnly()).Text("text", typed, 40);

        faults["text"].Should().Be("fault.unseen");
        Visible.Isolated("\u2067a\u2069\u202eb\u2066").Should().Be("\u2068a\u202eb\u2069");
        (Visible.NameOf(typed, "id"), Visible.NameOf($"{typed}x", "id"), Visible.NameOf("🎭", "id")).Should().Be(("id", $"{typed}x", "🎭"));
    }

    [Fact]
    public void A_moment_that_nobody_typed_anew_keeps_its_seconds_and_each_worse_field_is_named()
    {
        Address.TryParse($"0x{1:x40}", out var account).Should().BeTrue();
        var rules = ResaleRules.Default with { OpensAt = Now + 1, ClosesAt = Now + 37, ReturnUntil = Now + 41, RefundPercent = 0, CommissionTo = account, Resellers = [account] };
        string[] texts = ["2027-01-15T09:00", "2027-01-15T09:00", "2027-01-15T09:00"];
        var moments = new FormMoments(new Dictionary<string, long?> { [texts[0]] = Now, ["2027-01-15T08:00"] = Now - 3_600, ["2027-01-15T10:00"] = Now + 3_600 });
        ResaleRules Read(Action<RulesForm> type)
        {
            var (form, faults) = (new RulesForm(), new FormFaults());
            form.Show(Terms(null) with { Resale = rules }, texts);
            type(form);
            var read = form.Read(new Typed(faults, new NameOnly()), moments);
            faults.Count.Should().Be(0);
            return read;
        }

        Read(form => form.Refund = "50").Should().Be(rules with { RefundPercent = 50 });
        (string Field, Action<RulesForm> Type)[] worse =
        [
            ("transfer", form => form.Transfer = false), ("resale", form => form.Mode = "forbidden"), ("commission_percent", form => form.Commission = "1"), ("max_resales", form => form.Resales = "3"),
            ("resellers", form => form.Resellers = $"0x{2:x40}"), ("opens_at", form => (form.OpensAt, form.ClosesAt) = ("2027-01-15T10:00", "2027-01-15T10:00")),
            ("closes_at", form => (form.OpensAt, form.ClosesAt) = ("2027-01-15T08:00", "2027-01-15T08:00")), ("return.until", form => form.ReturnUntil = "2027-01-15T08:00"),
        ];
        foreach (var (field, type) in worse) rules.FirstWorse(Read(type)).Should().Be(field);
        Read(form => (form.OpensAt, form.ClosesAt, form.ReturnUntil, form.CommissionTo, form.Resellers) = ("", "", "", "", "")).Should().Be(ResaleRules.Default with { RefundPercent = 0 });
    }

    [Fact]
    public void A_performance_that_has_begun_is_known_by_the_clock_of_its_zone()
    {
        var form = new EventForm { TimeZone = "Europe/Zurich" };
        form.Sessions.Clear();
        foreach (var (date, time) in new[] { ("2027-01-15", "09:00"), ("2027-01-15", "08:30"), ("", "08:00"), ("2020-01-01", ""), ("2020-01-01", "19:00") }) form.Sessions.Add(new SessionForm { Date = date, Time = time });

        form.Begun(new DateTimeOffset(2027, 1, 15, 7, 45, 0, TimeSpan.Zero)).Select(session => $"{session.Date} {session.Time}").Should().Equal("2027-01-15 08:30", "2020-01-01 19:00");
    }

    [Theory]
    [InlineData("Ünïcode \u202eright to left\u202c 🎭", null)]
    [InlineData("<script>alert(1)</script>", null)]
    [InlineData("a\u0000b", "fault.signs")]
    [InlineData("a\u0085b", "fault.signs")]
    [InlineData("a\nb", "fault.signs")]
    [InlineData("🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭", null)]
    [InlineData("🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭🎭", "fault.long 40 41")]
    public void A_text_is_what_can_be_signed_and_shown_and_is_counted_in_characters(string typed, string? fault)
    {
        var faults = new FormFaults();

        new Typed(faults, new NameOnly()).Text("text", typed, 40);

        faults["text"].Should().Be(fault);
    }

    [Fact]
    public void Half_a_pair_of_surrogates_can_not_be_signed()
    {
        string[] halves = [new('\ud83c', 1), new('\udfad', 1), new(['\udfad', '\ud83c']), new(['a', '\ud83c', 'b'])];
        foreach (var half in halves)
        {
            var faults = new FormFaults();
            new Typed(faults, new NameOnly()).Text("text", half, 40);
            faults["text"].Should().Be("fault.signs");
        }
    }

    [Fact]
    public void A_longer_text_has_lines_and_no_other_sign_of_control()
    {
        var faults = new FormFaults();
        var typed = new Typed(faults, new NameOnly());

        typed.Text("good", "one\ntwo", 40, lines: true).Should().Be("one\ntwo");
        typed.Text("bad", "one\rtwo", 40, lines: true);

        (faults["good"], faults["bad"]).Should().Be((null, "fault.signs"));
    }

    [Fact]
    public void Accounts_are_whole_different_and_not_too_many()
    {
        var faults = new FormFaults();
        var typed = new Typed(faults, new NameOnly());
        string Account(int i) => $"0x{i:x40}";

        typed.Accounts("some", $" {Account(1)},{Account(2)};{Account(3)}\r\n\t{Account(4)} ").Should().HaveCount(4);
        typed.Accounts("most", string.Join('\n', Enumerable.Range(1, CreateEvent.MaxAccounts).Select(Account))).Should().HaveCount(CreateEvent.MaxAccounts);
        typed.Accounts("many", string.Join('\n', Enumerable.Range(1, CreateEvent.MaxAccounts + 1).Select(Account)));
        typed.Accounts("twice", $"{Account(1)} {Account(1)}");
        typed.Accounts("cut", new string('x', 500));

        (faults["some"], faults["most"], faults["many"]).Should().Be((null, null, $"fault.many {CreateEvent.MaxAccounts}"));
        faults["twice"].Should().StartWith("fault.twice 0x");
        faults["cut"].Should().Be($"fault.account {new string('x', 60)}…");
    }

    [Theory]
    [InlineData("Größe", "fault.section 20")]
    [InlineData("abcdefghijklmnopqrstu", "fault.section 20")]
    [InlineData("a\u0007", "fault.section 20")]
    [InlineData("<b>", null)]
    public void A_section_is_of_signs_that_a_seat_may_have(string section, string? fault)
    {
        var (faults, form) = (new FormFaults(), new SeatsForm());
        (form.Blocks[0].Section, form.Blocks[0].Price) = (section, "1");

        form.Read(new Typed(faults, new NameOnly()), sessions: 1);

        faults["blocks[0].section"].Should().Be(fault);
    }

    [Theory]
    [InlineData("9999", "9999", null)]
    [InlineData("9999", "10000", "last_seat")]
    [InlineData("10000", "10000", "first_seat")]
    [InlineData("5", "4", "last_seat")]
    [InlineData("1", "501", "last_seat")]
    [InlineData("0", "499", null)]
    public void Seats_of_a_row_are_in_order_and_few(string first, string last, string? wrong)
    {
        var (faults, form) = (new FormFaults(), new SeatsForm());
        (form.Blocks[0].FirstSeat, form.Blocks[0].LastSeat, form.Blocks[0].Price) = (first, last, "1");

        form.Read(new Typed(faults, new NameOnly()), sessions: 1);

        (faults.Count == 0).Should().Be(wrong is null);
        if (wrong is not null) faults[$"blocks[0].{wrong}"].Should().StartWith("fault.number");
    }

    private static EventTerms Terms(long? opens) =>
        new(0, default, 1, default, "Event", "Hall", [new Session(new DateOnly(2027, 6, 15), new TimeOnly(19, 0))], null, [], [], default, opens, ResaleRules.Default, false);
}

/// <summary>Words that are their names and values.</summary>
internal sealed class NameOnly : IStringLocalizer<OrganiseWords>
{
    public LocalizedString this[string name] => new(name, name);

    public LocalizedString this[string name, params object[] arguments] => new(name, string.Join(' ', [name, .. arguments]));

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => [];
}
