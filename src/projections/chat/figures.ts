/** Figures of the web chat in a period (docs/design/chat.md#figures). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope } from '../../ports.ts';

interface Totals {
  readonly questions: number;
  readonly answered: number;
}

const totals = statement(
  'chat_totals',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<Totals>`select count(*) filter (where outcome <> 'ruled')::int as questions,
  count(*) filter (where outcome = 'answered')::int as answered
from read.chat_answers where division = any(${divisions}) and at >= ${from}::timestamptz and at < ${to}::timestamptz`,
);

type TopRow = Columns<'read.chat_answers', { division: 'division' }> & {
  readonly intent: string;
  readonly count: number;
};

const topIntents = statement(
  'chat_top_intents',
  (divisions: readonly Division[], from: string, to: string, most: number) =>
    sql<TopRow>`select division, intent, count(*)::int as count from read.chat_answers
where division = any(${divisions}) and at >= ${from}::timestamptz and at < ${to}::timestamptz
  and outcome = 'answered' and intent is not null
group by division, intent order by count desc, intent limit ${most}`,
);

type UnknownRow = Columns<'read.chat_answers', { division: 'division'; question: 'question' }> & {
  readonly count: number;
  readonly last_at: Date;
};

const unanswered = statement(
  'chat_unanswered',
  (divisions: readonly Division[], from: string, to: string, erased: string, most: number) =>
    sql<UnknownRow>`select division, question, count(*)::int as count, max(at) as last_at from read.chat_answers
where division = any(${divisions}) and at >= ${from}::timestamptz and at < ${to}::timestamptz
  and outcome in ('asked', 'unanswered') and question <> ${erased}
group by division, question order by count desc, last_at desc limit ${most}`,
);

interface DayRow {
  readonly day: string;
  readonly count: number;
}

const escalations = statement(
  'chat_escalations',
  (divisions: readonly Division[], from: string, to: string, timezone: string) =>
    sql<DayRow>`select to_char(escalated_at at time zone ${timezone}, 'YYYY-MM-DD') as day, count(*)::int as count
from read.chat_talks where division = any(${divisions}) and escalated_at >= ${from}::timestamptz and escalated_at < ${to}::timestamptz
group by day order by day`,
);

interface TalkSums {
  readonly escalated: number;
  readonly in_time: number;
  readonly resolve_minutes: number | null;
  readonly up: number;
  readonly down: number;
}

const talkSums = statement(
  'chat_talk_sums',
  (divisions: readonly Division[], from: string, to: string, seconds: number) =>
    sql<TalkSums>`select count(escalated_at)::int as escalated,
  count(*) filter (where claimed_at - escalated_at <= make_interval(secs => ${seconds}))::int as in_time,
  (percentile_cont(0.5) within group (order by extract(epoch from closed_at - opened_at)) filter (where closed_at is not null)
    / 60)::float8 as resolve_minutes,
  count(*) filter (where rating = 'up')::int as up, count(*) filter (where rating = 'down')::int as down
from read.chat_talks where division = any(${divisions}) and opened_at >= ${from}::timestamptz and opened_at < ${to}::timestamptz`,
);

type AgentRow = Columns<'read.users', { id: 'id'; name: 'name' }> & {
  readonly up: number;
  readonly down: number;
};

const agentRatings = statement(
  'chat_agent_ratings',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<AgentRow>`select u.id, u.name, count(*) filter (where t.rating = 'up')::int as up,
  count(*) filter (where t.rating = 'down')::int as down
from read.chat_talks t join read.users u on u.id = t.rated_agent
where t.division = any(${divisions}) and t.rated_at >= ${from}::timestamptz and t.rated_at < ${to}::timestamptz
group by u.id, u.name order by u.name, u.id`,
);

const MOST_LISTED = 20;
const CLAIM_SECONDS = 180;

export interface ChatPeriod {
  readonly divisions: readonly Division[];
  /** ISO 8601; the end is not in it. */
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
  /** What an erasure leaves of a question: it is not listed. */
  readonly erased: string;
}

/** @throws StoreUnavailable */
export const chatFigures = (read: ReadStore, scope: Scope, period: ChatPeriod) =>
  read.scoped(scope, async (on) => {
    const { divisions, from, to, timezone, erased } = period;
    const [asked = { questions: 0, answered: 0 }] = await on.query(totals(divisions, from, to));
    const [sums] = await on.query(talkSums(divisions, from, to, CLAIM_SECONDS));
    return {
      ...asked,
      sums,
      top: await on.query(topIntents(divisions, from, to, MOST_LISTED)),
      unanswered: await on.query(unanswered(divisions, from, to, erased, MOST_LISTED)),
      escalations: await on.query(escalations(divisions, from, to, timezone)),
      agents: await on.query(agentRatings(divisions, from, to)),
    };
  });
