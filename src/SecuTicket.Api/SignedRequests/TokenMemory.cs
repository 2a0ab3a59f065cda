using SecuTicket.Core.Primitives;

namespace SecuTicket.Api.SignedRequests;

/// <summary>Remembers the tokens that writes were made with, for as long as they could be shown again. Thread-safe.</summary>
/// <remarks>
/// A token is good from a minute before its moment to a minute after it, in whole seconds, so two minutes and a second are enough. When the memory is full new ones are refused: forgetting
/// an old one early would let it be used again.
/// </remarks>
/// <param name="clock">Tells the time: the clock that tokens are judged by, so that both take its steps together.</param>
/// <param name="capacity">Tokens remembered at the most, about 150 bytes each.</param>
public sealed class TokenMemory(TimeProvider clock, int capacity = TokenMemory.DefaultCapacity)
{
    /// <summary>How long a token is remembered.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds((2 * SignedRequestReader.GoodForSeconds) + 1);

    /// <summary>Tokens remembered when nothing else is said: more than 800 writes a second.</summary>
    public const int DefaultCapacity = 100_000;

    private readonly Lock _changing = new();
    private readonly HashSet<Hash256> _used = [];
    private readonly Queue<(Hash256 Token, DateTimeOffset At)> _oldestFirst = new();

    /// <summary>Tokens remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_changing) return _used.Count;
        }
    }

    /// <summary>Uses a token that was found right.</summary>
    /// <returns>Accepted once; then <c>token_used</c>, or <c>not_ready</c> (Transient) when no more can be remembered.</returns>
    public Verdict Use(Hash256 token)
    {
        lock (_changing)
        {
            var now = clock.GetUtcNow();
            Forget(now);
            if (_used.Contains(token))
                return new Refusal("token_used", "This token was used for a write already: make a new one, with the present time in `at`, for each request.");
            if (_used.Count >= capacity)
                return new Refusal("not_ready", $"{capacity} signed requests came within {Kept.TotalSeconds} s, the most that are remembered: try again later.", RefusalKind.Transient);

            _used.Add(token);
            _oldestFirst.Enqueue((token, now));
            return Verdict.Accepted;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        while (_oldestFirst.TryPeek(out var oldest) && now - oldest.At >= Kept)
        {
            _oldestFirst.Dequeue();
            _used.Remove(oldest.Token);
        }
    }
}
