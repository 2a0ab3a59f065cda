using System.Security.Cryptography;
using SecuTicket.Core.Primitives;
using SecuTicket.Node.Custody;

namespace SecuTicket.Node.Gates;

/// <summary>A new pairing code.</summary>
/// <param name="Code">Its text, such as <c>7K2M-Q4WD-9XTB</c>.</param>
/// <param name="ExpiresAt">When it is good no longer.</param>
public sealed record PairingCode(string Code, DateTimeOffset ExpiresAt);

/// <summary>That somebody who had an event's code named a gate's account. Nothing but the organiser's <c>update_event</c> makes it a gate.</summary>
/// <param name="Gate">The account, which proved its key.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="At">When.</param>
public sealed record PairingClaim(Address Gate, string Name, DateTimeOffset At);

/// <summary>One-time codes by which a gate's device tells the organiser its account: no address is typed, and no wrong one listed. Thread-safe.</summary>
/// <remarks>
/// In memory: a code lives for ten minutes, and after a restart a device is paired anew. A code is 12 characters of Crockford's base 32, 60 random bits, which has
/// no I, L, O and U; case, hyphens and blanks do not matter, and what is easily misread is taken for what it is.
/// </remarks>
/// <param name="settings">How many.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="fillRandom">Where codes come from; the platform's generator when null.</param>
public sealed class GatePairings(GateSettings settings, TimeProvider clock, FillRandom? fillRandom = null)
{
    /// <summary>How long a code is good, and wrong ones are counted.</summary>
    public static readonly TimeSpan CodeLife = TimeSpan.FromMinutes(10);

    /// <summary>How long a claim is shown.</summary>
    public static readonly TimeSpan ClaimLife = TimeSpan.FromDays(1);

    /// <summary>Most characters of a gate's name.</summary>
    public const int MaxName = 64;

    /// <summary>Most characters of a code as it is typed: twelve, and hyphens and blanks.</summary>
    public const int MaxCode = 32;

    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 12;

    private readonly FillRandom _fillRandom = fillRandom ?? RandomNumberGenerator.Fill;
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Pairing> _byCode = new(StringComparer.Ordinal);
    private readonly Dictionary<Address, (int Count, DateTimeOffset Until)> _wrong = [];

    /// <summary>Makes a code for an event. The caller has made sure that its organiser asked for it.</summary>
    /// <returns>The code; <c>rate_limited</c> (Transient) when too many of the event are open or were used, <c>not_ready</c> (Transient) when too many of all are remembered.</returns>
    public Verdict<PairingCode> Create(EventId id)
    {
        lock (_changing)
        {
            var now = clock.GetUtcNow();
            Forget(now);
            var (open, used) = (0, 0);
            foreach (var pairing in _byCode.Values.Where(pairing => pairing.Event == id)) _ = pairing.Claim is null ? open++ : used++;
            if (open >= settings.PairingsPerEvent)
                return new Refusal("rate_limited", $"{settings.PairingsPerEvent} pairing codes of this event are open, the most at the same time: use one, or wait until one expires.", RefusalKind.Transient);
            if (open + used >= settings.ClaimsPerEvent)
                return new Refusal("rate_limited", $"{settings.ClaimsPerEvent} pairing codes of this event are open or were used within a day, the most there may be: try again later.", RefusalKind.Transient);
            if (_byCode.Count >= settings.Pairings)
                return new Refusal("not_ready", $"{settings.Pairings} pairing codes are remembered, the most there may be: try again later.", RefusalKind.Transient);

            var code = Draw();
            _byCode.Add(code, new Pairing(id, now + CodeLife));
            return new PairingCode($"{code[..4]}-{code[4..8]}-{code[8..]}", now + CodeLife);
        }
    }

    /// <summary>Uses a code, once; the account that used it may ask again, as when the answer was lost.</summary>
    /// <param name="text">The code, as it was typed.</param>
    /// <param name="gate">The account that proved its key.</param>
    /// <param name="name">What it calls itself.</param>
    /// <returns>The event; <c>not_found</c> when the code is wrong or expired, <c>pairing_used</c> when another account did, or <c>rate_limited</c> (Transient) after too many wrong ones.</returns>
    public Verdict<EventId> Claim(string text, Address gate, string name)
    {
        lock (_changing)
        {
            var now = clock.GetUtcNow();
            Forget(now);
            if (_wrong.TryGetValue(gate, out var wrong) && wrong.Count >= settings.PairingAttempts)
                return new Refusal("rate_limited", $"{gate} tried {wrong.Count} wrong codes: try again in {CodeLife.TotalMinutes} minutes, with a new code.", RefusalKind.Transient);

            if (!_byCode.TryGetValue(Normalise(text), out var pairing))
            {
                if (_wrong.Count < settings.Pairings || _wrong.ContainsKey(gate)) _wrong[gate] = (wrong.Count + 1, now + CodeLife);
                return new Refusal(RefusalCodes.NotFound, "There is no such pairing code: it is wrong, or older than ten minutes. Ask the organiser for a new one.");
            }

            if (pairing.Claim?.Gate == gate) return pairing.Event;
            if (pairing.Claim is not null) return new Refusal("pairing_used", "This pairing code was used already: each is good for one device. Ask the organiser for a new one.");

            _byCode[Normalise(text)] = pairing with { Claim = new PairingClaim(gate, name, now), ExpiresAt = now + ClaimLife };
            return pairing.Event;
        }
    }

    /// <summary>Who claimed codes of an event within the last day, oldest first.</summary>
    public IReadOnlyList<PairingClaim> Claims(EventId id)
    {
        lock (_changing)
        {
            Forget(clock.GetUtcNow());
            return [.. _byCode.Values.Where(pairing => pairing.Event == id && pairing.Claim is not null).Select(pairing => pairing.Claim!).OrderBy(claim => claim.At).ThenBy(claim => claim.Gate)];
        }
    }

    private static string Normalise(string text) => string.Concat(text.Where(character => character is not ('-' or ' ')).Select(character => char.ToUpperInvariant(character) switch
    {
        'O' => '0',
        'I' or 'L' => '1',
        var other => other,
    }));

    private string Draw()
    {
        Span<byte> random = stackalloc byte[Length];
        _fillRandom(random);
        var code = string.Empty;
        foreach (var one in random) code += Alphabet[one % Alphabet.Length];
        return code;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (code, pairing) in _byCode) if (now >= pairing.ExpiresAt) _byCode.Remove(code);
        foreach (var (gate, wrong) in _wrong) if (now >= wrong.Until) _wrong.Remove(gate);
    }

    private sealed record Pairing(EventId Event, DateTimeOffset ExpiresAt)
    {
        public PairingClaim? Claim { get; init; }
    }
}
