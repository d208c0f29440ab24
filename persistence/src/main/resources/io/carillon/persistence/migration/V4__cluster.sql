-- Which cluster this database belongs to. One row.
CREATE TABLE cluster (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  name       text NOT NULL,
  cluster_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- How often a first node has formed it anew.
  generation bigint NOT NULL DEFAULT 0,
  formed_at  timestamptz
);

-- How nodes find each other. Times are the database's: clocks of nodes are not compared.
CREATE TABLE cluster_node (
  address    text COLLATE "C" PRIMARY KEY,
  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_seen  timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Whether it is in the cluster, and so may be asked to let others in.
  member     boolean NOT NULL DEFAULT false
);
