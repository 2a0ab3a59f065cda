using SecuTicket.Api.Transactions;
using SecuTicket.Core.Encoding;
using SecuTicket.Core.Gate;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Transactions;
using SecuTicket.Node;
using SecuTicket.Node.Gates;
using SecuTicket.Node.Storage;

namespace SecuTicket.Api.Gate;

/// <summary>Takes the receipts that a gate uploads: proves each, keeps what the gate signed, and lets in on the chain for gates whose keys the node keeps.</summary>
/// <remarks>
/// Evidence is kept whatever it lacks: a receipt with a gap before it, or one that lets in with a wrong code, is recorded and said to be so. Not kept is only what the gate did not
/// sign, what contradicts itself, and what is of no event that the gate works for.
/// </remarks>
/// <param name="node">The node.</param>
/// <param name="book">Keeps receipts.</param>
/// <param name="own">Makes transactions for kept gates.</param>
/// <param name="settings">How many receipts are kept.</param>
public sealed class ReceiptIntake(TicketNode node, ReceiptBook book, OwnTransactions own, GateSettings settings)
{
    private readonly GateJudge _judge = new(node.Spec.ChainId, node.Verifier);

    /// <summary>Takes the receipts of one gate, in their order.</summary>
    /// <returns>One verdict each.</returns>
    /// <exception cref="StorageException">The disk failed; none is kept.</exception>
    public async Task<ReceiptVerdictsContract> TakeAsync(GateScope scope, IReadOnlyList<SignedReceipt> receipts, CancellationToken cancellation)
    {
        var state = node.Snapshot.Pending.State;
        var memberships = new Memberships(state, book, scope);
        var unproven = new Refusal?[receipts.Count];
        Parallel.For(0, unproven.Length, i => unproven[i] = Unproven(receipts[i]));
        var counted = receipts.Select((receipt, i) => unproven[i] is { } wrong ? wrong : memberships.Of(receipt.Receipt.Ticket)).ToArray();
        var judged = new Verdict<BookedReceipt>[receipts.Count];
        Parallel.For(0, judged.Length, i => judged[i] = Judge(receipts[i], counted[i], state));

        var kept = judged.Where(one => one.IsAccepted).Select(one => one.Value).ToArray();
        var bookings = kept.Length == 0 ? [] : book.Add(kept, settings);
        var redeemed = await RedeemAsync(kept.Where((_, i) => bookings[i].State != BookingState.Full), cancellation);

        var verdicts = new ReceiptVerdictContract[receipts.Count];
        for (int i = 0, next = 0; i < verdicts.Length; i++)
        {
            var hash = receipts[i].Receipt.Hash.ToString();
            verdicts[i] = judged[i].TryGet(out var booked, out var refusal)
                ? VerdictOf(hash, booked, bookings[next++], state, redeemed)
                : new ReceiptVerdictContract(hash, "invalid", refusal.Code, refusal.Detail);
        }

        return new ReceiptVerdictsContract(verdicts);
    }

    private Refusal? Unproven(SignedReceipt signed)
    {
        var receipt = signed.Receipt;
        if (receipt.Contradiction() is { } contradiction) return contradiction;

        return (signed.Proof is ReceiptProof.Hmac hmac ? node.Accounts.VerifyHmac(receipt.Scope.Gate, receipt.ToCanonical(), hmac.Tag.Span) : signed.Verify(node.Verifier)).Refusal;
    }

    private Verdict<BookedReceipt> Judge(SignedReceipt signed, Verdict<Membership> membership, LedgerState state)
    {
        var receipt = signed.Receipt;
        if (!membership.TryGet(out var counted, out var refusal)) return refusal;
        if (receipt.Result != GateResult.Valid) return new BookedReceipt(signed, counted.Event, counted.Flag);

        var finding = _judge.Judge(receipt.Code, receipt.Scope.Gate, receipt.At, state);
        if (finding.Result == GateResult.Unknown) return new Refusal(RefusalCodes.NotFound, $"There is no ticket {receipt.Ticket}, so nobody can be let in with it.");

        return new BookedReceipt(signed, counted.Event, counted.Flag ?? FlagOf(receipt, finding, counted.Event));
    }

    // That the ticket was redeemed since is no fault of this gate; whether twice, the report says.
    private static string? FlagOf(GateReceipt receipt, GateFinding finding, EventId id)
    {
        if (finding.Event is { } of && of.Id != id) return GateResultWords.Of(GateResult.WrongEvent);
        if (finding.Result == GateResult.AlreadyRedeemed) return GateJudge.IsFresh(finding.Code!.Value, receipt.At) ? null : GateResultWords.Of(GateResult.Expired);

        return finding.Result == GateResult.Valid ? null : GateResultWords.Of(finding.Result);
    }

    // Only what nothing speaks against: a gate's claim alone must not burn somebody's ticket.
    private async Task<IReadOnlyDictionary<TicketId, Hash256>> RedeemAsync(IEnumerable<BookedReceipt> kept, CancellationToken cancellation)
    {
        var state = node.Snapshot.Pending.State;
        var wishes = new Dictionary<TicketId, VerifiedTransaction>();
        foreach (var (signed, _, flag) in kept)
        {
            if (flag is not null || signed is not { Proof: ReceiptProof.Hmac, Receipt: { Result: GateResult.Valid, Ticket: { } ticket } receipt }) continue;
            if (wishes.ContainsKey(ticket) || state.Tickets.Find(ticket) is not { Redemption: null }) continue;
            if (own.Make(receipt.Scope.Gate, RedeemTicket.TypeName, new JsonMember("ticket_id", JsonValue.Of(ticket.ToString()))).TryGet(out var transaction, out _)) wishes.Add(ticket, transaction);
        }

        // What the node can not take now is done when the gate uploads again, as it may.
        if (wishes.Count == 0 || !(await node.SubmitAsync([.. wishes.Values], cancellation)).TryGet(out var submissions, out _)) return new Dictionary<TicketId, Hash256>();

        var taken = submissions.Where(submission => submission.Status is TransactionStatus.Pending or TransactionStatus.Confirmed).Select(submission => submission.Id).ToHashSet();
        return wishes.Where(wish => taken.Contains(wish.Value.Id)).ToDictionary(wish => wish.Key, wish => wish.Value.Id);
    }

    private ReceiptVerdictContract VerdictOf(string hash, BookedReceipt booked, Booking booking, LedgerState state, IReadOnlyDictionary<TicketId, Hash256> redeemed)
    {
        if (booking.State == BookingState.Full)
            return new ReceiptVerdictContract(hash, "invalid", "receipts_full", $"The node keeps {settings.ReceiptsPerEvent} receipts of one event and {settings.Receipts} of all, and has as many.");

        var receipt = booked.Receipt.Receipt;
        var ticket = receipt.Result == GateResult.Valid ? receipt.Ticket : null;
        return new ReceiptVerdictContract(
            hash,
            booking.State switch
            {
                BookingState.Accepted => "accepted",
                BookingState.Known => "known",
                BookingState.Gap => "gap",
                _ => "fork",
            },
            booked.Flag,
            DetailOf(booking.State, booked),
            ticket is null ? null : FirstOf(booking, state.Tickets.Find(ticket.Value)?.Redemption, receipt.Scope.Gate),
            ticket is { } admitted && redeemed.TryGetValue(admitted, out var transaction) ? transaction.ToString() : null);
    }

    private static GateAdmissionContract? FirstOf(Booking booking, Redemption? redemption, Address gate)
    {
        if (booking.First is { } first) return GateAdmissionContract.Of(first);

        return redemption is not null && redemption.Gate != gate ? GateAdmissionContract.Of(new ReportedAdmission(redemption.Gate, redemption.At, null, redemption.Transaction)) : null;
    }

    private static string? DetailOf(BookingState state, BookedReceipt booked)
    {
        var link = state switch
        {
            BookingState.Gap => $"Kept. The receipt {booked.Receipt.Receipt.Previous} that it follows is not here: upload that too.",
            BookingState.Fork => $"Kept. Another receipt of this gate follows {booked.Receipt.Receipt.Previous} too.",
            _ => null,
        };
        return booked.Flag is null ? link : $"{link ?? "Kept."} The report shows it as flagged: {booked.Flag}.";
    }
}
