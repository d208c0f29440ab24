-- Who is known: by a first authenticated use, or put here by an application.
CREATE TABLE directory_user (
  realm      text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  name       text NOT NULL,
  email      text,
  avatar_url text,
  disabled   boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (realm, user_id)
);

-- The secret itself is not stored: a keyed hash of it is.
CREATE TABLE api_key (
  key_id     text COLLATE "C" PRIMARY KEY,
  realm      text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  service    boolean NOT NULL,
  label      text NOT NULL,
  salt       bytea NOT NULL,
  hash       bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);

CREATE INDEX api_key_owner ON api_key (realm, user_id);

-- Single use and short-lived: a row is deleted by whoever uses it.
CREATE TABLE ticket (
  hash       bytea PRIMARY KEY,
  realm      text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  device_id  text COLLATE "C",
  attributes text NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE INDEX ticket_expires ON ticket (expires_at);
