import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { clocks } from '../../scripts/doctor/database.ts';
import type { Finding } from '../../scripts/doctor/finding.ts';
import { nodeVersion } from '../../scripts/doctor/machine.ts';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { dataFolder } from '../support/processes/program.ts';

/** Nobody listens there. */
const NOWHERE = '127.0.0.1:1';

describe('the doctor', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let admin: pg.Client;
  const folder = mkdtempSync(join(tmpdir(), 'saga-doctor-'));

  const examine = async (
    over: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number | null; output: string; of: (check: string) => Finding | undefined }> => {
    const env = { ...app.environment, PORT: new URL(app.url).port, DATA_DIR: folder, ...over };
    const { code, output, stdout } = await runScript('doctor', ['--json'], env);
    const { findings } = JSON.parse(stdout) as { findings: Finding[] };
    for (const { level, todo } of findings) expect(todo === null).to.equal(level === 'ok');
    // The worst first: some checks say several things.
    const bad = (level: string) => findings.filter((one) => one.level === level);
    const ranked = [...bad('problem'), ...bad('warning'), ...bad('ok')];
    return { code, output, of: (check) => ranked.find((one) => one.check === check) };
  };

  before(async () => {
    app = await startTestProgram();
    await app.openTickets('sari', 1);
    admin = new pg.Client({ connectionString: app.superuserUrl });
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Breaks something, asks the doctor, repairs it. */
  async function broken(how: string, repair: string, over?: Readonly<Record<string, string>>) {
    await admin.query(how);
    try {
      return await examine(over);
    } finally {
      await admin.query(repair);
    }
  }

  describe('with the running program', () => {
    it('finds nothing wrong, exits with 0, and shows no secret', async () => {
      const { code, output, of } = await examine();
      expect(code, output).to.equal(0);
      for (const check of [
        'program',
        'database',
        'durability',
        'row security',
        'event store',
        'view inbox',
        'lease projections',
        'job sender',
        'keys',
      ])
        expect(of(check)?.level, check).to.equal('ok');
      const { password } = new URL(app.databaseUrl);
      for (const secret of [password, app.environment.JWT_SECRET, app.environment.BLIND_INDEX_KEY])
        expect(output).not.to.include(secret);
    });

    it('says that files of customers wait for a scanner that is away', async () => {
      const { code, of } = await examine({ CLAMD_ADDRESS: NOWHERE });
      expect(code).to.equal(0);
      expect(of('scanner')).to.deep.include({ level: 'warning' });
      expect(of('scanner')?.says).to.include('Files of customers wait');
    });

    it('says it to a person, too', async () => {
      const env = {
        ...app.environment,
        PORT: new URL(app.url).port,
        DATA_DIR: folder,
        REDIS_URL: `redis://${NOWHERE}`,
      };
      const { code, output } = await runScript('doctor', [], env);
      expect([code, output]).to.satisfy(
        ([exit, said]: [number, string]) => exit === 1 && /PROBLEM {2}redis: .*\n +-> Start it/.test(said),
      );
    });

    it('names a configuration that cannot be used, not what was given', async () => {
      const { code, output, of } = await examine({ JWT_SECRET: 'too-short-7531' });
      expect([code, of('configuration')?.level]).to.deep.equal([1, 'problem']);
      expect(of('configuration')?.says).to.include('JWT_SECRET');
      expect(output).not.to.include('7531');
    });

    it('names stores that do not answer: Postgres, Redis, EventStoreDB', async () => {
      const url = new URL(app.databaseUrl);
      url.host = NOWHERE;
      const away = await examine({ DATABASE_URL: url.toString(), REDIS_URL: `redis://${NOWHERE}` });
      expect(away.code).to.equal(1);
      expect(away.of('database')?.says).to.include('ECONNREFUSED');
      expect(away.of('redis')?.level).to.equal('problem');
      expect(away.output).not.to.include(url.password);
      const store = await examine({ EVENTSTORE_URL: `esdb://${NOWHERE}?tls=false` });
      expect([store.code, store.of('event store')?.level]).to.deep.equal([1, 'problem']);
    });
  });

  describe('without the program', () => {
    before(async () => {
      await app.program.stop();
    });

    it('says that nobody works, which is no problem by itself', async () => {
      const { code, output, of } = await examine();
      expect(code, output).to.equal(0);
      expect([of('program')?.level, of('lease projections')?.level]).to.deep.equal(['warning', 'warning']);
    });

    const database = () => new URL(app.databaseUrl).pathname.slice(1);

    it('names a server that may lose what it confirmed, and one that may not be written', async () => {
      const durable = await broken(
        `alter database ${database()} set synchronous_commit = off`,
        `alter database ${database()} reset synchronous_commit`,
      );
      expect([durable.code, durable.of('durability')?.says]).to.satisfy(
        ([code, says]: [number, string]) => code === 1 && says.includes('synchronous_commit'),
      );
      const standby = await broken(
        `alter database ${database()} set default_transaction_read_only = on`,
        `set default_transaction_read_only = off; alter database ${database()} reset default_transaction_read_only`,
      );
      expect([standby.code, standby.of('writable')?.level]).to.deep.equal([1, 'problem']);
    });

    it('names a schema of another version, in both directions', async () => {
      const [last] = (
        await admin.query<{ name: string; checksum: string }>(
          'select name, checksum from public.saga_migrations order by name desc limit 1',
        )
      ).rows;
      const older = await broken(
        `delete from public.saga_migrations where name = '${last?.name ?? ''}'`,
        `insert into public.saga_migrations (name, checksum) values ('${last?.name ?? ''}', '${last?.checksum ?? ''}')`,
      );
      expect([older.code, older.of('schema')?.todo]).to.satisfy(
        ([code, todo]: [number, string]) => code === 1 && todo.includes('npm run migrate'),
      );
      const newer = await broken(
        `insert into public.saga_migrations (name, checksum) values ('20991231_0000_later.sql', 'x')`,
        `delete from public.saga_migrations where name like '2099%'`,
      );
      expect(newer.of('schema')?.says).to.include('20991231_0000_later.sql');
    });

    it('names a grant that goes round row security', async () => {
      const { code, of } = await broken(
        'grant select on read.tickets_sari to saga_reader_all',
        'revoke select on read.tickets_sari from saga_reader_all',
      );
      expect([code, of('row security')?.says]).to.satisfy(
        ([exit, says]: [number, string]) => exit === 1 && says.includes('tickets_sari'),
      );
    });

    it('names a grant by which the program could change events', async () => {
      const { code, of } = await broken(
        'grant delete on es.events to saga',
        'revoke delete on es.events from saga',
      );
      expect([code, of('history')?.level]).to.deep.equal([0, 'warning']);
      expect(of('history')?.says).to.include('write to es.events');
    });

    it('names a view that stopped, and one that is behind for long', async () => {
      const stopped = await broken(
        `update ops.projections set state = 'stopped', stopped_at_event = '00000000-0000-7000-8000-000000000007', stopped_because = 'TypeError' where view = 'inbox'`,
        `update ops.projections set state = 'running', stopped_at_event = null, stopped_because = null where view = 'inbox'`,
      );
      expect([stopped.code, stopped.of('view inbox')?.says]).to.satisfy(
        ([code, says]: [number, string]) => code === 1 && says.includes('000000000007'),
      );
      const late = await broken(
        `create table ops.kept as select * from ops.projections where view = 'inbox';
         update ops.projections set position = '', event_at = now() - interval '1 hour' where view = 'inbox'`,
        `update ops.projections p set position = k.position, event_at = k.event_at from ops.kept k where p.view = k.view; drop table ops.kept`,
      );
      expect([late.of('view inbox')?.level, late.of('view inbox')?.says]).to.satisfy(
        ([level, says]: [string, string]) =>
          level === 'warning' && /\d+ events behind, 3[56]\d\d s/.test(says),
      );
    });

    it('names a store that is not as it was, and views and jobs of another one', async () => {
      const restored = await broken(
        `create table ops.kept as select * from ops.store_anchors; update ops.store_anchors set event_id = gen_random_uuid()`,
        `delete from ops.store_anchors; insert into ops.store_anchors select * from ops.kept; drop table ops.kept`,
      );
      expect(restored.code).to.equal(1);
      expect(restored.of('right store')?.todo).to.include('npm run store:accept');
      const other = await broken(
        `create table ops.kept as select * from ops.projections; create table ops.kept_jobs as select * from ops.job_checkpoints;
         update ops.projections set store_id = 'another'; update ops.job_checkpoints set store_id = 'another'`,
        `update ops.projections p set store_id = k.store_id from ops.kept k where p.view = k.view; drop table ops.kept;
         update ops.job_checkpoints p set store_id = k.store_id from ops.kept_jobs k where p.job = k.job; drop table ops.kept_jobs`,
      );
      expect(other.code).to.equal(1);
      expect(other.of('view inbox')?.todo).to.include('npm run projections -- rebuild all');
      expect(other.of('job sender')?.todo).to.include('npm run store:accept');
    });

    it('names webhooks that wait too long, and those that could not be read', async () => {
      const item = `insert into ops.webhook_inbox (key, ordering_key, delivery_id, item, state, received_at, due_at) values`;
      const { code, of } = await broken(
        `${item} ('k1', 'o', gen_random_uuid(), '{}', 'pending', now() - interval '1 hour', now()),
                 ('k2', 'o', gen_random_uuid(), '{}', 'dead', now(), now())`,
        `delete from ops.webhook_inbox where key in ('k1', 'k2')`,
      );
      expect([code, of('webhooks')?.level, of('dead letters')?.level]).to.deep.equal([
        1,
        'problem',
        'warning',
      ]);
    });

    it('names clocks that differ', async () => {
      const skewed = await clocks(admin, () => Date.now() + 3_600_000);
      expect([skewed.level, skewed.says]).to.satisfy(
        ([level, says]: [string, string]) => level === 'warning' && says.includes('3600.'),
      );
      expect((await clocks(admin)).level).to.equal('ok');
    });

    it('names a Node that is too old', () => {
      expect(nodeVersion('18.20.1').level).to.equal('problem');
      expect(nodeVersion('20.18.3').level).to.equal('problem');
      expect(nodeVersion('22.1.0').level).to.equal('ok');
    });

    it('names a disk without room (a real one of 1 MiB)', async function () {
      // Only root may mount; the pipeline is root.
      if (process.getuid?.() !== 0) this.skip();
      const small = mkdtempSync(join(tmpdir(), 'saga-small-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
      try {
        const low = await examine({ FILES_DIR: small });
        expect([low.code, low.of('disk FILES_DIR')?.level]).to.deep.equal([1, 'problem']);
        try {
          writeFileSync(join(small, 'full'), Buffer.alloc(2 * 1024 * 1024));
        } catch {
          // It is full now: that was the purpose.
        }
        const full = await examine({ FILES_DIR: small });
        expect(full.of('disk FILES_DIR')?.says).to.include('is full');
      } finally {
        execFileSync('umount', [small]);
        rmSync(small, { recursive: true });
      }
    });

    it('on a data folder of its own: nothing there yet, damaged or open secrets, and a server that it starts for its own time', async function () {
      this.timeout(90_000);
      const own = await dataFolder();
      try {
        const env = { DATA_DIR: own.path, PORT: '1' };
        const ask = async (): Promise<{ code: number | null; output: string }> =>
          runScript('doctor', [], env);
        expect(await ask()).to.satisfy(
          ({ code, output }: Awaited<ReturnType<typeof ask>>) =>
            code === 0 && output.includes('no database yet'),
        );
        expect((await runScript('migrate', [], env)).code).to.equal(0);
        const secrets = join(own.path, 'secrets.json');
        writeFileSync(secrets, '{"JWT_SECRET":');
        expect(await ask()).to.satisfy(
          ({ code, output }: Awaited<ReturnType<typeof ask>>) => code === 1 && output.includes('is damaged'),
        );
        writeFileSync(secrets, '{}');
        chmodSync(secrets, 0o644);
        const { code, output } = await ask();
        expect(code, output).to.equal(0);
        expect(output)
          .to.match(/can be read by others/)
          .and.match(/ok {7}row security/);
        expect(() => own.postmaster(), 'it stopped what it started').to.throw();
      } finally {
        await own.remove();
      }
    });
  });
});
