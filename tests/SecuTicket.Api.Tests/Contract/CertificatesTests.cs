using System.Diagnostics;
using System.Net;
using System.Text.Json;
using SecuTicket.Api.Tests.Edge;
using SecuTicket.Node.Certificates;
using SecuTicket.Node.Tests.Certificates;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>S2.6 over HTTP: the name that a certificate binds to an organiser's account. What a chain is worth is ChainJudgeTests' to say.</summary>
public sealed class CertificatesTests : IClassFixture<CertificatesTests.Town>
{
    private const string None = """{"status":"unverified","name":null,"issuer":null,"not_after":null,"serial":null,"detail":"There is no certificate for this account.","confirmed":false}""";

    private readonly Town _town;

    public CertificatesTests(Town town) => _town = town;

    [Fact]
    public async Task Events_show_the_verified_name_and_unverified_once_it_is_revoked()
    {
        var stage = _town.Stage;
        (await EventAsync(stage)).Should().Be(("unverified", "unverified"));
        using var leaf = _town.Root.Issue("Grande Salle é");

        var put = await PutAsync(stage.Organiser, leaf, sender: stage.Organiser);

        put.ToString().Should().Be($$"""{"status":"verified","name":"Grande Salle \u00E9","issuer":"Root","not_after":"2028-06-15T18:00:00.000Z","serial":"{{leaf.Certificate.SerialNumber}}","detail":null,"confirmed":true}""");
        (await GetAsync(stage.Organiser)).ToString().Should().Be(put.ToString());
        (await EventAsync(stage)).Should().Be(("Grande Salle é", "verified"));
        File.WriteAllBytes(_town.TrustFile("revoked.crl"), _town.Root.Revoke([leaf]));
        stage.Node.Clock.Advance(TrustFolder.LookEvery);
        (await EventAsync(stage)).Should().Be(("unverified", "revoked"));
        (await GetAsync(stage.Organiser)).GetProperty("detail").GetString().Should().Contain("revoked");
        File.Delete(_town.TrustFile("revoked.crl"));
        stage.Node.Clock.Advance(TrustFolder.LookEvery);
        (await EventAsync(stage)).Should().Be(("Grande Salle é", "verified"));
        (await DeleteAsync(stage.Organiser, stage.Organiser)).ToString().Should().Be(None);
        (await EventAsync(stage)).Should().Be(("unverified", "unverified"));
    }

    [Fact]
    public async Task An_organiser_without_a_certificate_is_unverified()
    {
        var account = Wallet.Own("nobody");

        (await GetAsync(account)).ToString().Should().Be(None);
        await _town.Api.GetRefusedAsync("/organisers/0x12/certificate", HttpStatusCode.BadRequest, "invalid_field");
        await RefusedAsync(await _town.Stage.Node.SendSignedAsync(_town.Stage.Fan, HttpMethod.Delete, Path(_town.Stage.Fan)), HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task A_self_signed_one_is_kept_and_shown_as_untrusted()
    {
        using var own = Issuer.Root("My own", new Issuer.Terms());

        var put = await PutAsync(Wallet.Own("self-signed"), own);

        put.GetProperty("status").GetString().Should().Be("untrusted");
        put.GetProperty("name").GetString().Should().Be("My own");
    }

    [Fact]
    public async Task A_stranger_puts_a_name_on_nobody_who_confirmed_one_and_only_the_account_takes_it_away()
    {
        var (stage, account) = (_town.Stage, _town.Stage.Own);
        using var mine = _town.Root.Issue("Mine");
        using var strange = _town.Root.Issue("Stranger's");
        (await PutAsync(account, strange)).GetProperty("confirmed").GetBoolean().Should().BeFalse();

        await RefusedAsync(await SendAsync(account, strange, sender: stage.Fan), HttpStatusCode.Forbidden, "not_organiser");
        (await PutAsync(account, mine, sender: account)).GetProperty("confirmed").GetBoolean().Should().BeTrue();

        await RefusedAsync(await SendAsync(account, strange), HttpStatusCode.Conflict, "certificate_confirmed");
        await RefusedAsync(await stage.Node.SendSignedAsync(stage.Fan, HttpMethod.Delete, Path(account)), HttpStatusCode.Forbidden, "not_organiser");
        await RefusedAsync(await _town.Api.SendAsync(HttpMethod.Delete, Path(account), null), HttpStatusCode.Unauthorized, "signature_missing");
        (await GetAsync(account)).GetProperty("name").GetString().Should().Be("Mine");
    }

    // Without a token a request is taken as it is; with one that is wrong it is not.
    [Theory]
    [InlineData("SecuTicket")]
    [InlineData("SecuTicket AAAA")]
    [InlineData("secuticket e30")]
    public async Task A_token_that_is_there_must_be_right(string header)
    {
        using var leaf = _town.Root.Issue("Hall");
        using var answer = await _town.Api.SendAsync(HttpMethod.Put, Path(_town.Stage.Other), Body(_town.Stage.Other, leaf), ("Authorization", header));

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await GetAsync(_town.Stage.Other)).ToString().Should().Be(None);
    }

    [Fact]
    public async Task Another_scheme_is_no_token()
    {
        var account = Wallet.Own("behind a proxy");
        using var leaf = _town.Root.Issue("Hall");
        using var answer = await _town.Api.SendAsync(HttpMethod.Put, Path(account), Body(account, leaf), ("Authorization", "Bearer abc"));

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_certificate_for_another_key_and_a_signature_of_another_address_are_wrong()
    {
        using var leaf = _town.Root.Issue("Hall");
        using var other = _town.Root.Issue("Other");
        var account = Wallet.Own("wrong key");

        await RefusedAsync(await PutBodyAsync(account, new { chain = leaf.Pem, signature = Convert.ToHexString(other.Sign(account.Id)) }), HttpStatusCode.Unauthorized, "signature_invalid");
        await RefusedAsync(await PutBodyAsync(account, new { chain = leaf.Pem, signature = Convert.ToHexString(leaf.Sign(_town.Stage.Fan.Id)) }), HttpStatusCode.Unauthorized, "signature_invalid");
        await RefusedAsync(await PutBodyAsync(account, new { chain = other.Pem + leaf.Pem, signature = Convert.ToHexString(leaf.Sign(account.Id)) }), HttpStatusCode.Unauthorized, "signature_invalid");
    }

    [Fact]
    public async Task What_is_malformed_is_told_by_name()
    {
        using var leaf = _town.Root.Issue("Hall");
        var account = Wallet.Own("malformed");
        var (pem, signature) = (leaf.Pem, Convert.ToHexString(leaf.Sign(account.Id)));

        await InvalidAsync(new { chain = "", signature }, "chain");
        await InvalidAsync(new { chain = "no PEM", signature }, "chain");
        await InvalidAsync(new { chain = pem[..200], signature }, "chain");
        await InvalidAsync(new { chain = pem + leaf.PrivatePem(), signature }, "chain");
        await InvalidAsync(new { chain = string.Concat(Enumerable.Repeat(pem, 9)), signature }, "chain");
        await InvalidAsync(new { chain = pem.PadRight(CertificateBundle.MaxPemLength + 1), signature }, "chain");
        await InvalidAsync(new { chain = 1, signature }, "chain");
        await InvalidAsync(new { chain = pem, signature = "" }, "signature");
        await InvalidAsync(new { chain = pem, signature = signature + "0" }, "signature");
        await InvalidAsync(new { chain = pem, signature = "zz" }, "signature");
        await InvalidAsync(new { chain = pem, signature = new string('0', 2_050) }, "signature");
        await RefusedAsync(await PutBodyAsync(account, new { chain = pem, signature = "00" }), HttpStatusCode.Unauthorized, "signature_invalid");
        await RefusedAsync(await PutBodyAsync(account, new { chain = pem }), HttpStatusCode.BadRequest, "missing_field");
        await RefusedAsync(await PutBodyAsync(account, new { chain = pem, signature, name = "Me" }), HttpStatusCode.BadRequest, "unknown_field");
        await RefusedAsync(await PutBodyAsync(account, "[]"), HttpStatusCode.BadRequest, "malformed_json");
        await RefusedAsync(await PutBodyAsync(account, new { chain = new string('-', 70_000), signature }), HttpStatusCode.RequestEntityTooLarge, "too_large");
        (await GetAsync(account)).ToString().Should().Be(None);

        async Task InvalidAsync(object body, string field)
        {
            using var answer = await PutBodyAsync(account, body);
            (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid_field")).GetProperty("errors").TryGetProperty(field, out _).Should().BeTrue();
        }
    }

    // As docs/running.md says it is done by hand.
    [SkippableFact]
    public async Task Openssl_signs_what_is_put()
    {
        var account = Wallet.Own("openssl");
        using var leaf = _town.Root.Issue("Hall of openssl");
        var key = System.IO.Path.Combine(_town.Stage.Node.Folder, "leaf.key");
        File.WriteAllText(key, leaf.PrivatePem());
        var signature = OpensslSign(key, account.Id);

        using var answer = await PutBodyAsync(account, new { chain = leaf.Pem, signature });

        answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}", await answer.Content.ReadAsStringAsync());
        (await GetAsync(account)).GetProperty("status").GetString().Should().Be("verified");
    }

    [Fact]
    public async Task It_is_there_after_a_restart_and_the_folder_may_be_elsewhere()
    {
        var folder = Directory.CreateTempSubdirectory("secuticket-");
        var trust = Directory.CreateTempSubdirectory("secuticket-trust-");
        try
        {
            File.WriteAllText(System.IO.Path.Combine(trust.FullName, "root.crt"), _town.Root.Pem);
            var account = Wallet.Own("kept");
            using var leaf = _town.Root.Issue("Hall");
            using (var first = new NodeFactory(folder: folder.FullName))
            {
                using var answer = await first.Api.SendAsync(HttpMethod.Put, Path(account), Body(account, leaf));
                JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString().Should().Be("untrusted", "it has no folder of anchors");
            }

            using var second = new NodeFactory(folder: folder.FullName, settings: [("Node:TrustAnchors", trust.FullName), ("Node:RequireRevocationLists", "true")]);
            var standing = await second.Api.GetAsync(Path(account));
            standing.GetProperty("status").GetString().Should().Be("unverified");
            standing.GetProperty("detail").GetString().Should().Contain("demands one");
            File.WriteAllBytes(System.IO.Path.Combine(trust.FullName, "root.crl"), _town.Root.Revoke([]));
            second.Clock.Advance(TrustFolder.LookEvery);
            (await second.Api.GetAsync(Path(account))).GetProperty("status").GetString().Should().Be("verified");
        }
        finally
        {
            folder.Delete(recursive: true);
            trust.Delete(recursive: true);
        }
    }

    private static string Path(Wallet account) => $"/organisers/{account.Id}/certificate";

    private static string Body(Wallet account, Issuer leaf) => JsonSerializer.Serialize(new { chain = leaf.Pem, signature = Convert.ToHexStringLower(leaf.Sign(account.Id)) });

    private static string OpensslSign(string key, string text)
    {
        Process? signing = null;
        try
        {
            signing = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-sign", key]) { RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skip.If(true, "There is no openssl here.");
        }

        using (signing)
        {
            signing!.StandardInput.Write(text);
            signing.StandardInput.Close();
            using var signature = new MemoryStream();
            signing.StandardOutput.BaseStream.CopyTo(signature);
            signing.WaitForExit();
            return Convert.ToHexStringLower(signature.ToArray());
        }
    }

    private static async Task RefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        using (answer) await answer.ShouldBeProblemAsync(status, code);
    }

    private static async Task<(string? Name, string? Status)> EventAsync(Stage stage)
    {
        var one = await stage.Node.Api.GetAsync($"/events/{stage.EventId}");
        var listed = (await stage.Node.Api.GetAsync("/events")).GetProperty("items").EnumerateArray().Single();
        listed.ToString().Should().Be(one.ToString());
        return (one.GetProperty("organiser_name").GetString(), one.GetProperty("organiser_status").GetString());
    }

    private Task<JsonElement> GetAsync(Wallet account) => _town.Api.GetAsync(Path(account));

    private Task<HttpResponseMessage> PutBodyAsync(Wallet account, object body) => _town.Api.SendAsync(HttpMethod.Put, Path(account), body);

    private Task<HttpResponseMessage> SendAsync(Wallet account, Issuer leaf, Wallet? sender = null) => sender is null
        ? PutBodyAsync(account, Body(account, leaf))
        : _town.Stage.Node.SendSignedAsync(sender, HttpMethod.Put, Path(account), Body(account, leaf));

    private async Task<JsonElement> PutAsync(Wallet account, Issuer leaf, Wallet? sender = null) => await ReadAsync(await SendAsync(account, leaf, sender));

    private async Task<JsonElement> DeleteAsync(Wallet account, Wallet sender) => await ReadAsync(await _town.Stage.Node.SendSignedAsync(sender, HttpMethod.Delete, Path(account)));

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            answer.StatusCode.Should().Be(HttpStatusCode.OK, "{0}", text);
            return JsonDocument.Parse(text).RootElement;
        }
    }

    /// <summary>A node with an event, and a root that it trusts.</summary>
    public sealed class Town : IAsyncLifetime
    {
        internal Stage Stage { get; private set; } = null!;

        internal Issuer Root { get; } = Issuer.Root("Root");

        public ApiClient Api => Stage.Node.Api;

        public string TrustFile(string name) => System.IO.Path.Combine(Stage.Node.Folder, "trust", name);

        public async Task InitializeAsync()
        {
            Stage = await Stage.OpenAsync();
            Directory.CreateDirectory(System.IO.Path.Combine(Stage.Node.Folder, "trust"));
            File.WriteAllText(TrustFile("root.pem"), Root.Pem);
            Stage.Node.Clock.Advance(TrustFolder.LookEvery);
        }

        public Task DisposeAsync()
        {
            Stage.Dispose();
            Root.Dispose();
            return Task.CompletedTask;
        }
    }
}
