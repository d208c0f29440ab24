-- What administrators and analysts need beside the calls themselves.

-- The calls of a realm by time: lists, statistics, retention. None of its columns ever changes.
CREATE INDEX call_created ON call (realm, created_at, call_id);

-- Nothing that one of these names is removed, whatever its age.
CREATE TABLE legal_hold (
  realm     text COLLATE "C" NOT NULL,
  -- realm, user or call; the subject of a hold on a realm is the realm itself.
  kind      text COLLATE "C" NOT NULL CHECK (kind IN ('realm', 'user', 'call')),
  subject   text COLLATE "C" NOT NULL,
  reason    text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (realm, kind, subject)
);

-- What is no longer here, and why: a row for each realm in each batch of a retention run, one for each erasure.
CREATE TABLE removal (
  removal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id     uuid NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT now(),
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('retention', 'erasure')),
  realm      text COLLATE "C" NOT NULL,
  -- With retention: calls that had ended before this were removed.
  ended_before timestamptz,
  -- With erasure: what stands in the user's place now. The user's own id is nowhere.
  pseudonym  text COLLATE "C",
  calls      bigint NOT NULL,
  events     bigint NOT NULL,
  -- When the oldest and the newest of these calls had been placed.
  oldest_at  timestamptz,
  newest_at  timestamptz,
  removed_by text NOT NULL
);

CREATE INDEX removal_realm ON removal (realm, removed_at);

-- What administrators did, and what they looked at.
CREATE TABLE admin_action (
  action_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at        timestamptz NOT NULL DEFAULT now(),
  realm     text COLLATE "C" NOT NULL,
  admin     text COLLATE "C" NOT NULL,
  action    text COLLATE "C" NOT NULL,
  call_id   text COLLATE "C",
  detail    text
);

CREATE INDEX admin_action_realm ON admin_action (realm, at);
