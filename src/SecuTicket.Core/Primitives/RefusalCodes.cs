namespace SecuTicket.Core.Primitives;

/// <summary>The stable codes a refusal may carry: the HTTP contract's names, one for each rule that can fail.</summary>
public static class RefusalCodes
{
#pragma warning disable CS1591 // The names are the documentation; the meanings are in docs/protocol.md.
    public const string MalformedJson = "malformed_json";
    public const string DuplicateKey = "duplicate_key";
    public const string MissingField = "missing_field";
    public const string UnknownField = "unknown_field";
    public const string InvalidField = "invalid_field";
    public const string NotCanonical = "not_canonical";
    public const string TooLarge = "too_large";

    public const string SignatureMissing = "signature_missing";
    public const string SignatureInvalid = "signature_invalid";
    public const string UnknownAccount = "unknown_account";

    public const string NotOrganiser = "not_organiser";
    public const string NotSeller = "not_seller";
    public const string EventSignatureMissing = "event_signature_missing";
    public const string NotHolder = "not_holder";
    public const string NotGate = "not_gate";
    public const string NotExchangeAuthority = "not_exchange_authority";
    public const string NotSealer = "not_sealer";

    public const string NotFound = "not_found";
    public const string TicketExists = "ticket_exists";
    public const string TicketNotAvailable = "ticket_not_available";
    public const string AlreadyRedeemed = "already_redeemed";
    public const string ReferenceUsed = "reference_used";
    public const string TransactionExists = "transaction_exists";

    public const string WrongChain = "wrong_chain";
    public const string Expired = "expired";
    public const string TooFarAhead = "too_far_ahead";
    public const string EventCancelled = "event_cancelled";
    public const string OutsideWindow = "outside_window";
    public const string InsufficientFunds = "insufficient_funds";
    public const string SupplyExceeded = "supply_exceeded";
    public const string PriceAboveCap = "price_above_cap";
    public const string PriceAboveMax = "price_above_max";
    public const string ResaleForbidden = "resale_forbidden";
    public const string TransferForbidden = "transfer_forbidden";
    public const string ReturnForbidden = "return_forbidden";
    public const string ResellerNotAllowed = "reseller_not_allowed";
    public const string ResaleLimit = "resale_limit";
    public const string RulesWorse = "rules_worse";
    public const string PoolFull = "pool_full";

    public const string UnknownParent = "unknown_parent";
    public const string InvalidParent = "invalid_parent";
    public const string InvalidHeader = "invalid_header";
    public const string InvalidWork = "invalid_work";
    public const string InvalidTime = "invalid_time";
    public const string InvalidRoot = "invalid_root";
    public const string InvalidSeal = "invalid_seal";
    public const string InvalidReward = "invalid_reward";
    public const string InvalidLink = "invalid_link";
    public const string InvalidBlock = "invalid_block";
    public const string BlockExists = "block_exists";
    public const string BlockTooLarge = "block_too_large";
    public const string ForkTooDeep = "fork_too_deep";

    public const string NoStakes = "no_stakes";
    public const string StakeTooSmall = "stake_too_small";
    public const string InsufficientStake = "insufficient_stake";
    public const string TooManyValidators = "too_many_validators";
    public const string TooManyWithdrawals = "too_many_withdrawals";
    public const string NotValidator = "not_validator";
    public const string Slashed = "slashed";
    public const string UnknownCheckpoint = "unknown_checkpoint";
    public const string WrongSource = "wrong_source";
    public const string AlreadyVoted = "already_voted";
    public const string InvalidEvidence = "invalid_evidence";
    public const string NotForger = "not_forger";
    public const string InvalidSlot = "invalid_slot";
    public const string InvalidReveal = "invalid_reveal";
    public const string InvalidWeight = "invalid_weight";
#pragma warning restore CS1591
}
