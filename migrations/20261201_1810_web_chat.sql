-- Talks of the web chat: who asked for a person, how soon one came, and how the visitor rates it (docs/design/chat.md#figures).
CREATE TABLE read.chat_talks (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  opened_at timestamptz NOT NULL,
  escalated_at timestamptz,
  claimed_at timestamptz,
  replied_at timestamptz,
  closed_at timestamptz,
  rating text CHECK (rating IN ('up', 'down')),
  rated_at timestamptz,
  -- Who had the ticket when it was rated.
  rated_agent uuid,
  PRIMARY KEY (division, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('chat_talks', 'ticket_id');
CREATE INDEX chat_talks_opened ON read.chat_talks (division, opened_at);

-- What the bot was asked and what it knew. `question` is personal data, without numbers and addresses.
CREATE TABLE read.chat_answers (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('answered', 'asked', 'unanswered', 'ruled')),
  intent text,
  question text NOT NULL,
  PRIMARY KEY (division, ticket_id, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('chat_answers', 'ticket_id');
CREATE INDEX chat_answers_at ON read.chat_answers (division, at);
ALTER TABLE read.chat_answers ALTER COLUMN question SET STATISTICS 0;

-- Clicks on what the bot proposes: counted, without anything about who clicked.
CREATE TABLE ops.chat_clicks (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  day date NOT NULL,
  intent text COLLATE "C" NOT NULL,
  which text COLLATE "C" NOT NULL CHECK (which IN ('primary', 'secondary')),
  clicks integer NOT NULL,
  PRIMARY KEY (division, day, intent, which)
);
