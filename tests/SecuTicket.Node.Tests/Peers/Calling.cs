using System.Net;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Peers;

namespace SecuTicket.Node.Tests.Peers;

/// <summary>A client with a clock that a test moves, and names that a test resolves.</summary>
internal sealed class Calling : IDisposable
{
    /// <summary>After this long in real time a test has failed; nothing waits for it to pass.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The HTTP client measures the time of a connection by a clock of its own: a busy machine must not fail a test.</summary>
    public static readonly PeerClientSettings Patient = new() { ConnectTime = Patience };

    private readonly PeerClient _client;

    public Calling(bool allowsPrivate = true, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, PeerClientSettings? settings = null)
    {
        _client = new PeerClient(
            new AddressGuard(allowsPrivate),
            (host, stop) =>
            {
                Resolved.Add(host);
                return resolve is null ? Task.FromResult<IPAddress[]>([IPAddress.Loopback]) : resolve(host, stop);
            },
            settings ?? Patient,
            Clock);
    }

    public TestClock Clock { get; } = new();

    /// <summary>The names that were asked for.</summary>
    public List<string> Resolved { get; } = [];

    public PeerCallLimits Limits { get; init; } = new(ResponseBytes: 1000);

    public Task<Verdict<PeerReply>> CallAsync(PeerAddress to, CancellationToken stop = default) => CallAsync(new PeerCall(to, "tip", new byte[] { 1, 2, 3 }), stop);

    public Task<Verdict<PeerReply>> CallAsync(PeerCall call, CancellationToken stop = default) => _client.CallAsync(call, Limits, stop).WaitAsync(Patience, CancellationToken.None);

    public async Task<Refusal> RefusedAsync(PeerAddress to)
    {
        var verdict = await CallAsync(to);
        return verdict.Refusal ?? throw new InvalidOperationException($"{to} answered.");
    }

    /// <summary>Gives way until something has come true; the clock is the test's to move.</summary>
    public static async Task UntilAsync(Func<bool> isTrue)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!isTrue())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public void Dispose() => _client.Dispose();
}
