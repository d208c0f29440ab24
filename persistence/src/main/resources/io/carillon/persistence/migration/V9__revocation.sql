-- Credentials that are believed no longer although they have not run out.
CREATE TABLE revocation (
  realm      text COLLATE "C" NOT NULL,
  -- token: the one with this id; user: every token of this user that was issued until then.
  kind       text COLLATE "C" NOT NULL CHECK (kind IN ('token', 'user')),
  subject    text COLLATE "C" NOT NULL,
  revoked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_by text COLLATE "C" NOT NULL,
  -- By then every token it is about has run out.
  kept_until timestamptz NOT NULL,
  PRIMARY KEY (realm, kind, subject)
);

-- Nodes look for what is new every second.
CREATE INDEX revocation_revoked ON revocation (revoked_at);
