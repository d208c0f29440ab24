-- Calls as they are now: a function of the journal, written in the transaction that stores the event.

-- In the order a call can pass them, so that the greater of two is the later one.
CREATE TYPE call_state AS ENUM
  ('calling', 'ringing', 'accepted', 'rejected', 'cancelled', 'missed', 'timeout', 'ended');

CREATE TABLE call (
  realm         text COLLATE "C" NOT NULL,
  call_id       text COLLATE "C" NOT NULL,
  mode          text COLLATE "C" NOT NULL,
  call_type     text COLLATE "C" NOT NULL,
  ring          text COLLATE "C" NOT NULL,
  media_plane   text COLLATE "C" NOT NULL,
  caller        text COLLATE "C" NOT NULL,
  caller_device text COLLATE "C" NOT NULL,
  state         call_state NOT NULL,
  reason        text COLLATE "C",
  created_at    timestamptz NOT NULL,
  ringing_at    timestamptz,
  answered_at   timestamptz,
  connected_at  timestamptz,
  ended_at      timestamptz,
  -- device, clock, engine, admin or service; whose, and which device, where there is one.
  ended_by_kind   text COLLATE "C",
  ended_by_user   text COLLATE "C",
  ended_by_device text COLLATE "C",
  near_miss     boolean NOT NULL DEFAULT false,
  note          text,
  successor     text COLLATE "C",
  jitsi_url     text,
  -- json and not jsonb: the application's own text, given back as it came.
  context       json,
  metadata      json,
  seq           bigint NOT NULL,
  -- The database's clock, at the start of the transaction that wrote the row last.
  updated_at    timestamptz NOT NULL,
  PRIMARY KEY (realm, call_id)
)
-- A call's row changes with each of its events. No index is on a column that changes, and there is
-- room in the page for the next version, so that a change costs no index entry (HOT).
WITH (fillfactor = 60);

CREATE TABLE call_party (
  realm      text COLLATE "C" NOT NULL,
  call_id    text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  -- The caller is 0, the invited follow; with called_at the order in which they came.
  position   integer NOT NULL,
  -- When this user was called; for the caller, and whoever was called at the start, the call's time.
  called_at  timestamptz NOT NULL,
  line       text COLLATE "C" NOT NULL,
  role       text COLLATE "C" NOT NULL,
  device     text COLLATE "C",
  joined_at  timestamptz,
  -- Why the part is over, where the user's own leg ended before the call did.
  outcome    text COLLATE "C",
  left_at    timestamptz,
  -- When the call was over, or touched after that, by the database's clock; null while it goes on.
  closed_at  timestamptz,
  PRIMARY KEY (realm, call_id, user_id)
)
WITH (fillfactor = 70);

-- A user's history, newest first.
CREATE INDEX call_party_history ON call_party (realm, user_id, called_at, call_id);
-- A user's open calls (null) and those that ended since a moment.
CREATE INDEX call_party_closed ON call_party (realm, user_id, closed_at);

-- Which call has to be looked at when, so that a call whose node died is woken by whoever is alive.
CREATE TABLE call_deadline (
  realm   text COLLATE "C" NOT NULL,
  call_id text COLLATE "C" NOT NULL,
  due_at  timestamptz NOT NULL,
  PRIMARY KEY (realm, call_id)
)
-- As many rows as there are open calls, all of them soon dead: vacuum by number, not by share.
WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

CREATE INDEX call_deadline_due ON call_deadline (due_at);
