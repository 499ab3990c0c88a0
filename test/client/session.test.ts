import { expect } from 'chai';
import { createClient, memoryStore, result, type SessionState } from '../../client/index.ts';
import { eventually } from '../support/eventually.ts';
import { answered, bearerOf, type FakeServer, fakeServer, refused, tokenOf, tokens } from './fake-server.ts';

/** Knows the last token it gave; refuses every other one. */
function serverOf(over: (path: string) => Response | Error | undefined = () => undefined) {
  let good = '';
  const give = async (response: Response): Promise<Response> => {
    const { data } = (await response.clone().json()) as { data: { token: string } };
    good = data.token;
    return response;
  };
  let userId = 'andi';
  const server = fakeServer((one) => {
    const other = over(one.path);
    if (other) return other;
    if (one.path === '/api/auth/login' || one.path === '/api/auth/refresh') return give(tokens(userId));
    if (one.path === '/api/auth/logout') return new Response(null, { status: 204 });
    return bearerOf(one) === good ? answered({ user: { id: userId } }) : refused(401, 'UNAUTHENTICATED');
  });
  return {
    ...server,
    /** The token that is out is refused from now on. */
    forget: () => (good = 'none'),
    become: (id: string) => (userId = id),
  };
}

let names = 0;

describe('a session of the client', () => {
  const clients: { close(): void }[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  const clientOf = ({ fetch }: FakeServer, over: Partial<Parameters<typeof createClient>[0]> = {}) => {
    const client = createClient({ baseUrl: 'http://saga.test', transport: 'body', fetch, ...over });
    clients.push(client);
    return client;
  };
  type Client = ReturnType<typeof clientOf>;
  const signIn = ({ session }: Client) => session.login('andi@saga.test', 'kata sandi');
  const me = async ({ api }: Client) => (await result(api.GET('/api/auth/me'))).ok;
  const heardBy = ({ session }: Client): SessionState[] => {
    const states: SessionState[] = [];
    session.onChange((state) => states.push(state));
    return states;
  };
  /** Tabs of one browser: one origin, one cookie. */
  const tabsOf = (server: FakeServer, count: number): Client[] => {
    names += 1;
    const baseUrl = `http://saga-${String(names)}.test`;
    return Array.from({ length: count }, () => clientOf(server, { baseUrl, transport: 'cookie' }));
  };

  it('trades a token that was refused once for all requests that are under way, and asks them again', async () => {
    const server = serverOf();
    const client = clientOf(server);
    await signIn(client);
    server.forget();
    const answers = await Promise.all(Array.from({ length: 6 }, () => me(client)));
    expect(answers).to.deep.equal(Array(6).fill(true));
    expect(server.of('/api/auth/refresh')).to.have.length(1);
    expect(server.of('/api/auth/refresh')[0]?.body)
      .to.have.property('refresh_token')
      .that.matches(/^refresh-/);
  });

  it('trades a token that is nearly over before it is used', async () => {
    const server = serverOf((path) => (path === '/api/auth/login' ? tokens('andi', 59) : undefined));
    const client = clientOf(server);
    await signIn(client);
    expect(await me(client)).to.equal(true);
    expect(server.asked.map(({ path }) => path)).to.deep.equal([
      '/api/auth/login',
      '/api/auth/refresh',
      '/api/auth/me',
    ]);
  });

  it('is not traded for a wrong password or code, which is a 401, too', async () => {
    const server = serverOf((path) =>
      path === '/api/auth/password' ? refused(401, 'INVALID_CREDENTIALS') : undefined,
    );
    const client = clientOf(server);
    await signIn(client);
    await client.api.POST('/api/auth/password', { body: { current_password: 'a', new_password: 'b' } });
    expect(server.of('/api/auth/refresh')).to.have.length(0);
    expect(server.of('/api/auth/password')).to.have.length(1);
  });

  it('ends when the server ended it, and says why', async () => {
    const server = serverOf((path) =>
      path === '/api/auth/refresh' ? refused(401, 'SESSION_REVOKED') : undefined,
    );
    const store = memoryStore();
    const client = clientOf(server, { store });
    const states = heardBy(client);
    await signIn(client);
    server.forget();
    expect(await me(client)).to.equal(false);
    expect(states.map(({ kind }) => kind)).to.deep.equal(['signed-in', 'signed-out']);
    const { error } = states[1] as Extract<SessionState, { kind: 'signed-out' }>;
    expect(error).to.include({ code: 'SESSION_REVOKED', message: 'Pesan SESSION_REVOKED' });
    expect(await store.load(), 'the refresh token').to.equal(null);
    expect(await me(client)).to.equal(false);
    expect(server.of('/api/auth/refresh'), 'asked no more').to.have.length(1);
  });

  it('goes on when the server could not be asked', async () => {
    let away = true;
    const server = serverOf((path) =>
      path === '/api/auth/refresh' && away ? new TypeError('fetch failed') : undefined,
    );
    const client = clientOf(server);
    await signIn(client);
    server.forget();
    expect(await me(client)).to.equal(false);
    expect(client.session.state()).to.deep.equal({ kind: 'signed-in', userId: 'andi' });
    away = false;
    expect(await me(client)).to.equal(true);
  });

  it('is taken up again from the store; an empty one asks nobody', async () => {
    const server = serverOf();
    const store = memoryStore();
    expect((await clientOf(server, { store }).session.resume()).ok).to.equal(false);
    expect(server.asked).to.have.length(0);
    await signIn(clientOf(server, { store }));
    const later = clientOf(server, { store });
    expect((await later.session.resume()).ok).to.equal(true);
    expect(await me(later)).to.equal(true);
  });

  it('asks for a code where the account has a second factor', async () => {
    const server = fakeServer(({ path }) =>
      path === '/api/auth/login'
        ? answered({ mfa_required: true, challenge: 'c', expires_in: 300 })
        : tokens('andi'),
    );
    const { session } = clientOf(server);
    const first = await session.login('andi@saga.test', 'kata sandi');
    expect(first.ok && 'challenge' in first.data && first.data.challenge).to.equal('c');
    expect(session.state().kind).to.equal('signed-out');
    expect((await session.loginCode('c', '123456')).ok).to.equal(true);
    expect(session.state().kind).to.equal('signed-in');
    expect(server.asked[1]?.body).to.deep.equal({ challenge: 'c', code: '123456', transport: 'body' });
  });

  it('takes the tokens of an answer that begins another one', async () => {
    const server = serverOf();
    const store = memoryStore();
    const client = clientOf(server, { store });
    await client.session.adopt({ token: tokenOf('ayu'), refresh_token: 'r', expires_in: 28_800 });
    expect(client.session.state()).to.deep.equal({ kind: 'signed-in', userId: 'ayu' });
    expect(await store.load()).to.equal('r');
  });

  it('is shared by tabs: a sign-in, the other person, and a sign-out reach all', async () => {
    const server = serverOf();
    const [one, two, three] = tabsOf(server, 3) as [Client, Client, Client];
    const [states, others] = [heardBy(two), heardBy(three)];
    await signIn(one);
    expect(server.of('/api/auth/login')[0]?.body).to.have.property('transport', 'cookie');
    await eventually('the others are signed in', () => states.length === 1 && others.length === 1);
    expect(await me(two)).to.equal(true);
    server.become('ayu');
    await signIn(three);
    await eventually('the second knows the other person', () => states.length === 2);
    expect(states[1]).to.deep.equal({ kind: 'signed-in', userId: 'ayu' });
    await two.session.logout();
    await eventually('the third is signed out', () => others.length === 3);
    expect(one.session.state().kind).to.equal('signed-out');
    expect(server.of('/api/auth/refresh')).to.have.length(0);
  });

  it('is refreshed by one tab at a time, with the header that the cookie wants', async () => {
    const waiting: (() => void)[] = [];
    let running = 0;
    let most = 0;
    const server = serverOf();
    const slow: FakeServer = {
      ...server,
      async fetch(request, init) {
        if (!request.url.endsWith('/refresh')) return server.fetch(request, init);
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => waiting.push(resolve));
        running -= 1;
        return server.fetch(request, init);
      },
    };
    const platform = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    // Node 20 has no Web Locks. This is what a browser does for one name.
    let last: Promise<unknown> = Promise.resolve();
    const request = (_name: string, work: () => Promise<unknown>) => (last = last.then(work));
    Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks: { request } } });
    try {
      const tabs = tabsOf(slow, 3);
      const all = Promise.all(tabs.map(({ session }) => session.resume()));
      let isOver = false;
      void all.then(() => (isOver = true));
      await eventually('all tabs go on', () => {
        waiting.shift()?.();
        return isOver;
      });
      expect((await all).map(({ ok }) => ok)).to.deep.equal([true, true, true]);
      expect(most, 'at once').to.equal(1);
      expect(server.of('/api/auth/refresh')[0]?.headers.get('x-saga-client')).to.equal('saga-client');
      expect(await me(tabs[2]!)).to.equal(true);
    } finally {
      if (platform) Object.defineProperty(globalThis, 'navigator', platform);
      else Reflect.deleteProperty(globalThis, 'navigator');
    }
  });
});
