using SecuTicket.Core.Ledger;
using SecuTicket.Core.Transactions;
using static SecuTicket.Node.Tests.TestChain;

namespace SecuTicket.Node.Tests.Storage;

/// <summary>Transactions of every kind that the rules accept one after the other on a chain's tip, drawn from a seed.</summary>
internal static class RandomWishes
{
    private const int Most = 6;
    private const int Attempts = 40;

    public static VerifiedTransaction[] Of(TestChain chain, Random random)
    {
        var ledger = chain.Chain.Ledger.Edit();
        LedgerRules.PayReward(ledger, Organiser.Address, LedgerRules.RewardAfter(chain.Chain.Ledger, chain.Spec.Reward));
        var state = ledger.ToState();
        var context = new RuleContext(chain.Spec, chain.Chain.Tip.Header.Index + 1, chain.Now);
        var wishes = new List<VerifiedTransaction>();
        var wanted = 1 + random.Next(Most);
        for (var attempt = 0; attempt < Attempts && wishes.Count < wanted; attempt++)
        {
            var wish = Draw(chain, state, random);
            if (wish is null || !LedgerRules.Apply(state, wish, context).TryGet(out var outcome, out _)) continue;

            state = outcome.State;
            wishes.Add(wish);
        }

        return wishes.Count > 0 ? [.. wishes] : [chain.Sign(Alice, "record", ("data", "nothing to wish for"))];
    }

    private static VerifiedTransaction? Draw(TestChain chain, LedgerState state, Random random)
    {
        Person who = Pick([Alice, Bob, Organiser], random), other = Pick([Alice, Bob, Gate], random);
        if (state.Events.Count < 2 && random.Next(3) == 0) return chain.CreateEvent();

        var events = state.Events.Select(entry => entry.Key).ToArray();
        var tickets = state.Tickets.Select(entry => entry.Key).ToArray();
        if (events.Length == 0 || random.Next(8) == 0) return chain.TopUp(who, 1 + random.Next(500));
        if (tickets.Length < 4) return chain.Issue(Pick(events, random), random.Next(3) * 40, $"S-{random.Next(50)}", $"T-{random.Next(50)}");

        var ticket = Pick(tickets, random);
        return random.Next(10) switch
        {
            0 => chain.Sign(who, "transfer", ("recipient", other), ("amount", 1 + random.Next(100))),
            1 => chain.Sign(who, "list_ticket", ("ticket_id", ticket), ("price", random.Next(90))),
            2 => chain.Sign(who, "unlist_ticket", ("ticket_id", ticket)),
            3 => chain.Sign(who, "transfer_ticket", ("ticket_id", ticket), ("recipient", other), ("identity_commitment", new string('7', 64))),
            4 => chain.Sign(who, "return_ticket", ("ticket_id", ticket)),
            5 => chain.Sign(Gate, "redeem_ticket", ("ticket_id", ticket)),
            6 => chain.Sign(Organiser, "sell_ticket", ("ticket_id", ticket), ("recipient", other)),
            7 => random.Next(4) == 0 ? chain.Sign(Organiser, "revoke_ticket", ("ticket_id", ticket)) : null,
            _ => chain.Buy(who, ticket),
        };
    }

    private static T Pick<T>(T[] among, Random random) => among[random.Next(among.Length)];
}
