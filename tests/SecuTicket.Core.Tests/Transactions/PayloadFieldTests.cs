using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Every field of API.md at its bounds.</summary>
public class PayloadFieldTests
{
    public static TheoryData<string, string, object?, bool> Fields
    {
        get
        {
            var data = new TheoryData<string, string, object?, bool>();
            void Add(string type, string name, object?[] good, object?[] bad)
            {
                foreach (var value in good) data.Add(type, name, value, true);
                foreach (var value in bad) data.Add(type, name, value, false);
            }

            object?[] addresses = [Checksummed, Lower, "0x0000000000000000000000000000000000000000"];
            object?[] noAddresses = [WrongChecksum, Checksummed[..41], Checksummed + "0", Checksummed[2..], "", 1, null, true];
            object?[] ids = [Id, new string('0', 32)];
            object?[] noIds = [Id[..31], Id + "0", Id.ToUpperInvariant(), Id[..31] + "g", "", 1, null];
            object?[] amounts = [1, Largest];
            object?[] noAmounts = [0, -1, "1", true, null];
            object?[] prices = [0, 1, Largest];
            object?[] noPrices = [-1, "1", null];
            object?[] moments = [0, Largest / 1_000];
            object?[] noMoments = [-1, (Largest / 1_000) + 1, "0", null];
            object?[] hashes = [Hash, new string('0', 64)];
            object?[] noHashes = [Hash[1..], Hash + "0", Hash.ToUpperInvariant(), "", 1, null];
            object?[] references = ["r", new string('r', 64), string.Concat(Enumerable.Repeat("😀", 64)), " "];
            object?[] noReferences = ["", new string('r', 65), "a\tb", Control, "\u007f", "\u0085", 1, null];

            Add("record", "nonce", [new string('a', 16), new string('a', 64), "ABCXYZabcxyz019_-"], [new string('a', 15), new string('a', 65), "aaaaaaaaaaaaaaa.", "aaaaaaaaaaaaaaa ", "aaaaaaaaaaaaaaaé", "aaa", 1234567890123456, null]);
            Add("record", "valid_until", [0, Largest], [-1, "1813000000", true, null]);
            Add("record", "chain_id", ["c", "!~", new string('c', 64)], ["", new string('c', 65), "a b", "\u007f", "é", 1, null]);
            Add("record", "sender", addresses, noAddresses);
            Add("record", "type", [], ["", "Record", "records", "stakes", new string('t', 33), 1, null]);
            Add("create_event", "name", ["n", new string('n', 200), string.Concat(Enumerable.Repeat("😀", 200)), "a b"], ["", new string('n', 201), string.Concat(Enumerable.Repeat("😀", 201)), "a\nb", Control, "\u007f", "\u009f", 1, null]);
            Add("create_event", "venue", ["v", new string('v', 200)], ["", new string('v', 201), "\u001f", null]);
            Add("create_event", "time_zone", ["Europe/Paris", "Etc/GMT+1", "America/Port-au-Prince", "America/New_York", "UTC", new string('z', 64)], ["", new string('z', 65), "Europe Paris", "Europe.Paris", "é", 1, null]);
            Add("create_event", "event_key", addresses, noAddresses);
            Add("create_event", "sale_opens_at", moments, noMoments);
            Add("update_event", "event_id", ids, noIds);
            Add("update_event", "sale_opens_at", moments, noMoments);
            Add("issue_tickets", "event_id", ids, noIds);
            Add("issue_tickets", "session", [0, 365], [-1, 366, "0", null]);
            Add("issue_tickets", "price", prices, noPrices);
            Add("sell_ticket", "ticket_id", ids, noIds);
            Add("sell_ticket", "recipient", addresses, noAddresses);
            Add("sell_ticket", "price", prices, noPrices);
            Add("sell_ticket", "reference", references, noReferences);
            Add("sell_ticket", "identity_commitment", [new string('a', 64)], [new string('a', 63), new string('a', 65), new string('A', 64), "", 1, null]);
            Add("purchase_ticket", "ticket_id", ids, noIds);
            Add("purchase_ticket", "max_price", prices, noPrices);
            Add("purchase_ticket", "identity_commitment", [new string('0', 64)], [new string('0', 63), null]);
            Add("transfer_ticket", "ticket_id", ids, noIds);
            Add("transfer_ticket", "recipient", addresses, noAddresses);
            Add("transfer_ticket", "identity_commitment", [new string('0', 64)], [new string('0', 63), null]);
            Add("list_ticket", "ticket_id", ids, noIds);
            Add("list_ticket", "price", prices, noPrices);
            Add("list_ticket", "buyer", addresses, noAddresses);
            foreach (var type in new[] { "unlist_ticket", "return_ticket", "redeem_ticket", "revoke_ticket" }) Add(type, "ticket_id", ids, noIds);
            Add("cancel_event", "event_id", ids, noIds);
            Add("transfer", "recipient", addresses, noAddresses);
            Add("transfer", "amount", amounts, noAmounts);
            Add("top_up", "recipient", addresses, noAddresses);
            Add("top_up", "amount", amounts, noAmounts);
            Add("top_up", "reference", references, noReferences);
            Add("stake", "amount", amounts, noAmounts);
            Add("stake", "commitment", hashes, noHashes);
            Add("unstake", "amount", amounts, noAmounts);
            Add("vote", "source", hashes, noHashes);
            Add("vote", "target", hashes, noHashes);
            Add("vote", "source_index", [0], [-1, "0", null]);
            Add("vote", "target_index", [1, Largest], [0, -1, "1", null]);
            foreach (var name in new[] { "first", "second" })
                Add("report", name, [Statement, new string('a', 2 * (128 + 1_024))], [Statement[2..], Statement + "0", new string('a', 2 * (128 + 1_025)), new string('A', 258), new string('g', 258), "", 1, null]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Each_field_takes_what_the_contract_says_and_nothing_beyond(string type, string field, object? value, bool good)
    {
        var verdict = Payload.From(Valid(type).With(field, Value(value)));

        if (good)
        {
            verdict.Refusal.Should().BeNull();
            return;
        }

        verdict.IsAccepted.Should().BeFalse("{0} is no {1}", value, field);
        (verdict.Refusal!.Code, verdict.Refusal.Field, verdict.Refusal.Kind).Should().Be(("invalid_field", field, RefusalKind.Invalid));
    }
}
