using System.Buffers.Binary;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>What is worked out of many transactions at once is what each of them says alone, and nothing that is not there.</summary>
public class ReadAheadTests
{
    private const long Until = 1_813_000_000;

    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";

    [Fact]
    public void Ids_leaves_senders_and_signers_of_many_are_those_of_each()
    {
        Transaction[] transactions =
        [
            .. Enumerable.Range(0, ReadAhead.Batch - 2).Select(i => Wish.Pay(Boris, i + 1).Sign((Person)$"person {i % 5}", Until)),
            Passkey("anna"),
            new(Payload.OfReward("c", Anna.Address, 1, 1), []),
        ];

        var found = Look([.. transactions.SelectMany(one => one.Encode())], transactions.Length);

        found.Select(one => (one.Id, one.Leaf)).Should().Equal(transactions.Select(one => (one.Id, one.Leaf)));
        found[..^1].Select(one => (one.Sender.Value, one.Signer)).Should().Equal(transactions[..^1].Select(one => (one.Payload.Sender, (Address?)one.Payload.Sender)));
        (found[^1].Sender, found[^1].Signer).Should().Be((default, null));
        for (var i = 0; i < transactions.Length - 1; i++)
            System.Text.Encoding.UTF8.GetString(transactions[i].Payload.Canonical.Span.Slice(found[i].Sender.At, Address.TextSize)).Should().Be(transactions[i].Payload.Sender.ToString());
    }

    // What was looked up is a help, never an authority: who else is named in a payload or signs it is read as if nobody had looked.
    [Fact]
    public void Transactions_read_after_the_look_are_those_read_alone()
    {
        var sale = Payload.From(Wish.Sell(new TicketId(new byte[16]), "carla").Json(Anna, Until)).Value;
        Transaction[] transactions =
        [
            Wish.Pay(Boris, 1).Sign(Anna, Until),
            Wish.Record(new { sender = Boris.Address }).Sign(Anna, Until),
            new(sale, [Anna.Sign(sale.Id), Boris.Sign(sale.Id)]),
            Wish.TopUp(Boris, 1, "reference").Sign(Anna, Until),
            new(Wish.Record("unsigned").Sign(Anna, Until).Payload, []),
            Passkey("anna"),
        ];
        byte[] source = [.. transactions.SelectMany(one => one.Encode())];
        var found = Look(source, transactions.Length);

        var at = 0;
        for (var i = 0; i < transactions.Length; i++)
        {
            var transaction = Transaction.Read(source.AsSpan(at), found[i], "test-chain", out var read).Value;
            var alone = Transaction.Decode(source.AsSpan(at, read)).Value;
            at += read;

            (transaction.Id, transaction.Leaf, transaction.Signatures, transaction.Signers).Should().Be((alone.Id, alone.Leaf, alone.Signatures, transactions[i].Signers), "of {0}", i);
            (transaction.Payload.Sender, transaction.Payload.Operation).Should().Be((Anna.Address, alone.Payload.Operation), "of {0}", i);
        }

        at.Should().Be(source.Length);
    }

    [Fact]
    public void A_sender_in_lower_case_is_found_and_one_with_a_wrong_checksum_is_not()
    {
        var found = Look([.. Raw(SenderOf(SamplePayload.Lower)), .. Raw(SenderOf(SamplePayload.WrongChecksum)), .. Raw(SenderOf(SamplePayload.Checksummed))], 3);

        Address.TryParse(SamplePayload.Checksummed, out var sender).Should().BeTrue();
        found.Select(one => one.Sender.Value).Should().Equal(sender, default, sender);
    }

    [Fact]
    public void A_payload_that_breaks_off_where_it_names_its_sender_has_none()
    {
        var whole = SenderOf(SamplePayload.Lower);
        var end = whole.IndexOf(SamplePayload.Lower, StringComparison.Ordinal) + SamplePayload.Lower.Length;
        for (var length = 0; length < end; length++)
        {
            var found = Look([.. Raw(whole[..length]), .. Raw(whole)], 2);

            found.Select(one => one.Sender.At > 0).Should().Equal([false, true], "of {0} characters", length);
        }
    }

    [Fact]
    public void One_that_is_cut_short_ends_the_look()
    {
        byte[] first = Wish.Pay(Boris, 1).Sign(Anna, Until).Encode(), second = Wish.Pay(Boris, 2).Sign(Anna, Until).Encode();

        var found = Look([.. first, .. second[..^1]], 2);

        found[0].Id.Should().Be(Transaction.Decode(first).Value.Id);
        found[1].Should().Be(default(ReadAhead));
    }

    private static ReadAhead[] Look(byte[] source, int count)
    {
        var found = new ReadAhead[count];
        ReadAhead.Look(source, found);
        return found;
    }

    private static string SenderOf(string address) => $$"""{"amount":1,"sender":"{{address}}","type":"transfer"}""";

    private static byte[] Raw(string payload)
    {
        var bytes = new byte[sizeof(int) + payload.Length + 1];
        BinaryPrimitives.WriteInt32BigEndian(bytes, payload.Length);
        System.Text.Encoding.ASCII.GetBytes(payload, bytes.AsSpan(sizeof(int)));
        return bytes;
    }

    private static Transaction Passkey(string name)
    {
        var payload = Payload.From(Wish.Record("note").Json(name, Until)).Value;
        return new Transaction(payload, [new TestPasskey(name).Sign(payload.Id)]);
    }
}
