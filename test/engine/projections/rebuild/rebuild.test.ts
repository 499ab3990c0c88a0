import { expect } from 'chai';
import pg from 'pg';
import { createBulk } from '../../../../src/adapters/postgres/bulk.ts';
import { decode } from '../../../../src/domain/codec.ts';
import { inboxBulk } from '../../../../src/projections/tickets/inbox-bulk.ts';
import { inboxView } from '../../../../src/projections/tickets/inbox-view.ts';
import { factsOf } from '../../../../src/engine/projections/rebuild/catalogue.ts';
import { FULL_SPEED } from '../../../../src/engine/projections/rebuild/pace.ts';
import { type RebuildParts, rebuildViews } from '../../../../src/engine/projections/rebuild/rebuild.ts';
import { type VerifyResult, verifyViews } from '../../../../src/engine/projections/rebuild/verify.ts';
import { createViews } from '../../../../src/projections/views.ts';
import { generateTickets } from '../../../../bench/history/generate-tickets.ts';
import { eventually } from '../../../support/eventually.ts';
import {
  agentOf,
  type Desk,
  inDivision,
  noting,
  openDesk,
  opening,
  receiving,
  registered,
  taking,
  uuid,
} from '../../../projections/desk.ts';
import { unchecked } from '../../../support/stores/unchecked.ts';

const AGENT = uuid(70_001);
const T = uuid(70_002);

describe('rebuilding views', function () {
  this.timeout(180_000);
  let desk: Desk;
  const parts = (over: Partial<RebuildParts> = {}): RebuildParts => ({
    store: desk.store,
    bulk: createBulk({ url: desk.url, logger: desk.logger }),
    write: desk.postgres.writes,
    decode,
    pace: FULL_SPEED,
    onProgress: () => undefined,
    signal: new AbortController().signal,
    ...over,
  });
  const views = (...names: readonly string[]) =>
    createViews().filter(({ name }) => names.length === 0 || names.includes(name));
  const differences = (verdicts: readonly VerifyResult[]) => verdicts.flatMap((one) => one.differences);
  const allTables = createViews().flatMap(({ tables }) => tables);
  const facts = async (): Promise<readonly string[]> => factsOf(desk.postgres.writes, 'read', allTables);
  const grantsAtThirdDivision = async (): Promise<readonly object[]> =>
    desk.postgres.reads.scoped({ kind: 'ticket', division: 'sari', ticketId: T, userId: AGENT }, (sql) =>
      sql.query(unchecked({ text: 'select id from read.messages_l1 where division = $1', values: ['sari'] })),
    );

  before(async () => {
    desk = await openDesk();
    await generateTickets(desk.superuserUrl, 150);
    // An agent of another division holds a ticket of sari: the grant that policies of other tables look up.
    await desk.append(...registered(AGENT, 'Sinta', 'savi'));
    await desk.append(...opening(T, 'sari'));
    await desk.append(...receiving(T, 'sari'));
    await desk.append(...taking(T, 'sari', AGENT, 'savi'), { actor: agentOf(AGENT, 'savi') });
    await desk.append(...noting(T, 'sari', AGENT, 'catatan'));
    await desk.settled();
  });
  after(() => desk.close());

  it('verify finds live and rebuilt equal, and says so row by row when they are not', async () => {
    expect(differences(await verifyViews(parts(), views()))).to.deep.equal([]);
    await desk.rows(`update read.tickets set status = 'closed' where id = $1`, [T]);
    await desk.rows(`delete from read.messages_l2 where ticket_id = $1`, [T]);
    await desk.rows(`insert into read.tags (id, name, color, kind) values ($1, 'x', '#fff', 'custom')`, [T]);
    const found = differences(await verifyViews(parts(), views('inbox', 'messages_l2', 'tags')));
    expect(found.map(({ table, kind }) => `${table} ${kind}`)).to.have.members([
      'tickets different',
      'messages_l2 missing',
      'tags surplus',
    ]);
    const ticket = found.find(({ table }) => table === 'tickets');
    expect(ticket?.key).to.deep.equal({ division: 'sari', id: T });
    expect(ticket?.columns).to.deep.equal({ status: { live: 'closed', should: 'in_progress' } });
  });

  it('repairs what differed, with policies, grants and indexes as before, and the live view goes on', async () => {
    const before = await facts();
    expect(await grantsAtThirdDivision()).to.have.length(1);
    await rebuildViews(parts(), views());
    expect(await facts()).to.deep.equal(before);
    expect(await grantsAtThirdDivision(), 'the grant is still looked up').to.have.length(1);
    await desk.append(...receiving(T, 'sari', { content: 'masih ada?' }));
    await desk.settled();
    expect(differences(await verifyViews(parts(), views()))).to.deep.equal([]);
    const [left] = await desk.rows<{ n: number }>(
      `select count(*)::int as n from pg_namespace where nspname ~ '^(rebuild|verify)_'`,
    );
    expect(left?.n, 'schemas left behind').to.equal(0);
  });

  it('folds in several passes when not all tickets fit into memory, and batch by batch, to the same rows', async () => {
    // An agent who changes division takes their grants along.
    await desk.append(`user-${AGENT}`, { type: 'UserMoved', data: { userId: AGENT, division: 'safia' } });
    await desk.settled();
    const few = { ...inboxView(), bulk: () => inboxBulk(20) };
    expect(differences(await verifyViews(parts(), [few]))).to.deep.equal([]);
    const { bulk, ...steady } = inboxView();
    expect(bulk).to.be.a('function');
    expect(differences(await verifyViews(parts(), [steady]))).to.deep.equal([]);
  });

  it('a second rebuild of the same view is refused, another view may be rebuilt', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reading = false;
    const first = rebuildViews(
      parts({
        pace: {
          rest: async () => {
            reading = true;
            await held;
          },
        },
      }),
      views('crm', 'inbox'),
    );
    await eventually('the first one reads', () => reading);
    const refused = await rebuildViews(parts(), views('inbox')).catch((error: unknown) => error);
    expect(refused).to.be.an('error').with.property('name', 'AlreadyUnderWay');
    await rebuildViews(parts(), views('tags'));
    release();
    await first;
  });

  it('reads go on and see all rows at every moment of a rebuild, while events come in', async () => {
    const [{ n: tickets } = { n: 0 }] = await desk.rows<{ n: number }>(
      `select count(*)::int as n from read.tickets where division = 'sari'`,
    );
    let done = false;
    const counts: number[] = [];
    const reading = (async () => {
      while (!done) {
        const rows = await desk.postgres.reads.scoped(inDivision('sari'), (sql) =>
          sql.query(
            unchecked<{ n: number }>({
              name: 'count_tickets',
              text: `select count(*)::int as n from read.tickets where division = 'sari'`,
              values: [],
            }),
          ),
        );
        counts.push(rows[0]?.n ?? 0);
      }
    })();
    const writing = (async () => {
      for (let n = 0; !done; n += 1) {
        await desk.append(...opening(uuid(80_000 + n), 'sari'));
        await desk.append(...receiving(uuid(80_000 + n), 'sari'));
        await desk.append(...taking(uuid(80_000 + n), 'sari', AGENT, 'savi'));
      }
    })();
    for (let round = 0; round < 2; round += 1)
      await rebuildViews(parts(), views('inbox', 'messages_l1', 'audit_log'));
    done = true;
    await Promise.all([reading, writing]);
    expect(Math.min(...counts)).to.be.at.least(tickets);
    expect(counts, 'a count that went back').to.deep.equal(counts.toSorted((a, b) => a - b));
    await desk.settled();
    expect(differences(await verifyViews(parts(), views()))).to.deep.equal([]);
  });

  it('waits for a reader that takes long, without making others wait behind it for long', async () => {
    const slow = new pg.Client({ connectionString: desk.url });
    await slow.connect();
    await slow.query('begin');
    await slow.query('select 1 from read.tickets limit 1');
    const rebuilding = rebuildViews(parts(), views('inbox'));
    let longest = 0;
    const until = performance.now() + 1_500;
    while (performance.now() < until) {
      const began = performance.now();
      await desk.postgres.reads.scoped(inDivision('sari'), (sql) =>
        sql.query(
          unchecked({ text: `select 1 from read.tickets where division = 'sari' limit 1`, values: [] }),
        ),
      );
      longest = Math.max(longest, performance.now() - began);
    }
    await slow.query('commit');
    await slow.end();
    await rebuilding;
    expect(longest).to.be.lessThan(1_000);
    expect(differences(await verifyViews(parts(), views('inbox')))).to.deep.equal([]);
  });
});
