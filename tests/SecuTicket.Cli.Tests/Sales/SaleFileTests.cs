using System.Text;
using SecuTicket.Cli.Sales;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Tests.Transactions;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Cli.Tests.Sales;

/// <summary>What a sale's file may be and may not be, without any node.</summary>
public sealed class SaleFileTests : IDisposable
{
    private const string Ticket = "a9a86a47dd2d74bd202a9328745889a3";
    private readonly Machine _seller = new();
    private readonly Machine _safe = new();

    public void Dispose()
    {
        _seller.Dispose();
        _safe.Dispose();
    }

    [Fact]
    public async Task A_sale_that_was_changed_after_it_was_signed_is_not_signed_again()
    {
        var address = await SaveAsync();
        var eventKey = await _safe.OpenWalletAsync();
        foreach (var (before, after) in new[] { ("\"price\":4200", "\"price\":42"), (Wallets.Pem.Address, Wallets.Pem.Address.ToLowerInvariant()), (Ticket, Ticket.Replace('a', 'b')) })
        {
            var forged = Text(_seller).Replace(before, after);
            forged.Should().NotBe(Text(_seller));
            _safe.Write("sale.json", forged);

            foreach (var command in new[] { new[] { "ticket", "countersign", "sale.json" }, ["ticket", "countersign", "sale.json", "--check"], ["ticket", "sell", "--post", "sale.json"] })
            {
                var refused = await _safe.RunAsync(command);
                refused.ExitCode.Should().Be(ExitCode.NotVerified);
                refused.Error.Should().StartWith($"not_verified: The signature of the seller {address} is wrong");
                Text(_safe).Should().Be(forged, "nothing is written");
            }
        }

        _safe.Write("sale.json", Text(_seller));
        await _safe.DoAsync("ticket", "countersign", "sale.json");
        var other = Sale.Parse(Encoding.UTF8.GetBytes(Text(_safe))).Value;
        other.EventKey!.Value.ToString().Should().Be(eventKey);
        var swapped = Encoding.UTF8.GetBytes(Text(_safe).Replace(SignatureOf(_safe, 1), SignatureOf(_safe, 0)));
        Sale.Parse(swapped).Refusal!.Detail.Should().StartWith($"The signature of {eventKey}, in the place of the event's key, is wrong");
    }

    [Fact]
    public async Task An_event_key_that_is_a_passkey_signs_in_the_file_too()
    {
        await SaveAsync();
        var sale = Sale.Parse(Encoding.UTF8.GetBytes(Text(_seller))).Value;
        var passkey = new TestPasskey("event key");

        var signed = Sale.Parse(With(passkey.Sign(sale.Id))).Value;

        signed.EventKey.Should().Be(passkey.Address);
        signed.Missing().Should().Be("both signatures are there");
        Sale.Parse(signed.Write()).Value.Body().Should().Be(signed.Body());
        Sale.Parse(With((passkey with { Flags = 0 }).Sign(sale.Id))).Refusal!.Detail.Should().StartWith($"The signature of {passkey.Address}, in the place of the event's key, is wrong");

        byte[] With(TransactionSignature signature) =>
            CanonicalJson.Write(sale.Body().With("signatures", JsonValue.Array([sale.Body().Find("signatures")!.Items[0], SignedBody.Write(signature)])));
    }

    [Fact]
    public async Task Nobody_signs_twice_and_nobody_in_anothers_place()
    {
        var address = await SaveAsync();
        (await _seller.RunAsync("ticket", "countersign", "sale.json")).Error.Should().Contain($"The seller {address} has signed already");

        File.Copy(_seller.PathOf("sale.json"), _safe.PathOf("sale.json"));
        var eventKey = await _safe.OpenWalletAsync();
        await _safe.DoAsync("ticket", "countersign", "sale.json");
        (await _safe.RunAsync("ticket", "countersign", "sale.json")).Error.Should().Contain($"The event's key {eventKey} has signed already; both signatures are there");
        await _safe.DoAsync("wallet", "new", "--wallet", "third.pem");
        var third = await _safe.RunAsync("ticket", "countersign", "sale.json", "--wallet", "third.pem");
        third.ExitCode.Should().Be(ExitCode.NotVerified);
        third.Error.Should().Contain($"{eventKey} has signed as the event's key already").And.Contain(address);
    }

    [Fact]
    public async Task Checking_shows_without_a_wallet_and_signs_nothing()
    {
        await SaveAsync();

        var checkedSale = await _seller.DoAsync("ticket", "countersign", "sale.json", "--check", "--wallet", "none.pem");

        (checkedSale["ticket_id"], checkedSale["price"], checkedSale["chain"], checkedSale["event_key"]).Should().Be((Ticket, "4200", "secuticket-dev", "not signed"));
        checkedSale.Error.Should().Contain("The signatures that are there are right; the signature of the event's key is missing");
    }

    [Fact]
    public async Task Where_the_seller_holds_the_events_key_one_signature_is_made()
    {
        var address = await _seller.OpenWalletAsync();

        await _seller.DoAsync("ticket", "sell", Ticket, "--to", address, "--event-wallet", _seller.DefaultWallet, "--out", "sale.json", "--chain-id", "secuticket-dev");

        CanonicalJson.Parse(Encoding.UTF8.GetBytes(Text(_seller).TrimEnd())).Value.Find("signatures")!.Items.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_sale_whose_time_is_over_is_not_signed()
    {
        await SaveAsync("--valid-until", "2026-01-01");
        await _safe.OpenWalletAsync();
        File.Copy(_seller.PathOf("sale.json"), _safe.PathOf("sale.json"));

        var refused = await _safe.RunAsync("ticket", "countersign", "sale.json");

        refused.ExitCode.Should().Be(ExitCode.NotVerified);
        refused.Error.Should().Contain("was good until 2026-01-01 00:00:00 UTC");
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("{}", "type")]
    [InlineData("""{"type":"sell_ticket","chain_id":"c","sender":"0x7CF8b6A45A365A326c1e25254498891593dA8143","nonce":"0123456789abcdef","valid_until":1813082400,"ticket_id":"a9a86a47dd2d74bd202a9328745889a3","recipient":"0x7CF8b6A45A365A326c1e25254498891593dA8143","gift":1}""", "gift")]
    [InlineData("""{"type":"redeem_ticket","chain_id":"c","sender":"0x7CF8b6A45A365A326c1e25254498891593dA8143","nonce":"0123456789abcdef","valid_until":1813082400,"ticket_id":"a9a86a47dd2d74bd202a9328745889a3"}""", "It is a redeem_ticket")]
    [InlineData("""{"signatures":[{"scheme":"p256"}]}""", "signatures[0].public_key")]
    [InlineData("""{"signatures":[1,2,3]}""", "at most 2 signatures")]
    [InlineData("""{"hmac":"7cf8b6a45a365a326c1e25254498891593da81437cf8b6a45a365a326c1e2525"}""", "hmac")]
    public async Task What_is_no_sale_is_called_what_it_is(string text, string fault)
    {
        _safe.Write("sale.json", text);

        var refused = await _safe.RunAsync("ticket", "countersign", "sale.json");

        refused.ExitCode.Should().Be(ExitCode.File);
        refused.Error.Should().Contain("This is no sale as ticket sell --out writes it").And.Contain(fault);
    }

    [Fact]
    public async Task Files_are_not_replaced_unasked_and_options_that_exclude_one_another_are_named()
    {
        await SaveAsync();
        string[] sell = ["ticket", "sell", Ticket, "--to", Wallets.Pem.Address, "--chain-id", "secuticket-dev", "--out", "sale.json"];
        (await _seller.RunAsync(sell)).Error.Should().Contain("exists and is not replaced");
        await _seller.DoAsync([.. sell, "--force"]);

        (await _seller.RunAsync("ticket", "countersign", "none.json")).ExitCode.Should().Be(ExitCode.File);
        (await _seller.RunAsync("ticket", "countersign", _seller.Write("large.json", new string(' ', 70_000)))).Error.Should().Contain("70000 bytes");
        (await _seller.RunAsync("ticket", "countersign", "sale.json", "--post", "--out", "x")).Error.Should().Contain("exclude one another");
        (await _seller.RunAsync("ticket", "sell")).Error.Should().Contain("Name the ticket");
        (await _seller.RunAsync("ticket", "sell", Ticket, "--chain-id", "c")).Error.Should().Contain("--to ADDRESS");
        (await _seller.RunAsync("ticket", "sell", Ticket, "--post", "sale.json")).Error.Should().Contain("neither a ticket nor --out");
    }

    private async Task<string> SaveAsync(params string[] more)
    {
        var address = await _seller.OpenWalletAsync();
        await _seller.DoAsync(["ticket", "sell", Ticket, "--to", Wallets.Pem.Address, "--price", "4200", "--out", "sale.json", "--chain-id", "secuticket-dev", .. more]);
        return address;
    }

    private static string Text(Machine machine) => File.ReadAllText(machine.PathOf("sale.json"));

    private static string SignatureOf(Machine machine, int index) =>
        CanonicalJson.Parse(Encoding.UTF8.GetBytes(Text(machine))).Value.Find("signatures")!.Items[index].Find("signature")!.Text;
}
