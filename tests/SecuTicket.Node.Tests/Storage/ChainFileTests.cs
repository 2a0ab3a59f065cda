using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

public class ChainFileTests
{
    private static readonly ChainSpec Spec = SpecOf();

    [Fact]
    public void What_is_written_is_read()
    {
        byte[][] blocks = [.. Enumerable.Range(0, 150).Select(i => new byte[i])];
        using var file = ChainFile.Open(new MemoryStream(Write(blocks))).Value;

        file.Spec.Should().Be(Spec);
        var read = new List<byte[]>();
        for (var batch = file.ReadBatch().Value; batch.Count > 0; batch = file.ReadBatch().Value)
        {
            batch.Count.Should().BeLessThanOrEqualTo(ChainReplay.BatchBlocks);
            read.AddRange(batch.Select(block => block.ToArray()));
        }

        read.Should().BeEquivalentTo(blocks, options => options.WithStrictOrdering());
        file.ReadBatch().Value.Should().BeEmpty("its end stays its end");
    }

    [Fact]
    public void A_batch_holds_a_bounded_number_of_bytes()
    {
        using var file = ChainFile.Open(new MemoryStream(Write([new byte[2 << 20], new byte[2 << 20], new byte[2 << 20]]))).Value;

        file.ReadBatch().Value.Should().HaveCount(2);
        file.ReadBatch().Value.Should().ContainSingle();
    }

    [Fact]
    public void A_torn_file_gives_what_is_whole_and_then_says_so()
    {
        var whole = Write([new byte[10], new byte[20]]);
        for (var cut = 1; cut < BlockFrames.LengthSize + 20; cut++)
        {
            using var file = ChainFile.Open(new MemoryStream(whole[..^cut])).Value;

            file.ReadBatch().Value.Should().ContainSingle().Which.Length.Should().Be(10);
            file.ReadBatch().Refusal!.Code.Should().Be("invalid_block");
            file.ReadBatch().Refusal!.Code.Should().Be("invalid_block", "it stays torn");
        }
    }

    [Fact]
    public void A_length_that_no_block_has_costs_no_memory()
    {
        var bytes = Write([new byte[4]]);
        for (var i = 0; i < 4; i++) bytes[^(8 - i)] = 0xff;
        using var file = ChainFile.Open(new MemoryStream(bytes)).Value;

        file.ReadBatch().Refusal!.Detail.Should().Contain("4294967295");
        BlockFrames.Split(bytes.AsMemory(bytes.Length - 8), Spec.MaxBlockSize).Refusal!.Detail.Should().Contain("4294967295");
    }

    [Fact]
    public void What_is_no_such_file_is_refused()
    {
        var bytes = Write([]);
        for (var length = 0; length < bytes.Length; length++) Open(bytes[..length]).Should().Be("invalid_block");
        for (var i = 0; i < 8; i++) Open([.. bytes[..i], (byte)(bytes[i] ^ 1), .. bytes[(i + 1)..]]).Should().Be("invalid_block");
        Open([.. bytes[..8], 0, 1, 0, 1, .. bytes[12..]]).Should().Be("invalid_block", "no specification is that long");
        Open([.. bytes[..8], 0, 0, 0, 2, (byte)'{', (byte)'}']).Should().Be("missing_field");
        var spaced = System.Text.Encoding.UTF8.GetBytes(" " + System.Text.Encoding.UTF8.GetString(Spec.Canonical.Span));
        Open([.. bytes[..10], (byte)(spaced.Length >> 8), (byte)spaced.Length, .. spaced]).Should().Be("not_canonical");

        static string Open(byte[] bytes) => ChainFile.Open(new MemoryStream(bytes)).Refusal!.Code;
    }

    [Fact]
    public void Frames_are_taken_apart_as_they_were_put_together()
    {
        var stream = new MemoryStream();
        foreach (var block in (byte[][])[[1, 2, 3], [], [4]]) BlockFrames.Write(stream, block);
        var bytes = stream.ToArray();

        BlockFrames.Split(bytes, 3).Value.Select(block => Convert.ToHexString(block.Span)).Should().Equal("010203", "", "04");
        BlockFrames.Split(ReadOnlyMemory<byte>.Empty, 3).Value.Should().BeEmpty();
        BlockFrames.Split(bytes, 2).Refusal!.Code.Should().Be("invalid_block");
        foreach (var cut in (int[])[1, 2, 4]) BlockFrames.Split(bytes.AsMemory(0, bytes.Length - cut), 3).Refusal!.Code.Should().Be("invalid_block");
    }

    [Fact]
    public void The_protocol_prints_what_a_file_and_an_export_begin_with()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "SecuTicket.sln"))) root = Path.GetDirectoryName(root)!;
        var lines = File.ReadAllLines(Path.Combine(root, "docs", "protocol.md"));
        var (head, block) = (new MemoryStream(), new MemoryStream());
        ChainFile.Begin(head, DevelopmentChain.Spec);
        BlockFrames.Write(block, DevelopmentChain.Spec.Genesis.Encode());

        lines.SkipWhile(line => line != "```vector-node").Skip(1).TakeWhile(line => line != "```").Should().Equal(
            $"export.head = {Convert.ToHexStringLower(head.ToArray())}", $"export.genesis = {Convert.ToHexStringLower(block.ToArray())}");
    }

    private static byte[] Write(IEnumerable<byte[]> blocks)
    {
        var stream = new MemoryStream();
        ChainFile.Begin(stream, Spec);
        foreach (var block in blocks) BlockFrames.Write(stream, block);
        return stream.ToArray();
    }
}
