using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SecuTicket.Api.Queries;

namespace SecuTicket.Api.Tests.Edge;

public sealed class QueryTests
{
    [Theory]
    [InlineData("", 100)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=1000", 1000)]
    public void A_limit_is_read(string query, int limit)
    {
        var reader = Reader(query);

        reader.Limit().Should().Be(limit);
        reader.Problem.Should().BeNull();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1001")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("1e2")]
    [InlineData("%201")]
    [InlineData("")]
    [InlineData("ten")]
    [InlineData("99999999999999999999")]
    [InlineData("5&limit=6")]
    public void A_limit_is_never_clamped_or_guessed(string text)
    {
        var reader = Reader($"?limit={text}");

        reader.Limit();

        var problem = reader.Problem!.Problem;
        problem.Code.Should().Be("invalid_field");
        problem.Errors.Should().ContainKey("limit");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?pending=false", false)]
    [InlineData("?pending=true", true)]
    public void A_flag_is_true_or_false(string query, bool expected)
    {
        var reader = Reader(query);

        reader.Flag("pending").Should().Be(expected);
        reader.Problem.Should().BeNull();
    }

    [Theory]
    [InlineData("?pending=1")]
    [InlineData("?pending=True")]
    [InlineData("?pending=")]
    [InlineData("?pending")]
    public void Anything_else_is_no_flag(string query)
    {
        var reader = Reader(query);

        reader.Flag("pending");

        reader.Problem.Should().NotBeNull();
    }

    [Fact]
    public void A_word_is_one_of_those_listed()
    {
        Reader("?status=sold").OneOf("status", "unsold", "sold").Should().Be("sold");
        Reader("").OneOf("status", "unsold", "sold").Should().BeNull();
        var reader = Reader("?status=SOLD");
        reader.OneOf("status", "unsold", "sold");
        reader.Problem!.Problem.Detail.Should().Contain("unsold, sold");
    }

    [Fact]
    public void A_value_that_must_be_given_and_is_not_is_named()
    {
        var reader = Reader("");

        reader.Required("node", static (ReadOnlySpan<char> text, out int value) => int.TryParse(text, out value), "a number");

        reader.Problem!.Problem.Errors.Should().ContainKey("node");
    }

    [Fact]
    public async Task One_answer_names_every_faulty_value()
    {
        await using var host = await EdgeHost.StartAsync();

        var problem = await (await host.Client.GetAsync("/events?limit=0&after=*&pending=maybe")).ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field");

        problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Should().BeEquivalentTo("limit", "after", "pending");
        var page = JsonDocument.Parse(await host.Client.GetStringAsync("/events?limit=7&after=AAAAAAAAAAE&pending=true&unrelated=x")).RootElement;
        page.GetProperty("limit").GetInt32().Should().Be(7);
        page.GetProperty("after").GetString().Should().Be("AAAAAAAAAAE");
    }

    [Fact]
    public void A_cursor_reads_what_it_wrote()
    {
        var random = new Random(20261120);
        for (var length = 1; length <= Cursor.MaxBytes; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);

            Cursor.TryParse(new Cursor(bytes).ToString(), out var read).Should().BeTrue();

            read.Bytes.ToArray().Should().Equal(bytes);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("AQI=")]
    [InlineData("AQJ")]
    [InlineData("A+/B")]
    [InlineData("AQ ID")]
    [InlineData("AQID\n")]
    public void A_cursor_reads_nothing_else(string? text) => Cursor.TryParse(text, out _).Should().BeFalse();

    [Fact]
    public void A_cursor_has_a_limit()
    {
        Cursor.TryParse(new string('A', 172), out _).Should().BeFalse();
        var tooLong = () => new Cursor(new byte[Cursor.MaxBytes + 1]);
        tooLong.Should().Throw<ArgumentException>();
    }

    private static QueryReader Reader(string query) => new(new DefaultHttpContext { Request = { QueryString = new QueryString(query) } }.Request);
}
