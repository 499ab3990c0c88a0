/** The program as a user starts it: a process with a data folder, a port, and only the variables of the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  findPostmaster,
  isAlive,
  stopPostmaster,
} from '../../../src/adapters/embedded-postgres/postmaster.ts';
import type { Secrets } from '../../../src/adapters/security/secrets.ts';
import { eventually } from '../eventually.ts';
import { builtProgram, NODE_ARGS } from './built-programs.ts';
import { scratch } from '../stores/scratch.ts';

/** Tests run in the project's folder: their own modules may be in a build. */
const ROOT = process.cwd();
/** As `npm run demo` does in a clone. */
const SOURCE = ['--import', 'tsx', join(ROOT, 'src/main.ts')];
/** As the units in deploy/ start it. */
const BUILD = ['--enable-source-maps', 'dist/main.js'];
const PREFIX = 'saga-e2e-';
/** A noisy machine with two cores; on a quiet one it is ready in two seconds. */
const READY_WITHIN_MS = 150_000;

/** A DATA_DIR of one test. */
export interface DataFolder {
  readonly path: string;
  /** The secrets that the program made at its first start. */
  secrets(): Secrets;
  /** The embedded database as the role that owns it, and as superuser. */
  databaseUrl(as?: 'saga' | 'postgres'): string;
  /** Process id of the Postgres that runs here. @throws when none does */
  postmaster(): number;
  /** The log of Postgres. */
  serverLog(): string;
  /** Stops what still runs on it, and deletes it. */
  remove(): Promise<void>;
}

/** Ends the processes on this folder, also those of a test run that was killed. */
async function clear(path: string): Promise<void> {
  const started = join(path, 'started-by-test');
  for (const pid of existsSync(started) ? readFileSync(started, 'utf8').trim().split('\n').map(Number) : []) {
    // Another process may have this number by now: only one with this folder in its variables is ours.
    if (environmentOf(pid).includes(`DATA_DIR=${path}`)) process.kill(pid, 'SIGKILL');
  }
  await eventually('no server is left on the folder', async () => {
    const left = findPostmaster(join(path, 'postgres', 'data'));
    if (!left) return true;
    await stopPostmaster(left.pid);
    return false;
  });
  rmSync(path, { recursive: true, force: true });
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, 'utf8').split('\0');
  } catch {
    return []; // it ended
  }
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(scratch())) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (name.startsWith(PREFIX) && Number.isInteger(pid) && !isAlive(pid)) await clear(join(scratch(), name));
  }
}

let swept: Promise<void> | undefined;

export async function dataFolder(): Promise<DataFolder> {
  swept ??= sweep();
  await swept;
  const path = mkdtempSync(join(scratch(), `${PREFIX}${String(process.pid)}-`));
  // As root, Postgres runs under an account that must be able to enter.
  chmodSync(path, 0o755);
  const cluster = join(path, 'postgres', 'data');
  const json = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const running = () => {
    const found = findPostmaster(cluster);
    if (!found) throw new Error(`no Postgres runs on ${path}`);
    return found;
  };
  return {
    path,
    secrets: () => json(join(path, 'secrets.json')) as unknown as Secrets,
    databaseUrl: (as = 'saga') => {
      const passwords = json(join(cluster, 'saga-cluster.json'));
      const password = as === 'saga' ? passwords.ownerPassword : passwords.superuserPassword;
      return `postgres://${as}:${String(password)}@127.0.0.1:${String(running().port)}/saga`;
    },
    postmaster: () => running().pid,
    serverLog: () => {
      const file = join(path, 'postgres', 'server.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    remove: () => clear(path),
  };
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** From the signal that asked for it, or from the start. */
  readonly milliseconds: number;
}

export interface Program {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Everything it printed so far, and of that its standard error alone. */
  output(): string;
  errors(): string;
  readonly exited: Promise<Exit>;
  running(): boolean;
  /** @returns milliseconds from its start until /readyz said 200 */
  ready(): Promise<number>;
  /** Resolves when it printed this, e.g. what the demo says when it is seeded. */
  printed(text: string | RegExp): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
  /** @param signal what systemd or Ctrl-C sends */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<Exit>;
}

export interface Launch {
  readonly folder: DataFolder;
  /** Arguments of src/main.ts: `--demo` or none. */
  readonly args?: readonly string[];
  /** Added to DATA_DIR and PORT. No variable of the test run is passed on, except PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: any free one. */
  readonly port?: number;
  /** Arguments of node before the program's own. */
  readonly nodeArgs?: readonly string[];
  /** A folder with a build in `dist`. Default: this project, from the build of the test run. */
  readonly installation?: string;
  /** From the TypeScript, as a newcomer starts it. */
  readonly fromSources?: boolean;
}

/** A port below the range of outgoing connections, so that it stays free until the program takes it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([
      once(probe, 'listening').then(() => true),
      once(probe, 'error').then(() => false),
    ]);
    probe.close();
    if (free) return port;
  }
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts it and returns at once: it may come up or end. */
export async function launch({
  folder,
  args = [],
  env = {},
  port,
  nodeArgs = [],
  installation,
  fromSources = false,
}: Launch): Promise<Program> {
  const boundPort = port ?? (await freePort());
  const program = fromSources
    ? SOURCE
    : installation === undefined
      ? [...NODE_ARGS, await builtProgram('src/main.ts')]
      : BUILD;
  const began = performance.now();
  const child = spawn(process.execPath, [...nodeArgs, ...program, ...args], {
    cwd: installation ?? ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATA_DIR: folder.path,
      PORT: String(boundPort),
      // A year of the past takes a while, and most tests bring their own.
      DEMO_HISTORY: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const pid = child.pid ?? 0;
  appendFileSync(join(folder.path, 'started-by-test'), `${String(pid)}\n`);
  let all = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    all += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    all += text;
    errors += text;
  });
  let askedAt = began;
  const exited = (async (): Promise<Exit> => {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    children.delete(child);
    return { code, signal, milliseconds: performance.now() - askedAt };
  })();
  const running = () => child.exitCode === null && child.signalCode === null;
  const url = `http://127.0.0.1:${String(boundPort)}`;

  /** @throws with what it printed, when it ended instead */
  const until = (what: string, check: () => boolean | Promise<boolean>) =>
    eventually(
      what,
      async () => {
        if (await check()) return true;
        if (!running()) throw new Error(`the program ended, not ${what}:\n${all.slice(-2_000)}`);
        return false;
      },
      READY_WITHIN_MS,
    );

  return {
    url,
    port: boundPort,
    pid,
    output: () => all,
    errors: () => errors,
    exited,
    running,
    ready: async () => {
      await until('ready', async () => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) }).catch(
          () => undefined,
        );
        await answer?.text();
        return answer?.status === 200;
      });
      return performance.now() - began;
    },
    printed: async (text) => {
      await until(`printed ${String(text)}`, () =>
        typeof text === 'string' ? all.includes(text) : text.test(all),
      );
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: (signal = 'SIGTERM') => {
      askedAt = performance.now();
      child.kill(signal);
      return exited;
    },
  };
}

/** Starts it and waits until it is ready for requests. */
export async function start(options: Launch): Promise<Program> {
  const program = await launch(options);
  await program.ready();
  return program;
}

/** Puts a file where DATA_DIR will find it, e.g. secrets that several processes share. */
export function put(folder: DataFolder, name: string, content: string): void {
  writeFileSync(join(folder.path, name), content, { mode: 0o600 });
}
