using SecuTicket.Api.Composition;
using SecuTicket.Node;

namespace SecuTicket.Api.Hosting;

/// <summary>Measures the node: its chain, what waits, what it keeps, and the search for blocks. Starts after the node, whose state it reads at each scrape.</summary>
internal sealed class NodeMetrics(Metrics metrics, NodeHost host, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var node = host.Node;
        Chain(node);
        Ledger(node);
        Work(node);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Chain(TicketNode node)
    {
        metrics.AddGauge("secuticket_chain_height", "Index of the last block.", () => node.Snapshot.Tip.Index);
        metrics.AddGauge("secuticket_chain_weight", "Work in the chain: hashes that were expected to be needed for it.", () => (double)node.Snapshot.Chain.Tip.Weight);
        metrics.AddGauge("secuticket_tip_age_seconds", "Time since the last block's timestamp.", () => (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(node.Snapshot.Tip.Timestamp)).TotalSeconds);
        metrics.AddGauge("secuticket_pending_transactions", "Transactions that wait for a block.", () => node.Snapshot.Pending.Count);
        metrics.AddGauge("secuticket_pending_bytes", "Bytes of the transactions that wait for a block.", () => node.Snapshot.Pending.Size);
    }

    private void Ledger(TicketNode node)
    {
        metrics.AddGauge("secuticket_events", "Events on the chain.", () => node.Snapshot.Chain.Ledger.Events.Count);
        metrics.AddGauge("secuticket_tickets", "Tickets on the chain.", () => node.Snapshot.Chain.Ledger.Tickets.Count);
        metrics.AddGauge("secuticket_accounts", "Accounts with coins on the chain.", () => node.Snapshot.Chain.Ledger.Balances.Count);
        metrics.AddGauge("secuticket_supply_minor_units", "All coins there are.", () => node.Snapshot.Chain.Ledger.Supply);
        metrics.AddGauge("secuticket_kept_accounts", "Accounts whose keys the node keeps.", () => node.Accounts.Count);
    }

    private void Work(TicketNode node)
    {
        metrics.AddCounter("secuticket_hashes_tried_total", "Nonces tried since the start.", () => host.Sealer?.Tried ?? 0);
        metrics.AddGauge("secuticket_queued_commands", "Commands that wait for the single writer.", () => node.QueuedCommands);
        metrics.AddGauge("secuticket_stream_listeners", "Listeners of /stream.", () => node.Events.Count);
        metrics.AddGauge("secuticket_ready", "1 while the node takes transactions, else 0.", () => node.Readiness.IsAccepted ? 1 : 0);
    }
}
