-- What a reader of a whole realm needs: events in the order of their commits, open calls, and who was connected when.

-- Everything below the oldest running transaction is complete and stays so. Entries are added at the end of this index,
-- and the events of one transaction share one key.
CREATE INDEX event_journal_transaction ON event_journal (transaction_id);

-- The node that stored the event; empty for what was stored before nodes said so.
ALTER TABLE event_journal ADD COLUMN node text COLLATE "C";

-- The open calls of a realm, one entry each: callers are at position 0. Whatever else changes in a party's row leaves
-- this index alone.
CREATE INDEX call_party_open ON call_party (realm, called_at, call_id) WHERE closed_at IS NULL AND position = 0;

-- When which device had a socket, and on which node. Nothing is decided by it: it is there to be looked at.
CREATE TABLE device_connection (
  connection_id uuid PRIMARY KEY,
  realm         text COLLATE "C" NOT NULL,
  user_id       text COLLATE "C" NOT NULL,
  device_id     text COLLATE "C" NOT NULL,
  platform      text NOT NULL,
  node          text COLLATE "C" NOT NULL,
  opened_at     timestamptz NOT NULL,
  -- Null while it is open; where its node was killed, until somebody notices.
  closed_at     timestamptz,
  close_reason  text COLLATE "C"
);

CREATE INDEX device_connection_user ON device_connection (realm, user_id, opened_at);
CREATE INDEX device_connection_open ON device_connection (realm, user_id, device_id) WHERE closed_at IS NULL;
CREATE INDEX device_connection_opened ON device_connection (opened_at);

-- When each node was heard of last, by the database's clock: what it left open is closed then.
CREATE TABLE connection_node (
  node      text COLLATE "C" PRIMARY KEY,
  last_seen timestamptz NOT NULL
);

-- Connections have a clock of their own; a run that removed some says how many.
ALTER TABLE removal ADD COLUMN connections bigint NOT NULL DEFAULT 0;
