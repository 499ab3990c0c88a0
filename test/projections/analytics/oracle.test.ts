import { expect } from 'chai';
import fc from 'fast-check';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import type { Recorded } from '../../../src/domain/codec.ts';
import { CHANNELS, DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { channelReturns } from '../../../src/projections/analytics/channel-returns.ts';
import { customersView } from '../../../src/projections/customers/customers.ts';
import type { Scope } from '../../../src/ports.ts';
import { agentFigures, agentsTable } from '../../../src/projections/analytics/agent-figures.ts';
import { divisionFigures, divisionReport } from '../../../src/projections/analytics/division-figures.ts';
import type { FigureSettings } from '../../../src/projections/analytics/figures.ts';
import { analyticsView } from '../../../src/projections/analytics/view.ts';
import { sentOf } from '../../../src/projections/blasts/recipient-outcome.ts';
import { blastsView } from '../../../src/projections/blasts/blasts-view.ts';
import { usersView } from '../../../src/projections/staff/users.ts';
import type { View } from '../../../src/engine/projections/view.ts';
import { rejection } from '../../support/rejection.ts';
import { type TestDatabase, testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { DAY, historyOf, MINUTE, PEOPLE, step, uuid } from './history.ts';
import { dayAt, monthBack, oracleOf } from './oracle.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

/** Printed with a failure; set it to see that history again. */
const SEED = Number(process.env['ANALYTICS_SEED'] ?? Date.now() % 1_000_000_007);
const RUNS = Number(process.env['ANALYTICS_RUNS'] ?? 4);
const TIMEZONE = 'Asia/Jakarta';
const ALL: Scope = { kind: 'all', userId: uuid(8, 1) };

const DAYS = {
  text: `select division, span, day::text, category, sent, responded from read.blast_days order by 1, 2, 3, 4`,
  values: [],
};
/** The same from the recipients of the blasts. */
const RECOUNTED = {
  text: `select division, span, date_trunc(span, attempted_at at time zone '${TIMEZONE}')::date::text as day, category,
  count(*) as sent, count(responded_at) as responded
from read.blast_recipients r, unnest(array['day', 'month']) span
where category <> 'NONE' and attempted_at is not null and ${sentOf('r')} group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
  values: [],
};

const lastDayOf = (month: string): string => dayAt(Date.parse(`${monthBack(month, -1)}-01T00:00:00Z`) - DAY);
const plusDays = (day: string, by: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + by * DAY).toISOString().slice(0, 10);

/** Two kinds of periods: a month, and days from one to another; each with the period before it. */
const asked = fc.oneof(
  fc.record({ back: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ start: fc.integer({ min: 0, max: 120 }), length: fc.integer({ min: 1, max: 300 }) }),
);
function periodsOf(
  wanted: typeof asked extends fc.Arbitrary<infer T> ? T : never,
  events: readonly Recorded[],
) {
  const first = dayAt(Date.parse(events[0]!.metadata.at));
  const last = dayAt(Date.parse(events.at(-1)!.metadata.at));
  if ('back' in wanted) {
    const month = monthBack(last, wanted.back);
    const before = monthBack(month, 1);
    return {
      now: { from: `${month}-01`, to: lastDayOf(month) },
      before: { from: `${before}-01`, to: lastDayOf(before) },
    };
  }
  // Not the first of a month, so that it is never a run of whole months.
  let from = plusDays(first, wanted.start);
  if (from.endsWith('-01')) from = plusDays(from, 1);
  return {
    now: { from, to: plusDays(from, wanted.length - 1) },
    before: { from: plusDays(from, -wanted.length), to: plusDays(from, -1) },
  };
}

/** Some channels of some months cost something. */
const costsOf = (events: readonly Recorded[], seed: number): Record<string, number> =>
  Object.fromEntries(
    [-1, 0, 1, 2].flatMap((back) =>
      CHANNELS.flatMap((channel, at) => {
        const month = monthBack(dayAt(Date.parse(events.at(-1)!.metadata.at)), back);
        return (seed + at + back) % 3 === 0 ? [] : [[`${month} ${channel}`, 1_000_003 * (at + 1) + seed]];
      }),
    ),
  );

/** Each event goes to the views whose streams it is of, in batches of these sizes over and over. */
async function feed(
  postgres: Postgres,
  views: readonly View[],
  events: readonly Recorded[],
  sizes: readonly number[],
): Promise<void> {
  for (let at = 0, n = 0; at < events.length; n += 1) {
    const batch = events.slice(at, at + sizes[n % sizes.length]!);
    at += batch.length;
    await postgres.writes
      .transaction(async (sql) => {
        const hooks: ((() => void) | undefined)[] = [];
        for (const view of views) {
          const ours = batch.filter(({ stream }) => view.streams.some((prefix) => stream.startsWith(prefix)));
          if (ours.length > 0) hooks.push(await view.apply(sql, ours));
        }
        return hooks;
      })
      .then((hooks) => {
        for (const hook of hooks) hook?.();
      });
  }
}

describe('analytics against an oracle', function () {
  this.timeout(300_000);
  let database: TestDatabase;
  let postgres: Postgres;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger(), poolSize: 3 });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  /** Facts kept in memory: two, so that most are read back. */
  const fresh = async (): Promise<readonly View[]> => {
    const views = [analyticsView(TIMEZONE, 2), blastsView(TIMEZONE), usersView(), customersView()];
    const tables = views.flatMap((view) => view.tables).map((name) => `read.${name}`);
    await postgres.writes.query(unchecked({ text: `truncate ${tables.join(', ')}`, values: [] }));
    return views;
  };

  const history = fc.array(step, { minLength: 60, maxLength: 400, size: 'max' });
  const sizes = fc.array(fc.constantFrom(1, 3, 7, 40, 500), { minLength: 1, maxLength: 4 });

  it(`every figure of divisions and agents, and of the period before (seed ${String(SEED)})`, async () => {
    await fc.assert(
      fc.asyncProperty(
        history,
        sizes,
        fc.array(asked, { minLength: 2, maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 2_000 }),
        async (steps, batches, wanted, slaMinutes, later) => {
          const events = historyOf(steps);
          await feed(postgres, await fresh(), events, batches);
          const last = Date.parse(events.at(-1)!.metadata.at);
          const now = Math.ceil(last / MINUTE) * MINUTE + later * MINUTE;
          const settings: FigureSettings = {
            now: new Date(now),
            slaMinutes,
            idleAfterHours: 4,
            timezone: TIMEZONE,
          };
          const costs = costsOf(events, later);
          const oracle = oracleOf(events, now, slaMinutes, costs);
          for (const each of wanted) {
            const { now: period, before } = periodsOf(each, events);
            for (const division of [...DIVISIONS, 'all'] as const) {
              const divisions = division === 'all' ? DIVISIONS : [division];
              const scope: Scope =
                division === 'all' ? ALL : { kind: 'division', division, userId: uuid(8, 1) };
              const query = { division, period, settings };
              const what = `${division} ${period.from} to ${period.to}`;
              const report = await divisionReport(postgres.reads, scope, { ...query, granularity: 'week' });
              expect(report.figures, what).to.deep.equal(oracle.division({ period, divisions }));
              const [returns] = await channelReturns(postgres.reads, scope, {
                division,
                costs: new Map(Object.entries(costs)),
                of: [{ period, figures: report.figures }],
              });
              expect(returns, `returns of ${what}`).to.deep.equal(
                oracle.returns({ period, divisions }, returns?.channel_costs ?? {}),
              );
              expect(report.previous, `before ${what}`).to.deep.equal(
                oracle.division({ period: before, divisions }),
              );
              for (const { start, end, ...figures } of report.series ?? [])
                expect(figures, `${what}: ${start}`).to.deep.equal(
                  oracle.step({ period: { from: start, to: end }, divisions }),
                );
              expect(await divisionFigures(postgres.reads, scope, query)).to.deep.equal(report.figures);
            }
            const table = await agentsTable(postgres.reads, ALL, {
              ...{ division: 'all', period, granularity: 'month', settings },
            });
            for (const { id } of PEOPLE) {
              const expected = oracle.agent(id, period);
              const found = await agentFigures(postgres.reads, ALL, {
                ...{ agentId: id, period, granularity: 'month', settings },
              });
              const { agent, previous, series, idle_tickets, ...figures } = found!;
              for (const { start, end, ...rest } of series ?? [])
                expect(rest, `agent ${id} from ${start}`).to.deep.equal(
                  oracle.agentStep(id, { from: start, to: end }),
                );
              expect([agent.id, idle_tickets]).to.deep.equal([id, []]);
              const what = `agent ${id} ${period.from} to ${period.to}`;
              expect(figures, what).to.deep.equal(expected);
              expect(previous, `before, ${what}`).to.deep.equal(oracle.agent(id, before));
              const line = table.find((one) => one.agent.id === id);
              if (line) expect(line, `table, ${what}`).to.deep.include({ ...expected, previous, series });
            }
            expect(table.length).to.be.at.least(6);
          }
        },
      ),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  });

  it('the tables are the same however the events are cut into batches', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const events = historyOf(steps);
        const dumps: string[] = [];
        for (const size of [1, 7, 500, events.length]) {
          const [view, blasts] = await fresh();
          await feed(postgres, [view!, blasts!], events, [size]);
          dumps.push(await dump(view!.tables));
          const [days, recounted] = await Promise.all([
            postgres.writes.query(unchecked(DAYS)),
            postgres.writes.query(unchecked(RECOUNTED)),
          ]);
          expect(days, `blasts by day, in batches of ${String(size)}`).to.deep.equal(recounted);
        }
        expect(dumps[0]).to.contain(uuid(2, 0));
        for (const one of dumps) expect(one).to.equal(dumps[0]);
      }),
      { seed: SEED, numRuns: 2, endOnFailure: true },
    );
  });

  it('a reader of one division sees the figures of that one, and nothing about colleagues', async () => {
    const next = (n: number, below: number): number =>
      Math.floor(((Math.imul(n + 1, 2_654_435_761) ^ (Math.imul(n + 7, 40_503) >>> 3)) >>> 0) / 16) % below;
    const steps = Array.from({ length: 1_000 }, (_, n) => ({
      gap: next(5 * n, 3_000),
      kind: next(5 * n + 1, 100),
      who: next(5 * n + 2, 1_000),
      ticket: next(5 * n + 3, 1_000),
      value: next(5 * n + 4, 1_000_000),
    }));
    const views = await fresh();
    await feed(postgres, views, historyOf(steps), [500]);
    const seen = (scope: Scope, table: string): Promise<object[]> =>
      postgres.reads.scoped(scope, (sql) =>
        sql.query(unchecked({ text: `select distinct division from read.${table} order by 1`, values: [] })),
      );
    const sari: Scope = { kind: 'division', division: 'sari', userId: uuid(1, 0) };
    for (const table of ['tickets', 'days', 'agent_days', 'reasons', 'routes', 'pickups']) {
      expect(await seen(sari, `analytics_${table}`), table).to.deep.equal([{ division: 'sari' }]);
      expect(await seen(ALL, `analytics_${table}`), table).to.have.length(3);
    }
    expect(String(await rejection(seen(sari, 'analytics_people')))).to.contain('permission denied');
  });

  async function dump(tables: readonly string[]): Promise<string> {
    const texts: string[] = [];
    for (const table of tables) {
      const rows = await postgres.writes.query(
        unchecked<{ row: string }>({
          text: `select t::text as row from read.${table} t order by 1`,
          values: [],
        }),
      );
      texts.push(table, ...rows.map(({ row }) => row));
    }
    return texts.join('\n');
  }
});
