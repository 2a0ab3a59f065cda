using System.Text.Json.Nodes;

namespace SecuTicket.Api.Swagger;

/// <summary>What stands in examples for values that exist only once the page is used. The Swagger page puts the last ones it has seen in their place, so that examples work when pressed.</summary>
public static class ExampleIds
{
    /// <summary>Stands for the last event seen on the page; 32 hex digits.</summary>
    public const string Event = "0000000000000000000000000000e7e7";

    /// <summary>Stands for the first ticket last issued on the page, or the last one looked at; 32 hex digits.</summary>
    public const string Ticket = "00000000000000000000000000007171";

    /// <summary>Stands for the last transaction seen on the page; 64 hex digits.</summary>
    public const string Transaction = "0000000000000000000000000000000000000000000000000000000000007a7a";

    /// <summary>Stands for the account that signs; while there is none, for the last account created on the page.</summary>
    public const string Account = "0x00000000000000000000000000000000000acc00";

    /// <summary>Stands for somebody else: the first fan created on the page that is not the account that signs.</summary>
    public const string OtherAccount = "0x00000000000000000000000000000000000acc01";

    /// <summary>Stands for the gate, the fourth account created on the page; while there is none, for the organiser, the first.</summary>
    public const string Gate = "0x00000000000000000000000000000000000acc02";

    /// <summary>Stands for the last gate code seen on the page.</summary>
    public const string GateCode = "ST1:CODE";

    /// <summary>Stands for the last pairing code seen on the page.</summary>
    public const string PairingCode = "CODE-CODE-CODE";

    /// <summary>Stands for a payment reference that was never used.</summary>
    public const string Reference = "payment-000001";

    /// <summary>Stands for the name of a person not yet known: the same profile can not have a second account.</summary>
    public const string Person = "Person 000001";

    /// <summary>Stands for a random nonce.</summary>
    public const string Nonce = "example-nonce-00001";

    /// <summary>Stands for a day from now, in unix seconds.</summary>
    public const long ValidUntil = 1_893_456_000;

    /// <summary>The fields of every transaction that the page fills in, with what stands for them in examples.</summary>
    internal static JsonObject Common() => new() { ["sender"] = Account, ["nonce"] = Nonce, ["valid_until"] = ValidUntil };

    /// <summary>As the document's <c>x-examples</c>: what to replace, by what it is.</summary>
    internal static JsonObject ToJson() => new()
    {
        ["event_id"] = Event,
        ["ticket_id"] = Ticket,
        ["transaction_id"] = Transaction,
        ["account"] = Account,
        ["other_account"] = OtherAccount,
        ["gate"] = Gate,
        ["gate_code"] = GateCode,
        ["pairing_code"] = PairingCode,
        ["reference"] = Reference,
        ["person"] = Person,
        ["nonce"] = Nonce,
        ["valid_until"] = ValidUntil,
    };
}
