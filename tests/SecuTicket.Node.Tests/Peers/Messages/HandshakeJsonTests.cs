using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Peers.Messages;

namespace SecuTicket.Node.Tests.Peers.Messages;

public class HandshakeJsonTests
{
    private static readonly PeerHello Hello = new(
        new PeerIdentity("test-chain", Hash256.Sha256("genesis"u8), default, MessageSamples.AddressOf("https://node.example"), null, new PeerTip(7, UInt128.MaxValue, Hash256.Sha256("tip"u8)), "SecuTicket/1.0"),
        MessageSamples.AddressOf("http://called.example:5000"),
        Hash256.Sha256("challenge"u8));

    private static readonly JsonValue Json = CanonicalJson.Parse(PeerCodec.Encode(new PeerRequest.Hello(Hello))).Value;

    // Mixed versions: a later one may say more of itself.
    [Fact]
    public void Fields_that_a_later_version_says_are_left_alone()
    {
        var later = Json.With("zeal", JsonValue.Of(1)).With("tip", Json.Find("tip")!.With("state_root", JsonValue.Of("00")));

        ((PeerRequest.Hello)Read(later).Value).Claims.Should().Be(Hello);
    }

    [Fact]
    public void Every_field_but_where_it_is_reached_is_required()
    {
        foreach (var name in Json.Members.Select(member => member.Name)) Read(Json.Without(name)).IsAccepted.Should().Be(name == "address", "of {0}", name);
        foreach (var name in Json.Find("tip")!.Members.Select(member => member.Name)) Read(Json.With("tip", Json.Find("tip")!.Without(name))).Refusal!.Detail.Should().Contain($"tip.{name}");
    }

    [Fact]
    public void A_field_out_of_range_is_refused_by_its_name()
    {
        foreach (var (name, value) in ((string, JsonValue)[])
        [
            ("chain_id", JsonValue.Of("a b")), ("chain_id", JsonValue.Of(new string('c', 65))), ("challenge", JsonValue.Of(new string('A', 64))), ("genesis", JsonValue.Of("00")),
            ("key", JsonValue.Of($"02{new string('0', 128)}")), ("key", JsonValue.Of($"04{new string('A', 128)}")), ("address", JsonValue.Of("node.example")), ("address", JsonValue.Null),
            ("address", JsonValue.Of("https://node.example/")), ("port", JsonValue.Of(80)), ("to", JsonValue.Of("called.example")), ("to", JsonValue.Of("http://called.example:80")), ("to", JsonValue.Null), ("software", JsonValue.Of("")), ("software", JsonValue.Of("a\nb")), ("tip", JsonValue.Of(7)),
        ])
            Read(Json.With(name, value)).Refusal!.Detail.Should().Be($"The message has no right field {name}.");

        foreach (var port in (int[])[0, 65_536, -1]) Read(Json.Without("address").With("port", JsonValue.Of(port))).IsAccepted.Should().BeFalse();
        Read(Json.Without("address").With("port", JsonValue.Of(65_535))).IsAccepted.Should().BeTrue();
        foreach (var (name, value) in ((string, JsonValue)[])
        [
            ("height", JsonValue.Of(-1)), ("weight", JsonValue.Of(1)), ("weight", JsonValue.Of("01")), ("weight", JsonValue.Of("+1")), ("weight", JsonValue.Of("340282366920938463463374607431768211456")), ("hash", JsonValue.Of("")),
        ])
            Read(Json.With("tip", Json.Find("tip")!.With(name, value))).Refusal!.Detail.Should().Be($"The message has no right field tip.{name}.");
    }

    [Fact]
    public void Only_the_canonical_form_is_read()
    {
        var bytes = CanonicalJson.Write(Json);

        PeerCodec.DecodeRequest(PeerKinds.Hello, bytes, DevelopmentChain.Spec).IsAccepted.Should().BeTrue();
        foreach (var other in (byte[][])[[.. bytes, .. "\n"u8], [.. " "u8, .. bytes], [.. "{ "u8, .. bytes[1..]], [.. "["u8, .. bytes, .. "]"u8]])
            PeerCodec.DecodeRequest(PeerKinds.Hello, other, DevelopmentChain.Spec).Refusal!.Code.Should().Be("malformed_message");
    }

    private static Verdict<PeerRequest> Read(JsonValue json) => PeerCodec.DecodeRequest(PeerKinds.Hello, CanonicalJson.Write(json), DevelopmentChain.Spec);
}
