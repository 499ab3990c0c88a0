import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import pg from 'pg';
import { isAlive } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/adapters/embedded-postgres/start.ts';
import { scratch } from '../../support/stores/scratch.ts';
import { builtProgram, NODE_ARGS } from '../../support/processes/built-programs.ts';
import { eventually } from '../../support/eventually.ts';
import { rejection } from '../../support/rejection.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const OWNER_PROGRAM = 'test/support/stores/embedded-postgres-owner.ts';
const asRoot = process.getuid?.() === 0;
const NOBODY = 65534;

interface Said {
  readonly url?: string;
  readonly pid?: number;
  readonly error?: string;
}

async function rows(url: string, sql: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('embedded Postgres', function () {
  this.timeout(60_000);
  const logger = silentLogger();
  let base: string;
  let dataDir: string;
  let shared: string;
  let started: EmbeddedPostgres[];
  let children: ChildProcess[];

  beforeEach(() => {
    base = mkdtempSync(join(scratch(), 'saga-embedded-'));
    chmodSync(base, 0o755);
    dataDir = join(base, 'data dir'); // with a blank: paths must not be split
    shared = join(base, 'shared');
    started = [];
    children = [];
  });
  afterEach(async () => {
    for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
    // Whoever joins an orphan owns it, so that this also ends what a test has left running.
    for (const postgres of started) await postgres.stop();
    const folder = join(dataDir, 'postgres', 'data');
    if (existsSync(join(folder, 'postmaster.pid'))) await (await start({})).stop();
    rmSync(base, { recursive: true });
  });

  async function start(options: { readonly port?: number }): Promise<EmbeddedPostgres> {
    const postgres = await startEmbeddedPostgres({ dataDir, shared, logger, ...options });
    started.push(postgres);
    return postgres;
  }

  /** Another process that starts or joins it. */
  async function owner(uid?: number): Promise<{ child: ChildProcess; said: Said }> {
    const child = spawn(
      process.execPath,
      [...NODE_ARGS, await builtProgram(OWNER_PROGRAM), dataDir, shared],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        ...(uid === undefined ? {} : { uid, gid: uid }),
      },
    );
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, said: JSON.parse(line) as Said };
  }

  const remember = (url: string) => rows(url, 'CREATE TABLE public.kept AS SELECT 42 AS n');
  const recalled = async (url: string) =>
    expect(await rows(url, 'SELECT n FROM public.kept')).to.deep.equal([{ n: 42 }]);

  it('starts on an empty folder, stops, and starts again with the data and the port it had', async () => {
    const first = await start({});
    await remember(first.url);
    await first.stop();
    expect(isAlive(first.pid())).to.equal(false);
    const second = await start({});
    expect(second.url).to.equal(first.url);
    await recalled(second.url);
  });

  it('is durable, listens on loopback only, and the product is no superuser', async () => {
    const { url, superuserUrl } = await start({});
    expect(
      await rows(
        url,
        `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
           current_setting('listen_addresses') AS listen,
           current_setting('password_encryption') AS password,
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
      ),
    ).to.deep.equal([
      {
        fsync: 'on',
        commit: 'on',
        listen: '127.0.0.1',
        password: 'scram-sha-256',
        superuser: false,
      },
    ]);
    expect(await rows(superuserUrl, 'SHOW unix_socket_directories')).to.deep.equal([
      { unix_socket_directories: '' },
    ]);
    const wrong = superuserUrl.replace(/:[0-9a-f]+@/, ':wrong@');
    expect((await rejection(rows(wrong, 'SELECT 1'))).message).to.include('password authentication failed');
    expect(statSync(join(dataDir, 'postgres', 'data', 'saga-cluster.json')).mode & 0o777).to.equal(0o600);
    expect(statSync(join(dataDir, 'postgres', 'data')).mode & 0o777).to.equal(0o700);
  });

  it('joins the server that a killed process left behind, and then owns it', async () => {
    const { child, said } = await owner();
    await remember(said.url!);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const joined = await start({});
    expect(joined.pid()).to.equal(said.pid);
    expect(joined.url).to.equal(said.url);
    await recalled(joined.url);
    await joined.stop();
    expect(isAlive(said.pid!)).to.equal(false);
  });

  it('does not outlive its owner for more than 30 seconds, and has lost nothing', async () => {
    const { child, said } = await owner();
    await remember(said.url!);
    const killed = performance.now();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually('Postgres has stopped', () => !isAlive(said.pid!), 30_000);
    expect(performance.now() - killed).to.be.lessThan(30_000);
    // Stopped, not killed: nothing is left to recover.
    const log = readFileSync(join(dataDir, 'postgres', 'server.log'), 'utf8');
    expect(log).to.include('received fast shutdown request');
    await recalled((await start({})).url);
  });

  it('goes on where another process works with it when the owner is killed', async () => {
    const { child, said } = await owner();
    const joined = await start({});
    await remember(joined.url);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const ownerFile = join(dataDir, 'postgres', 'owner');
    await eventually(
      'it has taken over',
      () => Number(readFileSync(ownerFile, 'utf8')) === process.pid,
      5_000,
    );
    // Longer than the watchdog of the killed one waits: by then its children are gone, too.
    const watchers = () =>
      readdirSync('/proc').filter((name) => {
        try {
          return (
            /^\d+$/.test(name) &&
            readFileSync(`/proc/${name}/cmdline`, 'utf8').endsWith(`\0${String(child.pid)}\0`)
          );
        } catch {
          return false;
        }
      });
    await eventually('the watchdog of the killed one has gone', () => watchers().length === 0, 20_000);
    expect(joined.pid()).to.equal(said.pid);
    await recalled(joined.url);
  });

  it('lets two processes that start together share one server; only its owner stops it', async () => {
    const [one, two] = await Promise.all([owner(), owner()]);
    expect(one.said.url).to.be.a('string').and.to.equal(two.said.url);
    expect(one.said.pid).to.equal(two.said.pid);
    const third = await start({});
    await third.stop();
    expect(isAlive(one.said.pid!)).to.equal(true);
    await remember(one.said.url!);
  });

  it('is started again by a process that still needs it when the owner stops', async () => {
    const { child } = await owner();
    const joined = await start({});
    await remember(joined.url);
    child.kill('SIGTERM');
    await once(child, 'exit');
    await eventually('the server is back', () => rows(joined.url, 'SELECT 1').catch(() => undefined));
    await recalled(joined.url);
  });

  it('comes back on the same port after kill -9 of the server under load, with all that was acknowledged', async () => {
    const postgres = await start({});
    const killed = postgres.pid();
    await rows(postgres.url, 'CREATE TABLE public.acknowledged (n int)');
    const acknowledged: number[] = [];
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n += 1) {
        await rows(postgres.url, `INSERT INTO public.acknowledged VALUES (${String(n)})`).then(
          () => acknowledged.push(n),
          () => undefined,
        );
      }
    })();
    await eventually('some writes', () => acknowledged.length > 20);
    process.kill(killed, 'SIGKILL');
    const before = acknowledged.length;
    await eventually(
      'writes again, without a restart of ours',
      () => acknowledged.length > before + 20,
      20_000,
    );
    writing = false;
    await writer;
    expect(postgres.pid()).not.to.equal(killed);
    const stored = new Set(
      (await rows(postgres.url, 'SELECT n FROM public.acknowledged')).map((row) => (row as { n: number }).n),
    );
    expect(acknowledged.filter((n) => !stored.has(n))).to.deep.equal([]);
    expect(logger.lines.some(({ message }) => message.includes('ended unexpectedly'))).to.equal(true);
  });

  it('recovers when the process and the server were killed', async () => {
    const { child, said } = await owner();
    await remember(said.url!);
    child.kill('SIGKILL');
    process.kill(said.pid!, 'SIGKILL');
    await once(child, 'exit');
    await recalled((await start({})).url);
  });

  it('is not fooled by a pid file whose number went to another process', async function () {
    if (process.platform !== 'linux') this.skip();
    const first = await start({});
    await remember(first.url);
    await first.stop();
    const folder = join(dataDir, 'postgres', 'data');
    const stale = [process.pid, folder, 1, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n');
    writeFileSync(join(folder, 'postmaster.pid'), stale);
    await recalled((await start({})).url);
  });

  it('says so when the port it must use is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { message } = await rejection(start({ port }));
    expect(message).to.equal(`Port ${String(port)} on 127.0.0.1 is taken: Postgres cannot listen there.`);
    other.close();
  });

  it('takes another port when the one of last time is taken', async () => {
    const first = await start({});
    await remember(first.url);
    await first.stop();
    const other = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(other, 'listening');
    const second = await start({});
    expect(second.url).not.to.equal(first.url);
    await recalled(second.url);
    other.close();
  });

  it('does not touch a folder that is not a finished cluster of ours', async () => {
    const folder = join(dataDir, 'postgres', 'data');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'precious.txt'), 'mine');
    const { message } = await rejection(start({}));
    expect(message)
      .to.include('is not a complete database of this product. Nothing was deleted.')
      .and.include(folder);
    expect(readdirSync(folder)).to.deep.equal(['precious.txt']);
  });

  it('says with the words of Postgres why a damaged cluster does not start, and deletes nothing', async () => {
    await (await start({})).stop();
    const control = join(dataDir, 'postgres', 'data', 'global', 'pg_control');
    rmSync(control);
    const { message } = await rejection(start({}));
    expect(message)
      .to.include('Postgres did not start')
      .and.match(/control file|pg_control/);
    expect(existsSync(join(dataDir, 'postgres', 'data', 'PG_VERSION'))).to.equal(true);
  });

  it('starts over cleanly after initdb was cut off', async () => {
    mkdirSync(join(dataDir, 'postgres', 'data.new-999999999', 'base'), { recursive: true });
    await remember((await start({})).url);
    expect(readdirSync(join(dataDir, 'postgres')).filter((name) => name.includes('.new-'))).to.deep.equal([]);
  });

  if (asRoot) {
    it('as root: runs under an account without rights', async () => {
      const { pid } = await start({});
      expect(statSync(join(dataDir, 'postgres', 'data')).uid).not.to.equal(0);
      expect(readFileSync(`/proc/${String(pid())}/status`, 'utf8')).to.match(/^Uid:\t(?!0\t)/m);
    });

    it('as root, where only root may enter: keeps programs and data outside, and finds them again', async () => {
      dataDir = join(base, 'closed', 'data');
      mkdirSync(join(base, 'closed'), { mode: 0o700 });
      const first = await start({});
      await remember(first.url);
      await first.stop();
      const outside = readFileSync(join(dataDir, 'postgres.location'), 'utf8').trim();
      expect(outside.startsWith(shared)).to.equal(true);
      await recalled((await start({})).url);
    });

    it('as an ordinary user: runs as that user', async () => {
      chownSync(base, NOBODY, NOBODY);
      const { child, said } = await owner(NOBODY);
      expect(said.error).to.equal(undefined);
      expect(statSync(join(dataDir, 'postgres', 'data')).uid).to.equal(NOBODY);
      await remember(said.url!);
      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(isAlive(said.pid!)).to.equal(false);
    });

    it("as an ordinary user on another user's data: says whose start it takes", async () => {
      await (await start({})).stop();
      const folder = join(dataDir, 'postgres', 'data');
      chownSync(folder, 1, 1);
      const { said } = await owner(NOBODY);
      expect(said.error).to.include('belongs to another user');
    });
  } else {
    it('as an ordinary user: runs as that user', async () => {
      await start({});
      expect(statSync(join(dataDir, 'postgres', 'data')).uid).to.equal(process.getuid?.());
    });
  }
});
