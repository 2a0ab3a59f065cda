using System.Security.Cryptography;
using SecuTicket.Api.Composition;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Blocks;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;

namespace SecuTicket.Api.Demo;

/// <summary>What the people of the demonstration do, the way clients do it: signed bodies through the reader and the single writer; only the socket is missing.</summary>
/// <param name="node">The node.</param>
/// <param name="reader">Reads and proves bodies.</param>
/// <param name="own">Makes the exchange authority's transactions.</param>
/// <param name="host">Knows the exchange authority.</param>
/// <param name="clock">Tells the time.</param>
public sealed class DemoClient(TicketNode node, TransactionReader reader, OwnTransactions own, NodeHost host, TimeProvider clock)
{
    private const int MostTogether = 250;

    /// <summary>The node.</summary>
    public TicketNode Node => node;

    /// <summary>Whether coins can be brought in here.</summary>
    public bool HasExchange => host.ExchangeAuthority is not null;

    /// <summary>The day after a number of days.</summary>
    public DateOnly DayIn(int days) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(days);

    /// <summary>Opens an account.</summary>
    public DemoAccount Open(string name)
    {
        var created = Accepted($"An account for {name}", node.Accounts.Create(null));
        return new DemoAccount(name, created.Address, created.Secret);
    }

    /// <summary>Brings coins in.</summary>
    public async Task TopUpAsync(DemoAccount recipient, long amount, CancellationToken cancellation)
    {
        var made = own.Make(
            host.ExchangeAuthority!.Value,
            TopUp.TypeName,
            new JsonMember("recipient", JsonValue.Of(recipient.Address.ToString())),
            new JsonMember("amount", JsonValue.Of(amount)),
            new JsonMember("reference", JsonValue.Of($"demo {recipient.Address}")));
        await SubmitAsync($"The top-up of {recipient}", Accepted("A top-up", made), cancellation);
    }

    /// <summary>Signs and submits a transaction; it is durable when this returns.</summary>
    /// <exception cref="DemoStoppedException">It was refused.</exception>
    public async Task<Payload> SendAsync(DemoAccount sender, string type, CancellationToken cancellation, params JsonMember[] fields)
    {
        var transaction = Sign(new DemoAct(sender, type, fields));
        await SubmitAsync($"{type} by {sender}", transaction, cancellation);
        return transaction.Payload;
    }

    /// <summary>Signs what several people do and submits it together.</summary>
    /// <exception cref="DemoStoppedException">One of it was refused.</exception>
    public async Task SendAllAsync(IEnumerable<DemoAct> acts, CancellationToken cancellation)
    {
        foreach (var group in acts.Chunk(MostTogether))
        {
            cancellation.ThrowIfCancellationRequested();
            var submissions = Accepted(group[0].Type, await node.SubmitAsync([.. group.Select(Sign)], cancellation));
            foreach (var (act, submission) in group.Zip(submissions))
            {
                if (submission.Refusal is { } refusal) throw new DemoStoppedException($"{act.Type} by {act.Sender}", refusal);
            }
        }
    }

    /// <summary>Seals what waits.</summary>
    public async Task<BlockHeader> MineAsync(CancellationToken cancellation) => Accepted("A block", await node.SealAsync(null, cancellation)).Header;

    private VerifiedTransaction Sign(DemoAct act)
    {
        var payload = JsonValue.Object(
        [
            .. act.Fields,
            new("type", JsonValue.Of(act.Type)),
            new("chain_id", JsonValue.Of(node.Spec.ChainId)),
            new("sender", JsonValue.Of(act.Sender.Address.ToString())),
            new("nonce", JsonValue.Of(RandomNumberGenerator.GetHexString(32, lowercase: true))),
            new("valid_until", JsonValue.Of((clock.GetUtcNow() + OwnTransactions.Validity).ToUnixTimeSeconds())),
        ]);
        var tag = HMACSHA256.HashData(Convert.FromHexString(act.Sender.Secret), CanonicalJson.Write(payload));
        var body = CanonicalJson.Write(payload.With("hmac", JsonValue.Of(Convert.ToHexStringLower(tag))));
        var read = reader.Read(body, route: null);
        return read.Refusal is { } refusal ? throw new DemoStoppedException($"{act.Type} by {act.Sender}", refusal) : read.Transaction!;
    }

    private async Task SubmitAsync(string step, VerifiedTransaction transaction, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var submission = Accepted(step, await node.SubmitAsync([transaction], cancellation))[0];
        if (submission.Refusal is { } refusal) throw new DemoStoppedException(step, refusal);
    }

    private static T Accepted<T>(string step, Verdict<T> verdict)
        where T : notnull => verdict.TryGet(out var value, out var refusal) ? value : throw new DemoStoppedException(step, refusal);
}

/// <summary>What somebody does.</summary>
/// <param name="Sender">Who.</param>
/// <param name="Type">The operation.</param>
/// <param name="Fields">Its own fields; the common ones are added.</param>
public sealed record DemoAct(DemoAccount Sender, string Type, params JsonMember[] Fields);
