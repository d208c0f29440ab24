-- What users have set about their own line. Nobody has a row who has set nothing.
CREATE TABLE user_settings (
  realm      text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  settings   json NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (realm, user_id)
);

-- Who may not ring whom.
CREATE TABLE user_block (
  realm      text COLLATE "C" NOT NULL,
  user_id    text COLLATE "C" NOT NULL,
  blocked    text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (realm, user_id, blocked)
);
