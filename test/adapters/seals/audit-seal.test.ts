/** The seals as the program makes them, and as an operator sees them (docs/audit.md). */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { seals } from '../../../scripts/doctor/seals.ts';
import { readConfig } from '../../../src/config.ts';
import { startProgram } from '../../../src/main/program.ts';
import { secretsFor } from '../../../src/adapters/security/secrets.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { createSealFolder, sealsIn } from '../../../src/adapters/seals/seal-folder.ts';
import { firstSealJob, sealJob, sealsOf } from '../../../src/main/wiring/seals.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { environmentOf } from '../../support/processes/environment.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { anEvent } from '../../support/scenarios/events.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const HOUR = 3_600_000;

describe('sealing by the program and by hand', function () {
  this.timeout(120_000);
  let home: TestStore;
  let owner: pg.Client;
  let place: string;
  let env: Record<string, string>;

  before(async () => {
    home = await testStore();
    owner = new pg.Client({ connectionString: home.superuserUrl });
    await owner.connect();
    place = mkdtempSync(join(tmpdir(), 'saga-audit-seal-'));
    env = {
      ...environmentOf(home.url),
      FILES_DIR: place,
      PORT: '0',
      RUN: 'api,jobs',
      SEAL_KEY: 'a seal key for tests only, 32 characters',
    };
    const store = createChainedEventStore(home.store);
    await store.append('ticket-a', [anEvent(), anEvent()], { expected: 'none' });
    await store.append('ticket-b', [anEvent()], { expected: 'none' });
  });
  after(async () => {
    await owner.end();
    await home.close();
    rmSync(place, { recursive: true });
  });

  const files = (): string[] => readdirSync(join(place, 'seals')).sort();
  const doctor = (over: Record<string, string | undefined> = {}, now?: () => Date) =>
    seals(readConfig({ ...env, ...over }), home.store, now);

  it('is made within a minute where there is none yet, once, and not where the hourly one ran', async () => {
    const there = await mkdtemp(join(tmpdir(), 'saga-first-seal-'));
    const config = readConfig({ ...env, FILES_DIR: there });
    const made = sealsOf({
      config,
      stores: { stored: home.store },
      clock: systemClock,
      log: silentLogger(),
      observer: { pushFailed: () => undefined },
    });
    if (made === null) throw new Error('there is a key');
    const numbers = () => createSealFolder(sealsIn(there)).numbers();
    const never = new AbortController().signal;
    const ran = { due: new Date(), started: new Date(), finished: true };
    const run = (last: typeof ran | null) =>
      firstSealJob(made, { last: () => Promise.resolve(last) }, silentLogger()).run(new Date(), never);
    try {
      await run(ran);
      expect(await numbers()).to.deep.equal([]);
      await run(null);
      expect(await numbers()).to.deep.equal([1]);
      await run(null);
      expect(await numbers()).to.deep.equal([1]);
    } finally {
      await rm(there, { recursive: true });
    }
  });

  it('of a program that was never started before is made soon, and not of a store without events', async () => {
    const fresh = await testStore();
    const there = await mkdtemp(join(tmpdir(), 'saga-first-seal-'));
    const environment = { ...env, ...environmentOf(fresh.url), FILES_DIR: there };
    const config = readConfig(environment);
    const program = await startProgram(config, secretsFor(config), silentLogger());
    try {
      expect(await createSealFolder(sealsIn(there)).numbers()).to.deep.equal([]);
      await createChainedEventStore(fresh.store).append('ticket-a', [anEvent()], { expected: 'none' });
      await eventually('the first seal', () => existsSync(join(there, 'seals', '00000001.seal.gz')), 90_000);
    } finally {
      await program.stop();
      await fresh.close();
      await rm(there, { recursive: true });
    }
  });

  it('is made up at the next start when its hour was missed, and its age is a metric', async () => {
    expect((await doctor()).map(({ check, level }) => [check, level])).to.deep.equal([['seals', 'warning']]);
    await owner.query(
      `insert into ops.schedule (job, due_at, started_at, finished_at)
       select 'seal', due, due, due from (select date_trunc('hour', now()) - interval '5 hours' as due) before`,
    );
    const config = readConfig(env);
    const program = await startProgram(config, secretsFor(config), silentLogger());
    try {
      await eventually('the history is sealed', () => {
        try {
          return files().length > 0;
        } catch {
          return false; // the first seal makes the folder
        }
      });
      const metrics = await (await fetch(`${program.url ?? ''}/metrics`)).text();
      const [, age] = /^saga_audit_seal_age_seconds (\S+)$/m.exec(metrics) ?? [];
      expect(Number(age)).to.be.within(0, 60);
      await eventually('it is noted as done', async () => {
        const { rowCount } = await owner.query(
          `select from ops.schedule where job = 'seal' and finished_at is not null and due_at > now() - interval '61 minutes'`,
        );
        return rowCount === 1;
      });
    } finally {
      await program.stop();
    }
  });

  it('is left to the next process when this one stops, and fails otherwise', async () => {
    const failing = new Error('the store is away');
    const fails = () => Promise.reject(failing);
    const job = sealJob(
      { sealer: { seal: fails, sealFirst: fails, accept: fails }, push: null },
      silentLogger(),
    );
    await job.run(new Date(), AbortSignal.abort());
    expect(await rejection(job.run(new Date(), new AbortController().signal))).to.equal(failing);
  });

  it('npm run audit:seal makes one now, and prints the public key', async () => {
    const before = files().length;
    const made = await runScript('audit-seal', [], env);
    expect(made.code, made.output).to.equal(0);
    expect(made.stdout).to.match(/^Seal \d+ of \S+: \d+ events, \d+ entries, hash \S{43}\n$/);
    expect(files().length).to.equal(before + 1);
    const key = await runScript('audit-seal', ['--public-key'], env);
    expect(key.stdout).to.match(/^[\w-]{43}\n$/);
    const verified = await runScript('audit-verify', [], {
      ...env,
      SEAL_KEY: 'another seal key for tests, 32 characters',
      SEAL_PUBLIC_KEYS: key.stdout.trim(),
    });
    expect(verified.code, verified.output).to.equal(0);
    const without = { ...env, SEAL_KEY: '' };
    const refused = await runScript('audit-seal', [], without);
    expect([refused.code, refused.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes('SEAL_KEY is not set'),
    );
    const unable = await runScript('audit-verify', [], without);
    expect([unable.code, unable.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && said.includes('they cannot be verified'),
    );
  });

  it('the doctor says when there is no key, when the newest is old, and when it does not hold', async () => {
    const levels = async (...args: Parameters<typeof doctor>) =>
      (await doctor(...args)).map(({ check, level }) => [check, level]);
    expect(await levels()).to.deep.equal([['seals', 'ok']]);
    expect(await levels({ SEAL_KEY: '' })).to.deep.equal([['seal key', 'warning']]);
    const later = await doctor({}, () => new Date(Date.now() + 2.5 * HOUR));
    expect(later[0]).to.deep.include({ level: 'warning', says: 'The newest one is 2.5 hours old.' });
    const other = await doctor({ SEAL_KEY: 'another seal key for tests, 32 characters' });
    expect(other[0]?.level).to.equal('problem');
    expect(other[0]?.says).to.include('SEAL_PUBLIC_KEYS');
  });

  it('the doctor goes on saying that a stream was cut off when the next hour was sealed', async () => {
    await owner.query('alter table es.events disable trigger user');
    await owner.query(`delete from es.events where stream = 'ticket-a' and revision = 1`);
    expect((await doctor())[0]?.says).to.include('ticket-a');
    const next = await runScript('audit-seal', [], env);
    expect(next.code, next.output).to.equal(0);
    expect((await doctor())[0]?.says)
      .to.include('The newest seal does not hold')
      .and.include('ticket-a');
  });

  it('npm run audit:verify names a stream that was cut off, until somebody accepts it with a reason', async () => {
    await owner.query('alter table es.events disable trigger user');
    await owner.query(
      `delete from es.events where stream = 'ticket-b' or (stream = 'ticket-a' and revision = 1)`,
    );
    await owner.query('update es.events set position = 1000000000 + position');
    await owner.query(
      `update es.events e set position = n.n from (select event_id, row_number() over (order by position) as n from es.events) n
        where n.event_id = e.event_id`,
    );
    await owner.query('update es.store set head = (select count(*) from es.events)');
    const broken = await runScript('audit-verify', [], env);
    expect(broken.code, broken.output).to.equal(1);
    expect(broken.stdout)
      .to.match(/^BROKEN {2}ticket-a@1: cut off: seal 1 /m)
      .and.match(/^BROKEN {2}ticket-b@0: cut off: .*nothing of it is left/m)
      .and.match(/ 2 broken\n/);
    const json = await runScript('audit-verify', ['--json'], env);
    expect((JSON.parse(json.stdout) as { seals: { seals: number } }).seals.seals).to.equal(files().length);
    expect((await doctor())[0]?.says).to.include('The newest seal does not hold');

    const refused = await runScript('audit-seal', [], env);
    expect([refused.code, refused.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes('store:accept'),
    );
    expect((await runScript('audit-seal', ['--accept', ' '], env)).output).to.include('needs a reason');
    const accepted = await runScript('audit-seal', ['--accept', 'looked into: see report 12'], env);
    expect(accepted.code, accepted.output).to.equal(0);
    const explained = await runScript('audit-verify', [], env);
    expect(explained.code, explained.output).to.equal(0);
    expect(explained.stdout).to.match(
      /^seal \d+ \(\S+\) says: looked into: see report 12\. Of the state before: seals 1/m,
    );
    expect((await doctor())[0]?.level).to.equal('ok');
  });

  it('npm run audit:verify notices that the newest seals are gone', async () => {
    rmSync(join(place, 'seals'), { recursive: true });
    const gone = await runScript('audit-verify', [], env);
    expect(gone.code, gone.output).to.equal(1);
    expect(gone.stdout).to.include('the newest seals are missing');
  });
});
