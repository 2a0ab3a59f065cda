using System.Text.RegularExpressions;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers.Messages;

/// <summary>docs/protocol.md prints one request and one answer of every kind that has bytes: they are what the codec writes and reads.</summary>
public partial class ProtocolVectorTests
{
    private static readonly ChainSpec Spec = DevelopmentChain.Spec;

    private static readonly Dictionary<string, string> Printed = Read("vector");

    [Fact]
    public void Every_message_printed_is_what_the_codec_writes_and_every_one_written_is_printed()
    {
        var printed = Read("vector-peer");
        var written = Messages().SelectMany(one => ((string, byte[])[])[($"{PeerKinds.Of(one.Request)}.request", PeerCodec.Encode(one.Request)), ($"{PeerKinds.Of(one.Request)}.answer", PeerCodec.Encode(one.Answer))])
            .Where(one => one.Item2.Length > 0)
            .ToDictionary(one => one.Item1, one => Text(one.Item1, one.Item2));

        Messages().Select(one => PeerKinds.Of(one.Request)).Should().Equal(PeerKinds.All);
        printed.Should().Equal(written);
    }

    [Fact]
    public void Every_message_printed_is_read()
    {
        var printed = Read("vector-peer");
        printed.Should().NotBeEmpty();
        foreach (var (name, text) in printed)
        {
            var kind = name[..name.IndexOf('.', StringComparison.Ordinal)];
            var bytes = PeerKinds.IsJson(kind) ? System.Text.Encoding.UTF8.GetBytes(text) : Convert.FromHexString(text);
            var refusal = name.EndsWith(".request", StringComparison.Ordinal) ? PeerCodec.DecodeRequest(kind, bytes, Spec).Refusal : PeerCodec.DecodeAnswer(kind, bytes, Spec).Refusal;
            refusal.Should().BeNull("{0} is printed", name);
        }
    }

    [Fact]
    public void The_largest_sizes_printed_are_those_of_the_built_in_chain()
    {
        var rows = SizeRow().Matches(Document()).Select(row => (row.Groups[1].Value, Number(row.Groups[2].Value), Number(row.Groups[3].Value)));

        rows.Should().Equal(PeerKinds.All.Select(kind => (kind, PeerCodec.MaxRequestSize(kind, Spec), PeerCodec.MaxAnswerSize(kind, Spec))));
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture);

    private static string Text(string name, byte[] bytes) =>
        PeerKinds.IsJson(name[..name.IndexOf('.', StringComparison.Ordinal)]) ? System.Text.Encoding.UTF8.GetString(bytes) : Convert.ToHexStringLower(bytes);

    // Of form only: the signatures are the sample of «Signatures», which signs something else.
    private static IEnumerable<(PeerRequest Request, PeerAnswer Answer)> Messages()
    {
        var block = Block.Decode(Convert.FromHexString(Printed["block.bytes"]), 2).Value;
        PublicKey.TryParse(Printed["signature.public_key"], out var key).Should().BeTrue();
        Signature.TryParse(Printed["signature.sample"], out var signature).Should().BeTrue();
        SessionToken.TryParse("000102030405060708090a0b0c0d0e0f", out var token).Should().BeTrue();
        var (caller, called) = (Hash256.Sha256("a caller's challenge"u8), Hash256.Sha256("a called node's challenge"u8));
        var (genesis, compact) = (Spec.Genesis, CompactBlock.Of(block));
        var tip = new PeerTip(1, 65_536, block.Hash);
        var self = new PeerIdentity(Spec.ChainId, genesis.Hash, key, MessageSamples.AddressOf("https://node.example"), null, tip, "SecuTicket/1.0");
        var behind = self with { Address = null, Port = 5000 };

        yield return (new PeerRequest.Hello(new PeerHello(behind, MessageSamples.AddressOf("https://node.example"), caller)), new PeerAnswer.Welcome(new PeerWelcome(self, called, signature)));
        yield return (new PeerRequest.Prove(new PeerProof(called, signature)), new PeerAnswer.Session(token));
        yield return (new PeerRequest.GetTip(), new PeerAnswer.Tip(tip, block.SealedHeader));
        yield return (new PeerRequest.GetAddresses(), new PeerAnswer.Addresses([MessageSamples.AddressOf("https://node.example"), MessageSamples.AddressOf("http://[2001:db8::1]:5000")]));
        yield return (new PeerRequest.GetHeaders([block.Hash, genesis.Hash], PeerLimits.Headers), new PeerAnswer.Headers([genesis.SealedHeader, block.SealedHeader]));
        yield return (new PeerRequest.GetBlocks([genesis.Hash, block.Hash]), new PeerAnswer.Blocks([genesis, block]));
        yield return (new PeerRequest.GetCompactBlock(block.Hash), new PeerAnswer.Compact(compact));
        yield return (new PeerRequest.GetBlockTransactions(block.Hash, [1]), new PeerAnswer.Transactions([block.Transactions[1]]));
        yield return (new PeerRequest.AnnounceTip(tip, block.SealedHeader), new PeerAnswer.Wanted([0]));
        yield return (new PeerRequest.AnnounceBlock(tip, compact), new PeerAnswer.Noted());
        yield return (new PeerRequest.AnnounceTransactions([block.Transactions[0].Leaf, block.Transactions[1].Leaf]), new PeerAnswer.Wanted([1]));
        yield return (new PeerRequest.SendTransactions([block.Transactions[1]]), new PeerAnswer.Noted());
    }

    private static Dictionary<string, string> Read(string fence) => (
        from Match block in Regex.Matches(Document(), $"```{fence}\n(.*?)```", RegexOptions.Singleline)
        from line in block.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(" = ", 2)
        select KeyValuePair.Create(parts[0], parts[1])).ToDictionary();

    private static string Document()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "SecuTicket.sln"))) root = Path.GetDirectoryName(root)!;
        return File.ReadAllText(Path.Combine(root, "docs", "protocol.md")).ReplaceLineEndings("\n");
    }

    [GeneratedRegex(@"^\| `([a-z-]+)` \| .* \| ([0-9,]+) \| .* \| ([0-9,]+) \|$", RegexOptions.Multiline)]
    private static partial Regex SizeRow();
}
