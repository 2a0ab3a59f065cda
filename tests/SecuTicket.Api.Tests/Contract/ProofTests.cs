using System.Net;
using System.Text;
using System.Text.Json;
using SecuTicket.Api.Chain;
using SecuTicket.Api.Proofs;
using SecuTicket.Core.Consensus;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Proofs;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Proofs as a node gives them, checked as somebody without a node checks them: with the verifier of Core and nothing else.</summary>
public sealed class ProofTests(ProofTests.Sold sold) : IClassFixture<ProofTests.Sold>
{
    private ApiClient Api => sold.Concert.Api;

    [Fact]
    public async Task A_ticket_s_proof_is_of_its_last_confirmed_change()
    {
        foreach (var (ticket, type, block) in new[] { (0, "purchase_ticket", 4), (1, "list_ticket", 3), (2, "issue_tickets", 1) })
        {
            var proof = await Api.GetAsync($"/tickets/{sold.Concert.Tickets[ticket]}/proof");
            var found = Verify(proof, await HeadersAsync());

            found.Ticket.ToString().Should().Be(sold.Concert.Tickets[ticket]);
            found.Transaction.Payload.Operation.Type.Should().Be(type);
            (found.Block.Index, found.Confirmations, found.Tip.Index).Should().Be((block, 6 - block, 5));
            found.Given.Should().NotBeNull();
        }
    }

    [Fact]
    public async Task A_proof_has_the_fields_of_the_contract_and_shows_the_transaction_as_it_is_shown_elsewhere()
    {
        var proof = await Api.GetAsync($"/tickets/{sold.Concert.Tickets[0]}/proof");
        var id = proof.GetProperty("transaction").GetProperty("transaction_id").GetString();

        proof.EnumerateObject().Select(field => field.Name).Should().BeEquivalentTo(
            "chain_id", "transaction", "block_header", "merkle_path", "leaf_index", "leaf_count", "headers_to_tip", "headers_complete", "ticket_id");
        proof.GetProperty("transaction").GetRawText().Should().Be((await Api.GetAsync($"/transactions/{id}")).GetRawText());
        var headers = (await Api.GetAsync("/chain/headers?from=4")).GetProperty("headers");
        proof.GetProperty("block_header").GetRawText().Should().Be(headers[0].GetRawText());
        proof.GetProperty("headers_to_tip").EnumerateArray().Single().GetRawText().Should().Be(headers[1].GetRawText());
        proof.GetProperty("headers_complete").GetBoolean().Should().BeTrue();
        proof.GetProperty("merkle_path")[0].GetProperty("side").GetString().Should().BeOneOf("left", "right");
    }

    [Fact]
    public async Task Every_confirmed_transaction_can_be_proven()
    {
        var proven = 0;
        foreach (var block in (await Api.GetAsync("/chain?from=1")).GetProperty("chain").EnumerateArray())
        {
            foreach (var transaction in block.GetProperty("transactions").EnumerateArray())
            {
                var id = transaction.GetProperty("transaction_id").GetString();
                var proof = await Api.GetAsync($"/transactions/{id}/proof");

                Verify(proof).Transaction.Id.ToString().Should().Be(id);
                proof.TryGetProperty("ticket_id", out _).Should().BeFalse();
                proven++;
            }
        }

        proven.Should().BePositive();
    }

    [Fact]
    public async Task What_is_not_in_a_block_has_no_proof()
    {
        await Api.GetRefusedAsync($"/tickets/{new string('0', 32)}/proof", HttpStatusCode.NotFound, "not_found");
        await Api.GetRefusedAsync($"/transactions/{new string('0', 64)}/proof", HttpStatusCode.NotFound, "not_found");
        await Api.GetRefusedAsync("/tickets/xyz/proof", HttpStatusCode.BadRequest, "invalid_field");
        await Api.GetRefusedAsync("/transactions/xyz/proof", HttpStatusCode.BadRequest, "invalid_field");

        var problem = await Api.GetRefusedAsync($"/tickets/{sold.Waiting}/proof", HttpStatusCode.NotFound, "not_found");
        problem.GetProperty("detail").GetString().Should().Contain("no block yet");
        problem = await Api.GetRefusedAsync($"/transactions/{sold.WaitingTransaction}/proof", HttpStatusCode.NotFound, "not_found");
        problem.GetProperty("detail").GetString().Should().Contain("still waits");
    }

    [Fact]
    public void Headers_are_bounded_and_the_rest_comes_from_elsewhere()
    {
        var node = sold.Concert.Node.Node;
        TicketId.TryParse(sold.Concert.Tickets[2], out var ticket).Should().BeTrue();
        ProofContract Read(int most) => new ProofReader(node.Store, node.Spec, node.Snapshot, most).OfTicket(ticket).Value;

        (Read(3).HeadersToTip.Count(), Read(3).HeadersComplete).Should().Be((3, false));
        (Read(4).HeadersToTip.Count(), Read(4).HeadersComplete).Should().Be((4, true));
        ProofReader.MaxHeaders.Should().Be(2_000);
    }

    // S1.8: prices for everybody, people for nobody.
    [Fact]
    public async Task The_public_page_shows_prices_with_proofs()
    {
        var page = await Api.GetAsync($"/events/{sold.Concert.EventId}/public");

        page.GetProperty("event_id").GetString().Should().Be(sold.Concert.EventId);
        page.GetProperty("name").GetString().Should().Be("Les Élans");
        page.GetProperty("sessions").GetArrayLength().Should().Be(2);
        (page.GetProperty("supply").GetInt32(), page.GetProperty("sold").GetInt32(), page.GetProperty("cancelled").GetBoolean()).Should().Be((4, 2, false));
        page.GetProperty("face_prices").GetRawText().Should().Be("""[{"price":5000,"tickets":3},{"price":7000,"tickets":1}]""");
        page.GetProperty("face_prices_complete").GetBoolean().Should().BeTrue();
        page.GetProperty("cap").GetRawText().Should().Be("""{"resale":"capped","max_price_percent":150}""");
        (page.GetProperty("commission_percent").GetInt32(), page.GetProperty("max_resales").GetInt32()).Should().Be((10, 9));
        (page.GetProperty("height").GetInt64(), page.GetProperty("tip").GetString()).Should().Be((5, sold.Concert.Node.Node.Snapshot.Tip.Hash.ToString()));

        var resales = page.GetProperty("resales").GetProperty("items").EnumerateArray().ToArray();
        resales.Select(one => (one.GetProperty("price").GetInt64(), one.GetProperty("face_price").GetInt64(), one.GetProperty("premium").GetInt64(), one.GetProperty("block_index").GetInt64()))
            .Should().Equal((6_000, 5_000, 1_000, 3), (4_000, 5_000, -1_000, 3), (7_500, 5_000, 2_500, 4));
        foreach (var resale in resales) await CheckAsync(resale);
    }

    [Fact]
    public async Task Resales_come_page_by_page()
    {
        var seen = new List<string>();
        string? after = null;
        for (var pages = 0; pages == 0 || after is not null; pages++)
        {
            var page = (await Api.GetAsync($"/events/{sold.Concert.EventId}/public?limit=1{(after is null ? string.Empty : $"&after={after}")}")).GetProperty("resales");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("transaction_id").GetString()!));
            after = page.GetProperty("next").GetString();
            pages.Should().BeLessThan(4);
        }

        seen.Should().HaveCount(3).And.OnlyHaveUniqueItems();
        await Api.GetRefusedAsync($"/events/{sold.Concert.EventId}/public?limit=0", HttpStatusCode.BadRequest, "invalid_field");
        await Api.GetRefusedAsync($"/events/{sold.Concert.EventId}/public?after=x", HttpStatusCode.BadRequest, "invalid_field");
        await Api.GetRefusedAsync($"/events/{new string('0', 32)}/public", HttpStatusCode.NotFound, "not_found");
        await Api.GetRefusedAsync("/events/x/public", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public void A_page_reads_a_bounded_number_of_bytes_and_whole_blocks()
    {
        var node = sold.Concert.Node.Node;
        EventId.TryParse(sold.Concert.EventId, out var id).Should().BeTrue();

        var page = new Api.Events.PublicResales(node.Store, node.Spec, node.Snapshot, maxReadSize: 1).Read(id, 10, null).Value;

        page.Items.Select(item => item.BlockIndex).Should().Equal(3, 3);
        page.Next.Should().NotBeNull();
    }

    [Fact]
    public async Task The_public_page_names_nobody()
    {
        using var answer = await Api.Http.GetAsync($"/events/{sold.Concert.EventId}/public");
        var text = await answer.Content.ReadAsStringAsync();
        var concert = sold.Concert;
        var accounts = new[] { concert.Organiser, concert.Alice, concert.Bob, concert.Gate, concert.Seller }.Select(wallet => wallet.Id).Append(concert.Node.Node.Self.ToString());

        text.Should().NotMatchRegex("(?i)0x[0-9a-f]{40}");
        foreach (var account in accounts) text.Should().NotContainEquivalentOf(account[2..]);
        foreach (var ticket in concert.Tickets) text.Should().NotContain(ticket);
        text.Should().NotContain("A-1", "no seat says who sat there");
    }

    [Fact]
    public async Task The_chain_is_exported_byte_for_byte()
    {
        var node = sold.Concert.Node.Node;
        var stored = node.Store.ReadChain(0).Select(block => Convert.ToHexString(block.Bytes.Span)).ToArray();

        (await ExportAsync("")).Should().Equal(stored);
        (await ExportAsync("?from=0")).Should().Equal(stored);
        (await ExportAsync("?from=4")).Should().Equal(stored[4..]);
        (await ExportAsync("?from=6")).Should().BeEmpty("beyond the tip there is nothing yet");
        (await ExportAsync("?from=9007199254740991")).Should().BeEmpty();
        await Api.GetRefusedAsync("/chain/export?from=-1", HttpStatusCode.BadRequest, "invalid_field");
        await Api.GetRefusedAsync("/chain/export?from=x", HttpStatusCode.BadRequest, "invalid_field");
    }

    [Fact]
    public void An_export_is_bounded_says_where_to_read_on_and_gives_one_block_at_least()
    {
        var node = sold.Concert.Node.Node;
        var whole = ChainExport.Read(node.Store, node.Snapshot, 0);
        whole.Next.Should().BeNull();

        foreach (var most in new[] { 0, 1, 3_000, whole.Bytes.Length - 1 })
        {
            var joined = new List<byte>();
            long? next = 0;
            while (next is { } from)
            {
                var part = ChainExport.Read(node.Store, node.Snapshot, from, most);
                var blocks = BlockFrames.Split(part.Bytes, node.Spec.MaxBlockSize).Value;
                blocks.Count.Should().BeGreaterThan(0);
                if (blocks.Count > 1) part.Bytes.Length.Should().BeLessThanOrEqualTo(most);
                (part.Next ?? 6).Should().Be(from + blocks.Count);
                joined.AddRange(part.Bytes);
                next = part.Next;
            }

            joined.Should().Equal(whole.Bytes);
        }
    }

    private async Task<string[]> ExportAsync(string query)
    {
        using var answer = await Api.Http.GetAsync($"/chain/export{query}");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().Should().Be("application/octet-stream");
        answer.Headers.Contains("SecuTicket-Next").Should().BeFalse();
        return [.. BlockFrames.Split(await answer.Content.ReadAsByteArrayAsync(), sold.Concert.Node.Node.Spec.MaxBlockSize).Value.Select(block => Convert.ToHexString(block.Span))];
    }

    // From the page and the block's header alone, as docs/protocol.md says.
    private async Task CheckAsync(JsonElement resale)
    {
        var proof = resale.GetProperty("proof");
        var id = Convert.FromHexString(resale.GetProperty("transaction_id").GetString()!);
        var hash = Hash256.Sha256([0, .. id, .. Convert.FromHexString(proof.GetProperty("signatures_hash").GetString()!)]);
        foreach (var step in proof.GetProperty("merkle_path").EnumerateArray())
        {
            var partner = Convert.FromHexString(step.GetProperty("hash").GetString()!);
            hash = step.GetProperty("side").GetString() == "left" ? Hash256.Sha256([1, .. partner, .. hash.Span]) : Hash256.Sha256([1, .. hash.Span, .. partner]);
        }

        hash.ToString().Should().Be(proof.GetProperty("transactions_root").GetString());
        var header = (await Api.GetAsync($"/chain/headers?from={resale.GetProperty("block_index").GetInt64()}&limit=1")).GetProperty("headers")[0];
        (header.GetProperty("hash").GetString(), header.GetProperty("transactions_root").GetString()).Should().Be((proof.GetProperty("block_hash").GetString(), hash.ToString()));
        resale.GetProperty("at").GetString().Should().Be(header.GetProperty("timestamp").GetString());
    }

    private async Task<byte[]> HeadersAsync() => Encoding.UTF8.GetBytes((await Api.GetAsync("/chain/headers?from=0")).GetRawText());

    private Inclusion Verify(JsonElement proof, byte[]? headers = null)
    {
        using var keys = new P256Verifier(16);
        var spec = DevelopmentChain.Spec;
        var seals = new ProofOfWorkVerifier(spec, keys);
        var now = sold.Concert.Node.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var given = headers is null ? null : HeaderChain.Verify(spec, seals, ProofDocument.ReadHeaders(headers).Value.Headers, now).Value;
        var read = ProofDocument.Read(Encoding.UTF8.GetBytes(proof.GetRawText())).Value;
        return new InclusionVerifier(spec, seals, new TransactionVerifier(keys)).Verify(read, given, now).Value;
    }

    /// <summary>A concert whose tickets were sold and resold: a block for each step, and an issue that waits.</summary>
    public sealed class Sold : IAsyncLifetime
    {
        public Concert Concert { get; private set; } = null!;

        public string Waiting { get; private set; } = string.Empty;

        public string WaitingTransaction { get; private set; } = string.Empty;

        /// <summary>The ledger before the last tickets were issued.</summary>
        public async Task InitializeAsync()
        {
            Concert = await Concert.StartAsync(3, new { resale = "capped", max_price_percent = 150, commission_percent = 10, max_resales = 9 });
            var (first, second) = (Concert.Tickets[0], Concert.Tickets[1]);
            await Concert.BuyAsync(Concert.Alice, first);
            await Concert.BuyAsync(Concert.Bob, second);
            await Concert.SealAsync();
            await Concert.ListAsync(Concert.Alice, first, 6_000);
            await Concert.BuyAsync(Concert.Bob, first);
            await Concert.ListAsync(Concert.Bob, first, 7_500);
            await Concert.ListAsync(Concert.Bob, second, 4_000);
            await Concert.BuyAsync(Concert.Alice, second);
            await Concert.ListAsync(Concert.Alice, second, 4_000);
            await Concert.SealAsync();
            await Concert.BuyAsync(Concert.Alice, first);
            await Concert.SealAsync();
            await Concert.Api.PostAsync("/tickets", Concert.Organiser, "issue_tickets", new { event_id = Concert.EventId, session = 1, seats = new[] { "A-1" }, price = 7_000 });
            await Concert.SealAsync();
            var issued = await Concert.Api.PostAsync("/tickets", Concert.Organiser, "issue_tickets", new { event_id = Concert.EventId, session = 1, seats = new[] { "A-2" }, price = 7_000 });
            (Waiting, WaitingTransaction) = (issued.GetProperty("ticket_ids")[0].GetString()!, issued.GetProperty("transaction_id").GetString()!);
        }

        public Task DisposeAsync()
        {
            Concert.Dispose();
            return Task.CompletedTask;
        }
    }
}
