/** Whoever changes what is stored, past the program, is found: in every column, at every place of a stream. */
import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { audit, type AuditReport } from '../../../src/adapters/hash-chain/audit.ts';
import { bare, linkOfContent, NOTHING_BEFORE } from '../../../src/adapters/hash-chain/link.ts';
import { readSeal, type Seal, writeSeal } from '../../../src/adapters/hash-chain/seal.ts';
import { counterOf } from '../../../src/adapters/postgres-event-store/rows.ts';
import type { EventStore, StoredEvent } from '../../../src/ports.ts';
import { anEvent } from '../../support/scenarios/events.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const STREAMS = 6;
const EVENTS = 5;
const UNHASHED = 2;

describe('audit of a Postgres event store', () => {
  let home: TestStore;
  let raw: EventStore;
  let owner: pg.Client;

  before(async () => {
    home = await testStore();
    raw = home.store;
    await raw.append('s-0', [anEvent(), anEvent()], { expected: 'none' });
    const store = createChainedEventStore(raw);
    for (let round = 0; round < EVENTS; round += 1) {
      for (let n = 0; n < STREAMS; n += 1) {
        const at = n === 0 ? round + UNHASHED : round;
        const expected = at === 0 ? ('none' as const) : BigInt(at - 1);
        await store.append(`s-${String(n)}`, [anEvent({ text: `pesan ${String(round)}`, n })], { expected });
      }
    }
    owner = new pg.Client({ connectionString: home.superuserUrl });
    await owner.connect();
  });
  after(async () => {
    await owner.end();
    await home.close();
  });

  /** As the auditor's process sees it: with nothing in memory. */
  async function look(against?: Seal, numbered = false): Promise<AuditReport> {
    const store = await home.another();
    try {
      return await audit(store, {
        signal: new AbortController().signal,
        silenceMs: 1_500,
        ...(against && { against }),
        ...(numbered && { numberOf: counterOf }),
      });
    } finally {
      await store.close();
    }
  }

  /** Does `sql` as the owner of the table, who can take the trigger away, looks, and puts everything back. */
  async function tampered(sql: string, values: unknown[], against?: Seal, numbered = false) {
    await owner.query('create temp table kept as select * from es.events');
    await owner.query('alter table es.events disable trigger events_are_append_only');
    try {
      await owner.query(sql, values);
      return await look(against, numbered);
    } finally {
      await owner.query('delete from es.events');
      await owner.query('insert into es.events select * from kept');
      await owner.query('alter table es.events enable trigger events_are_append_only');
      await owner.query('drop table kept');
    }
  }

  const named = ({ broken }: AuditReport): string[] =>
    broken.map(({ stream, revision }) => `${String(stream)}@${String(revision)}`);

  /** A chained event in the middle, the first and the last of streams. */
  const PLACES = [
    ['s-1', 0],
    ['s-2', 2],
    ['s-3', EVENTS - 1],
    ['s-0', UNHASHED],
  ] as const;

  it('finds nothing where nothing was done, and counts what is older than the hashes', async () => {
    const report = await look(undefined, true);
    expect(report.broken).to.deep.equal([]);
    expect(report).to.deep.include({
      events: STREAMS * EVENTS + UNHASHED,
      streams: STREAMS,
      unhashed: UNHASHED,
    });
  });

  it('cannot be done in passing: the table is append-only', async () => {
    const change = owner.query(`update es.events set type = 'Other' where stream = 's-1'`);
    expect(String(await change.catch((error: unknown) => error))).to.match(/append-only/);
  });

  for (const [stream, revision] of PLACES) {
    for (const column of ['data', 'metadata'] as const) {
      it(`finds any one byte of ${column} that was changed in ${stream}@${String(revision)}`, async () => {
        const { rows } = await owner.query<{ text: string }>(
          `select ${column}::text as text from es.events where stream = $1 and revision = $2`,
          [stream, revision],
        );
        const bytes = Buffer.from(rows[0]?.text ?? '');
        let tried = 0;
        // Every byte takes its turn over the runs; a few of them in each.
        const step = Math.max(1, Math.floor(bytes.length / 8));
        for (let at = Math.floor(Math.random() * step); at < bytes.length; at += step) {
          const changed = Buffer.from(bytes);
          changed[at] = (bytes[at] as number) ^ 1;
          if (!isJson(changed.toString()) || changed.toString().includes('\uFFFD')) continue;
          const report = await tampered(
            `update es.events set ${column} = $3::json where stream = $1 and revision = $2`,
            [stream, revision, changed.toString()],
          );
          // The very first hash ever, gone: it looks like one event more of before there were hashes, and the next tells.
          const unhashed = stream === 's-0' && column === 'metadata' && !changed.includes('"hash"');
          const told = unhashed ? revision + 1 : revision;
          expect(named(report), changed.toString()).to.deep.equal([`${stream}@${String(told)}`]);
          tried += 1;
        }
        expect(tried).to.be.greaterThan(0);
      });
    }

    it(`finds another type and another id of ${stream}@${String(revision)}`, async () => {
      for (const change of [`type = 'SomethingHappenee'`, `event_id = gen_random_uuid()`]) {
        const report = await tampered(`update es.events set ${change} where stream = $1 and revision = $2`, [
          stream,
          revision,
        ]);
        expect(named(report)).to.deep.equal([`${stream}@${String(revision)}`]);
        expect(report.broken[0]?.eventId).to.match(/^[0-9a-f-]{36}$/);
      }
    });

    it(`finds ${stream}@${String(revision)} in a stream it was not written to`, async () => {
      const report = await tampered(
        `update es.events set stream = 's-9' where stream = $1 and revision = $2`,
        [stream, revision],
      );
      expect(named(report)).to.include(`s-9@${String(revision)}`);
    });
  }

  it('finds a hash that was taken away, also from the first event of a stream', async () => {
    const strip = `update es.events set metadata = (metadata::jsonb - 'hash')::json where stream = $1 and revision = $2`;
    expect(named(await tampered(strip, ['s-4', 0]))).to.deep.equal(['s-4@0']);
    expect(named(await tampered(strip, ['s-4', 3]))).to.deep.equal(['s-4@3']);
  });

  it('finds a removed event in the middle, and what two events that changed places are', async () => {
    const removed = await tampered(`delete from es.events where stream = 's-2' and revision = 2`, []);
    expect(named(removed)).to.deep.equal(['s-2@3']);
    expect(removed.broken[0]?.problem).to.equal('revision 2 before it is missing');
    const closedUp = await tampered(
      `delete from es.events where stream = 's-2' and revision = 2;
       update es.events set revision = revision - 1 where stream = 's-2' and revision = 3;
       update es.events set revision = revision - 1 where stream = 's-2' and revision = 4`,
      [],
    );
    expect(named(closedUp)).to.deep.equal(['s-2@2']);
    const swapped = await tampered(
      `update es.events a set data = b.data, metadata = b.metadata, type = b.type
         from es.events b where a.stream = 's-2' and b.stream = 's-2'
          and (a.revision, b.revision) in ((1, 2), (2, 1))`,
      [],
    );
    expect(named(swapped)).to.deep.equal(['s-2@1']);
  });

  it('finds an event that was put in from outside, with no hash or with one that would do', async () => {
    // In the place of an event of another stream, so that no position is too many.
    const insert = `update es.events set stream = 's-5', revision = $1, metadata = $2::json
      where stream = 's-1' and revision = ${String(EVENTS - 1)}`;
    expect(named(await tampered(insert, [EVENTS, '{}']))).to.deep.equal([`s-5@${String(EVENTS)}`]);
    const hash = linkOfContent(NOTHING_BEFORE, {} as StoredEvent);
    const forged = await tampered(insert, [EVENTS, JSON.stringify({ hash })]);
    expect(named(forged)).to.deep.equal([`s-5@${String(EVENTS)}`]);
  });

  it('finds the last event of a stream gone: by its position here, by a seal everywhere', async () => {
    const { seal } = await look();
    const remove = `delete from es.events where stream = 's-3' and revision = ${String(EVENTS - 1)}`;
    expect(named(await tampered(remove, []))).to.deep.equal([]);
    const hole = await tampered(remove, [], undefined, true);
    expect(hole.broken.map(({ problem }) => problem)).to.have.length(1);
    expect(hole.broken[0]?.problem).to.match(/no event at position/);
    expect(named(await tampered(remove, [], seal))).to.deep.equal([`s-3@${String(EVENTS - 1)}`]);
    const newest = await tampered(
      `delete from es.events where position = (select max(position) from es.events)`,
      [],
      undefined,
      true,
    );
    expect(newest.broken[0]?.problem).to.match(/more events than it hands out/);
    const all = await tampered(`delete from es.events where stream = 's-3'`, [], seal);
    expect(all.broken[0]?.problem).to.match(/nothing of it is left/);
  });

  it('finds a stream that was rewritten with all its hashes, and a new order, by a seal', async () => {
    const { seal } = await look();
    const events = await raw.read('s-4');
    let link = NOTHING_BEFORE;
    const rewritten = events.map((event) => {
      const data = event.revision === 1n ? { text: 'never said', n: 4 } : event.data;
      const metadata = bare(event.metadata) as object;
      link = linkOfContent(link, { ...event, data, metadata });
      return [String(event.revision), JSON.stringify(data), JSON.stringify({ ...metadata, hash: link })];
    });
    const rewrite = `update es.events e set data = n.data, metadata = n.metadata
      from (select (v->>0)::bigint as revision, (v->>1)::json as data, (v->>2)::json as metadata
              from json_array_elements($1::json) v) n
      where e.stream = 's-4' and e.revision = n.revision`;
    expect(named(await tampered(rewrite, [JSON.stringify(rewritten)]))).to.deep.equal([]);
    const found = await tampered(rewrite, [JSON.stringify(rewritten)], seal);
    expect(named(found)).to.deep.equal([`s-4@${String(EVENTS - 1)}`]);
    expect(found.broken[0]?.problem).to.match(/not those that were sealed/);

    const reorder = `update es.events e set position = -n.position from (
        select a.stream, a.revision, b.position from es.events a join es.events b
          on (a.stream, b.stream) in (('s-1', 's-2'), ('s-2', 's-1')) and a.revision = 4 and b.revision = 4) n
      where e.stream = n.stream and e.revision = n.revision;
      update es.events set position = -position where position < 0`;
    expect(named(await tampered(reorder, [])).length).to.equal(0);
    expect((await tampered(reorder, [], seal)).broken[0]?.problem).to.match(/order/);
  });

  it('keeps a seal in a file, and holds a store that went on against it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'saga-seal-'));
    try {
      const path = join(folder, 'seal');
      const { seal } = await look();
      await writeSeal(path, seal, new Date());
      expect(await readSeal(path)).to.deep.equal(seal);
      await createChainedEventStore(raw).append('s-new', [anEvent()], { expected: 'none' });
      expect((await look(await readSeal(path))).broken).to.deep.equal([]);
      const other = { ...seal, storeId: 'another' };
      expect((await look(other)).broken[0]?.problem).to.match(/another store/);
      expect(await writeSeal(path, seal, new Date()).catch(String)).to.match(/EEXIST/);
      writeFileSync(path, '{"kind":"something else"}\n');
      expect(await readSeal(path).catch(String)).to.match(/no seal/);
      writeFileSync(path, '');
      expect(await readSeal(path).catch(String)).to.match(/not a whole seal/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
