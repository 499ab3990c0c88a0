/** `/readyz` where nothing can be written, or Postgres hangs (docs/design/reliability.md#ready-means-ready). */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/start.ts';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import { startProgram } from '../../src/main/program.ts';
import { eventually } from '../support/eventually.ts';
import { ask, type Reply } from '../support/http/http.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { environmentOf } from '../support/processes/environment.ts';

describe('ready means ready', function () {
  this.timeout(120_000);
  let disk = '';
  let folder = '';
  let server: Awaited<ReturnType<typeof startEmbeddedPostgres>> | undefined;
  let program: Awaited<ReturnType<typeof startProgram>> | undefined;
  let operator: pg.Client | undefined;

  before(async function () {
    // Only root may mount; the pipeline is root.
    if (process.getuid?.() !== 0) this.skip();
    disk = mkdtempSync(join(tmpdir(), 'saga-ready-'));
    folder = mkdtempSync(join(tmpdir(), 'saga-ready-files-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=260m,mode=755', 'tmpfs', disk]);
    server = await startEmbeddedPostgres({ dataDir: disk, logger: silentLogger() });
    const config = readConfig({
      FILES_DIR: folder,
      PORT: '0',
      HOST: '127.0.0.1',
      ...environmentOf(server.url),
    });
    program = await startProgram(config, secretsFor(config), silentLogger());
    const database = new URL(server.superuserUrl);
    database.pathname = new URL(server.url).pathname;
    operator = new pg.Client({ connectionString: database.toString() });
    await operator.connect();
    await eventually(
      'it is ready',
      async () => ((await readyz()).reply.status === 200 ? true : undefined),
      30_000,
    );
  });
  after(async () => {
    await operator?.end();
    await program?.stop();
    await server?.stop();
    if (disk === '') return;
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
    rmSync(folder, { recursive: true });
  });

  async function readyz(): Promise<{ readonly reply: Reply; readonly took: number }> {
    const started = performance.now();
    const reply = await ask(program?.url ?? '', '/readyz');
    return { reply, took: performance.now() - started };
  }
  const sql = async (text: string): Promise<Record<string, unknown>[]> =>
    (await operator?.query<Record<string, unknown>>(text))?.rows ?? [];
  /** @returns what it says */
  async function expectUnready(what: string): Promise<string> {
    const { reply, took } = await readyz();
    expect([what, reply.status]).to.deep.equal([what, 503]);
    expect(took, what).to.be.below(1_000);
    const [detail] = reply.json.error.details ?? [];
    expect(detail?.path).to.equal('writes');
    return detail?.message ?? '';
  }
  const readyAgain = (): Promise<true> =>
    eventually(
      'it is ready again',
      async () => ((await readyz()).reply.status === 200 ? true : undefined),
      30_000,
    );

  for (const lock of [
    'lock table es.events in access exclusive mode',
    'select from es.store for update',
    'lock table ops.webhook_inbox in share mode',
  ])
    it(`is not ready behind: ${lock}`, async () => {
      await sql('begin');
      await sql(lock);
      await expectUnready(lock);
      await sql('rollback');
      await readyAgain();
    });

  it('is not ready while the database is read-only', async () => {
    await sql('alter database saga set default_transaction_read_only = on');
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'saga write probe'`,
    );
    await eventually('it says so', async () => {
      const { reply, took } = await readyz();
      expect(took).to.be.below(1_000);
      return reply.text.includes('read-only') ? true : undefined;
    });
    await sql('set default_transaction_read_only = off');
    await sql('alter database saga reset default_transaction_read_only');
    await sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'saga' and pid <> pg_backend_pid()`,
    );
    await readyAgain();
  });

  it('is not ready while the disk is full', async () => {
    const ballast = join(disk, 'ballast');
    try {
      const file = openSync(ballast, 'w');
      try {
        for (;;) writeSync(file, Buffer.alloc(65_536));
      } catch (error) {
        expect((error as NodeJS.ErrnoException).code).to.equal('ENOSPC');
      } finally {
        closeSync(file);
      }
      await eventually('it says so', async () => {
        // What is left of the last block may take one more.
        const { reply, took } = await readyz();
        expect(took).to.be.below(1_000);
        return reply.status === 503 && reply.text.includes('"writes"') ? reply.text : undefined;
      });
    } finally {
      rmSync(ballast, { force: true });
    }
    await readyAgain();
  });

  it('answers within a second, while every process of Postgres is frozen', async () => {
    const [row] = await sql(`select pg_read_file('postmaster.pid') as file`);
    const postmaster = Number(String(row?.['file']).split('\n')[0]);
    const children = execFileSync('pgrep', ['-P', String(postmaster)], { encoding: 'utf8' });
    const all = [postmaster, ...children.trim().split('\n').map(Number)];
    for (const pid of all) process.kill(pid, 'SIGSTOP');
    try {
      for (let n = 0; n < 3; n += 1) await expectUnready('frozen');
      const together = await Promise.all(Array.from({ length: 20 }, () => readyz()));
      for (const { reply, took } of together) {
        expect(reply.status).to.equal(503);
        expect(took).to.be.below(1_500);
      }
    } finally {
      for (const pid of all) process.kill(pid, 'SIGCONT');
    }
    await readyAgain();
  });
});
