import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFiles } from '../../../src/adapters/files/files.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { exportKey } from '../../../src/domain/exports/export.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import type { BuildExport } from '../../../src/jobs/exports/build-export.ts';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { exportsJob } from '../../support/scenarios/exporting.ts';
import { type TestStore, testStore } from '../../support/stores/store.ts';

const WHOLE = 'a whole file';
const making =
  (text = WHOLE): BuildExport =>
  (_wish, { keep }) => {
    async function* bytes(): AsyncIterable<Uint8Array> {
      yield await Promise.resolve(Buffer.from(text));
    }
    return keep(bytes());
  };

describe('the exports job', () => {
  let s: TestStore;
  let folder: string;
  const time = { now: new Date() };
  const clock = { now: () => time.now };
  const ending: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    s = await testStore();
    folder = mkdtempSync(join(tmpdir(), 'saga-exports-'));
    time.now = new Date();
  });
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
    await s.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns what ends it, as a restart does */
  function running(make: BuildExport, over: Parameters<typeof exportsJob>[2] = {}): () => Promise<void> {
    const { job, close } = exportsJob({ store: s.store, url: s.url, folder, clock }, make, over);
    const stopping = new AbortController();
    const done = job.run(stopping.signal);
    const end = async () => {
      stopping.abort();
      await done;
      await close();
    };
    let ended: Promise<void> | undefined;
    const once = () => (ended ??= end());
    ending.push(once);
    return once;
  }

  async function wanted(): Promise<string> {
    const { commands, close } = exportsJob({ store: s.store, url: s.url, folder, clock }, making());
    const caller = {
      id: uuids.next(),
      role: 'super_admin',
      division: 'all',
      privileges: new Set(PRIVILEGES),
    } as const;
    const ctx = { caller, requestId: 'r', correlationId: 'c' };
    const { exportId } = await commands.requestExport(ctx, 'excel', {
      division: 'sari',
      date_range: { start: '2026-07-01', end: '2026-07-31' },
    });
    await close();
    return exportId;
  }
  const typesOf = async (id: string) => (await s.store.read(`export-${id}`)).map(({ type }) => type);
  const last = (id: string, type: string) =>
    eventually(
      type,
      async () => {
        const event = (await s.store.read(`export-${id}`)).at(-1);
        return event?.type === type ? event : undefined;
      },
      30_000,
    );
  const fileOf = async (id: string): Promise<string | null> => {
    const file = await createFiles(folder).open(exportKey(id));
    if (!file) return null;
    let text = '';
    for await (const chunk of file.content) text += String(chunk);
    return text;
  };
  const filesOnDisk = (): string[] =>
    existsSync(join(folder, 'exports'))
      ? readdirSync(join(folder, 'exports')).flatMap((shard) => readdirSync(join(folder, 'exports', shard)))
      : [];

  it('makes what was asked for before it ran and while it runs', async () => {
    const before = await wanted();
    running(making());
    await last(before, 'ExportCompleted');
    const during = await wanted();
    expect((await last(during, 'ExportCompleted')).data).to.include({ size: WHOLE.length });
    expect([await fileOf(before), await fileOf(during)]).to.deep.equal([WHOLE, WHOLE]);
  });

  it('waits for read tables that are on their way', async () => {
    let arrive: (reached: boolean) => void = () => undefined;
    const projectionStatus = {
      waitFor: () => new Promise<boolean>((resolve) => (arrive = resolve)),
      status: () => Promise.resolve([]),
    };
    const made: boolean[] = [];
    const make: BuildExport = (wish, how) => {
      made.push(how.behind);
      return making()(wish, how);
    };
    const id = await wanted();
    running(make, { projectionStatus, patienceMs: 20_000 });
    await last(id, 'ExportStarted');
    expect(made).to.deep.equal([]);
    await eventually('it was made', async () => {
      arrive(true);
      return (await typesOf(id)).includes('ExportCompleted') ? true : undefined;
    });
    expect(made).to.deep.equal([false]);
  });

  for (const [view, behind] of [
    ['analytics', true],
    ['audit_log', false],
  ] as const)
    it(`makes a file that ${behind ? 'says so' : 'need not say so'} where ${view} stays behind`, async () => {
      const at = { state: 'running', storeId: '', caughtUp: false, lagSeconds: 9, eventAt: null } as const;
      const head = await s.store.head();
      const late = { position: '' };
      const status = () =>
        Promise.resolve(
          ['analytics', 'blasts', 'inbox', 'crm', 'users', 'audit_log'].map((one) => ({
            ...at,
            view: one,
            position: one === view ? late.position : `${head}~`,
          })),
        );
      const made: boolean[] = [];
      const id = await wanted();
      const projectionStatus = { waitFor: () => Promise.resolve(false), status: status as never };
      running(
        (wish, how) => {
          made.push(how.behind);
          return making()(wish, how);
        },
        { projectionStatus },
      );
      await last(id, 'ExportCompleted');
      expect(made).to.deep.equal([behind]);
    });

  it('makes one at a time', async () => {
    let now = 0;
    let most = 0;
    const make: BuildExport = async (wish, how) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((soon) => setTimeout(soon, 30));
      now -= 1;
      return making()(wish, how);
    };
    const ids = [await wanted(), await wanted(), await wanted()];
    running(make);
    for (const id of ids) await last(id, 'ExportCompleted');
    expect(most).to.equal(1);
  });

  it('makes again what a killed process left half-written, and removes that half', async function () {
    this.timeout(60_000);
    const id = await wanted();
    const program = await builtProgram('test/support/processes/exporting-process.ts');
    const child = fork(program, [s.url, folder], { execArgv: [...NODE_ARGS] });
    await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(filesOnDisk(), 'the half').to.have.lengthOf(1);
    expect(await fileOf(id), 'nobody gets a half').to.equal(null);

    running(making());
    await last(id, 'ExportCompleted');
    expect((await typesOf(id)).filter((type) => type === 'ExportStarted')).to.have.lengthOf(2);
    expect(await fileOf(id)).to.equal(WHOLE);
    expect(filesOnDisk()).to.have.lengthOf(1);
  });

  it('removes a file whose time is over, also one of an earlier process', async () => {
    const id = await wanted();
    const end = running(making());
    await last(id, 'ExportCompleted');
    await end();
    running(making());
    time.now = new Date(Date.now() + 59 * 60_000);
    const still = await wanted();
    await last(still, 'ExportCompleted');
    expect(await fileOf(id)).to.equal(WHOLE);
    time.now = new Date(Date.now() + 61 * 60_000);
    expect((await last(id, 'ExportExpired')).data).to.include({ reason: 'time' });
    await eventually('its file is gone', async () => ((await fileOf(id)) === null ? true : undefined));
    expect(await fileOf(still), 'a later one stays').to.equal(WHOLE);
  });

  it('throws away what ran out while it was made', async () => {
    const id = await wanted();
    let began = (): void => undefined;
    let go = (): void => undefined;
    const begun = new Promise<void>((resolve) => (began = resolve));
    const gone = new Promise<void>((resolve) => (go = resolve));
    running(async (wish, how) => {
      began();
      await gone;
      return making()(wish, how);
    });
    await begun;
    time.now = new Date(Date.now() + 61 * 60_000);
    await last(id, 'ExportExpired');
    go();
    await eventually('nothing is left', async () => ((await fileOf(id)) === null ? true : undefined));
    expect(await typesOf(id)).not.to.include('ExportCompleted');
    const next = await wanted();
    await last(next, 'ExportCompleted');
    expect(filesOnDisk()).to.have.lengthOf(1);
  });

  it('gives up what cannot be made, and goes on with the others', async function () {
    this.timeout(60_000);
    const bad = await wanted();
    const good = await wanted();
    running((wish, how) =>
      wish.exportId === bad ? Promise.reject(new Error('cannot be made')) : making()(wish, how),
    );
    await last(good, 'ExportCompleted');
    expect((await last(bad, 'ExportFailed')).data).to.include({ reason: 'not_possible' });
    expect((await typesOf(bad)).filter((type) => type === 'ExportStarted')).to.have.lengthOf(5);
  });

  it('says at once that a file is too large', async () => {
    const id = await wanted();
    running(making('x'.repeat(100)), { maxBytes: 99 });
    expect((await last(id, 'ExportFailed')).data).to.include({ reason: 'too_large' });
    expect(filesOnDisk()).to.deep.equal([]);
  });
});
