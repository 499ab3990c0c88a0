-- What the watcher of lines saw last of each line that can be asked (channels.md, Lines that are watched).
CREATE TABLE ops.line_states (
  channel text NOT NULL,
  line text NOT NULL,
  state text NOT NULL,
  detail text,
  changed_at timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  -- Everything that reached the line up to here was looked for at its provider; null: nothing was.
  caught_up_to timestamptz,
  PRIMARY KEY (channel, line)
);
