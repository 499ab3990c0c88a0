import { expect } from 'chai';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createErasureLedger } from '../../../src/adapters/personal-data/ledger.ts';
import { eraseAbsorbed, eraseCustomer } from '../../../src/commands/erasure/erase-customer.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { job, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { documentAdded, documentWithdrawn } from '../../support/scenarios/field-service/job-events.ts';
import { createErasureJob, type ErasureDeps } from '../../../src/jobs/erasure/erasure-job.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';
import { noLease, uuid } from '../../projections/desk.ts';

const KEY_OF_NOBODY = { customerId: uuid(404), customerKey: 'sari_nobody' };

const caused = {
  actor: { kind: 'system', process: 'test' },
  ...{ correlationId: 'c', causationId: 'c', requestId: 'r' },
} as const;

describe('the erasure job', () => {
  let its: TestStore;
  let folder: string;
  let stopping: AbortController;
  let running: Promise<void> | undefined;

  beforeEach(async () => {
    its = await testStore();
    folder = mkdtempSync(join(tmpdir(), 'saga-ledger-'));
    stopping = new AbortController();
  });
  afterEach(async () => {
    stopping.abort();
    await running;
    await its.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function aDesk() {
    const { commands, receive, time } = commandsOn(its.store);
    const got = { key: 'wa:a', receivedAt: '2026-07-03T03:30:00.000Z' };
    const picture = { kind: 'image', mediaId: 'm', mimeType: 'image/png', fileName: null } as const;
    await receive(message('a', { attachments: [picture] }), got);
    const [{ stream } = { stream: '' }] = await eventsOf(its.store, 'customer-');
    const customerKey = stream.slice('customer-'.length);
    const known = await commands.handler.load(customer, customerKey);
    if (known.status !== 'known') throw new Error('nobody is there');
    const ctx = contextOf({
      id: uuid(1),
      role: 'super_admin',
      division: 'all',
      privileges: new Set(PRIVILEGES),
    });
    const destroyed = new Set<string>();
    const purged: string[] = [];
    const removed: string[] = [];
    const keys = {
      destroy: (ids: readonly string[]) => {
        for (const id of ids) destroyed.add(id);
        return Promise.resolve(ids.filter((id) => !purged.includes(id)));
      },
      purged: (id: string) => Promise.resolve(void purged.push(id)),
    };
    const ledger = createErasureLedger(join(folder, 'erased.jsonl'));
    const erase = eraseCustomer({
      handler: commands.handler,
      clock: { now: () => time.now },
      blindIndex: (_purpose, value) => value,
      rememberAtProviders: () => Promise.resolve(),
      keys,
    });
    const mentions: string[] = [];
    const orderingKeys: string[] = [];
    const over: ErasureDeps = {
      store: its.store,
      handler: commands.handler,
      keys,
      ledger,
      traces: {
        purge: ({ orderingKey }, ids) => {
          orderingKeys.push(orderingKey);
          return Promise.resolve(void mentions.push(...ids));
        },
      },
      eraseAbsorbed: (erased, eventContext) =>
        eraseAbsorbed(
          {
            handler: commands.handler,
            blindIndex: (_purpose, value) => value,
            rememberAtProviders: () => Promise.resolve(),
            keys,
          },
          erased,
          eventContext,
        ),
      eraseAgain: (erased) => erase(ctx, { ...erased, reason: null, again: true }),
      files: { remove: (key) => Promise.resolve(void removed.push(key)) },
      projectionStatus: { waitFor: () => Promise.resolve(true) },
      jobsOf: () => Promise.resolve([]),
      removeExports: () => Promise.resolve(0),
      removeLeftovers: () => Promise.resolve([]),
      checkpoints: { read: () => Promise.resolve(null), move: () => Promise.resolve() },
      leases: noLease,
      log: silentLogger(),
      skipped: skippedEvents(),
    };
    const start = (more: Partial<ErasureDeps> = {}): void => {
      running = createErasureJob({ ...over, ...more }).run(stopping.signal);
    };
    const me = { customerId: known.id, customerKey };
    const close = () => commands.close(ctx, known.ticketIds[0] ?? '', {});
    const decide = () => erase(ctx, { ...me, reason: null });
    return {
      me,
      commands,
      start,
      close,
      decide,
      destroyed,
      purged,
      removed,
      mentions,
      orderingKeys,
      ledger,
      ticketIds: known.ticketIds,
    };
  }

  it('finishes what was decided, files and all, and notes it next to the backups', async () => {
    const desk = await aDesk();
    await desk.close();
    await desk.decide();
    desk.start();
    await eventually('the purge', () => desk.purged.includes(desk.me.customerId), 20_000);
    expect(desk.removed).to.have.length(1);
    expect(desk.removed[0]).to.match(/^media\/[0-9a-f-]{36}-0$/);
    expect(desk.mentions).to.include.members([...desk.ticketIds]);
    const [entry, ...more] = await desk.ledger.all();
    expect(more).to.deep.equal([]);
    expect(entry).to.deep.include(desk.me);
    expect(entry?.orderingKey).to.match(/^sari wa_/);
    expect(entry?.erasedAt).to.match(/Z$/);
  });

  it('removes what was brought back from visits to them, also what comes only now', async () => {
    const desk = await aDesk();
    const jobId = uuid(7);
    const document = (n: number): JobEvent => {
      const added = documentAdded(n, 'bukti').data as Extract<JobEvent, { type: 'JobDocumentAdded' }>['data'];
      return { type: 'JobDocumentAdded', data: { ...added, jobId, customerId: desk.me.customerId } };
    };
    const add = (...events: JobEvent[]) =>
      desk.commands.handler.executeCommand(
        job,
        jobId,
        { ...caused, at: new Date().toISOString() },
        () => events,
      );
    await add(document(1), document(2), documentWithdrawn(2));
    await desk.close();
    await desk.decide();
    desk.start({ jobsOf: (id) => Promise.resolve(id === desk.me.customerId ? [jobId] : []) });
    await eventually('the purge', () => desk.purged.includes(desk.me.customerId), 20_000);
    const keyOf = (n: number) => (document(n).data as { key: string }).key;
    expect(desk.removed).to.include.members([keyOf(1), keyOf(2)]);
    expect(desk.mentions).to.include(jobId);
    await add(document(3));
    await eventually('the late one is gone', () => desk.removed.includes(keyOf(3)), 20_000);
  });

  it('erases whoever the ledger knows and a backup brought back, open ticket or not', async () => {
    const desk = await aDesk();
    await desk.ledger.add(KEY_OF_NOBODY);
    // Their key is gone before anything is read: the key of their webhooks can only come from the ledger.
    await desk.ledger.add({ ...desk.me, orderingKey: 'of-their-webhooks' });
    desk.start();
    await eventually('the purge', () => desk.purged.includes(desk.me.customerId), 20_000);
    expect(await eventsOf(its.store, 'erasures-')).to.have.length(1);
    expect(desk.orderingKeys).to.deep.equal(['of-their-webhooks']);
    expect([...desk.destroyed]).to.include(desk.me.customerId);
  });

  it('tries again what failed, and says so', async () => {
    const desk = await aDesk();
    await desk.close();
    await desk.decide();
    let failures = 0;
    const log = silentLogger();
    desk.start({
      log,
      removeExports: () =>
        (failures += 1) < 3 ? Promise.reject(new Error('disk full')) : Promise.resolve(0),
    });
    await eventually('the purge', () => desk.purged.includes(desk.me.customerId), 20_000);
    expect(log.lines.filter(({ level }) => level === 'error')).to.have.length(2);
  });

  it('keeps a ledger that a power cut cannot spoil', async () => {
    const ledger = createErasureLedger(join(folder, 'deep', 'erased.jsonl'));
    expect(await ledger.all()).to.deep.equal([]);
    await ledger.add(KEY_OF_NOBODY);
    appendFileSync(join(folder, 'deep', 'erased.jsonl'), '{"customerId":"0190');
    const other = { customerId: uuid(5), customerKey: 'sari_5' };
    await ledger.add(other);
    await ledger.add(other);
    expect(await ledger.all()).to.deep.equal([KEY_OF_NOBODY, other]);
    expect(readFileSync(join(folder, 'deep', 'erased.jsonl'), 'utf8').match(/sari_5/g)).to.have.length(1);
  });
});
