using SecuTicket.Api.Tests.Contract;
using SecuTicket.Core.Primitives;

namespace SecuTicket.Node.Tests.Loop;

public sealed class SharedValidationTests : IAsyncDisposable
{
    private static readonly ChainValidation Valid = new(1, null, null);

    private readonly TestClock _clock = new();
    private readonly SemaphoreSlim _mayEnd = new(0);
    private readonly SemaphoreSlim _began = new(0);
    private readonly SharedValidation _validation;
    private TimeSpan _takes = TimeSpan.Zero;
    private int _runs;
    private int _givenUp;

    public SharedValidationTests() => _validation = new SharedValidation(Validate, _clock);

    public async ValueTask DisposeAsync()
    {
        _mayEnd.Release(10);
        await _validation.DisposeAsync();
        _mayEnd.Dispose();
        _began.Dispose();
    }

    [Fact]
    public async Task Those_who_ask_meanwhile_share_one_run()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => _validation.AskAsync(CancellationToken.None)).ToArray();
        await _began.WaitAsync();
        _mayEnd.Release();

        (await Task.WhenAll(asked)).Should().AllSatisfy(static found => found.Value.Should().Be(Valid));
        _runs.Should().Be(1);
    }

    [Fact]
    public async Task It_is_given_up_when_the_last_one_leaves_and_not_before()
    {
        using var first = new CancellationTokenSource();
        using var last = new CancellationTokenSource();
        var (leaves, stays) = (_validation.AskAsync(first.Token), _validation.AskAsync(last.Token));
        await _began.WaitAsync();
        await first.CancelAsync();
        await FluentActions.Awaiting(() => leaves).Should().ThrowAsync<OperationCanceledException>();
        _givenUp.Should().Be(0, "somebody waits");

        await last.CancelAsync();
        await FluentActions.Awaiting(() => stays).Should().ThrowAsync<OperationCanceledException>();
        var next = _validation.AskAsync(CancellationToken.None);
        await _began.WaitAsync();
        _givenUp.Should().Be(1, "the next one begins when it has ended");
        _mayEnd.Release();
        (await next).Value.Should().Be(Valid);
        _runs.Should().Be(2);
    }

    [Fact]
    public async Task After_one_that_takes_long_there_is_a_rest_of_as_long()
    {
        _takes = TimeSpan.FromSeconds(40);
        await FinishAsync();
        var next = _validation.AskAsync(CancellationToken.None);
        await RestsAsync();
        _clock.Advance(TimeSpan.FromSeconds(39));
        _runs.Should().Be(1, "it rests");

        // What is due runs within the call that lets time pass.
        var passes = Task.Run(() => _clock.Advance(TimeSpan.FromSeconds(1)));
        await _began.WaitAsync();
        _mayEnd.Release();
        (await next).Value.Should().Be(Valid);
        await passes;
    }

    [Fact]
    public async Task After_one_that_nobody_notices_the_next_begins_at_once()
    {
        _takes = TimeSpan.FromMilliseconds(20);
        for (var i = 0; i < 3; i++) await FinishAsync();

        _runs.Should().Be(3);
    }

    private async Task FinishAsync()
    {
        var asked = _validation.AskAsync(CancellationToken.None);
        await _began.WaitAsync();
        _mayEnd.Release();
        (await asked).Value.Should().Be(Valid);
    }

    private async Task RestsAsync()
    {
        while (_clock.NextDueAt is null) await Task.Yield();
    }

    private Verdict<ChainValidation> Validate(CancellationToken givenUp)
    {
        _runs++;
        _began.Release();
        try
        {
            _mayEnd.Wait(givenUp);
        }
        catch (OperationCanceledException)
        {
            _givenUp++;
            throw;
        }

        _clock.Advance(_takes);
        return Valid;
    }
}
