using System.Security.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Gate;

public class GateRosterTests
{
    private readonly GateStage _stage = new();

    [Fact]
    public void What_was_written_is_read_back()
    {
        var written = _stage.Roster();

        var roster = _stage.Read(written).Value;

        roster.Head.Should().Be(_stage.Head(GateStage.Point(1)));
        roster.Head.IsFull.Should().BeTrue();
        roster.Entries.Should().BeEquivalentTo(RosterEntry.AllOf(_stage.Ledger.State, _stage.Event, null));
        roster.Find(_stage.Redeemed)!.Value.RedeemedAt.Should().Be(_stage.Ledger.Now * 1000);
        roster.Find(_stage.Redeemed)!.Value.Seat.Should().Be("A-\"4\"\\");
        roster.Entries.Select(entry => entry.Status).Should().BeEquivalentTo(Enum.GetValues<TicketStatus>());
        roster.Find(default).Should().BeNull();
    }

    [Theory]
    [InlineData("Concert \"of\" \\ the year")]
    [InlineData("Les Élans — 東京 😀")]
    public void Names_are_read_as_they_were_written(string name)
    {
        var head = _stage.Head(GateStage.Point(1));
        head = head with { Event = head.Event with { Name = name, Venue = string.Concat(Enumerable.Repeat("\"\\", 100)), TimeZone = "Europe/Paris" } };

        _stage.Read(GateStage.Write(head, [])).Value.Head.Should().Be(head);
    }

    [Fact]
    public void The_bytes_are_canonical_and_the_signature_is_over_them_without_it()
    {
        var written = _stage.Roster(since: GateStage.Point(0));

        var json = CanonicalJson.ParseCanonical(written).Value;
        var signature = json.Find("signature")!;
        var key = Convert.FromHexString(signature.Find("public_key")!.Text);
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key[1..33], Y = key[33..] } });
        ecdsa.VerifyData(CanonicalJson.Write(json.Without("signature")), Convert.FromHexString(signature.Find("signature")!.Text), HashAlgorithmName.SHA256).Should().BeTrue();
        json.Find("height").Should().Be(json.Find("version"));
        json.Find("entries")!.Items[0].Members.Select(member => member.Name).Should().Equal("owner", "seat", "session", "status", "ticket_id");
    }

    [Fact]
    public void A_roster_with_any_one_byte_changed_is_refused()
    {
        foreach (var written in new[] { _stage.Roster(), _stage.Roster(since: GateStage.Point(0)) })
        {
            for (var i = 0; i < written.Length; i++)
            {
                var original = written[i];
                written[i] = original == (byte)'7' ? (byte)'8' : (byte)'7';
                var verdict = _stage.Read(written);
                verdict.IsAccepted.Should().BeFalse("byte {0} was changed from {1}", i, (char)original);
                verdict.Refusal!.Code.Should().BeOneOf("roster_malformed", "wrong_chain", "wrong_event", "wrong_node", "signature_invalid");
                written[i] = original;
            }

            _stage.Read(written).IsAccepted.Should().BeTrue("every byte is as it was");
        }
    }

    [Fact]
    public void A_roster_cut_short_anywhere_or_with_something_after_it_is_refused()
    {
        var written = _stage.Roster();

        for (var length = 0; length < written.Length; length++) _stage.Read(written.AsSpan(0, length)).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
        _stage.Read([.. written, (byte)'\n']).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
    }

    [Fact]
    public void A_roster_of_another_chain_event_or_node_is_refused_as_that()
    {
        var head = _stage.Head(GateStage.Point(1));
        var source = _stage.Source;

        Refusal(GateStage.Write(head with { ChainId = "other-chain" }, [])).Should().Be(RefusalCodes.WrongChain);
        Refusal(GateStage.Write(head with { Event = head.Event with { Id = new EventId(new byte[16]) } }, [])).Should().Be(GateRefusals.WrongEvent);
        Refusal(GateStage.Write(head with { Node = GateStage.Bob.Address }, [], GateStage.Bob)).Should().Be(GateRefusals.WrongNode);
        Refusal(GateStage.Write(head, [], GateStage.Bob)).Should().Be(RefusalCodes.SignatureInvalid, "a stranger signed in the node's name");
        Refusal(GateStage.Write(head, [])).Should().BeNull();

        string? Refusal(byte[] written) => GateRoster.Read(written, source, Ledger.Scenario.Verifier).Refusal?.Code;
    }

    [Theory]
    [InlineData("\"entries\":[", "\"entries\": [")]
    [InlineData("\"full\":true", "\"full\":true ")]
    [InlineData("\"height\":1,", "\"height\":01,")]
    [InlineData("\"height\":1,", "\"height\":2,")]
    [InlineData("\"height\":1,", "\"height\":1.0,")]
    [InlineData("\"session\":0", "\"session\":2")]
    [InlineData("\"session\":0", "\"session\":")]
    [InlineData("\"cancelled\":false", "\"cancelled\":")]
    [InlineData("\"},{\"owner\"", "\",{\"owner\"")]
    [InlineData("\"session\":0", "\"session\":-0")]
    [InlineData("\"seat\":\"A-1\"", "\"seat\":\"\"")]
    [InlineData("\"seat\":\"A-1\"", "\"seat\":\"\\u0041-1\"")]
    [InlineData("\"seat\":\"A-1\"", "\"seat\":\"é\"")]
    [InlineData("\"status\":\"unsold\"", "\"status\":\"lost\"")]
    [InlineData("\"status\":\"unsold\"", "\"status\":\"redeemed\"")]
    [InlineData("\"status\":\"redeemed\"", "\"status\":\"sold\"")]
    [InlineData("\"name\":\"Concert\"", "\"name\":\"\"")]
    [InlineData("\"name\":\"Concert\"", "\"name\":\"a\u0085b\"")]
    [InlineData("\"date\":\"2027-06-15\"", "\"date\":\"2027-06-31\"")]
    [InlineData("\"time\":\"19:00\"", "\"time\":\"24:00\"")]
    [InlineData("\"height\":1,", "\"height\":18446744073709551617,")]
    [InlineData("\"redeemed_at\":\"20", "\"redeemed_at\":\"19")]
    [InlineData("\"redeemed_at\":\"2027-", "\"redeemed_at\":\"2027/")]
    [InlineData("\"type\":\"gate_roster\"", "\"type\":\"gate_receipt\"")]
    [InlineData("{\"chain_id\":\"test-chain\",", "{")]
    public void What_is_not_in_the_one_form_is_refused_though_it_is_rightly_signed(string original, string replacement)
    {
        var text = System.Text.Encoding.UTF8.GetString(_stage.Roster());
        text.Should().Contain(original);

        _stage.Read(Resigned(text.Replace(original, replacement))).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
        _stage.Read(Resigned(text)).IsAccepted.Should().BeTrue();
    }

    [Fact]
    public void Addresses_without_their_checksum_and_a_ticket_that_stands_there_twice_are_refused()
    {
        var text = System.Text.Encoding.UTF8.GetString(_stage.Roster());
        var entry = RosterEntry.Of(_stage.Sold, _stage.Ledger[_stage.Sold]);

        _stage.Read(Resigned(text.Replace(GateStage.Alice.ToString(), GateStage.Alice.ToString().ToLowerInvariant()))).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
        _stage.Read(GateStage.Write(_stage.Head(GateStage.Point(1)), [entry, entry])).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
    }

    [Fact]
    public void A_moment_is_within_the_years_1970_to_9999_and_what_is_later_is_written_as_the_last()
    {
        RosterEntry Redeemed(long at) => RosterEntry.Of(_stage.Redeemed, _stage.Ledger[_stage.Redeemed]) with { RedeemedAt = at };
        const long Last = 253_402_300_799_999;
        foreach (var (at, read) in new[] { (0, 0), (Last, Last), (Last + 1, Last), (CanonicalJson.MaxInteger, Last) })
            _stage.Read(GateStage.Write(_stage.Head(GateStage.Point(1)), [Redeemed(at)])).Value.Find(_stage.Redeemed)!.Value.RedeemedAt.Should().Be(read);

        var text = System.Text.Encoding.UTF8.GetString(GateStage.Write(_stage.Head(GateStage.Point(1)), [Redeemed(0)]));
        foreach (var wrong in new[] { "1969-12-31T23:59:59.999Z", "1970-01-01T24:00:00.000Z", "1970-01-01 00:00:00.000Z" })
            _stage.Read(Resigned(text.Replace("1970-01-01T00:00:00.000Z", wrong))).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
    }

    [Fact]
    public void Identifiers_keys_and_signatures_are_in_lower_case_alone()
    {
        var head = _stage.Head(GateStage.Point(2), GateStage.Point(1));
        var text = System.Text.Encoding.UTF8.GetString(GateStage.Write(head, [RosterEntry.Of(_stage.Sold, _stage.Ledger[_stage.Sold])]));
        _stage.Read(Resigned(text)).IsAccepted.Should().BeTrue();

        foreach (var id in new[] { $"{_stage.Sold}", $"{_stage.Event}", $"{head.At.Tip}", $"{head.Since!.Value.Tip}" })
            _stage.Read(Resigned(text.Replace(id, id.ToUpperInvariant()))).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed, "of {0}", id);

        foreach (var name in new[] { "public_key", "signature" })
        {
            var value = CanonicalJson.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Value.Find("signature")!.Find(name)!.Text;
            foreach (var wrong in new[] { value.ToUpperInvariant(), $"05{value[2..^2]}xx" })
                _stage.Read(System.Text.Encoding.UTF8.GetBytes(text.Replace(value, wrong))).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed, "of {0}", name);
        }
    }

    [Fact]
    public void An_address_whose_checksum_has_no_capitals_is_read()
    {
        var entry = RosterEntry.Of(_stage.Sold, _stage.Ledger[_stage.Sold]) with { Owner = default };

        _stage.Read(GateStage.Write(_stage.Head(GateStage.Point(1)), [entry])).Value.Entries.Should().Equal(entry);
    }

    [Fact]
    public void As_many_gates_sessions_and_letters_as_an_event_may_have_are_read_and_no_more()
    {
        var head = _stage.Head(GateStage.Point(1));
        EquatableArray<Address> gates = [.. Enumerable.Range(0, CreateEvent.MaxAccounts + 1).Select(static i => new Address([.. new byte[Address.Size - 2], (byte)(i >> 8), (byte)i]))];
        EquatableArray<Session> sessions = [.. Enumerable.Repeat(head.Event.Sessions[0], CreateEvent.MaxSessions + 1)];
        var last = RosterEntry.Of(_stage.Sold, _stage.Ledger[_stage.Sold]) with { Session = CreateEvent.MaxSessions - 1, Seat = new string('A', 32) };
        Read(head.Event with { Gates = [.. gates.Span[1..]], Sessions = [.. sessions.Span[1..]], Name = "A", Venue = Emoji(200), TimeZone = new string('Z', 64) }, last).IsAccepted.Should().BeTrue();

        foreach (var more in new[] { head.Event with { Gates = gates }, head.Event with { Sessions = sessions }, head.Event with { Name = Emoji(201) }, head.Event with { Venue = new string('a', 1_300) }, head.Event with { TimeZone = new string('Z', 65) } })
            Read(more, RosterEntry.Of(_stage.Sold, _stage.Ledger[_stage.Sold])).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
        Read(head.Event, last with { Session = 0, Seat = new string('A', 33) }).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);

        Verdict<GateRoster> Read(RosterEvent of, RosterEntry entry) => _stage.Read(GateStage.Write(head with { Event = of }, [entry]));

        static string Emoji(int count) => string.Concat(Enumerable.Repeat("😀", count));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_though_they_are_rightly_signed()
    {
        var text = System.Text.Encoding.UTF8.GetString(_stage.Roster());

        // In Latin-1 each of these is one byte: a lead without what follows, and the three of a lone surrogate.
        foreach (var name in new[] { "Conc\u00e9rt", "\u00ed\u00a0\u0080" })
            _stage.Read(Resigned(text.Replace("\"Concert\"", $"\"{name}\""), System.Text.Encoding.Latin1)).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
    }

    [Fact]
    public void Changes_since_the_very_block_are_none_and_since_a_later_one_malformed()
    {
        var last = GateStage.Point(CanonicalJson.MaxInteger);

        _stage.Read(GateStage.Write(_stage.Head(last, last), [])).Value.Head.Since.Should().Be(last);
        _stage.Read(GateStage.Write(_stage.Head(GateStage.Point(1), GateStage.Point(2)), [])).Refusal!.Code.Should().Be(GateRefusals.RosterMalformed);
    }

    [Fact]
    public void A_roster_with_the_changes_after_it_is_the_full_one()
    {
        var before = _stage.Read(_stage.Roster()).Value;
        _stage.Ledger.BlockIndex++;
        _stage.Ledger.Does(GateStage.Alice, Wish.Give(_stage.Sold, GateStage.Bob));
        _stage.Ledger.Does(GateStage.South, Wish.Redeem(_stage.Listed));
        _stage.Ledger.Does(GateStage.Organiser, Wish.UpdateEvent(_stage.Event, gates: [GateStage.North]));
        var added = _stage.Bought("B-1");

        var changes = _stage.Read(_stage.Roster(since: GateStage.Point(1))).Value;
        var after = before.With(changes).Value;

        changes.Entries.Select(entry => entry.Ticket).Should().BeEquivalentTo([_stage.Sold, _stage.Listed, added]);
        var full = _stage.Read(_stage.Roster()).Value;
        after.Head.Should().Be(full.Head);
        after.Entries.Should().BeEquivalentTo(full.Entries);
        before.Find(_stage.Sold)!.Value.Owner.Should().Be(GateStage.Alice.Address, "the one before did not change");
        before.With(full).Value.Should().BeSameAs(full, "a full one replaces whatever was known");
    }

    [Fact]
    public void Changes_that_start_from_another_block_are_refused()
    {
        var roster = _stage.Read(_stage.Roster()).Value;
        var (at, entries) = (GateStage.Point(9), Array.Empty<RosterEntry>());

        Refusal(GateStage.Point(1)).Should().BeNull();
        Refusal(GateStage.Point(2)).Should().Be(GateRefusals.RosterMismatch, "something lies between");
        Refusal(GateStage.Point(0)).Should().Be(GateRefusals.RosterMismatch);
        Refusal(GateStage.Point(1, "another branch")).Should().Be(GateRefusals.RosterMismatch, "the index is right and the block is another");
        var changes = _stage.Read(GateStage.Write(_stage.Head(at, GateStage.Point(1)), entries)).Value;
        changes.With(_stage.Read(GateStage.Write(_stage.Head(GateStage.Point(10), at), entries)).Value).Refusal!.Code.Should().Be(GateRefusals.RosterMismatch, "changes are no roster");

        string? Refusal(RosterPoint since) => roster.With(_stage.Read(GateStage.Write(_stage.Head(at, since), entries)).Value).Refusal?.Code;
    }

    [Fact]
    public void A_roster_of_another_chain_or_event_is_none_that_comes_after()
    {
        var roster = _stage.Read(_stage.Roster()).Value;
        var head = _stage.Head(GateStage.Point(1));

        Refusal(head with { ChainId = "other-chain" }).Should().Be(RefusalCodes.WrongChain);
        Refusal(head with { Event = head.Event with { Id = new EventId(new byte[16]) } }).Should().Be(GateRefusals.WrongEvent);
        Refusal(head).Should().BeNull();

        string? Refusal(RosterHead of) => roster.With(GateRoster.Read(GateStage.Write(of, []), new RosterSource(of.ChainId, of.Event.Id, of.Node), Ledger.Scenario.Verifier).Value).Refusal?.Code;
    }

    [Fact]
    public void A_ticket_takes_two_hundred_bytes_at_the_most_and_pieces_join_without_a_seam()
    {
        var entries = Enumerable.Range(0, 5_000).Select(i => new RosterEntry(
            IssueTickets.TicketOf(_stage.Event, 1, $"Block-{i % 40}-{i}"), 1, $"Block-{i % 40}-{i}", GateStage.Alice.Address, TicketStatus.Redeemed, 1_812_999_990_000 + i)).ToArray();

        var written = GateStage.Write(_stage.Head(GateStage.Point(1)), entries);

        ((double)written.Length / entries.Length).Should().BeLessThan(200);
        _stage.Read(written).Value.Entries.Should().Equal(entries);
    }

    // As a node would that signs what it should not: the text without its signature is hashed and signed anew.
    private static byte[] Resigned(string text, System.Text.Encoding? encoding = null)
    {
        encoding ??= System.Text.Encoding.UTF8;
        var start = text.IndexOf(",\"signature\":{", StringComparison.Ordinal);
        var end = text.IndexOf('}', start) + 1;
        var signature = GateStage.Node.Sign(Hash256.Sha256(encoding.GetBytes(text[..start] + text[end..])));
        return encoding.GetBytes($"{text[..start]},\"signature\":{{\"public_key\":\"{signature.Key}\",\"scheme\":\"p256\",\"signature\":\"{signature.Value}\"}}{text[end..]}");
    }
}
