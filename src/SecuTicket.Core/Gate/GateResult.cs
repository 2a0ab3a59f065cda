namespace SecuTicket.Core.Gate;

/// <summary>What a gate finds about a code: the first reason, in the order of judging, not to let its bearer in; or <see cref="Valid"/>.</summary>
/// <remarks>The default is not valid: a forgotten check refuses. The number is how nodes store it.</remarks>
public enum GateResult
{
    /// <summary>No code, or its signature is wrong.</summary>
    Invalid,

    /// <summary>There is no such ticket.</summary>
    Unknown,

    /// <summary>The gate is none of the ticket's event.</summary>
    WrongEvent,

    /// <summary>The event is cancelled.</summary>
    EventCancelled,

    /// <summary>The organiser took the ticket out of circulation.</summary>
    Revoked,

    /// <summary>The key that signed is not the owner's, or nobody has bought the ticket.</summary>
    NotOwner,

    /// <summary>Somebody went in with it.</summary>
    AlreadyRedeemed,

    /// <summary>The code was made too long ago, or is from the future.</summary>
    Expired,

    /// <summary>Let them in.</summary>
    Valid,
}

/// <summary>The words of results, as the contract writes them.</summary>
public static class GateResultWords
{
    private static readonly string[] Words = ["invalid", "unknown", "wrong_event", "event_cancelled", "revoked", "not_owner", "already_redeemed", "expired", "valid"];

    /// <summary>All words, in the order of judging.</summary>
    public static IReadOnlyList<string> All => Words;

    /// <summary>The word of a result.</summary>
    public static string Of(GateResult result) => Words[(int)result];

    /// <summary>The result of a word; false when there is none.</summary>
    public static bool TryParse(string word, out GateResult result)
    {
        var at = Array.IndexOf(Words, word);
        result = at < 0 ? default : (GateResult)at;
        return at >= 0;
    }
}
