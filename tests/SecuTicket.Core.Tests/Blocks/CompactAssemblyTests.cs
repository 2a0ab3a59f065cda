using System.Buffers.Binary;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Blocks;

public class CompactAssemblyTests
{
    private static readonly Block Block = CompactBlockTests.BlockOf(5, true);
    private static readonly CompactBlock Compact = CompactBlock.Of(Block);

    [Fact]
    public void A_block_all_of_which_waits_here_is_made_without_asking()
    {
        var assembly = CompactAssembly.Of(Compact, [CompactBlockTests.Record(99), .. Block.Transactions.Reverse()]);

        assembly.Missing.Should().BeEmpty();
        assembly.Complete([]).Value.Encode().Should().Equal(Block.Encode());
    }

    [Fact]
    public void What_is_missing_is_asked_for_by_its_places()
    {
        var random = new Random(14);
        for (var run = 0; run < 50; run++)
        {
            var here = Block.Transactions.Where(_ => random.Next(2) == 0).ToArray();
            var assembly = CompactAssembly.Of(Compact, here);

            assembly.Missing.Should().Equal(Enumerable.Range(1, 5).Where(place => !here.Contains(Block.Transactions[place])));
            assembly.Complete([.. assembly.Missing.Select(place => Block.Transactions[place])]).Value.Encode().Should().Equal(Block.Encode());
        }
    }

    [Fact]
    public void A_block_with_a_seal_keeps_it()
    {
        var block = new Block(Block.Header, Block.Transactions, ((Person)"sealer").Scribble());

        CompactAssembly.Of(CompactBlock.Of(block), Block.Transactions).Complete([]).Value.Encode().Should().Equal(block.Encode());
    }

    [Fact]
    public void An_empty_block_is_made_of_nothing()
    {
        var block = CompactBlockTests.BlockOf(0, false);

        CompactAssembly.Of(CompactBlock.Of(block), [CompactBlockTests.Record(1)]).Complete([]).Value.Hash.Should().Be(block.Hash);
    }

    [Fact]
    public void The_same_payload_under_another_signature_is_another_transaction()
    {
        var twin = CompactBlockTests.Record(2, "forger");
        twin.Id.Should().Be(Block.Transactions[3].Id);

        CompactAssembly.Of(Compact, [twin]).Missing.Should().Equal(1, 2, 3, 4, 5);
        CompactAssembly.Of(Compact, [twin, .. Block.Transactions]).Complete([]).Value.Encode().Should().Equal(Block.Encode());
    }

    [Fact]
    public void One_transaction_met_twice_is_no_collision() =>
        CompactAssembly.Of(Compact, [.. Block.Transactions, .. Block.Transactions]).Missing.Should().BeEmpty();

    [Fact]
    public void A_short_id_that_two_places_have_names_nothing()
    {
        var shared = Compact with { ShortIds = [Compact.ShortIds[0], Compact.ShortIds[1], Compact.ShortIds[0], Compact.ShortIds[0], Compact.ShortIds[4]] };

        CompactAssembly.Of(shared, Block.Transactions).Missing.Should().Equal(1, 3, 4);
        for (var one = 0; one < 5; one++)
        {
            for (var other = one + 1; other < 5; other++)
            {
                var two = Compact with { ShortIds = [.. Compact.ShortIds.Select((id, i) => i == other ? Compact.ShortIds[one] : id)] };
                CompactAssembly.Of(two, Block.Transactions).Missing.Should().Equal(one + 1, other + 1);
            }
        }
    }

    [Fact]
    public void A_short_id_that_two_waiting_transactions_have_names_neither_however_many_more_have_it()
    {
        var (one, other) = (Scribbled(14_454_965), Scribbled(45_868_254));
        (one.Leaf == other.Leaf).Should().BeFalse();
        ShortId.Of(Compact.Hash, one.Leaf).Should().Be(ShortId.Of(Compact.Hash, other.Leaf));
        var named = Compact with { ShortIds = [ShortId.Of(Compact.Hash, one.Leaf), .. Compact.ShortIds.Skip(1)] };

        CompactAssembly.Of(named, [one, .. Block.Transactions]).Missing.Should().BeEmpty();
        CompactAssembly.Of(named, [one, other, .. Block.Transactions]).Missing.Should().Equal(1);
        CompactAssembly.Of(named, [one, other, one, .. Block.Transactions]).Missing.Should().Equal(1);
    }

    [Fact]
    public void Nothing_more_is_looked_at_once_all_are_found()
    {
        var looked = 0;
        CompactAssembly.Of(Compact, Block.Transactions.Concat(Enumerable.Repeat(CompactBlockTests.Record(99), 10)).Select(transaction =>
        {
            looked++;
            return transaction;
        })).Missing.Should().BeEmpty();

        looked.Should().Be(Block.Transactions.Count);
    }

    [Fact]
    public void What_waits_here_is_not_looked_at_for_a_block_that_is_given_whole()
    {
        var given = Compact with { ShortIds = [], Given = [.. Block.Transactions.Select((transaction, place) => new PlacedTransaction(place, transaction))] };

        CompactAssembly.Of(given, Enumerable.Range(0, 1).Select(Transaction (_) => throw new InvalidOperationException("It was looked at."))).Complete([]).Value.Encode().Should().Equal(Block.Encode());
    }

    [Fact]
    public void A_wrong_transaction_found_by_its_short_id_is_nobodys_lie_and_the_block_is_asked_for_whole()
    {
        var stranger = CompactBlockTests.Record(77);
        var named = Compact with { ShortIds = [ShortId.Of(Compact.Hash, stranger.Leaf), .. Compact.ShortIds.Skip(1)] };

        var refusal = CompactAssembly.Of(named, [stranger, .. Block.Transactions]).Complete([]).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("invalid_root", RefusalKind.Transient));
        var twoGiven = named with { ShortIds = [named.ShortIds[0], named.ShortIds[1], .. named.ShortIds.Skip(3)], Given = [.. named.Given, new PlacedTransaction(3, Block.Transactions[3])] };
        refusal = CompactAssembly.Of(twoGiven, [stranger, .. Block.Transactions]).Complete([]).Refusal!;
        (refusal.Code, refusal.Kind).Should().Be(("invalid_root", RefusalKind.Transient), "more than the reward may be given");
    }

    [Fact]
    public void What_came_and_has_not_the_short_id_of_its_place_is_a_lie()
    {
        var assembly = CompactAssembly.Of(Compact, Block.Transactions.Take(4));
        assembly.Missing.Should().Equal(4, 5);

        foreach (var wrong in (EquatableArray<Transaction>[])[[Block.Transactions[5], Block.Transactions[4]], [Block.Transactions[4], CompactBlockTests.Record(4, "forger")], [Block.Transactions[4]], [.. Block.Transactions.Skip(3)]])
        {
            var refusal = assembly.Complete(wrong).Refusal!;
            (refusal.Code, refusal.Kind).Should().Be(("invalid_block", RefusalKind.Invalid));
        }

        assembly.Complete([Block.Transactions[4], Block.Transactions[5]]).IsAccepted.Should().BeTrue("what one peer sent wrong another may send right");
    }

    [Fact]
    public void A_body_sent_by_one_peer_alone_that_is_not_the_headers_is_a_lie()
    {
        var stranger = CompactBlockTests.Record(77);
        var reward = Compact with { Given = [new PlacedTransaction(0, stranger)] };
        var named = Compact with { ShortIds = [ShortId.Of(Compact.Hash, stranger.Leaf), .. Compact.ShortIds.Skip(1)] };

        foreach (var refusal in (Refusal[])[CompactAssembly.Of(reward, []).Complete([.. Block.Transactions.Skip(1)]).Refusal!, CompactAssembly.Of(named, []).Complete([stranger, .. Block.Transactions.Skip(2)]).Refusal!])
            (refusal.Code, refusal.Kind).Should().Be(("invalid_root", RefusalKind.Invalid));
    }

    // The two numbers used were looked for, below 2^26: in this block their transactions share a short id. Another block needs others.
    private static Transaction Scribbled(int number)
    {
        Span<byte> signature = stackalloc byte[Signature.Size];
        BinaryPrimitives.WriteInt32BigEndian(signature[^sizeof(int)..], number);
        var record = CompactBlockTests.Record(0);
        return new Transaction(record.Payload, [record.Signatures[0] with { Value = new Signature(signature) }]);
    }
}
