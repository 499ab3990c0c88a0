-- How far each view has come. Written in the transaction of the view's rows, as compare-and-set.
CREATE TABLE ops.projections (
  view text PRIMARY KEY,
  -- The event store the position belongs to: one of another store means nothing (reliability.md 2.4).
  store_id text NOT NULL,
  position text COLLATE "C" NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'stopped')),
  stopped_at_event uuid,
  stopped_because text,
  -- Domain time of the last event in the view; null before the first.
  event_at timestamptz,
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
