using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Organise;

namespace SecuTicket.Api.Tests.Web;

/// <summary>How many tables are written at once.</summary>
public sealed class EventExportsTests
{
    [Fact]
    public async Task Two_tables_are_written_at_once_and_who_comes_meanwhile_is_told_when_to_come_again()
    {
        using var concert = await Concert.StartAsync();
        var exports = concert.Node.Services.GetRequiredService<EventExports>();
        var slow = Enumerable.Range(0, EventExports.AtOnce).Select(_ => new SlowReader()).ToArray();
        var written = slow.Select(reader => exports.TicketsAsync(ContextOf(concert, reader), concert.EventId)).ToArray();

        var refused = await concert.Node.CreateClient().GetAsync(EventExports.SalesPath(Id(concert)));

        refused.StatusCode.Should().Be(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(5));
        JsonDocument.Parse(await refused.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString().Should().Be("rate_limited");
        slow[0].Reads();
        await written[0];
        (await concert.Node.CreateClient().GetAsync(EventExports.SalesPath(Id(concert)))).StatusCode.Should().Be(HttpStatusCode.OK);
        slow[1].Leaves();
        await FluentActions.Awaiting(() => written[1]).Should().ThrowAsync<IOException>();
        var again = Enumerable.Range(0, EventExports.AtOnce).Select(_ => new SlowReader()).ToArray();
        var both = again.Select(reader => exports.TicketsAsync(ContextOf(concert, reader), concert.EventId)).ToArray();
        both.Should().OnlyContain(table => !table.IsCompleted, "who goes away makes room too");
        foreach (var reader in again) reader.Reads();
        await Task.WhenAll(both);
        again[0].Length.Should().BePositive();
    }

    [Fact]
    public async Task A_table_has_no_account_and_only_of_events_that_are_there()
    {
        using var concert = await Concert.StartAsync();
        await concert.BuyAsync(concert.Alice, concert.Tickets[0]);
        await concert.SealAsync();
        using var client = concert.Node.CreateClient();

        var sales = (await client.GetStringAsync(EventExports.SalesPath(Id(concert)))).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        sales.Should().HaveCount(2);
        sales[1].Should().Contain(",sale,").And.NotContain("0x");
        var tickets = await client.GetAsync(EventExports.TicketsPath(Id(concert)));
        tickets.Content.Headers.ContentDisposition!.ToString().Should().Be($"attachment; filename=\"tickets-{concert.EventId}.csv\"");
        tickets.Headers.CacheControl!.NoStore.Should().BeTrue();
        (await client.GetAsync("/organise/none/tickets.csv")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await client.GetAsync($"/organise/{new string('0', 32)}/sales.csv")).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    private static Core.Primitives.EventId Id(Concert concert) => Core.Primitives.EventId.TryParse(concert.EventId, out var id) ? id : throw new InvalidOperationException(concert.EventId);

    private static DefaultHttpContext ContextOf(Concert concert, Stream reader) => new() { RequestServices = concert.Node.Services, Response = { Body = reader } };

    /// <summary>Takes nothing of what is written, until it does.</summary>
    private sealed class SlowReader : MemoryStream
    {
        private readonly TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Reads() => _reads.SetResult();

        public void Leaves() => _reads.SetException(new IOException("gone"));

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _reads.Task;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}
