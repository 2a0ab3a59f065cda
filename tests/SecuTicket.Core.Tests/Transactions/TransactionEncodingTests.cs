using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>The stored and peer form: what was written is read, and no two byte strings are one transaction.</summary>
public class TransactionEncodingTests
{
    private static readonly Person Anna = "anna";
    private static readonly Person Boris = "boris";

    private static IEnumerable<Transaction> Samples
    {
        get
        {
            yield return Wish.Pay(Boris, 5).Sign(Anna, 1_813_000_000);
            yield return Wish.CreateEvent(new { resale = "capped", @return = new { refund_percent = 50 } }, [Boris], [Anna], sessions: 2, name: "Léo 😀").Sign(Anna, 1_813_000_000);
            yield return new Transaction(Payload.OfReward("c", Anna.Address, 1, 1), []);
            var sale = Payload.From(Wish.Sell(new TicketId(new byte[16]), Boris).Json(Anna, 1_813_000_000)).Value;
            yield return new Transaction(sale, [Anna.Sign(sale.Id), Boris.Sign(sale.Id)]);
        }
    }

    [Fact]
    public void What_was_written_is_read()
    {
        foreach (var transaction in Samples)
        {
            var bytes = transaction.Encode();
            bytes.Should().HaveCount(transaction.Size);
            var read = Transaction.Decode(bytes).Value;

            (read.Id, read.Leaf, read.Signatures).Should().Be((transaction.Id, transaction.Leaf, transaction.Signatures));
            read.Payload.Operation.Type.Should().Be(transaction.Payload.Operation.Type);
            read.Encode().Should().Equal(bytes);
        }
    }

    [Fact]
    public void The_form_is_the_payload_s_length_the_payload_and_the_list_of_signatures()
    {
        var transaction = Wish.Pay(Boris, 5).Sign(Anna, 1_813_000_000);
        var signature = transaction.Signatures[0];
        byte[] list = [1, 1, .. signature.Key.Span, .. signature.Value.Span];

        transaction.Encode().Should().Equal([0, 0, (byte)(transaction.Payload.Canonical.Length >> 8), (byte)transaction.Payload.Canonical.Length, .. transaction.Payload.Canonical.Span, .. list]);
        transaction.Leaf.Should().Be(Hash256.Sha256([0, .. transaction.Id.Span, .. Hash256.Sha256(list).Span]));
        new Transaction(transaction.Payload, []).Leaf.Should().Be(Hash256.Sha256([0, .. transaction.Id.Span, .. Hash256.Sha256([0]).Span]));
    }

    [Fact]
    public void Another_signature_is_another_leaf_and_the_same_id()
    {
        var payload = Wish.Pay(Boris, 5).Sign(Anna, 1_813_000_000).Payload;
        Transaction first = new(payload, [Anna.Sign(payload.Id)]), second = new(payload, [Anna.Sign(payload.Id)]);

        second.Id.Should().Be(first.Id);
        second.Leaf.Should().NotBe(first.Leaf);
    }

    [Fact]
    public void Cut_off_anywhere_or_followed_by_anything_it_is_refused()
    {
        foreach (var transaction in Samples)
        {
            var bytes = transaction.Encode();
            for (var length = 0; length < bytes.Length; length++) Transaction.Decode(bytes.AsSpan(0, length)).IsAccepted.Should().BeFalse();
            Transaction.Decode([.. bytes, 0]).Refusal!.Code.Should().Be("invalid_block");
            Transaction.Read([.. bytes, 1, 2, 3], out var read).IsAccepted.Should().BeTrue();
            read.Should().Be(bytes.Length);
        }
    }

    [Fact]
    public void Lengths_counts_and_schemes_out_of_bounds_are_refused()
    {
        var bytes = Wish.Pay(Boris, 5).Sign(Anna, 1_813_000_000).Encode();
        var list = bytes.Length - TransactionSignature.ListSize(1);

        Code(bytes, 0, 0xff).Should().Be("invalid_block", "the length is negative");
        Code(bytes, 1, 0x01).Should().Be("invalid_block", "the payload is longer than 64 KiB");
        Code(bytes, list, 3).Should().Be("invalid_block");
        Code(bytes, list, 2).Should().Be("invalid_block", "the second signature is not there");
        Code(bytes, list, 0).Should().Be("invalid_block", "bytes follow");
        foreach (var scheme in new byte[] { 0, 2, 255 }) Code(bytes, list + 1, scheme).Should().Be("invalid_block");

        static string? Code(byte[] bytes, int at, byte value)
        {
            var changed = bytes.ToArray();
            changed[at] = value;
            return Transaction.Decode(changed).Refusal?.Code;
        }
    }

    [Fact]
    public void No_two_byte_strings_are_one_transaction()
    {
        var random = new Random(7);
        foreach (var transaction in Samples)
        {
            var bytes = transaction.Encode();
            var accepted = 0;
            for (var i = 0; i < 2_000; i++)
            {
                var changed = Change(random, bytes);
                if (changed.AsSpan().SequenceEqual(bytes)) continue;
                if (!Transaction.Decode(changed).TryGet(out var read, out _)) continue;

                accepted++;
                read.Encode().AsSpan().SequenceEqual(changed).Should().BeTrue("of change {0}", i);
                read.Leaf.Should().NotBe(transaction.Leaf);
            }

            if (transaction.Signatures.Count > 0) accepted.Should().BePositive("a changed signature is another transaction, whether it verifies or not");
        }
    }

    // Spaces, escapes, orders and number forms that other readers of JSON take for the same value.
    [Fact]
    public void Other_writings_of_a_payload_are_refused()
    {
        var text = System.Text.Encoding.UTF8.GetString(Wish.Pay(Boris, 5).Sign(Anna, 1_813_000_000).Payload.Canonical.Span);
        foreach (var other in new[]
        {
            text.Replace(":5", ":5.0"), text.Replace(":5", ":5e0"), text.Replace(":5", ": 5"), text.Replace(":5", ":05"), text.Replace("\"amount\":5,", "\"amount\":5,\"amount\":5,"),
            text.Replace("\"amount\":5,", string.Empty).Replace("}", ",\"amount\":5}"), text.Replace("transfer", "tr\\u0061nsfer"), text + " ", text + "\0", "\uFEFF" + text,
        })
        {
            other.Should().NotBe(text);
            var bytes = System.Text.Encoding.UTF8.GetBytes(other);
            Transaction.Decode([0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes, 0]).IsAccepted.Should().BeFalse(other);
        }
    }

    [Fact]
    public void The_largest_payload_is_stored_and_one_byte_more_is_not_read()
    {
        var bytes = new byte[4 + CanonicalJson.MaxSize + 2];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, CanonicalJson.MaxSize + 1);
        Transaction.Decode(bytes).Refusal!.Code.Should().Be("invalid_block");
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes, CanonicalJson.MaxSize);
        Transaction.Decode(bytes).Refusal!.Code.Should().Be("malformed_json", "its length is allowed and its content is not");
    }

    [Fact]
    public void The_largest_transaction_is_read_with_its_id_and_its_leaf()
    {
        var payload = Payload.From(SamplePayload.OfSize(CanonicalJson.MaxSize)).Value;
        var transaction = new Transaction(payload, [Anna.Scribble()]);

        var read = Transaction.Decode(transaction.Encode()).Value;

        (read.Id, read.Leaf, read.Signatures).Should().Be((transaction.Id, transaction.Leaf, transaction.Signatures));
    }

    // API.md: fields come before signatures, so of both at fault the fields answer.
    [Fact]
    public void A_payload_at_fault_is_named_before_a_list_of_signatures_at_fault()
    {
        var missing = CanonicalJson.Write(SamplePayload.Valid("transfer").Without("amount"));

        Code(missing, 3).Should().Be("missing_field");
        Code(missing).Should().Be("missing_field");
        Code([]).Should().Be("malformed_json");
        Code(CanonicalJson.Write(SamplePayload.Valid("transfer")), 3).Should().Be("invalid_block");

        static string? Code(byte[] payload, params byte[] list) => Transaction.Decode([0, 0, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload, .. list]).Refusal?.Code;
    }

    private static byte[] Change(Random random, byte[] bytes)
    {
        var at = random.Next(bytes.Length);
        return random.Next(3) switch
        {
            0 => [.. bytes[..at], (byte)(bytes[at] ^ (1 << random.Next(8))), .. bytes[(at + 1)..]],
            1 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            _ => [.. bytes[..at], .. bytes[(at + 1)..]],
        };
    }
}
