/** Keys and clocks that are not those of the data (docs/design/reliability.md#keys-and-clocks). */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { createSessions } from '../../src/adapters/operational/sessions.ts';
import { uuids } from '../../src/adapters/clock.ts';
import { createClockCheck } from '../../src/adapters/postgres/database-clock.ts';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import { readConfig } from '../../src/config.ts';
import { createPurge } from '../../src/engine/jobs/purge.ts';
import { openStores } from '../../src/main/wiring/stores.ts';
import { eventually } from '../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import { REFRESH_RULE } from '../support/stores/refresh-rule.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { dataFolder, freePort, launch } from '../support/processes/program.ts';

const other = (what: string): string => `${what} of another installation, long enough for a key`;
const DAY = 86_400_000;
const CLOCK = pathToFileURL('test/support/shifted-clock.mjs').href;

describe('keys and clocks that changed', function () {
  this.timeout(120_000);
  let app: TestProgram;
  let admin: pg.Client;
  const place = mkdtempSync(join(tmpdir(), 'saga-keys-'));
  before(async () => {
    app = await startTestProgram();
    await app.openTickets('sari', 1);
    admin = new pg.Client({ connectionString: app.superuserUrl });
    await admin.connect();
  });
  after(async () => {
    await admin.end();
    await app.close();
    rmSync(place, { recursive: true, force: true });
  });

  /** @returns why the stores cannot be opened; null when they can */
  async function refusal(over: Readonly<Record<string, string>>): Promise<string | null> {
    try {
      const config = readConfig({ ...app.environment, DATA_DIR: place, ...over });
      const stores = await openStores(config, silentLogger());
      await stores.close();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  const fingerprints = async (): Promise<readonly { name: string; fingerprint: string }[]> =>
    (
      await admin.query<{ name: string; fingerprint: string }>(
        'select name, fingerprint from ops.key_fingerprints order by name, fingerprint',
      )
    ).rows;

  it('another BLIND_INDEX_KEY or MASTER_KEY is refused, both in one message, and nothing is changed', async () => {
    const before = await fingerprints();
    const keys = { BLIND_INDEX_KEY: other('blind index'), MASTER_KEY: other('master') };
    expect(await refusal({ BLIND_INDEX_KEY: keys.BLIND_INDEX_KEY }))
      .to.include('BLIND_INDEX_KEY:')
      .and.not.include('MASTER_KEY:');
    const both = await refusal(keys);
    expect(both).to.include('BLIND_INDEX_KEY:').and.include('MASTER_KEY:');
    for (const key of Object.values(keys)) expect(both).not.to.include(key);
    expect(await fingerprints()).to.deep.equal(before);
  });

  it('every script that opens the stores refuses too', async () => {
    const env = { ...app.environment, DATA_DIR: place, BLIND_INDEX_KEY: other('blind index') };
    const scripts: readonly (readonly [string, readonly string[]])[] = [
      ['migrate', []],
      ['create-admin', ['second@test.saga', 'Second']],
      ['customer-erase', ['00000000-0000-7000-8000-000000000000']],
      ['webhook-replay', []],
      ['backup', [join(place, 'backups')]],
      ['audit-verify', []],
      ['audit-seal', []],
      ['keys-rewrap', []],
      ['projections', ['status']],
      ['store-accept', []],
    ];
    for (const [script, args] of scripts) {
      const { code, output } = await runScript(script, args, {
        ...env,
        ADMIN_PASSWORD: 'a password for tests',
        BACKUP_KEY: 'a key for the backups of tests, 32 characters',
        SEAL_KEY: 'a key for the seals of tests, 32 characters',
      });
      expect(code, script).not.to.equal(0);
      expect(output, script).to.include('BLIND_INDEX_KEY:');
    }
    expect((await runScript('doctor', [], env)).output).to.match(/PROBLEM {2}keys/);
  });

  it('data of a version without fingerprints is judged by its accounts', async () => {
    await admin.query('delete from ops.key_fingerprints');
    expect(await refusal({ BLIND_INDEX_KEY: other('blind index') })).to.include('BLIND_INDEX_KEY:');
    expect(await fingerprints()).to.deep.equal([]);
    expect(await refusal({})).to.equal(null);
    expect((await fingerprints()).map(({ name }) => name)).to.deep.equal(['BLIND_INDEX_KEY', 'MASTER_KEY']);
  });

  it('JWT_SECRET may change, and MASTER_KEY by keys:rewrap', async () => {
    expect(await refusal({ JWT_SECRET: other('token') })).to.equal(null);
    const old = app.environment['MASTER_KEY'] ?? '';
    const both = `${other('master')},${old}`;
    expect(await refusal({ MASTER_KEY: both })).to.equal(null);
    expect(await refusal({ MASTER_KEY: old }), 'a key may be wrapped with the new one').to.include(
      'MASTER_KEY:',
    );
    expect(await refusal({ MASTER_KEY: other('master') })).to.include('MASTER_KEY:');
    const env = { ...app.environment, DATA_DIR: place };
    expect((await runScript('keys-rewrap', [], { ...env, MASTER_KEY: both })).code).to.equal(0);
    expect(await refusal({ MASTER_KEY: other('master') })).to.equal(null);
    expect(await refusal({ MASTER_KEY: old })).to.include('MASTER_KEY:');
    // Back again, for the tests below.
    const back = `${old},${other('master')}`;
    expect((await runScript('keys-rewrap', [], { ...env, MASTER_KEY: back })).code).to.equal(0);
    expect(await refusal({})).to.equal(null);
  });

  it('lost secrets are not refilled next to a database', () => {
    const folder = mkdtempSync(join(place, 'lost-'));
    const file = join(folder, 'secrets.json');
    const first = secretsFor(readConfig({ DATA_DIR: folder }));
    mkdirSync(join(folder, 'postgres/data'), { recursive: true });
    writeFileSync(join(folder, 'postgres/data/PG_VERSION'), '18\n');
    expect(secretsFor(readConfig({ DATA_DIR: folder }))).to.deep.equal(first);
    rmSync(file);
    expect(() => secretsFor(readConfig({ DATA_DIR: folder }))).to.throw(/secrets\.json is not there.*backup/);
    expect(existsSync(file), 'nothing is written').to.equal(false);
    writeFileSync(file, JSON.stringify({ ...first, BLIND_INDEX_KEY: undefined }));
    expect(() => secretsFor(readConfig({ DATA_DIR: folder }))).to.throw(/lacks BLIND_INDEX_KEY/);
    const { BLIND_INDEX_KEY, MASTER_KEY } = first;
    rmSync(file);
    const set = secretsFor(readConfig({ DATA_DIR: folder, BLIND_INDEX_KEY, MASTER_KEY }));
    expect(set.MASTER_KEY, 'the others may be made again').to.equal(MASTER_KEY);
  });

  it('a clock 40 days ahead starts nothing', async () => {
    const folder = await dataFolder();
    try {
      for (const days of [40, -40]) {
        const program = await launch({
          folder,
          nodeArgs: ['--import', CLOCK],
          env: { ...app.environment, RUN: 'api', SAGA_TEST_CLOCK_MS: String(days * DAY) },
        });
        expect((await program.exited).code).to.equal(1);
        expect(program.errors()).to.include(
          `40 days ${days > 0 ? 'ahead of' : 'behind'} the clock of the database`,
        );
        expect(program.errors(), 'a sentence and no stack').not.to.include(' at ');
      }
    } finally {
      await folder.remove();
    }
  });

  it('a clock that jumps while the program runs purges nothing, and /readyz says so', async () => {
    const postgres = createPostgres({ url: app.databaseUrl, logger: silentLogger(), poolSize: 2 });
    const stop = new AbortController();
    const sessions = async (): Promise<number> =>
      (await admin.query('select from ops.sessions')).rowCount ?? 0;
    const there = await sessions();
    expect(there).to.be.greaterThan(0);
    const log = silentLogger();
    const ahead = { now: () => new Date(Date.now() + 40 * DAY) };
    const running = createPurge({
      what: { sessions: createSessions(postgres.writes, ahead, uuids, REFRESH_RULE) },
      clockProblem: createClockCheck(postgres.writes, ahead),
      log,
      everyMs: 20,
    }).run(stop.signal);
    await eventually('it refused', () => log.lines.some(({ level }) => level === 'error'));
    stop.abort();
    await running;
    await postgres.close();
    expect(await sessions()).to.equal(there);

    const folder = await dataFolder();
    const port = await freePort();
    const program = await launch({
      folder,
      nodeArgs: ['--import', CLOCK],
      port,
      env: { ...app.environment, PORT: String(port), RUN: 'api', SAGA_TEST_CLOCK_JUMP_MS: String(40 * DAY) },
    });
    try {
      await program.ready();
      process.kill(program.pid, 'SIGUSR2');
      await eventually('it says so', async () => {
        const text = await (await fetch(`${program.url}/readyz`)).text();
        return text.includes('nothing is purged') && text.includes('40 days ahead');
      });
    } finally {
      await program.stop();
      await folder.remove();
    }
  });
});
