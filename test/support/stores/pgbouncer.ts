/** A real PgBouncer in front of one test database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '../eventually.ts';

/** It refuses to run as root: as `nobody` of Debian then. */
const NOBODY = 65_534;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface PgBouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/** @param settings of its section `pgbouncer`, on top of those that it needs to run */
export async function startPgBouncer(url: string, settings: Record<string, string>): Promise<PgBouncer> {
  const target = new URL(url);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'saga-pgbouncer-'));
  chmodSync(folder, 0o755);
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'any',
    max_client_conn: '200',
    default_pool_size: '60',
    ...settings,
  };
  const name = target.pathname.slice(1);
  const file = join(folder, 'pgbouncer.ini');
  const database = `${name} = host=${target.hostname} port=${target.port} dbname=${name} user=${target.username} password=${target.password}`;
  const lines = Object.entries(all).map(([key, value]) => `${key} = ${value}`);
  writeFileSync(file, `[databases]\n${database}\n[pgbouncer]\n${lines.join('\n')}\n`, { mode: 0o644 });
  const isRoot = process.getuid?.() === 0;
  const running = spawn('pgbouncer', ['--quiet', file], {
    stdio: 'ignore',
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  const exited = once(running, 'exit');
  const pooled = `postgres://${target.username}@127.0.0.1:${String(port)}/${name}`;
  const stop = async (): Promise<void> => {
    running.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually('PgBouncer listens', async () => {
      const client = new pg.Client({ connectionString: pooled });
      client.on('error', () => undefined); // not there yet
      try {
        await client.connect();
        return true;
      } catch {
        return undefined; // not there yet
      } finally {
        await client.end().catch(() => undefined); // it never came
      }
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: pooled, stop };
}
