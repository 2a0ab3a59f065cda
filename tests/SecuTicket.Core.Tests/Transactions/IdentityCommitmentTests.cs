using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Core.Tests.Transactions;

/// <summary>S1.8: what a ticket says of its holder, which nobody opens without the salt. Bounds: API.md, <c>/accounts/{address}/identity</c>.</summary>
public class IdentityCommitmentTests
{
    private const string Frame = """{"a":""}""";

    [Fact]
    public void It_depends_on_the_salt_and_on_the_identity_and_is_no_hash_of_the_identity_alone()
    {
        var ada = """{"name":"Ada"}"""u8.ToArray();
        Hash256 salt = new([.. Enumerable.Repeat((byte)1, 32)]), other = new([.. Enumerable.Repeat((byte)2, 32)]);

        IdentityCommitment.Of(salt, ada).Should().Be(Hash256.Sha256([.. "SecuTicket identity"u8, .. salt.Span, .. ada]));
        new[] { IdentityCommitment.Of(salt, ada), IdentityCommitment.Of(other, ada), IdentityCommitment.Of(salt, """{"name":"Bob"}"""u8), Hash256.Sha256(ada) }.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void An_identity_takes_16_KiB_in_canonical_form_and_no_byte_more()
    {
        var room = 16_384 - Frame.Length;

        IdentityCommitment.Canonical(Of(JsonValue.Of(new string('x', room)))).Value.Should().HaveCount(16_384);
        IdentityCommitment.Canonical(Of(JsonValue.Of(new string('x', room + 1)))).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "too_large" && refusal.Field == "identity");
    }

    // Whoever shows it puts it inside another object, which is read too.
    [Fact]
    public void An_identity_is_as_deep_as_can_be_shown_inside_another_object()
    {
        var deepest = Enumerable.Range(0, 63).Aggregate(JsonValue.Null, static (inner, _) => Of(inner));

        IdentityCommitment.Canonical(deepest).Value.Should().Equal(CanonicalJson.Write(deepest));
        CanonicalJson.ParseAny(CanonicalJson.Write(Of(deepest))).IsAccepted.Should().BeTrue();
        IdentityCommitment.Canonical(Of(deepest)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == "identity");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"Ada\"")]
    [InlineData("null")]
    public void What_is_no_object_is_no_identity(string json) =>
        IdentityCommitment.Canonical(SamplePayload.Parse(json)).Refusal.Should().Match<Refusal>(refusal => refusal.Code == "invalid_field" && refusal.Field == "identity");

    private static JsonValue Of(JsonValue inner) => JsonValue.Object([new("a", inner)]);
}
