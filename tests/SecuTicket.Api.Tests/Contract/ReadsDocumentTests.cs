using SecuTicket.Api.Tests.Edge;

namespace SecuTicket.Api.Tests.Contract;

public sealed class ReadsDocumentTests(OpenApiDocumentTests.Document document) : IClassFixture<OpenApiDocumentTests.Document>
{
    public static TheoryData<string, string> Reads => new()
    {
        { "/accounts/{address}", "pending" },
        { "/accounts/{address}/tickets", "after limit pending" },
        { "/accounts/{address}/transactions", "after limit pending" },
        { "/chain", "from limit" },
        { "/chain/blocks/{id}", "" },
        { "/chain/headers", "from limit" },
        { "/chain/spec", "" },
        { "/chain/validate", "" },
        { "/events", "after limit pending" },
        { "/events/{id}", "pending" },
        { "/events/{id}/stats", "pending" },
        { "/events/{id}/tickets", "after limit pending session status" },
        { "/stream", "" },
        { "/tickets/{id}", "pending" },
        { "/tickets/{id}/history", "after limit pending" },
        { "/transactionPool", "after limit" },
        { "/transactions/pending", "after limit" },
        { "/transactions/{id}", "" },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public void Every_read_is_documented_with_its_query_and_its_answer(string path, string query)
    {
        var read = document.Root.GetProperty("paths").GetProperty(path).GetProperty("get");
        read.GetProperty("summary").GetString().Should().NotBeNullOrWhiteSpace();
        read.GetProperty("responses").GetProperty("200").GetProperty("content").EnumerateObject().Should().ContainSingle().Which.Value.TryGetProperty("schema", out _).Should().BeTrue();
        read.GetProperty("responses").TryGetProperty("400", out _).Should().BeTrue();
        var parameters = read.TryGetProperty("parameters", out var list) ? list.EnumerateArray().ToArray() : [];
        string.Join(' ', parameters.Where(one => one.GetProperty("in").GetString() == "query").Select(one => one.GetProperty("name").GetString()).Order(StringComparer.Ordinal)).Should().Be(query);
    }

    [Fact]
    public void Answers_are_documented_with_the_names_they_are_written_with()
    {
        var schemas = document.Root.GetProperty("components").GetProperty("schemas");

        schemas.GetProperty("TicketContract").GetProperty("properties").EnumerateObject().Select(property => property.Name).Should().Contain(["face_price", "issued_in", "identity_commitment"]);
        schemas.GetProperty("TransactionAnswer").GetProperty("properties").GetProperty("payload").GetProperty("type").GetString().Should().Be("object");
    }
}
