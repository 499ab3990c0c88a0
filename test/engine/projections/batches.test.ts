import { expect } from 'chai';
import { EVENTS, type Recorded } from '../../../src/domain/codec.ts';
import type { Sql } from '../../../src/ports.ts';
import type { View } from '../../../src/engine/projections/view.ts';
import { createViews } from '../../../src/projections/views.ts';
import { anyHistory } from '../../projections/any-history.ts';
import { type Desk, openDesk } from '../../projections/desk.ts';

type Cut = (turn: number) => number;
const AS_IT_COMES = { 'by sevens': () => 7, 'as it comes': (turn: number) => 1 + ((turn * 37) % 60) };
/** Where the events of each history are cut: after so many each time. One by one is slow, and shows it with one history. */
const CUTS: readonly Readonly<Record<string, Cut>>[] = [
  { 'one by one': () => 1, ...AS_IT_COMES, 'half and half': () => 500 },
  AS_IT_COMES,
];

describe('what the views make of events', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(async () => {
    desk = await openDesk({ start: false });
  });
  after(() => desk.close());

  async function feed(view: View, events: readonly Recorded[], cut: Cut): Promise<void> {
    for (let [at, turn] = [0, 0]; at < events.length; turn += 1) {
      const batch = events.slice(at, (at += cut(turn)));
      const ours = batch.filter(({ stream }) => view.streams.some((prefix) => stream.startsWith(prefix)));
      if (ours.length === 0) continue;
      (await desk.postgres.writes.transaction((sql: Sql) => view.apply(sql, ours)))?.();
    }
  }

  async function rowsOf({ tables, hollow }: View): Promise<Record<string, readonly string[]>> {
    const all: Record<string, readonly string[]> = {};
    for (const table of tables) {
      const rows = await desk.rows<{ row: string }>(
        `select t::text as row from read.${table} t where not (${hollow?.[table] ?? 'false'}) order by 1`,
      );
      all[table] = rows.map(({ row }) => row);
    }
    return all;
  }

  async function made(events: readonly Recorded[], cut: Cut) {
    const views = createViews();
    await desk.rows(
      `truncate ${views.flatMap(({ tables }) => tables.map((one) => `read.${one}`)).join(', ')}`,
    );
    const all: Record<string, readonly string[]> = {};
    await Promise.all(
      views.map(async (view) => {
        await feed(view, events, cut);
        Object.assign(all, await rowsOf(view));
      }),
    );
    return all;
  }

  it('the histories tell of everything', () => {
    const types = new Set(anyHistory(1).map(({ type }) => type));
    expect([...EVENTS.keys()].filter((type) => !(types as ReadonlySet<string>).has(type))).to.deep.equal([]);
  });

  const filled = new Set<string>();
  after(() => {
    const tables = createViews().flatMap((view) => view.tables);
    expect(
      tables.filter((table) => !filled.has(table)),
      'tables without a row show nothing',
    ).to.deep.equal([]);
  });

  for (const [n, cuts] of CUTS.entries()) {
    const seed = n + 1;
    it(`does not depend on where batches end (history ${String(seed)})`, async () => {
      const events = anyHistory(seed);
      const atOnce = await made(events, () => events.length);
      for (const [table, rows] of Object.entries(atOnce)) if (rows.length > 0) filled.add(table);
      const differing: string[] = [];
      for (const [name, cut] of Object.entries(cuts)) {
        const other = await made(events, cut);
        for (const [table, rows] of Object.entries(atOnce)) {
          const [surplus, missing] = [
            rows.filter((row) => !other[table]?.includes(row)),
            other[table]?.filter((row) => !rows.includes(row)) ?? [],
          ];
          if (surplus.length + missing.length > 0)
            differing.push(
              [`${table}, ${name}`, 'at once:', ...surplus.slice(0, 3), 'else:', ...missing.slice(0, 3)].join(
                '\n',
              ),
            );
        }
      }
      expect(differing.join('\n\n')).to.equal('');
    });
  }
});
