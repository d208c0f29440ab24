-- Which side goes on when the nodes of the cluster no longer see each other: the one that takes this row. At most one.
CREATE TABLE cluster_verdict (
  only_row   boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  owner      text NOT NULL,
  -- After this another side may take it: the owner died, or has long acted on it.
  held_until timestamptz NOT NULL
);
