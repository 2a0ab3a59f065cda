using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SecuTicket.Api.Answers;
using SecuTicket.Api.Limits;
using SecuTicket.Api.Transactions;
using SecuTicket.Core.Consensus.ProofOfWork;
using SecuTicket.Core.Cryptography;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Custody;
using SecuTicket.Node.Sealing;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Tests.Contract;

/// <summary>Batches that come at once are read one after the other. Here without HTTP, so that what a call has done when it returns is known.</summary>
public sealed class BatchTurnTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<Hash256> _signed = new();
    private readonly TaskCompletionSource _isSigning = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _maySign = new();
    private readonly SqliteDatabase _database = SqliteDatabase.Open(Path.Combine(Directory.CreateTempSubdirectory("secuticket-").FullName, "ledger.db"));
    private readonly P256Verifier _keys = new(16);
    private KeptAccounts _accounts = null!;
    private TicketNode _node = null!;
    private BatchIntake _batches = null!;
    private int _nonce;

    public Task InitializeAsync()
    {
        _accounts = new KeptAccounts(new InMemoryCustodyStore(), new MasterKey(new byte[MasterKey.Size]), sign: (key, digest, signature) =>
        {
            _signed.Enqueue(new Hash256(digest));

            // The first to come.
            if (_isSigning.TrySetResult()) _maySign.Wait();
            key.Sign(digest, signature);
        });
        var spec = DevelopmentChain.Spec;
        _node = TicketNode.Start(new NodeParts(
            spec, new NodeSettings { Sealing = new SealingSettings { Enabled = false } }, new InMemoryBlockStore(), _accounts, new ProofOfWorkVerifier(spec, _keys), new TransactionVerifier(_keys),
            new ProofOfWorkSealer(spec, 1, (_, _) => new Refusal("unused", "No seal is asked for.")), TimeProvider.System, () => 0, (_, _) => { }));
        var limits = Options.Create(new LimitOptions());
        var reader = new TransactionReader(_node, new EventDelegations(_database));
        _batches = new BatchIntake(_node, reader, new TransactionIntake(_node, reader, limits, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance)), limits);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _maySign.Set();
        await _node.DisposeAsync();
    }

    public void Dispose()
    {
        _batches.Dispose();
        _accounts.Dispose();
        _keys.Dispose();
        _maySign.Dispose();
        var folder = Path.GetDirectoryName(_database.File)!;
        _database.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_batch_is_not_read_before_the_one_that_came_first()
    {
        var account = _accounts.Create(null).Value;
        var (first, second) = (Record(account), Record(account));
        var reading = Task.Run(() => _batches.AcceptAsync(Batch(first)));
        await _isSigning.Task.WaitAsync(Patience);

        // Whatever it does before it first waits, it has done when it returns.
        var waiting = _batches.AcceptAsync(Batch(second));

        waiting.IsCompleted.Should().BeFalse();
        _signed.Should().Equal(first.Id);
        _maySign.Set();
        (await reading.WaitAsync(Patience)).Should().BeOfType<LinesAnswer>();
        (await waiting.WaitAsync(Patience)).Should().BeOfType<LinesAnswer>();
        _signed.Should().Equal(first.Id, second.Id);
    }

    [Fact]
    public async Task Who_goes_away_while_waiting_for_a_turn_takes_none()
    {
        var account = _accounts.Create(null).Value;
        var reading = Task.Run(() => _batches.AcceptAsync(Batch(Record(account))));
        await _isSigning.Task.WaitAsync(Patience);
        using var gone = new CancellationTokenSource();
        var waiting = _batches.AcceptAsync(Batch(Record(account), gone.Token));

        await gone.CancelAsync();

        await FluentActions.Awaiting(() => waiting).Should().ThrowAsync<OperationCanceledException>();
        _maySign.Set();
        await reading.WaitAsync(Patience);
        (await _batches.AcceptAsync(Batch(Record(account))).WaitAsync(Patience)).Should().BeOfType<LinesAnswer>("the turn was given back");
        _signed.Should().HaveCount(2);
    }

    private static HttpRequest Batch((Hash256 Id, byte[] Line) transaction, CancellationToken aborted = default)
    {
        var context = new DefaultHttpContext { RequestAborted = aborted };
        (context.Request.Body, context.Request.ContentType) = (new MemoryStream(transaction.Line), "application/x-ndjson");
        return context.Request;
    }

    private (Hash256 Id, byte[] Line) Record(KeptAccountCreated account)
    {
        var payload = JsonValue.Object(
        [
            new("chain_id", JsonValue.Of(DevelopmentChain.ChainId)),
            new("data", JsonValue.Of("a note")),
            new("nonce", JsonValue.Of($"batch-turn-{_nonce++:D10}")),
            new("sender", JsonValue.Of(account.Address.ToString())),
            new("type", JsonValue.Of(Core.Transactions.Record.TypeName)),
            new("valid_until", JsonValue.Of(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 3_600)),
        ]);
        var canonical = CanonicalJson.Write(payload);
        var tag = HMACSHA256.HashData(Convert.FromHexString(account.Secret), canonical);
        return (Hash256.Sha256(canonical), CanonicalJson.Write(payload.With("hmac", JsonValue.Of(Convert.ToHexStringLower(tag)))));
    }
}
