using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using static SecuTicket.Core.Tests.Transactions.SamplePayload;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>Payloads read from their bytes without a tree of JSON values mean what they mean with one, and are refused for the same reasons.</summary>
public class PayloadDecodingTests
{
    private static readonly byte[] Interesting = [.. "{}[]\":,\\ 019-+.eEtfnu_\0\u001f\u007f"u8, 0x80, 0xC3, 0xA9, 0xE2, 0xFF];

    public static IEnumerable<object[]> Types => OperationTypes.All.Select(type => new object[] { type });

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_are_read_as_their_tree_is(string type)
    {
        AssertSame(CanonicalJson.Write(Valid(type)));
        AssertSame(CanonicalJson.Write(Valid(type).With("unknown", JsonValue.Of("x"))));
        AssertSame(CanonicalJson.Write(Valid(type).With("sender", JsonValue.Of(WrongChecksum))));
        foreach (var member in Valid(type).Members) AssertSame(CanonicalJson.Write(Valid(type).Without(member.Name)));
        foreach (var member in Valid(type).Members)
            foreach (var value in (JsonValue[])[JsonValue.Null, JsonValue.True, JsonValue.Of(-1), JsonValue.Of(0), JsonValue.Of(Largest), JsonValue.Of(-Largest), JsonValue.Of(""), JsonValue.Of("é"), JsonValue.Of("\u007f\n\""), JsonValue.Of(new string('a', 33)), JsonValue.Of(new string('a', 65)), JsonValue.Array([]), JsonValue.Object([])])
                AssertSame(CanonicalJson.Write(Valid(type).With(member.Name, value)));
    }

    // Where a hash is read there is room for 64 digits: of what is longer nothing is cut off. A stake's is the only text of its payload that is read so.
    [Theory]
    [InlineData("stake", "commitment")]
    [InlineData("purchase_ticket", "identity_commitment")]
    public void A_hash_with_a_digit_too_many_is_none_however_it_is_read(string type, string field)
    {
        Payload.Decode(CanonicalJson.Write(Valid(type).With(field, JsonValue.Of(Hash + "0")))).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == field);
        Payload.Decode(CanonicalJson.Write(Valid(type).With(field, JsonValue.Of(Hash)))).IsAccepted.Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_with_faults_are_refused_as_their_tree_is(string type)
    {
        var random = new Random(type.Sum(letter => letter));
        var good = CanonicalJson.Write(Valid(type).With("identity_commitment", JsonValue.Of(new string('a', 64))).Without(random.Next(2) == 0 ? "identity_commitment" : "none"));
        for (var i = 0; i < 3_000; i++) AssertSame(Mutated(good, random));
    }

    [Theory]
    [InlineData("""{"a":01}""")]
    [InlineData("""{"a":-0}""")]
    [InlineData("""{"a":-}""")]
    [InlineData("""{"a":1.0}""")]
    [InlineData("""{"a":9007199254740992}""")]
    [InlineData("""{"a":99999999999999999999}""")]
    [InlineData("""{"b":1,"a":1}""")]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1 }""")]
    [InlineData("""{"a" :1}""")]
    [InlineData("""{"a":"x}""")]
    [InlineData("""{"a":"\u0061"}""")]
    [InlineData("""{"a":"/"}{"a":"}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("{}")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("")]
    [InlineData("{\"")]
    [InlineData("""{"a"}""")]
    [InlineData("""{"a":}""")]
    [InlineData("""{"a":"x"}}""")]
    [InlineData("""{"a":+5}""")]
    [InlineData("""{"a":"\,"b":1}""")]
    [InlineData("{\"a\":\"x\u007f}")]
    [InlineData("{:1}")]
    public void What_is_not_flat_or_not_canonical_is_not_read_without_a_tree(string json) =>
        FlatObject.Read(System.Text.Encoding.UTF8.GetBytes(json)).Should().BeNull();

    [Fact]
    public void What_is_flat_and_canonical_is_read_without_a_tree()
    {
        var members = Enumerable.Range(0, FlatObject.MaxMembers).Select(i => new JsonMember($"{i:00}", i % 2 == 0 ? JsonValue.Of(-i) : JsonValue.Of($"/ {i}"))).ToArray();

        var flat = FlatObject.Read(CanonicalJson.Write(JsonValue.Object(members)))!;

        for (var i = 0; i < flat.Count; i++)
            (flat.IndexOf(members[i].Name), flat.NameOf(i), flat.IsText(i), flat.IntegerOf(i)).Should().Be((i, members[i].Name, i % 2 == 1, i % 2 == 0 ? -i : 0));
        System.Text.Encoding.ASCII.GetString(flat.TextOf(3)).Should().Be("/ 3");
        flat.IndexOf("0").Should().Be(-1);
        FlatObject.Read(CanonicalJson.Write(JsonValue.Object([.. members, new JsonMember("x", JsonValue.Of(1))]))).Should().BeNull("it has too many members");
        FlatObject.Read(CanonicalJson.Write(Valid(PurchaseTicket.TypeName))).Should().NotBeNull();
    }

    private static byte[] Mutated(byte[] good, Random random)
    {
        var bytes = good.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            var other = random.Next(3) == 0 ? (byte)random.Next(256) : Interesting[random.Next(Interesting.Length)];
            switch (random.Next(4))
            {
                case 0: bytes.RemoveAt(at); break;
                case 1: bytes.Insert(at, other); break;
                case 2: (bytes[at], bytes[^1]) = (bytes[^1], bytes[at]); break;
                default: bytes[at] = other; break;
            }
        }

        return [.. bytes];
    }

    private static void AssertSame(byte[] bytes)
    {
        var expected = CanonicalJson.ParseCanonical(bytes).TryGet(out var json, out var refusal) ? Payload.From(json) : refusal;
        var found = Payload.Decode(bytes);

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        (found.IsAccepted, found.Refusal?.Code, found.Refusal?.Detail, found.Refusal?.Field).Should().Be((expected.IsAccepted, expected.Refusal?.Code, expected.Refusal?.Detail, expected.Refusal?.Field), "of {0}", text);
        if (!expected.IsAccepted) return;

        var (a, b) = (found.Value, expected.Value);
        (a.Id, a.ChainId, a.Sender, a.ValidUntil).Should().Be((b.Id, b.ChainId, b.Sender, b.ValidUntil), "of {0}", text);
        a.Operation.Should().BeEquivalentTo(b.Operation, options => options.RespectingRuntimeTypes(), "of {0}", text);
        a.Canonical.Span.SequenceEqual(bytes).Should().BeTrue();
    }
}
