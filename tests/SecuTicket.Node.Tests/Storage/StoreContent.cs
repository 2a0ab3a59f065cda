using System.Text;
using SecuTicket.Core.Ledger;
using SecuTicket.Core.Primitives;
using SecuTicket.Core.Specification;
using SecuTicket.Node.Storage;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>Everything a store says, as one text: two stores hold the same exactly when these are equal.</summary>
internal static class StoreContent
{
    public static string Of(IBlockStore store, ChainSpec spec, params IEnumerable<Hash256> transactions)
    {
        var node = store.Load(spec);
        var text = new StringBuilder().AppendLine($"tip {node.Tip} next {node.NextSequence}").Append(Of(node.Ledger));
        foreach (var recent in node.Recent.OrderBy(recent => recent.Header.Index).ThenBy(recent => recent.Hash)) text.AppendLine($"header {recent.Header.Index} {recent.Hash} {recent.Weight}");
        foreach (var pending in node.Pending) text.AppendLine($"pending {pending.Sequence} {pending.AdmittedAt} {Convert.ToHexString(pending.Transaction.Encode())}");
        foreach (var rejected in node.Rejected) text.AppendLine($"rejected {rejected.Transaction.Id} {rejected.Status} {rejected.Code} {rejected.Detail}");
        return text.Append(OfBranch(store, node.Ledger)).Append(OfTransactions(store, transactions)).ToString();
    }

    public static string Of(LedgerState state)
    {
        var text = new StringBuilder().AppendLine($"supply {state.Supply}");
        foreach (var (account, balance) in state.Balances) text.AppendLine($"balance {account} {balance}");
        foreach (var (id, terms) in state.Events) text.AppendLine($"event {id} {Convert.ToHexString(LedgerEncoding.Encode(terms))}");
        foreach (var (id, tally) in state.Tallies) text.AppendLine($"tally {id} {tally}");
        foreach (var (id, ticket) in state.Tickets) text.AppendLine($"ticket {id} {ticket}");
        foreach (var (id, tickets) in state.EventTickets) text.AppendLine($"issued {id} {string.Join(' ', tickets.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (id, prices) in state.FacePrices) text.AppendLine($"prices {id} {string.Join(' ', prices.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var organiser in state.Events.Select(entry => entry.Value.Organiser).Distinct()) text.AppendLine($"own {organiser} {string.Join(' ', state.EventsOf(organiser).Select(terms => terms.Id))}");
        foreach (var (gate, events) in state.GateEvents) text.AppendLine($"gate {gate} {string.Join(' ', events.Select(entry => $"{entry.Key}:{entry.Value}"))}");
        foreach (var (id, stands) in state.Stands) text.AppendLine($"stands {id} {string.Join(' ', stands.Select(entry => $"{entry.Key}:{entry.Value:x}"))}");
        foreach (var (owner, tickets) in state.OwnedTickets) text.AppendLine($"owned {owner} {string.Join(' ', tickets.Select(entry => entry.Key))}");
        foreach (var (reference, _) in state.References) text.AppendLine($"reference {reference}");
        foreach (var (seen, _) in state.Seen) text.AppendLine($"seen {seen.Number} {seen.Hash}");
        return text.ToString();
    }

    /// <summary>Blocks and histories of our branch.</summary>
    public static string OfBranch(IBlockStore store, LedgerState ledger)
    {
        var text = new StringBuilder();
        foreach (var block in store.ReadChain(0)) text.AppendLine(OfBlock(block));
        foreach (var (id, _) in ledger.Tickets)
            foreach (var line in store.TicketHistory(id, null, int.MaxValue)) text.AppendLine($"history {line.Position} {line.Change} {line.TransactionId} {line.BlockTime}");
        foreach (var account in Accounts(ledger))
            foreach (var line in store.AccountTransactions(account, null, int.MaxValue)) text.AppendLine($"account {account} {line.Position} {line.Transaction.Id} {line.Transaction.Leaf}");
        foreach (var (id, _) in ledger.Events)
            foreach (var line in store.Attendance(id, -1, int.MaxValue)) text.AppendLine($"attendance {id} {line}");
        foreach (var (id, _) in ledger.Events)
            foreach (var line in store.Resales(id, null, int.MaxValue)) text.AppendLine($"resale {id} {line}");
        return text.ToString();
    }

    public static string OfTransactions(IBlockStore store, IEnumerable<Hash256> transactions)
    {
        var text = new StringBuilder();
        foreach (var id in transactions)
        {
            var found = store.FindTransaction(id);
            text.AppendLine($"transaction {id} {found?.Status} {found?.BlockIndex} {found?.Code} {found?.Detail} {found?.Transaction.Leaf}");
        }

        return text.ToString();
    }

    public static string OfBlock(StoredBlock block) => $"block {block.Index} {block.Hash} {block.OnBranch} {block.Weight} {Convert.ToHexString(block.Bytes.Span)}";

    // Accounts without coins or tickets have a history too.
    private static IEnumerable<Address> Accounts(LedgerState ledger) =>
        new[] { TestChain.Bank, TestChain.Organiser, TestChain.Gate, TestChain.Alice, TestChain.Bob }.Select(person => person.Address)
            .Concat(ledger.Balances.Select(entry => entry.Key)).Distinct().Order();
}
