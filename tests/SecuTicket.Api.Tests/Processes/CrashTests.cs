using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using JsonValue = SecuTicket.Core.Encoding.JsonValue;

namespace SecuTicket.Api.Tests.Processes;

/// <summary>What was answered 201 is there after kill -9, pending or confirmed, and nothing is half done.</summary>
[Trait("Length", "longer")]
public sealed class CrashTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("secuticket-crash-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_acknowledged_transaction_survives_kill_9()
    {
        const int Cycles = 4;
        const int Clients = 4;
        var acknowledged = new ConcurrentDictionary<string, long>();
        var random = new Random(20261120);
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            await using var node = await NodeUnderTest.StartAsync(_directory, "--Mining:MinSpacing=00:00:00.020", "--Serilog:MinimumLevel:Default=Error");
            await CheckAsync(node, acknowledged);
            var killAfter = random.Next(20, 200);
            var answered = 0;
            var enough = new TaskCompletionSource();
            var clients = Enumerable.Range(0, Clients).Select(client => SendUntilItDiesAsync($"{cycle}-{client}")).ToArray();
            await Task.WhenAny(enough.Task, Task.WhenAll(clients));
            await node.KillAsync();
            await Task.WhenAll(clients);

            async Task SendUntilItDiesAsync(string name)
            {
                for (var i = 0; ; i++)
                {
                    var (id, body) = TopUp($"crash-{name}-{i}", amount: i + 1);
                    try
                    {
                        using var answer = await node.Client.PostAsync("/transactions", new StringContent(body, Encoding.UTF8, "application/json"));
                        answer.StatusCode.Should().Be(HttpStatusCode.Created);
                        acknowledged[id] = i + 1;
                        if (Interlocked.Increment(ref answered) == killAfter) enough.SetResult();
                    }
                    catch (HttpRequestException)
                    {
                        return;
                    }
                }
            }
        }

        await using var last = await NodeUnderTest.StartAsync(_directory);
        await CheckAsync(last, acknowledged);
        using (await last.Client.PostAsync("/mine", null)) await CheckAsync(last, acknowledged);

        var validation = await last.Client.GetFromJsonAsync<JsonObject>("/chain/validate");
        validation!["valid"]!.GetValue<bool>().Should().BeTrue(validation.ToJsonString());
        acknowledged.Should().HaveCountGreaterThan(Cycles * 20);
        (await last.TerminateAsync()).Should().Be(0, "SIGTERM stops a node gracefully");
    }

    private static async Task CheckAsync(NodeUnderTest node, ConcurrentDictionary<string, long> acknowledged)
    {
        foreach (var id in acknowledged.Keys)
        {
            var found = await node.Client.GetFromJsonAsync<JsonObject>($"/transactions/{id}");
            found!["status"]!.GetValue<string>().Should().BeOneOf("pending", "confirmed");
        }
    }

    // The development chain's exchange authority is public by design: whoever has its key can make money come in.
    private static (string Id, string Body) TopUp(string reference, long amount)
    {
        using var key = P256PrivateKey.FromScalar(DevelopmentChain.ExchangeAuthorityScalar);
        var point = new byte[PublicKey.Size];
        key.CopyPublicKey(point);
        var publicKey = new PublicKey(point);
        var payload = JsonValue.Object(
        [
            new("type", JsonValue.Of("top_up")),
            new("chain_id", JsonValue.Of(DevelopmentChain.ChainId)),
            new("sender", JsonValue.Of(Address.Of(publicKey).ToString())),
            new("nonce", JsonValue.Of(reference.PadRight(16, '_'))),
            new("valid_until", JsonValue.Of(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3600)),
            new("recipient", JsonValue.Of("0x00000000000000000000000000000000000000aa")),
            new("amount", JsonValue.Of(amount)),
            new("reference", JsonValue.Of(reference)),
        ]);
        var canonical = CanonicalJson.Write(payload);
        var id = Hash256.Sha256(canonical);
        var signature = new byte[Signature.Size];
        key.Sign(id.Span, signature);
        var body = JsonNode.Parse(canonical)!.AsObject();
        body["signatures"] = JsonSerializer.SerializeToNode(new[] { new { scheme = "p256", public_key = publicKey.ToString(), signature = Convert.ToHexStringLower(signature) } });
        return (id.ToString(), body.ToJsonString());
    }
}
