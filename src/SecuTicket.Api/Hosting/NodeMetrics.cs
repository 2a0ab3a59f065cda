using SecuTicket.Api.Composition;
using SecuTicket.Api.Limits;
using SecuTicket.Core.Ledger.Stakes;
using SecuTicket.Core.Primitives;
using SecuTicket.Node;
using SecuTicket.Node.Peers;

namespace SecuTicket.Api.Hosting;

/// <summary>Measures the node: its chain, what waits, what it keeps, and the search for blocks. Starts after the node, whose state it reads at each scrape.</summary>
internal sealed class NodeMetrics(Metrics metrics, NodeHost host, NetworkHost network, ConnectionPlaces connections, TimeProvider clock) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var node = host.Node;
        Chain(node);
        Ledger(node);
        Work(node);
        Connections();
        if (node.Forging is { } forging) Validator(node, forging.Account);
        Peers(network.Network);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Chain(TicketNode node)
    {
        metrics.AddGauge("secuticket_chain_height", "Index of the last block.", () => node.Snapshot.Tip.Index);
        metrics.AddGauge("secuticket_final_height", "Index of the last block that is never undone.", () => node.Snapshot.Final);
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
        metrics.AddCounter("secuticket_search_seconds_total", "Time that threads spent searching for nonces since the start, added up.", () => host.Sealer?.SearchTime.TotalSeconds ?? 0);
        metrics.AddGauge("secuticket_queued_commands", "Commands that wait for the single writer.", () => node.QueuedCommands);
        metrics.AddGauge("secuticket_stream_listeners", "Listeners of /stream.", () => node.Events.Count);
        metrics.AddGauge("secuticket_ready", "1 while the node takes transactions, else 0.", () => node.Readiness.IsAccepted ? 1 : 0);
    }

    private void Connections()
    {
        metrics.AddGauge("secuticket_connections", "Connections that are open.", () => connections.Count);
        metrics.AddCounter("secuticket_connections_turned_away_total", "Connections that found no place, or lost theirs to an address that has fewer, since the start.", () => connections.TurnedAway);
    }

    // A gauge, though it counts: after a reorganisation the chain may know of fewer.
    private void Validator(TicketNode node, Address account)
    {
        metrics.AddGauge("secuticket_validator_missed_slots", "Slots in which the node's validator should have made a block and did not, as the chain knows.", () => Found()?.Missed ?? 0);
        metrics.AddGauge("secuticket_validator_slashed", "1 when the node's validator lost stake for an offence, else 0.", () => Found() is { Slashed: > 0 } ? 1 : 0);

        Validator? Found() => node.Recent.Chain.Ledger.Stakes?.Validators.Find(account);
    }

    private void Peers(PeerNetwork peers)
    {
        metrics.AddGauge("secuticket_peers_connected", "Nodes that are called and answer.", () => peers.View.Connected);
        metrics.AddGauge("secuticket_peers_calling", "Sessions of nodes that call.", () => peers.Callers);
        metrics.AddCounter("secuticket_peer_blocks_total", "Blocks from other nodes that joined the chain.", () => peers.Counts.Blocks);
        metrics.AddCounter("secuticket_peer_transactions_total", "Transactions from other nodes that were admitted.", () => peers.Counts.Transactions);
        metrics.AddCounter("secuticket_peer_bytes_sent_total", "Bytes sent to other nodes.", () => peers.Counts.BytesSent);
        metrics.AddCounter("secuticket_peer_bytes_received_total", "Bytes received from other nodes.", () => peers.Counts.BytesReceived);
        metrics.AddCounter("secuticket_reorganisations_total", "Times that blocks left the chain for heavier ones.", () => peers.Counts.Reorganisations);
        metrics.AddCounter("secuticket_alarms_total", "Times that an operator was asked to decide, such as about a heavier branch that forks too deep.", () => peers.Counts.Alarms);
    }
}
