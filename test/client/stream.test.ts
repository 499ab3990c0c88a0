import { expect } from 'chai';
import { createClient, type Stream, type StreamOptions, type StreamState } from '../../client/index.ts';
import { eventually } from '../support/eventually.ts';
import { fakeServer, refused, tokens, type FakeServer } from './fake-server.ts';

/** One connection of the live stream, written to by hand. */
class Connection {
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly response = new Response(
    new ReadableStream<Uint8Array>({ start: (controller) => void (this.#controller = controller) }),
    { headers: { 'content-type': 'text/event-stream' } },
  );
  write(text: string): void {
    this.writeBytes(new TextEncoder().encode(text));
  }
  writeBytes(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }
  end(): void {
    this.#controller?.close();
  }
  fail(reason: unknown): void {
    this.#controller?.error(reason);
  }
}

const unread = (n: number): string => `event: unread\ndata: {"ticket_id":"t","unread_count":${String(n)}}\n`;

describe('the live stream of the client', () => {
  const open: { close(): void }[] = [];
  afterEach(() => {
    for (const one of open.splice(0)) one.close();
  });

  /** @param answers one for each connection; after them each is good */
  async function following(over: Partial<StreamOptions> = {}, answers: (() => Response | Error)[] = []) {
    const connections: Connection[] = [];
    const seen: number[] = [];
    const resets: string[] = [];
    const states: StreamState[] = [];
    const errors: string[] = [];
    const server: FakeServer = fakeServer(({ path }, signal) => {
      if (path !== '/api/stream') return tokens('andi');
      const answer = answers.shift();
      if (answer) return answer();
      const connection = new Connection();
      signal.addEventListener('abort', () => connection.fail(signal.reason));
      connections.push(connection);
      connection.write('retry: 1\nid: 7.0\n\n');
      return connection.response;
    });
    const client = createClient({
      baseUrl: 'http://saga.test',
      transport: 'body',
      fetch: server.fetch,
      retries: { pauseMs: 1 },
    });
    await client.session.login('andi@saga.test', 'kata sandi');
    const stream: Stream = client.stream({
      on: { unread: ({ unread_count }) => seen.push(unread_count) },
      onReset: (reason) => resets.push(reason),
      onState: (state) => states.push(state),
      onError: (error, event) => errors.push(`${event}: ${String(error)}`),
      longestPauseMs: 5,
      ...over,
    });
    open.push(stream, client);
    const connected = (n: number): Promise<Connection> =>
      eventually(`connection ${String(n)}`, () => connections[n - 1]);
    const lastIds = (): (string | null)[] =>
      server.of('/api/stream').map(({ headers }) => headers.get('last-event-id'));
    return { client, stream, server, seen, resets, states, errors, connected, lastIds };
  }

  it('resumes behind the last block, also behind one that has no event, and nothing comes twice', async () => {
    const { connected, seen, lastIds, states, stream } = await following();
    const first = await connected(1);
    first.write(`id: 8.0\n${unread(1)}\n: beat\nid: 9.0\n\nid: 10.0\n${unread(2)}`);
    await eventually('the first event', () => seen.length === 1);
    await eventually('the beat', () => stream.lastEventId() === '9.0');
    first.end();
    const second = await connected(2);
    expect(lastIds()).to.deep.equal([null, '9.0']);
    second.write(`id: 10.0\n${unread(2)}\n`);
    await eventually('the event that was cut off', () => seen.length === 2);
    expect(seen).to.deep.equal([1, 2]);
    expect(states.filter(({ kind }) => kind === 'open')).to.deep.equal([
      { kind: 'open', resumed: false },
      { kind: 'open', resumed: true },
    ]);
  });

  it('reads an event in whatever pieces it comes, letters in two halves too', async () => {
    const typed: string[] = [];
    const { connected, seen } = await following({
      on: { typing: ({ by }) => typed.push(by.name), unread: () => undefined },
    });
    const text = `event: typing\r\ndata: {"by":{"name":"Ayu é 🙂"}}\r\n\r\n`;
    const connection = await connected(1);
    for (const byte of new TextEncoder().encode(text)) connection.writeBytes(Uint8Array.of(byte));
    await eventually('the name', () => typed.length === 1);
    expect([typed, seen]).to.deep.equal([['Ayu é 🙂'], []]);
  });

  it('asks to load everything where the server does not know what was missed', async () => {
    const { connected, resets, stream } = await following();
    (await connected(1)).write('id: 20.0\nevent: reset\ndata: {"reason":"too_old"}\n\n');
    await eventually('reset', () => resets.length === 1);
    expect([resets, stream.lastEventId()]).to.deep.equal([['too_old'], '20.0']);
  });

  it('takes a silent connection for dead; comments are a sign of life', async () => {
    const { connected, states, server } = await following({ silentMs: 400 });
    const first = await connected(1);
    let longest = 0;
    for (let n = 0; n < 4; n += 1) {
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 120));
      longest = Math.max(longest, performance.now() - began);
      first.write(': beat\n\n');
    }
    // A machine that stood still for so long is as silent as the server.
    if (longest < 350) expect(server.of('/api/stream')).to.have.length(1);
    await connected(2);
    const waited = states.find((state) => state.kind === 'waiting');
    expect(waited?.kind === 'waiting' && waited.error?.kind).to.equal('unreachable');
    expect(server.of('/api/stream').length).to.be.at.least(2);
  });

  it('comes again after every failure that passes, and when a token was refused with another one', async () => {
    const { connected, server } = await following({}, [
      () => new TypeError('fetch failed'),
      () => refused(503, 'STORE_UNAVAILABLE'),
      () => new Response('<html>', { status: 502 }),
      () => refused(401, 'UNAUTHENTICATED'),
    ]);
    await connected(1);
    const tokensSent = server.of('/api/stream').map(({ headers }) => headers.get('authorization'));
    expect(tokensSent).to.have.length(5);
    expect(tokensSent[4]).not.to.equal(tokensSent[3]);
    expect(server.of('/api/auth/refresh')).to.have.length(1);
  });

  it('ends when it may not be read, when one signs out, and when it is closed', async () => {
    const forbidden = await following({}, [() => refused(403, 'PASSWORD_CHANGE_REQUIRED')]);
    const last = await eventually('its end', () => forbidden.states.find(({ kind }) => kind === 'ended'));
    expect(last.kind === 'ended' && last.error).to.include({ code: 'PASSWORD_CHANGE_REQUIRED' });

    for (const end of ['logout', 'close'] as const) {
      const { client, stream, states, connected, server } = await following();
      await connected(1);
      if (end === 'logout') await client.session.logout();
      else stream.close();
      await eventually('its end', () => states.at(-1)?.kind === 'ended');
      expect(server.of('/api/stream'), end).to.have.length(1);
    }
  });

  it('of another person begins anew', async () => {
    const { client, connected, resets, lastIds } = await following();
    (await connected(1)).write(`id: 8.0\n${unread(1)}\n`);
    const payload = Buffer.from('{"sub":"ayu"}').toString('base64url');
    await client.session.adopt({ token: `x.${payload}.x`, refresh_token: 'r', expires_in: 28_800 });
    await connected(2);
    expect(resets).to.deep.equal(['other_person']);
    expect(lastIds()).to.deep.equal([null, null]);
  });

  it('goes on after a handler that throws and an event it cannot read, and does not ask for them again', async () => {
    let n = 0;
    const { connected, errors, stream } = await following({
      on: {
        unread: () => {
          n += 1;
          if (n === 1) throw new Error('rusak');
        },
      },
    });
    const connection = await connected(1);
    connection.write(
      `id: 8.0\n${unread(1)}\nid: 9.0\nevent: typing\ndata: {"by\n\nid: 10.0\nevent: baru\ndata: {}\n\n`,
    );
    connection.write(`id: 11.0\n${unread(2)}\n`);
    await eventually('the event after them', () => n === 2);
    expect(errors.map((one) => one.slice(0, 20))).to.deep.equal([
      'unread: Error: rusak',
      'typing: SyntaxError:',
    ]);
    await eventually('its place', () => stream.lastEventId() === '11.0');
  });

  it('tries at once when the network is back', async () => {
    const platform = globalThis as Partial<EventTarget>;
    const events = new EventTarget();
    platform.addEventListener = events.addEventListener.bind(events);
    platform.removeEventListener = events.removeEventListener.bind(events);
    try {
      const { connected, states } = await following({ longestPauseMs: 3_600_000 }, [
        () => refused(503, 'STORE_UNAVAILABLE', { 'retry-after': '3600' }),
      ]);
      await eventually('it waits', () => states.at(-1)?.kind === 'waiting');
      events.dispatchEvent(new Event('online'));
      await connected(1);
    } finally {
      delete platform.addEventListener;
      delete platform.removeEventListener;
    }
  });
});
