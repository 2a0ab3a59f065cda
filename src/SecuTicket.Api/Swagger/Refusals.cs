using System.Collections.Frozen;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;

namespace SecuTicket.Api.Swagger;

/// <summary>Which codes an action may refuse with, beside those that follow from its kind: for the OpenAPI document.</summary>
/// <param name="codes">Codes of <see cref="Problems.ProblemTable"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RefusesAttribute(params string[] codes) : Attribute
{
    /// <summary>Codes of <see cref="Problems.ProblemTable"/>.</summary>
    public IReadOnlyList<string> Codes { get; } = codes;
}

/// <summary>Which codes follow from what an operation is: what it reads, who must sign, which rules judge it.</summary>
internal static class Refusals
{
    /// <summary>Of a query or path value, or of a limit.</summary>
    public static readonly string[] OfAll = [RefusalCodes.InvalidField, "rate_limited"];

    /// <summary>Of every body.</summary>
    public static readonly string[] OfBodies =
    [
        RefusalCodes.MalformedJson, RefusalCodes.DuplicateKey, RefusalCodes.MissingField, RefusalCodes.UnknownField, RefusalCodes.InvalidField, RefusalCodes.TooLarge,
        "unsupported_media_type",
    ];

    /// <summary>Of every request that must prove who asks.</summary>
    public static readonly string[] OfSignedRequests = [RefusalCodes.SignatureMissing, RefusalCodes.SignatureInvalid, RefusalCodes.UnknownAccount, "token_used"];

    /// <summary>Of the administrator's.</summary>
    public static readonly string[] OfAdministration = ["admin_only"];

    private static readonly string[] OfTransactions =
    [
        RefusalCodes.SignatureMissing, RefusalCodes.SignatureInvalid, RefusalCodes.UnknownAccount, RefusalCodes.WrongChain, RefusalCodes.Expired, RefusalCodes.TooFarAhead,
        RefusalCodes.PoolFull, "not_ready", "storage_failed",
    ];

    private static readonly string[] OfOrganisers = [RefusalCodes.NotFound, RefusalCodes.NotOrganiser, RefusalCodes.EventCancelled];

    private static readonly string[] OfHolders = [RefusalCodes.NotFound, RefusalCodes.NotHolder, RefusalCodes.AlreadyRedeemed, RefusalCodes.TicketNotAvailable];

    private static readonly FrozenDictionary<string, string[]> ByType = new Dictionary<string, string[]>
    {
        [CreateEvent.TypeName] = [RefusalCodes.TransactionExists],
        [UpdateEvent.TypeName] = [.. OfOrganisers, RefusalCodes.RulesWorse],
        [CancelEvent.TypeName] = OfOrganisers,
        [IssueTickets.TypeName] = [.. OfOrganisers, RefusalCodes.TicketExists],
        [RevokeTicket.TypeName] = [RefusalCodes.NotFound, RefusalCodes.NotOrganiser, RefusalCodes.AlreadyRedeemed, RefusalCodes.TicketNotAvailable, RefusalCodes.InsufficientFunds],
        [SellTicket.TypeName] =
        [
            RefusalCodes.NotFound, RefusalCodes.EventCancelled, RefusalCodes.NotSeller, RefusalCodes.EventSignatureMissing, RefusalCodes.TicketNotAvailable,
        ],
        [PurchaseTicket.TypeName] =
        [
            RefusalCodes.NotFound, RefusalCodes.EventCancelled, RefusalCodes.TicketNotAvailable, RefusalCodes.OutsideWindow, RefusalCodes.PriceAboveMax,
            RefusalCodes.InsufficientFunds,
        ],
        [TransferTicket.TypeName] = [.. OfHolders, RefusalCodes.EventCancelled, RefusalCodes.TransferForbidden],
        [ListTicket.TypeName] =
        [
            .. OfHolders, RefusalCodes.EventCancelled, RefusalCodes.ResaleForbidden, RefusalCodes.ResellerNotAllowed, RefusalCodes.OutsideWindow, RefusalCodes.ResaleLimit,
            RefusalCodes.PriceAboveCap,
        ],
        [UnlistTicket.TypeName] = OfHolders,
        [ReturnTicket.TypeName] = [.. OfHolders, RefusalCodes.ReturnForbidden, RefusalCodes.InsufficientFunds],
        [RedeemTicket.TypeName] = [RefusalCodes.NotFound, RefusalCodes.NotGate, RefusalCodes.EventCancelled, RefusalCodes.AlreadyRedeemed, RefusalCodes.TicketNotAvailable],
        [TransferCoins.TypeName] = [RefusalCodes.InsufficientFunds],
        [TopUp.TypeName] = [RefusalCodes.NotExchangeAuthority, RefusalCodes.ReferenceUsed, RefusalCodes.SupplyExceeded],
        [Record.TypeName] = [],
        [Stake.TypeName] =
        [
            RefusalCodes.NoStakes, RefusalCodes.StakeTooSmall, RefusalCodes.InsufficientFunds, RefusalCodes.Slashed, RefusalCodes.TooManyValidators,
        ],
        [Unstake.TypeName] = [RefusalCodes.NoStakes, RefusalCodes.InsufficientStake, RefusalCodes.StakeTooSmall, RefusalCodes.TooManyWithdrawals],
        [Report.TypeName] = [RefusalCodes.NoStakes, RefusalCodes.InvalidEvidence, RefusalCodes.NotValidator, RefusalCodes.Slashed],
        [Vote.TypeName] =
        [
            RefusalCodes.NoStakes, RefusalCodes.NotValidator, RefusalCodes.UnknownCheckpoint, RefusalCodes.WrongSource, RefusalCodes.AlreadyVoted, RefusalCodes.Slashed,
        ],
    }.ToFrozenDictionary();

    /// <summary>Of a transaction, from its signatures to the rules of its type; of all types when it may be of any.</summary>
    public static IEnumerable<string> OfTransaction(string type) =>
        OfTransactions.Concat(type == TransactionBodyAttribute.AnyType ? ByType.Values.SelectMany(codes => codes) : ByType[type]);
}
