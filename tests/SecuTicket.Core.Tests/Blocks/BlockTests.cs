using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Ledger;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Blocks;

// S3.2, S3.3: tampering anywhere is found.
public class BlockTests
{
    [Fact]
    public void What_was_written_is_read()
    {
        Person sealer = "sealer";
        foreach (var block in new[] { GoldenBlock.Block, new Block(GoldenBlock.Header, []), new Block(GoldenBlock.Header, GoldenBlock.Block.Transactions, sealer.Sign(GoldenBlock.Header.Hash)) })
        {
            var bytes = block.Encode();
            bytes.Should().HaveCount(block.Size);
            var read = Block.Decode(bytes, 2).Value;

            (read.Header, read.Hash, read.Seal).Should().Be((block.Header, block.Hash, block.Seal));
            read.Transactions.Select(transaction => transaction.Leaf).Should().Equal(block.Transactions.Select(transaction => transaction.Leaf));
            read.Encode().Should().Equal(bytes);
        }
    }

    // What is worked out for many transactions at once is what each gives alone, whatever stands beside it.
    [Fact]
    public void However_many_transactions_it_has_each_is_read_as_if_it_were_alone()
    {
        Person anna = "anna", boris = "boris";
        var sale = Payload.From(Wish.Sell(new TicketId(new byte[16]), boris).Json(anna, 1_813_000_000)).Value;
        Transaction[] kinds =
        [
            Wish.Pay(boris, 5).Sign(anna, 1_813_000_000),
            Wish.CreateEvent(new { resale = "capped", @return = new { refund_percent = 50 } }, [boris], [anna], sessions: 30, name: "\"sender\":\"0x").Sign(boris, 1_813_000_000),
            new(Payload.OfReward("c", anna.Address, 1, 1), []),
            new(sale, [anna.Sign(sale.Id), boris.Sign(sale.Id)]),
            LowerCase(Wish.Pay(boris, 6), anna),
        ];
        foreach (var count in new[] { 1, 2, 63, 64, 65, 130 })
        {
            EquatableArray<Transaction> transactions = [.. Enumerable.Range(0, count).Select(i => kinds[i % kinds.Length])];
            var read = Block.Decode(new Block(GoldenBlock.Header, transactions).Encode(), count).Value.Transactions;
            for (var i = 0; i < count; i++)
            {
                (read[i].Id, read[i].Leaf, read[i].Payload.Sender, read[i].Payload.ChainId).Should().Be((transactions[i].Id, transactions[i].Leaf, transactions[i].Payload.Sender, transactions[i].Payload.ChainId));
                read[i].Signers.Should().Equal(transactions[i].Signatures.Select(static signature => Address.Of(signature.Key)));
                read[i].Encode().Should().Equal(transactions[i].Encode());
            }
        }
    }

    [Fact]
    public void A_sender_with_a_wrong_checksum_is_refused_among_others_too()
    {
        Person anna = "anna", boris = "boris";
        var good = Wish.Pay(boris, 5).Sign(anna, 1_813_000_000);
        var bytes = new Block(GoldenBlock.Header, [good, good, good]).Encode();
        var last = bytes.AsSpan().LastIndexOf("\"sender\":\"0x"u8) + "\"sender\":\"0x".Length;
        for (var at = last; at < last + 40; at++)
        {
            if (!char.IsAsciiLetter((char)bytes[at])) continue;

            var changed = bytes.ToArray();
            changed[at] ^= 0x20;
            var refusal = Block.Decode(changed, 3).Refusal!;
            (refusal.Code, refusal.Field).Should().Be(("invalid_field", "sender"));
            refusal.Detail.Should().StartWith("Transaction 2:");
        }
    }

    private static Transaction LowerCase(Wish wish, Person sender)
    {
        var text = System.Text.Encoding.UTF8.GetString(Payload.From(wish.Json(sender, 1_813_000_000)).Value.Canonical.Span);
        var payload = Payload.Decode(System.Text.Encoding.UTF8.GetBytes(text.Replace(sender.Address.ToString(), sender.Address.ToString().ToLowerInvariant()))).Value;
        return new Transaction(payload, [sender.Sign(payload.Id)]);
    }

    [Fact]
    public void The_form_is_header_seal_count_and_transactions() => GoldenBlock.Block.Encode().Should().Equal(
        [.. GoldenBlock.Header.Encode(), 0, 0, 0, 0, 2, .. GoldenBlock.Reward.Encode(), .. GoldenBlock.Purchase.Encode()]);

    [Fact]
    public void Cut_off_anywhere_or_followed_by_anything_it_is_refused()
    {
        var bytes = GoldenBlock.Block.Encode();

        for (var length = 0; length < bytes.Length; length++) Block.Decode(bytes.AsSpan(0, length), 10).IsAccepted.Should().BeFalse();
        Block.Decode([.. bytes, 0], 10).Refusal!.Code.Should().Be("invalid_block");
    }

    [Fact]
    public void More_transactions_than_allowed_are_refused_before_they_cost_memory()
    {
        var bytes = GoldenBlock.Block.Encode();
        Block.Decode(bytes, 2).IsAccepted.Should().BeTrue();
        Block.Decode(bytes, 1).Refusal!.Code.Should().Be("block_too_large");

        foreach (var first in new byte[] { 0x7f, 0xff })
        {
            var changed = bytes.ToArray();
            changed[BlockHeader.Size + 1] = first;
            var before = GC.GetAllocatedBytesForCurrentThread();
            Block.Decode(changed, int.MaxValue).IsAccepted.Should().BeFalse();
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(100_000);
        }
    }

    [Fact]
    public void Two_seals_are_refused()
    {
        var seal = ((Person)"sealer").Scribble();
        byte[] list = new byte[TransactionSignature.ListSize(2)];
        TransactionSignature.WriteList([seal, seal], list);

        Block.Decode([.. GoldenBlock.Header.Encode(), .. list, 0, 0, 0, 0], 10).Refusal!.Code.Should().Be("invalid_block");
    }

    [Fact]
    public void A_seal_by_a_passkey_is_refused()
    {
        TransactionSignature[] seal = [new TestPasskey("sealer").Sign(GoldenBlock.Header.Hash)];
        byte[] list = new byte[TransactionSignature.ListSize(seal)];
        TransactionSignature.WriteList(seal, list);

        var refusal = Block.Decode([.. GoldenBlock.Header.Encode(), .. list, 0, 0, 0, 0], 10).Refusal!;
        refusal.Code.Should().Be("invalid_block");
        refusal.Detail.Should().Contain("passkey", "it is not for its bytes");
    }

    [Fact]
    public void The_transaction_at_fault_is_named_by_its_place()
    {
        var bytes = GoldenBlock.Block.Encode();
        bytes[^(GoldenBlock.Purchase.Size - 10)] ^= 1;

        Block.Decode(bytes, 10).Refusal!.Detail.Should().StartWith("Transaction 1:");
    }

    [Fact]
    public void Every_flipped_byte_is_refused_or_makes_another_block_or_a_body_that_does_not_fit()
    {
        var bytes = GoldenBlock.Block.Encode();
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= (byte)(1 << (at % 8));
            if (!Block.Decode(changed, 10).TryGet(out var block, out _)) continue;

            block.Encode().AsSpan().SequenceEqual(changed).Should().BeTrue();
            var noticed = block.Hash != GoldenBlock.Block.Hash || VerifiedBlock.Verify(block, Scenario.Verifier).Refusal?.Code == "invalid_root";
            noticed.Should().BeTrue("of byte {0}", at);
        }
    }

    [Fact]
    public void No_two_byte_strings_are_one_block()
    {
        var random = new Random(8);
        var bytes = GoldenBlock.Block.Encode();
        for (var i = 0; i < 3_000; i++)
        {
            var at = random.Next(bytes.Length);
            byte[] changed = random.Next(2) == 0 ? [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]] : [.. bytes[..at], .. bytes[(at + 1)..]];
            if (Block.Decode(changed, 10).TryGet(out var block, out _)) block.Encode().AsSpan().SequenceEqual(changed).Should().BeTrue();
        }
    }

    [Fact]
    public void A_block_is_verified_once_its_body_fits_and_every_signature_is_right()
    {
        var verified = VerifiedBlock.Verify(GoldenBlock.Block, Scenario.Verifier).Value;

        verified.Transactions.Select(transaction => transaction.Signers.Count).Should().Equal(0, 1);
        (verified.Header, verified.Hash).Should().Be((GoldenBlock.Header, GoldenBlock.Block.Hash));
        VerifiedBlock.Restore(GoldenBlock.Block).Transactions[1].Signers.Should().Equal(verified.Transactions[1].Signers);
    }

    // S1.7: checked when a block arrives too, and a bad one is reported.
    [Fact]
    public void A_block_with_one_bad_signature_is_refused_and_names_the_transaction()
    {
        var forged = new Transaction(GoldenBlock.Purchase.Payload, [((Person)"forger").Sign(GoldenBlock.Purchase.Id)]);
        var header = GoldenBlock.Header with { TransactionsRoot = MerkleTree.Root([GoldenBlock.Reward.Leaf, forged.Leaf]) };

        var refusal = VerifiedBlock.Verify(new Block(header, [GoldenBlock.Reward, forged]), Scenario.Verifier).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("signature_invalid", RefusalKind.Invalid));
        refusal.Detail.Should().Contain(forged.Id.ToString());
    }

    [Fact]
    public void What_is_known_to_be_right_is_taken_by_its_leaf_never_by_its_id_alone()
    {
        var known = Scenario.Verifier.Verify(GoldenBlock.Purchase).Value;
        var forged = new Transaction(GoldenBlock.Purchase.Payload, [((Person)"forger").Sign(GoldenBlock.Purchase.Id)]);

        VerifiedBlock.Verify(GoldenBlock.Block, Scenario.Verifier, [null, known]).Value.Transactions[1].Should().BeSameAs(known);
        forged.Id.Should().Be(known.Id);
        var header = GoldenBlock.Header with { TransactionsRoot = MerkleTree.Root([forged.Leaf]) };
        VerifiedBlock.Verify(new Block(header, [forged]), Scenario.Verifier, [known]).Refusal!.Code.Should().Be("signature_invalid");
    }

    [Fact]
    public void A_found_header_is_joined_only_with_what_it_was_found_for()
    {
        var verified = VerifiedBlock.Verify(GoldenBlock.Block, Scenario.Verifier).Value;

        VerifiedBlock.Of(GoldenBlock.Header, verified.Transactions, null).Hash.Should().Be(GoldenBlock.Block.Hash);
        var joining = () => VerifiedBlock.Of(GoldenBlock.Header, [verified.Transactions[0]], null);
        joining.Should().Throw<ArgumentException>();
    }
}
