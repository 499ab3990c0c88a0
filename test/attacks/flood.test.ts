/** Nobody without an account can stop the loop (docs/design/reliability.md#floods). Bounded in count and time, loopback only. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { eventually } from '../support/eventually.ts';
import { type TestProgram, startTestProgram } from '../support/http/app.ts';
import { httpOn, posting, type Reply } from '../support/http/http.ts';
import { login } from '../../src/http/staff/auth.ts';

// What waits to be collected is not held.
setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

const LOGIN = '/api/auth/login';
const WEBHOOK = '/api/webhook/external-bot';
const MIB = 1024 * 1024;
const ATTACKER = '127.0.0.9';
/** The form of a signature, by nobody's secret. */
const UNSIGNED = `sha256=${'0'.repeat(64)}`;

const manyMembers = (count: number): string =>
  `{${Array.from({ length: count }, (_, n) => `"m${String(n)}":1`).join(',')}}`;

/** Longest time that the loop of this process, which is the program's, was busy without a pause. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await sleep(20);
  delay.reset();
  await work();
  await sleep(20);
  delay.disable();
  return delay.max / 1e6;
}

/** Two clients that send up to 50 bodies of 1 MB a second each, where one such body blocked 200 ms. @posts the statuses of all answers */
const ATTACKERS = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { url, paths, body, milliseconds } = workerData;
  const end = performance.now() + milliseconds;
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  const one = async () => {
    const statuses = [];
    while (performance.now() < end)
      for (const path of paths) {
        const answer = await fetch(url + path, init);
        await answer.text();
        statuses.push(answer.status);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    return statuses;
  };
  Promise.all(Array.from({ length: 2 }, one)).then((all) => parentPort.postMessage(all.flat()));
`;

describe('a flood of strangers', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let port: number;
  const sockets = new Set<Socket>();
  before(async () => {
    app = await startTestProgram();
    port = Number(new URL(app.url).port);
  });
  after(() => app.close());
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  });

  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];

  /** A connection of the attacker, which may send what it likes. */
  async function open(from = ATTACKER, to = port): Promise<{ socket: Socket; answer: () => string }> {
    const socket = connect({ port: to, host: '127.0.0.1', localAddress: from });
    sockets.add(socket);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => sockets.delete(socket));
    await once(socket, 'connect');
    return { socket, answer: () => text };
  }
  const head = (path: string, length: number, more = ''): string =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}Content-Length: ${String(length)}\r\n\r\n`;

  it('95,000 members in a login body are refused by size, and by count where a body may be larger', async () => {
    const body = manyMembers(95_000);
    expect(codeOf(await app.call(LOGIN, posting(body)))).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
    const small = manyMembers(700);
    expect(small.length).to.be.below(8 * 1024);
    expect(codeOf(await app.call(LOGIN, posting(small)))).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
    expect(
      codeOf(await app.post('/api/admin/tags', JSON.parse(manyMembers(4_000)), 'sa')),
      'of somebody signed in',
    ).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
  });

  it('lists within lists and deep nesting are refused before they are built', async () => {
    const deep = `{"email":${'['.repeat(2_000)}${']'.repeat(2_000)},"password":"x"}`;
    expect((await app.call(LOGIN, posting(deep))).status).to.be.oneOf([400, 413]);
    const flat = `{"email":[${'[],'.repeat(1_000)}[]],"password":"x"}`;
    expect(codeOf(await app.call(LOGIN, posting(flat)))).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
    const wide = `{"a":{${manyMembers(900).slice(1)}}`;
    expect(codeOf(await app.post('/api/admin/tags', JSON.parse(wide), 'sa'))[0]).to.equal(400);
  });

  it('names no more than 20 faults, however many there are', async () => {
    const wrong = { schedules: Array.from({ length: 70 }, () => ({ a: 1, b: 2, c: 3, day_of_week: 'x' })) };
    const reply = await app.post('/api/admin/config/office-hours/sari', wrong, 'sa');
    const other = await app.patch('/api/admin/config/office-hours/sari', wrong, 'sa');
    const refused = [reply, other].find(({ status }) => status === 400);
    expect(refused?.json.error.details).to.have.length(20);
    expect(refused?.text.length).to.be.below(8_000);
  });

  it('39,000 repeated parameters are not copied one after the other', async () => {
    const path = `/api/export/x?${'a&'.repeat(39_000)}`;
    const block = await longestBlock(async () => {
      expect((await app.call(path)).status).to.equal(400);
    });
    expect(block, 'ms').to.be.below(1_000);
  });

  it('an address is counted before its body is read', async () => {
    const http = await httpOn([login]);
    Object.assign(http.deps.config, { rateLimitPerMinute: 3 });
    try {
      for (let n = 0; n < 3; n += 1)
        expect((await http.ask(LOGIN, posting('not JSON'))).status).to.equal(400);
      // Its answer comes although the body never does.
      const { socket, answer } = await open('127.0.0.1', Number(new URL(http.url).port));
      socket.write(head(LOGIN, 100));
      await eventually('429 without a body', () => answer().startsWith('HTTP/1.1 429'), 5_000);
    } finally {
      await http.close();
    }
  });

  it('a delivery without the form of a signature is refused before its body is sent', async () => {
    const { socket, answer } = await open();
    socket.write(head(WEBHOOK, 2 * MIB));
    await eventually('401 without a body', () => answer().startsWith('HTTP/1.1 401'), 5_000);
  });

  it('60 slow deliveries of 3 MiB take a quarter of the budget; the rest hears 503, and others are let in', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const piece = Buffer.alloc(2.5 * MIB, ' ');
    const all = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const one = await open();
        one.socket.write(head(WEBHOOK, 3 * MIB, `X-Hub-Signature-256: ${UNSIGNED}\r\n`));
        one.socket.write(piece);
        return one;
      }),
    );
    const refused = () => all.filter(({ answer }) => answer().startsWith('HTTP/1.1 503'));
    await eventually('most are refused', () => refused().length >= 50, 15_000);
    expect(refused()[0]?.answer())
      .to.match(/Retry-After: \d/i)
      .and.include('OVERLOADED');
    collectGarbage();
    expect((process.memoryUsage().arrayBuffers - before) / MIB, 'MiB held').to.be.below(64);
    await app.openTickets('sari', 1);
    expect((await app.signIn(app.person('tl').email)).status).to.equal(200);
  });

  it('the bytes are free again when the senders are gone', async () => {
    for (let round = 0; round < 3; round += 1) {
      const some = await Promise.all(
        Array.from({ length: 3 }, async () => {
          const one = await open();
          one.socket.write(head(WEBHOOK, 3 * MIB, `X-Hub-Signature-256: ${UNSIGNED}\r\n`));
          one.socket.write(Buffer.alloc(2 * MIB, ' '));
          return one;
        }),
      );
      await sleep(50);
      expect(some.filter(({ answer }) => answer().includes('503'))).to.deep.equal([]);
      await Promise.all(
        some.map(async ({ socket }) => {
          socket.destroy();
          if (!socket.closed) await once(socket, 'close');
        }),
      );
      await eventually('they are gone', async () => (await app.call('/healthz')).status === 200);
    }
  });

  it('who never ends its headers is cut off', async () => {
    const all = await Promise.all(Array.from({ length: 60 }, () => open()));
    for (const { socket } of all) socket.write(`POST ${LOGIN} HTTP/1.1\r\nHost: x\r\n`);
    await eventually('they are cut off', () => all.every(({ socket }) => socket.readableEnded), 16_000);
  });

  it('who is signed in waits less than 3 times as long as without a flood', async function () {
    // A bar in milliseconds: whatever else this machine does may take one round.
    this.retries(2);
    const inbox = async (): Promise<number> => {
      const started = performance.now();
      expect((await app.get('/api/admin/inbox', 'agent.sari')).status).to.equal(200);
      return performance.now() - started;
    };
    const p99 = async (going: () => boolean): Promise<number> => {
      const taken: number[] = [];
      while (going() || taken.length < 50) taken.push(await inbox());
      return taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.99)] ?? 0;
    };
    const until = (milliseconds: number) => {
      const end = performance.now() + milliseconds;
      return () => performance.now() < end;
    };
    await p99(until(500));
    const before = await p99(until(1_500));
    // In a thread of their own: what the attackers compute themselves keeps nobody waiting.
    const attackers = new Worker(ATTACKERS, {
      eval: true,
      workerData: { url: app.url, paths: [LOGIN, WEBHOOK], body: manyMembers(95_000), milliseconds: 4_500 },
    });
    const answers = once(attackers, 'message');
    await once(attackers, 'online');
    const going = until(4_000);
    const flooded = await p99(going);
    const [statuses] = (await answers) as [number[]];
    const quiet = Math.max(before, await p99(until(1_500)));
    expect(flooded, `ms; ${quiet.toFixed(1)} without a flood`).to.be.below(Math.max(3 * quiet, 150));
    expect([...new Set(statuses)].sort()).to.deep.equal([401, 413]);
    expect(statuses.length).to.be.greaterThan(50);
  });
});
