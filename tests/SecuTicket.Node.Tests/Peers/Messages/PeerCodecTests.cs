using System.Buffers.Binary;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers.Messages;

// S4.12: what nodes say to each other is strict and bounded.
public class PeerCodecTests
{
    private static readonly ChainSpec Spec = DevelopmentChain.Spec;

    public static TheoryData<string> Kinds => [.. PeerKinds.All];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_written_is_read(string kind)
    {
        var samples = new MessageSamples(kind.Length);
        for (var run = 0; run < 100; run++)
        {
            var (request, answer) = (samples.Request(kind), samples.Answer(kind));
            var (sent, answered) = (PeerCodec.Encode(request), PeerCodec.Encode(answer));

            PeerKinds.Of(request).Should().Be(kind);
            var (readRequest, readAnswer) = (PeerCodec.DecodeRequest(kind, sent, Spec).Value, PeerCodec.DecodeAnswer(kind, answered, Spec).Value);
            AreSame(readRequest, request).Should().BeTrue();
            AreSame(readAnswer, answer).Should().BeTrue();
            PeerCodec.Encode(readRequest).Should().Equal(sent);
            PeerCodec.Encode(readAnswer).Should().Equal(answered);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Cut_off_anywhere_or_changed_anywhere_a_message_is_refused_or_another_one(string kind)
    {
        var samples = new MessageSamples(100 + kind.Length);
        for (var run = 0; run < 3; run++)
        {
            foreach (var (bytes, isRequest) in ((byte[], bool)[])[(PeerCodec.Encode(samples.Request(kind)), true), (PeerCodec.Encode(samples.Answer(kind)), false)])
            {
                var wrong = Enumerable.Range(0, bytes.Length).Where(length => !IsSound(kind, bytes.AsSpan(0, length), isRequest)).ToList();
                for (var at = 0; at < bytes.Length; at++)
                {
                    var changed = bytes.ToArray();
                    changed[at] ^= (byte)(1 << ((at + run) % 8));
                    if (!IsSound(kind, changed, isRequest)) wrong.Add(at);
                }

                if (!IsSound(kind, [.. bytes, 0], isRequest)) wrong.Add(bytes.Length);
                wrong.Should().BeEmpty();
            }
        }
    }

    [Fact]
    public void Whatever_comes_is_read_without_an_exception()
    {
        var (random, samples) = (new Random(15), new MessageSamples(15));
        var wrong = new List<(int Run, string Kind)>();
        for (var run = 0; run < 10_000; run++)
        {
            var kind = PeerKinds.All[run % PeerKinds.All.Count];
            var bytes = samples.Bytes(random.Next(random.Next(2) == 0 ? 8 : 600));
            // Numbers are small where a message is to get beyond its first bytes.
            if (random.Next(2) == 0) bytes.AsSpan(0, Math.Min(bytes.Length, 3)).Clear();
            if (!IsSound(kind, bytes, isRequest: true) || !IsSound(kind, bytes, isRequest: false)) wrong.Add((run, kind));
        }

        wrong.Should().BeEmpty();
    }

    [Fact]
    public void Unknown_kinds_are_not_found_and_nothing_of_them_is_read()
    {
        foreach (var kind in (string[])["", "Tip", "hello/", "stake"])
        {
            PeerCodec.DecodeRequest(kind, [1, 2], Spec).Refusal!.Code.Should().Be("not_found");
            PeerCodec.DecodeAnswer(kind, [], Spec).Refusal!.Code.Should().Be("not_found");
            (PeerCodec.MaxRequestSize(kind, Spec), PeerCodec.MaxAnswerSize(kind, Spec)).Should().Be((0, 0));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void More_bytes_than_a_kind_may_have_are_refused_before_they_cost_memory(string kind)
    {
        foreach (var (size, isRequest) in ((int, bool)[])[(PeerCodec.MaxRequestSize(kind, Spec), true), (PeerCodec.MaxAnswerSize(kind, Spec), false)])
        {
            var bytes = new byte[size + 1];
            var before = GC.GetAllocatedBytesForCurrentThread();
            var refusal = isRequest ? PeerCodec.DecodeRequest(kind, bytes, Spec).Refusal : PeerCodec.DecodeAnswer(kind, bytes, Spec).Refusal;
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(20_000);
            (refusal!.Code, refusal.Kind).Should().Be(("malformed_message", RefusalKind.Invalid));
        }
    }

    [Fact]
    public void The_largest_messages_fit_and_one_item_more_does_not()
    {
        var seal = new TransactionSignature(SignatureScheme.P256, default, default);
        var header = new SealedHeader(Spec.Genesis.Header, seal);
        var record = MessageSamples.Record(1);
        var address = MessageSamples.AddressOf("https://a-node-with-a-long-name.example:8443");

        Fits(PeerKinds.Headers, count => new PeerRequest.GetHeaders(Times(count, Hash256.Zero), PeerLimits.Headers), PeerLimits.Locator).Should().Be(PeerCodec.MaxRequestSize(PeerKinds.Headers, Spec));
        Fits(PeerKinds.Blocks, count => new PeerRequest.GetBlocks(Times(count, Hash256.Zero)), PeerLimits.Blocks).Should().Be(PeerCodec.MaxRequestSize(PeerKinds.Blocks, Spec));
        Fits(PeerKinds.AnnounceTransactions, count => new PeerRequest.AnnounceTransactions(Times(count, Hash256.Zero)), PeerLimits.Leaves).Should().Be(PeerCodec.MaxRequestSize(PeerKinds.AnnounceTransactions, Spec));
        Fits(PeerKinds.BlockTransactions, count => new PeerRequest.GetBlockTransactions(Hash256.Zero, [.. Enumerable.Range(0, count)]), Spec.MaxBlockTransactions).Should().Be(PeerCodec.MaxRequestSize(PeerKinds.BlockTransactions, Spec));
        Fits(PeerKinds.Transactions, count => new PeerRequest.SendTransactions(Times(count, record)), PeerLimits.Leaves);
        Fits(PeerKinds.Headers, count => new PeerAnswer.Headers(Times(count, header)), PeerLimits.Headers).Should().Be(PeerCodec.MaxAnswerSize(PeerKinds.Headers, Spec));
        Fits(PeerKinds.Addresses, count => new PeerAnswer.Addresses(Times(count, address)), PeerLimits.Addresses);
        Fits(PeerKinds.Blocks, count => new PeerAnswer.Blocks(Times(count, Spec.Genesis)), PeerLimits.Blocks);
        Fits(PeerKinds.BlockTransactions, count => new PeerAnswer.Transactions(Times(count, new Transaction(Payload.OfReward("c", default, 1, 1), []))), Spec.MaxBlockTransactions);
        Fits(PeerKinds.AnnounceTransactions, count => new PeerAnswer.Wanted([.. Enumerable.Range(0, count)]), PeerLimits.Leaves).Should().Be(PeerCodec.MaxAnswerSize(PeerKinds.AnnounceTransactions, Spec)).And.BeLessThanOrEqualTo(130);
    }

    [Fact]
    public void What_must_name_something_is_not_empty()
    {
        foreach (var kind in (string[])[PeerKinds.Blocks, PeerKinds.AnnounceTransactions]) PeerCodec.DecodeRequest(kind, [], Spec).IsAccepted.Should().BeFalse();
        PeerCodec.DecodeRequest(PeerKinds.Headers, [0, 0, 0, 1], Spec).IsAccepted.Should().BeFalse();
        PeerCodec.DecodeRequest(PeerKinds.BlockTransactions, new byte[Hash256.Size], Spec).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Headers_are_asked_for_in_pages()
    {
        byte[] Asking(int count)
        {
            var bytes = PeerCodec.Encode(new PeerRequest.GetHeaders([Hash256.Zero], 1));
            BinaryPrimitives.WriteInt32BigEndian(bytes, count);
            return bytes;
        }

        foreach (var count in (int[])[1, 2_000]) PeerCodec.DecodeRequest(PeerKinds.Headers, Asking(count), Spec).IsAccepted.Should().BeTrue();
        foreach (var count in (int[])[0, 2_001, -1, int.MaxValue]) PeerCodec.DecodeRequest(PeerKinds.Headers, Asking(count), Spec).Refusal!.Code.Should().Be("malformed_message");
    }

    [Fact]
    public void The_header_that_comes_with_a_tip_is_the_tips()
    {
        var header = Spec.Genesis.SealedHeader;
        PeerCodec.DecodeAnswer(PeerKinds.Tip, PeerCodec.Encode(new PeerAnswer.Tip(new PeerTip(0, 0, Spec.Genesis.Hash), header)), Spec).IsAccepted.Should().BeTrue();

        foreach (var tip in (PeerTip[])[new PeerTip(1, 0, Spec.Genesis.Hash), new PeerTip(0, 0, Hash256.Zero)])
            PeerCodec.DecodeAnswer(PeerKinds.Tip, PeerCodec.Encode(new PeerAnswer.Tip(tip, header)), Spec).Refusal!.Code.Should().Be("malformed_message");
    }

    [Fact]
    public void Heights_that_no_client_could_read_exactly_are_refused()
    {
        var tip = PeerCodec.Encode(new PeerAnswer.Tip(new PeerTip((1L << 53) - 1, UInt128.MaxValue, Hash256.Zero)));
        PeerCodec.DecodeAnswer(PeerKinds.Tip, tip, Spec).IsAccepted.Should().BeTrue();

        // 2^53 and 2^63.
        foreach (var height in (ulong[])[1UL << 53, 1UL << 63])
        {
            BinaryPrimitives.WriteUInt64BigEndian(tip, height);
            PeerCodec.DecodeAnswer(PeerKinds.Tip, tip, Spec).Refusal!.Code.Should().Be("malformed_message");
        }
    }

    [Fact]
    public void One_block_may_be_as_large_as_the_chain_allows_several_are_limited_together()
    {
        var spec = Spec with { MaxBlockSize = 6 * 1024 * 1024, MaxBlockTransactions = 20_000 };
        Block BlockOf(int records) => new(Spec.Genesis.Header, Times(records, MessageSamples.Record(1)));
        var one = MessageSamples.Record(1).Size;
        var large = BlockOf((PeerLimits.BlockBytes / one) + 1);
        var half = BlockOf(PeerLimits.BlockBytes / one / 2);
        large.Size.Should().BeGreaterThan(PeerLimits.BlockBytes);

        bool IsRead(params Block[] blocks) => PeerCodec.DecodeAnswer(PeerKinds.Blocks, PeerCodec.Encode(new PeerAnswer.Blocks([.. blocks])), spec).IsAccepted;
        IsRead(large).Should().BeTrue();
        IsRead(half, half).Should().BeTrue();
        IsRead(half, half, BlockOf(3)).Should().BeFalse();
        IsRead(large, BlockOf(0)).Should().BeFalse();
        PeerCodec.DecodeAnswer(PeerKinds.Blocks, PeerCodec.Encode(new PeerAnswer.Blocks([large])), Spec).IsAccepted.Should().BeFalse();
    }

    [Fact]
    public void Places_have_one_form()
    {
        foreach (var (places, hex) in ((int[], string)[])[([], ""), ([0], "80"), ([7], "01"), ([0, 1, 9], "c040"), ([999], new string('0', 248) + "01")])
        {
            Convert.ToHexStringLower(PeerCodec.Encode(new PeerAnswer.Wanted([.. places]))).Should().Be(hex);
            ((PeerAnswer.Wanted)PeerCodec.DecodeAnswer(PeerKinds.AnnounceTransactions, Convert.FromHexString(hex), Spec).Value).Places.Should().Equal(places);
        }

        foreach (var hex in (string[])["00", "8000", new string('f', 252)]) PeerCodec.DecodeAnswer(PeerKinds.AnnounceTransactions, Convert.FromHexString(hex), Spec).IsAccepted.Should().BeFalse();
        var odd = Spec with { MaxBlockTransactions = 10 };
        foreach (var (bits, isRead) in ((string, bool)[])[("0040", true), ("0020", false)])
            PeerCodec.DecodeRequest(PeerKinds.BlockTransactions, [.. new byte[32], .. Convert.FromHexString(bits)], odd).IsAccepted.Should().Be(isRead);
    }

    [Fact]
    public void Addresses_have_one_form()
    {
        bool IsRead(string text) => PeerCodec.DecodeAnswer(PeerKinds.Addresses, [(byte)text.Length, .. System.Text.Encoding.Latin1.GetBytes(text)], Spec).IsAccepted;

        IsRead("http://node.example").Should().BeTrue();
        foreach (var text in (string[])["node.example", "http://node.example/", "http://node.example:80", "HTTP://node.example", "ftp://node.example", "http://nöde.example", ""]) IsRead(text).Should().BeFalse();
    }

    [Fact]
    public void An_announced_tip_is_the_announced_block()
    {
        var block = CompactBlock.Of(Spec.Genesis);
        foreach (var tip in (PeerTip[])[new(1, 0, block.Hash), new(0, 0, Hash256.Zero)])
        {
            var writing = () => PeerCodec.Encode(new PeerRequest.AnnounceBlock(tip, block));
            writing.Should().Throw<ArgumentException>();
        }
    }

    [Fact]
    public void A_refusal_quotes_nothing_of_what_came()
    {
        var record = MessageSamples.Record(1).Encode();
        var marked = record.AsSpan().IndexOf("\"data\""u8);
        "mark"u8.CopyTo(record.AsSpan(marked + 1));

        PeerCodec.DecodeRequest(PeerKinds.Transactions, record, Spec).Refusal!.Detail.Should().NotContain("mark");
        PeerCodec.DecodeRequest(PeerKinds.Hello, """{"mark":1,"mark":2}"""u8, Spec).Refusal!.Detail.Should().NotContain("mark");
    }

    /// <summary>Bytes of the largest request of a kind, which is read, while one item more is not.</summary>
    private static int Fits(string kind, Func<int, PeerRequest> make, int maximum)
    {
        var bytes = PeerCodec.Encode(make(maximum));
        PeerCodec.DecodeRequest(kind, bytes, Spec).Refusal.Should().BeNull();
        PeerCodec.DecodeRequest(kind, PeerCodec.Encode(make(maximum + 1)), Spec).Refusal!.Code.Should().Be("malformed_message");
        return bytes.Length;
    }

    private static int Fits(string kind, Func<int, PeerAnswer> make, int maximum)
    {
        var bytes = PeerCodec.Encode(make(maximum));
        PeerCodec.DecodeAnswer(kind, bytes, Spec).Refusal.Should().BeNull();
        PeerCodec.DecodeAnswer(kind, PeerCodec.Encode(make(maximum + 1)), Spec).Refusal!.Code.Should().Be("malformed_message");
        return bytes.Length;
    }

    private static EquatableArray<T> Times<T>(int count, T item) => [.. Enumerable.Repeat(item, count)];

    // Refused, or a message that has just these bytes; of JSON, which may hold what a later version says, one that is read again as the same.
    private static bool IsSound(string kind, ReadOnlySpan<byte> bytes, bool isRequest)
    {
        if (isRequest)
        {
            if (!PeerCodec.DecodeRequest(kind, bytes, Spec).TryGet(out var request, out var why)) return why.Code == "malformed_message";

            var written = PeerCodec.Encode(request);
            return written.AsSpan().SequenceEqual(bytes) || (PeerKinds.IsJson(kind) && AreSame(PeerCodec.DecodeRequest(kind, written, Spec).Value, request));
        }
        else
        {
            if (!PeerCodec.DecodeAnswer(kind, bytes, Spec).TryGet(out var answer, out var why)) return why.Code == "malformed_message";

            var written = PeerCodec.Encode(answer);
            return written.AsSpan().SequenceEqual(bytes) || (PeerKinds.IsJson(kind) && AreSame(PeerCodec.DecodeAnswer(kind, written, Spec).Value, answer));
        }
    }

    private static bool AreSame(PeerRequest one, PeerRequest other) => (one, other) switch
    {
        (PeerRequest.SendTransactions a, PeerRequest.SendTransactions b) => AreSame(a.Transactions, b.Transactions),
        (PeerRequest.AnnounceBlock a, PeerRequest.AnnounceBlock b) => a.Tip == b.Tip && AreSame(a.Block, b.Block),
        _ => one == other,
    };

    private static bool AreSame(PeerAnswer one, PeerAnswer other) => (one, other) switch
    {
        (PeerAnswer.Transactions a, PeerAnswer.Transactions b) => AreSame(a.Items, b.Items),
        (PeerAnswer.Blocks a, PeerAnswer.Blocks b) => a.Items.Count == b.Items.Count && a.Items.Zip(b.Items).All(pair => pair.First.SealedHeader == pair.Second.SealedHeader && AreSame(pair.First.Transactions, pair.Second.Transactions)),
        (PeerAnswer.Compact a, PeerAnswer.Compact b) => AreSame(a.Block, b.Block),
        _ => one == other,
    };

    private static bool AreSame(CompactBlock one, CompactBlock other) =>
        (one.Header, one.Count, one.ShortIds) == (other.Header, other.Count, other.ShortIds) && one.Given.Select(given => (given.Place, given.Transaction.Leaf)).SequenceEqual(other.Given.Select(given => (given.Place, given.Transaction.Leaf)));

    private static bool AreSame(EquatableArray<Transaction> one, EquatableArray<Transaction> other) => one.Select(transaction => transaction.Leaf).SequenceEqual(other.Select(transaction => transaction.Leaf));
}
