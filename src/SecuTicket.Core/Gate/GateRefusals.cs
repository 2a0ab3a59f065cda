namespace SecuTicket.Core.Gate;

/// <summary>Why a roster or a receipt is refused, beside the ledger's own codes: stable, part of docs/protocol.md.</summary>
public static class GateRefusals
{
    /// <summary>The bytes are no roster in its one canonical form, or are cut short.</summary>
    public const string RosterMalformed = "roster_malformed";

    /// <summary>The roster is of another event than the one asked for.</summary>
    public const string WrongEvent = "wrong_event";

    /// <summary>The roster is by another node than the one that is trusted.</summary>
    public const string WrongNode = "wrong_node";

    /// <summary>The changes do not start from the roster at hand: get a full one.</summary>
    public const string RosterMismatch = "roster_mismatch";

    /// <summary>The roster is of an older block than the one at hand: somebody may be showing an old answer again.</summary>
    public const string RosterOlder = "roster_older";

    /// <summary>The receipt is of another gate, event or chain.</summary>
    public const string WrongGate = "wrong_gate";

    /// <summary>The receipt does not follow the one before it.</summary>
    public const string ReceiptGap = "receipt_gap";

    /// <summary>What a receipt says contradicts the code that it says it about.</summary>
    public const string CodeContradicts = "code_contradicts";
}
