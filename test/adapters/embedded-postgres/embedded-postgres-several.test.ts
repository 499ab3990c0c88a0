/**
 * F4 (docs/design/reliability.md#fault-tests) where several processes share one embedded Postgres: each of them sees
 * it end and wants it back.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import pg from 'pg';
import { findPostmaster } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/adapters/embedded-postgres/start.ts';
import { scratch } from '../../support/stores/scratch.ts';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const PROCESSES = 6;
const KILLS = 5;
const OWNER_PROGRAM = 'test/support/stores/embedded-postgres-owner.ts';

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

describe('embedded Postgres shared by several processes', function () {
  this.timeout(180_000);
  let base: string;
  let dataDir: string;
  let last: EmbeddedPostgres;
  const children: ChildProcess[] = [];

  before(async () => {
    base = mkdtempSync(join(scratch(), 'saga-several-'));
    chmodSync(base, 0o755);
    dataDir = join(base, 'data');
    const logger = silentLogger();
    last = await startEmbeddedPostgres({ dataDir, shared: join(base, 'shared'), logger });
    await Promise.all(
      Array.from({ length: PROCESSES }, async () => {
        const args = [...NODE_ARGS, await builtProgram(OWNER_PROGRAM), dataDir, join(base, 'shared')];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
        children.push(child);
        await once(createInterface(child.stdout), 'line');
      }),
    );
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await last.stop();
    rmSync(base, { recursive: true });
  });

  it('comes back after each kill -9 with one server, which every process can find', async () => {
    const folder = join(dataDir, 'postgres', 'data');
    const log = () => readFileSync(join(dataDir, 'postgres', 'server.log'), 'utf8');
    for (let round = 0; round < KILLS; round += 1) {
      const killed = await eventually('a server', () => findPostmaster(folder)?.pid, 30_000);
      process.kill(killed, 'SIGKILL');
      await eventually(
        `the server is back after kill ${String(round + 1)}`,
        async () => {
          const found = findPostmaster(folder);
          return found?.status === 'ready' && found.pid !== killed && (await answers(last.url));
        },
        30_000,
      );
    }
    expect(existsSync(join(folder, 'postmaster.pid'))).to.equal(true);
    // Two at once: the one that loses goes, and with it goes the pid file, be it the other's.
    expect(log()).not.to.match(/lock file .* already exists|lock file is invalid/);
  });
});
