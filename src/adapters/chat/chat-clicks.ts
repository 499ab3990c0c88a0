import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { ChatClicks, WriteStore } from '../../ports.ts';

const addOne = statement(
  'chat_clicks_add',
  (division: string, day: string, intent: string, which: string) =>
    sql<NoRow>`insert into ops.chat_clicks as c (division, day, intent, which, clicks)
values (${division}, ${day}::date, ${intent}, ${which}, 1)
on conflict (division, day, intent, which) do update set clicks = c.clicks + 1`,
);

type Sum = Awaited<ReturnType<ChatClicks['between']>>[number];

const sums = statement(
  'chat_clicks_between',
  (divisions: readonly string[], from: string, to: string) =>
    sql<Sum>`select division, intent, which, sum(clicks)::int as clicks from ops.chat_clicks
where division = any(${divisions}) and day between ${from}::date and ${to}::date
group by division, intent, which order by clicks desc, intent, which`,
);

/** Counts in `ops.chat_clicks`. */
export const createChatClicks = (store: Pick<WriteStore, 'query'>): ChatClicks => ({
  async count({ division, day, intent, which }) {
    await store.query(addOne(division, day, intent, which));
  },
  between: (divisions, from, to) => store.query(sums(divisions, from, to)),
});
