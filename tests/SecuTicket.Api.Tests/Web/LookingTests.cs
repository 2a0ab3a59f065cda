using System.Threading.Channels;
using SecuTicket.Api.Tests.Contract;
using SecuTicket.Api.Web.Organise;

namespace SecuTicket.Api.Tests.Web;

/// <summary>How a page looks again and again, and stops.</summary>
public sealed class LookingTests
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();

    [Fact]
    public async Task What_is_ended_during_a_look_ends_after_it_and_leaves_one_that_was_begun_meanwhile_alone()
    {
        var (first, second) = (new Eye(), new Eye());
        using var ended = Looking.Begin(first.LookAsync, Pace, Life, _clock);
        _clock.Advance(Pace);
        await first.BegunAsync();

        ended.Dispose();
        using var looking = Looking.Begin(second.LookAsync, Pace, Life, _clock);
        ended.Ended.IsCompleted.Should().BeFalse("a look is under way");
        first.Finish();
        await ended.Ended.WaitAsync(Patience);

        for (var look = 1; look <= 3; look++)
        {
            _clock.Advance(Pace);
            await second.BegunAsync();
            second.Finish();
            second.Looks.Should().Be(look);
        }

        first.Looks.Should().Be(1);
        looking.Dispose();
        await looking.Ended.WaitAsync(Patience);
    }

    [Fact]
    public async Task It_ends_by_itself_when_its_time_is_over()
    {
        var looks = 0;
        using var looking = Looking.Begin(
            () =>
            {
                looks++;
                return Task.CompletedTask;
            },
            Pace,
            Life,
            _clock);
        _clock.Advance(Life - Pace);
        looking.Ended.IsCompleted.Should().BeFalse();

        _clock.Advance(Pace);
        await looking.Ended.WaitAsync(Patience);

        var seen = looks;
        seen.Should().BePositive();
        _clock.Advance(Life);
        looks.Should().Be(seen);
        _clock.NextDueAt.Should().BeNull("nothing is left that waits");
    }

    [Fact]
    public async Task What_a_look_throws_is_told_and_it_was_the_last()
    {
        using var looking = Looking.Begin(() => throw new InvalidOperationException("no"), Pace, Life, _clock);

        _clock.Advance(Pace);

        await looking.Ended.Awaiting(static ended => ended.WaitAsync(Patience)).Should().ThrowAsync<InvalidOperationException>().WithMessage("no");
    }

    // Looks that last until the test says so.
    private sealed class Eye
    {
        private readonly Channel<bool> _begun = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _finished = Channel.CreateUnbounded<bool>();
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public async Task LookAsync()
        {
            Interlocked.Increment(ref _looks);
            _begun.Writer.TryWrite(true);
            await _finished.Reader.ReadAsync();
        }

        public async Task BegunAsync() => await _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);

        public void Finish() => _finished.Writer.TryWrite(true);
    }
}
