-- Takes the chain out of a stopped node's ledger.db, and leaves what is not the chain: the node's own account, kept accounts, identities, contacts, certificates, receipts, peers.
-- The next start begins at genesis and fetches the chain of its peers. docs/network.md says when; copy the data directory before, and remove ledger.db-pending* after.
BEGIN IMMEDIATE;
DELETE FROM head;
DELETE FROM block;
DELETE FROM side_block;
DELETE FROM undo;
DELETE FROM place;
DELETE FROM undecided;
DELETE FROM pending;
DELETE FROM rejected;
DELETE FROM balance;
DELETE FROM event;
DELETE FROM tally;
DELETE FROM ticket;
DELETE FROM ticket_page;
DELETE FROM used_reference;
DELETE FROM seen;
DELETE FROM ticket_change;
DELETE FROM account_transaction;
DELETE FROM attendance;
DELETE FROM resale;
DELETE FROM validator;
DELETE FROM stake_round;
COMMIT;
