using System.Globalization;
using System.Numerics;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Signatures that are wrong, and those that are right in another form than the one that is kept.</summary>
public sealed class BadInputSignatureTests(OpenSale sale) : IClassFixture<OpenSale>
{
    // n of P-256 (SP 800-186, 3.2.1.3).
    private static readonly BigInteger Order = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber);

    private readonly WritesScenario _scenario = sale.Scenario;

    private Wallet Fan => _scenario.Fan;

    [Theory]
    [InlineData("low-s, raw")]
    [InlineData("high-s, raw")]
    [InlineData("low-s, DER")]
    [InlineData("high-s, DER")]
    [InlineData("low-s, raw, capitals")]
    public async Task Every_right_form_is_accepted_and_stored_as_raw_low_s(string form)
    {
        for (var i = 0; i < 4; i++)
        {
            var body = _scenario.Sign(Fan, "record", new { data = i });
            var raw = Convert.FromHexString(SignatureOf(body));
            var r = new BigInteger(raw.AsSpan(0, 32), isUnsigned: true, isBigEndian: true);
            var s = new BigInteger(raw.AsSpan(32), isUnsigned: true, isBigEndian: true);
            if (form.StartsWith("high", StringComparison.Ordinal)) s = Order - s;
            var sent = Convert.ToHexStringLower(form.Contains("DER", StringComparison.Ordinal) ? Der(r, s) : [.. Raw(r), .. Raw(s)]);

            await _scenario.Node.Api.PostAsync("/transactions", With(body, "signature", form.Contains("capitals", StringComparison.Ordinal) ? sent.ToUpperInvariant() : sent));

            Stored(body).Should().Be(Convert.ToHexStringLower(raw));
        }

        var block = await _scenario.Node.SealAsync();
        block.Transactions.Skip(1).Should().OnlyContain(transaction => transaction.Transaction.Signatures[0].Value.IsLowS);
        (await _scenario.Node.Api.GetAsync("/chain/validate")).GetProperty("valid").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task A_signature_that_is_none_of_the_senders_over_this_payload_is_401()
    {
        var body = _scenario.Sign(Fan, "record", new { data = 1 });
        var unsigned = body.Without("signatures");
        using var stranger = Wallet.Own("somebody else");
        var flipped = Convert.FromHexString(SignatureOf(body));
        flipped[40] ^= 1;

        await SaysAsync(stranger.Prove(unsigned), 401, "signature_invalid", $"expected the sender {Fan.Id}");
        await SaysAsync(With(body, "signature", SignatureOf(_scenario.Sign(Fan, "record", new { data = 2 }))), 401, "signature_invalid", WritesScenario.IdOf(body).ToString());
        await SaysAsync(With(body, "signature", Convert.ToHexStringLower(flipped)), 401, "signature_invalid", WritesScenario.IdOf(body).ToString());
        await SaysAsync(body.With("data", JsonValue.Of(2)), 401, "signature_invalid", Fan.Id);
        await SaysAsync(unsigned, 401, "signature_missing", Fan.Id);
        await SaysAsync(With(body, "public_key", "04" + new string('0', 128)), 401, "signature_invalid", Fan.Id);

        // Hashing the id once more is the likeliest mistake of a wallet.
        using var twice = Wallet.Own("organiser");
        var organisers = _scenario.Sign(_scenario.Organiser, "record", new { data = 3 });
        using var key = P256PrivateKey.FromScalar(Hash256.Sha256("organiser"u8).Span);
        var signature = new byte[64];
        key.Sign(Hash256.Sha256(WritesScenario.IdOf(organisers).Span).Span, signature);
        await SaysAsync(With(organisers, "signature", Convert.ToHexStringLower(signature)), 401, "signature_invalid", "of the transaction id");
    }

    [Fact]
    public async Task A_key_off_the_curve_signs_for_nobody_not_even_for_its_own_address()
    {
        foreach (var hex in new[] { "04" + new string('0', 128), "04" + new string('f', 128), "04" + new string('0', 127) + "1" })
        {
            PublicKey.TryParse(hex, out var key).Should().BeTrue();
            var sender = Address.Of(key).ToString();
            var body = _scenario.Sign(Fan, "record", new { data = 1, sender });

            await SaysAsync(With(body, "public_key", hex), 401, "signature_invalid", sender);
        }
    }

    [Theory]
    [InlineData("signature", "01", 63)]
    [InlineData("signature", "01", 65)]
    [InlineData("signature", "", 0)]
    [InlineData("signature", "zz", 64)]
    [InlineData("signature", "3006020100020101", 1)]
    [InlineData("signature", "300702020001020101", 1)]
    [InlineData("signature", "30060201ff020101", 1)]
    [InlineData("signature", "300602010102010100", 1)]
    [InlineData("public_key", "02", 33)]
    [InlineData("public_key", "04", 33)]
    [InlineData("public_key", "05", 65)]
    [InlineData("public_key", "", 0)]
    [InlineData("scheme", "rsa", 1)]
    [InlineData("scheme", "hmac-sha256", 1)]
    public async Task What_can_be_no_key_and_no_signature_is_400_and_names_the_field(string field, string pattern, int count)
    {
        var body = _scenario.Sign(Fan, "record", new { data = 1 });

        var problem = await _scenario.PostRefusedAsync("/transactions", With(body, field, string.Concat(Enumerable.Repeat(pattern, count))), 400, "invalid_field");

        problem.GetProperty("errors").GetProperty($"signatures[0].{field}")[0].GetString().Should().Contain("Expected");
    }

    [Fact]
    public async Task A_wrong_hmac_and_one_for_an_account_that_is_not_kept_are_401()
    {
        var kept = _scenario.Node.KeepAccount();
        using var impostor = Wallet.Kept(kept.Address, new string('1', 64));
        using var stranger = Wallet.Kept(Fan.Address, new string('1', 64));
        var body = _scenario.Sign(kept, "record", new { data = 1 });

        await SaysAsync(_scenario.Sign(impostor, "record", new { data = 1 }), 401, "signature_invalid", "the secret of");
        await SaysAsync(body.With("data", JsonValue.Of(2)), 401, "signature_invalid", "the secret of");
        await SaysAsync(body.With("hmac", JsonValue.Of(new string('0', 64))), 401, "signature_invalid", "the secret of");
        await SaysAsync(_scenario.Sign(stranger, "record", new { data = 1 }), 401, "unknown_account", Fan.Id);
        foreach (var hmac in new[] { string.Empty, "00", new string('0', 63), new string('0', 66), new string('g', 64) })
            await SaysAsync(body.With("hmac", JsonValue.Of(hmac)), 400, "invalid_field", "64 hex digits");

        var capitals = body.With("hmac", JsonValue.Of(body.Find("hmac")!.Text.ToUpperInvariant()));
        await _scenario.Node.Api.PostAsync("/transactions", capitals);
    }

    private static string SignatureOf(JsonValue body) => body.Find("signatures")!.Items[0].Find("signature")!.Text;

    private static JsonValue With(JsonValue body, string field, string value) =>
        body.With("signatures", JsonValue.Array([body.Find("signatures")!.Items[0].With(field, JsonValue.Of(value))]));

    private static byte[] Raw(BigInteger scalar)
    {
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }

    // RFC 3279, 2.2.3.
    private static byte[] Der(BigInteger r, BigInteger s)
    {
        byte[] first = r.ToByteArray(isBigEndian: true), second = s.ToByteArray(isBigEndian: true);
        return [0x30, (byte)(4 + first.Length + second.Length), 2, (byte)first.Length, .. first, 2, (byte)second.Length, .. second];
    }

    private string Stored(JsonValue body) => _scenario.Node.Node.FindTransaction(WritesScenario.IdOf(body))!.Transaction.Signatures[0].Value.ToString();

    private async Task SaysAsync(JsonValue body, int status, string code, string says)
    {
        var problem = await _scenario.PostRefusedAsync("/transactions", body, status, code);
        problem.GetProperty("detail").GetString().Should().Contain(says);
    }
}
