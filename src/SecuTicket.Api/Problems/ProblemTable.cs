using System.Collections.Frozen;

namespace SecuTicket.Api.Problems;

/// <summary>What a code answers with.</summary>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Status">The HTTP status, 400..599.</param>
/// <param name="Title">What the code means, in one sentence without a full stop.</param>
public sealed record ProblemEntry(string Code, int Status, string Title);

/// <summary>The one table from code to HTTP status: the page "Errors" of the contract, and the codes of the transport below it.</summary>
/// <remarks>Core refuses with codes and knows nothing of HTTP; this is the only place where the two meet.</remarks>
public static class ProblemTable
{
    /// <summary>Where a code is explained: <c>/problems/{code}</c>.</summary>
    public const string PathPrefix = "/problems/";

    private static readonly ProblemEntry[] Entries =
    [
        new("malformed_request", 400, "The request line or the headers could not be read"),
        new("malformed_json", 400, "The body is not the JSON expected"),
        new("duplicate_key", 400, "The JSON has two values for one key"),
        new("missing_field", 400, "A field that must be given is missing"),
        new("unknown_field", 400, "A field this request does not have was given"),
        new("invalid_field", 400, "A field, path or query value is malformed"),
        new("not_canonical", 400, "The bytes are not in the one canonical form"),

        new("signature_missing", 401, "A signature or HMAC that is needed was not given"),
        new("signature_invalid", 401, "A signature or HMAC is wrong"),
        new("unknown_account", 401, "The account is not kept by this node"),

        new("not_organiser", 403, "Only the event's organiser may do this"),
        new("not_seller", 403, "Only an official seller of the event may do this"),
        new("event_signature_missing", 403, "The event's own signature is needed too"),
        new("not_holder", 403, "Only the ticket's holder may do this"),
        new("not_gate", 403, "Only a gate of the event may do this"),
        new("not_exchange_authority", 403, "Only an exchange authority may do this"),
        new("not_sealer", 403, "This account may not seal blocks on this chain"),
        new("not_account_owner", 403, "Only the account itself may do this"),
        new("not_validator", 403, "Only an account with coins at stake may do this"),
        new("admin_only", 403, "Only the node's administrator may do this"),

        new("not_found", 404, "There is nothing at this address"),
        new("method_not_allowed", 405, "The address exists but does not answer this method"),
        new("not_acceptable", 406, "The answer does not exist in a form the client accepts"),
        new("request_timeout", 408, "The request did not arrive in time"),

        new("conflict", 409, "The request contradicts what is already so"),
        new("ticket_exists", 409, "A ticket for that seat of that session already exists"),
        new("ticket_not_available", 409, "The ticket can not be had now"),
        new("already_redeemed", 409, "The ticket was already used to enter"),
        new("reference_used", 409, "The payment reference was already used"),
        new("account_exists", 409, "That identity already has an account"),
        new("token_used", 409, "The request token was already used"),
        new("certificate_confirmed", 409, "The organiser confirmed its certificate, and only it may replace that"),
        new("pairing_used", 409, "The pairing code was already used"),
        new("transaction_exists", 409, "The transaction was already accepted"),
        new("not_forger", 409, "It is another account's turn to make the block"),
        new("already_voted", 409, "The validator has voted for that block already"),
        new("slashed", 409, "The account lost stake for an offence already"),

        new("length_required", 411, "The length of the body must be announced"),
        new("too_large", 413, "The body is larger than allowed"),
        new("uri_too_long", 414, "The address is longer than allowed"),
        new("unsupported_media_type", 415, "The body's content type is not the one this route reads"),
        new("expectation_failed", 417, "The Expect header asks for what this server does not do"),

        new("price_above_cap", 422, "The price is above the event's cap"),
        new("price_above_max", 422, "The price is above the most the buyer would pay"),
        new("resale_forbidden", 422, "The event's rules forbid resale"),
        new("transfer_forbidden", 422, "The event's rules forbid giving tickets away"),
        new("reseller_not_allowed", 422, "The account is not among the event's resellers"),
        new("resale_limit", 422, "The ticket was resold as often as the event's rules allow"),
        new("outside_window", 422, "The event's rules do not allow this at this time"),
        new("insufficient_funds", 422, "The account does not hold enough money"),
        new("wrong_chain", 422, "The transaction is for another chain"),
        new("expired", 422, "The transaction's time is over"),
        new("too_far_ahead", 422, "The transaction is valid for longer than allowed"),
        new("event_cancelled", 422, "The event was cancelled"),
        new("rules_worse", 422, "The rules may not become worse for those who already bought"),
        new("return_forbidden", 422, "The event's rules forbid returning the ticket"),
        new("roster_too_large", 422, "The event has more tickets than a roster holds"),
        new("supply_exceeded", 422, "There would be more money than the chain can count"),
        new("no_stakes", 422, "The chain has no stakes: its blocks are made by work"),
        new("stake_too_small", 422, "There would be less at stake than the chain's least"),
        new("insufficient_stake", 422, "The account does not have that much at stake"),
        new("too_many_validators", 422, "As many accounts have coins at stake as the chain allows"),
        new("too_many_withdrawals", 422, "As many withdrawals of the account wait as the chain allows"),
        new("unknown_checkpoint", 422, "The block voted for is not one that can be voted for now"),
        new("wrong_source", 422, "Votes for that block come from another one"),
        new("invalid_evidence", 422, "The two statements prove no offence"),

        new("rate_limited", 429, "Too many requests"),
        new("headers_too_large", 431, "The headers are larger than allowed"),

        new("internal_error", 500, "The node failed; the fault is not the request's"),
        new("not_implemented", 501, "The server does not do this"),
        new("pool_full", 503, "The pending set is full"),
        new("accounts_full", 503, "The node keeps as many accounts as it is set to"),
        new("certificates_full", 503, "The node keeps as many certificates as it takes"),
        new("vault_full", 503, "The node keeps as many identities as it is set to"),
        new("contacts_full", 503, "The node keeps as many contacts as it is set to"),
        new("not_ready", 503, "The node is not ready"),
        new("storage_failed", 503, "The node could not write to its disk"),
        new("http_version_not_supported", 505, "The server does not speak this version of HTTP"),
    ];

    /// <summary>Why another node's address, or what another node sent, is refused.</summary>
    private static readonly ProblemEntry[] OfNodes =
    [
        new("invalid_address", 400, "The node's address could not be read"),
        new("address_not_allowed", 400, "Nodes at that address are not allowed"),
        new("self", 400, "The address is this node's own"),
        new("unreachable", 400, "No node answered at that address"),
        new("not_a_node", 400, "What answered at that address is no SecuTicket node"),
        new("other_chain", 400, "The node at that address is on another chain"),
        new("malformed_message", 400, "The bytes are no message of their kind"),
        new("session_unknown", 401, "A handshake is needed first"),
        new("banished", 403, "The node broke the protocol and is left alone for a time"),
        new("peers_full", 503, "The node keeps as many peers as it is set to"),
    ];

    /// <summary>Why a block is refused: seen in <c>GET /chain/validate</c> and between nodes.</summary>
    private static readonly ProblemEntry[] OfBlocks =
    [
        new("block_exists", 409, "The block is already known"),
        new("unknown_parent", 422, "The block's parent is not known here"),
        new("invalid_parent", 422, "The block's parent was refused"),
        new("invalid_header", 422, "The block's header contradicts the chain"),
        new("invalid_work", 422, "The block's proof of work is missing or too weak"),
        new("invalid_time", 422, "The block's time is too early or too far ahead"),
        new("invalid_root", 422, "The block's transactions are not those its header commits to"),
        new("invalid_seal", 422, "The block is not sealed as its chain demands"),
        new("invalid_reward", 422, "The block's reward is not the one its chain gives"),
        new("invalid_link", 422, "The block does not follow the one before it"),
        new("invalid_block", 422, "The block breaks a rule"),
        new("block_too_large", 422, "The block is larger than its chain allows"),
        new("state_mismatch", 422, "What is stored is not what the chain's blocks lead to"),
        new("fork_too_deep", 422, "The block forks the chain deeper than is final"),
        new("invalid_slot", 422, "The block's slot is not after the one before"),
        new("invalid_reveal", 422, "What the block reveals is not its forger's next link"),
        new("invalid_weight", 422, "The block's votes do not justify what its header says"),
    ];

    private static readonly FrozenDictionary<string, ProblemEntry> ByCode = All.ToFrozenDictionary(entry => entry.Code, StringComparer.Ordinal);

    /// <summary>The code of an answer that carries only a status, as the framework's own do.</summary>
    private static readonly FrozenDictionary<int, string> ByStatus = new Dictionary<int, string>
    {
        [400] = "malformed_request",
        [401] = "signature_missing",
        [403] = "admin_only",
        [404] = "not_found",
        [405] = "method_not_allowed",
        [406] = "not_acceptable",
        [408] = "request_timeout",
        [409] = "conflict",
        [411] = "length_required",
        [413] = "too_large",
        [414] = "uri_too_long",
        [415] = "unsupported_media_type",
        [417] = "expectation_failed",
        [429] = "rate_limited",
        [431] = "headers_too_large",
        [501] = "not_implemented",
        [503] = "not_ready",
        [505] = "http_version_not_supported",
    }.ToFrozenDictionary();

    /// <summary>Every code: those of requests by status, then those of nodes and of blocks.</summary>
    public static IReadOnlyList<ProblemEntry> All => [.. Entries, .. OfNodes, .. OfBlocks];

    /// <summary>True when the code is listed.</summary>
    public static bool Contains(string code) => ByCode.ContainsKey(code);

    /// <summary>The entry of a code; one that is not listed answers 422, as a rule of the ledger that nobody listed yet.</summary>
    public static ProblemEntry Of(string code) =>
        ByCode.TryGetValue(code, out var entry) ? entry : new ProblemEntry(code, StatusCodes.Status422UnprocessableEntity, "A rule forbids this");

    /// <summary>The code of a bare status: 404 is <c>not_found</c>; other 4xx are <c>malformed_request</c>, other 5xx <c>internal_error</c>.</summary>
    public static string CodeOf(int status)
    {
        if (ByStatus.TryGetValue(status, out var code)) return code;
        return status < StatusCodes.Status500InternalServerError ? "malformed_request" : "internal_error";
    }
}
