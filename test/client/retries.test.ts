import { expect } from 'chai';
import { type ClientOptions, createClient, result } from '../../client/index.ts';
import { answered, type FakeServer, fakeServer, refused } from './fake-server.ts';

const lost = (): Error => new TypeError('fetch failed');
const path = { id: '019a9d1e-7c00-7000-8000-000000000101' };

describe('a request of the client', () => {
  const clientOf = ({ fetch }: FakeServer, retries: ClientOptions['retries'] = {}) =>
    createClient({
      baseUrl: 'http://saga.test',
      transport: 'body',
      fetch,
      retries: { pauseMs: 1, ...retries },
    });
  /** Answers the first requests so, one each, and all others with success. */
  const serverWith = (...first: readonly (() => Response | Error)[]): FakeServer => {
    const left = [...first];
    return fakeServer(() => left.shift()?.() ?? answered({}));
  };
  const takeOver = (server: FakeServer, retries: ClientOptions['retries'] = {}) =>
    result(
      clientOf(server, retries).api.POST('/api/admin/ticket/{id}/self-takeover', {
        params: { path },
        body: {},
      }),
    );
  const read = (server: FakeServer, retries: ClientOptions['retries'] = {}) =>
    result(clientOf(server, retries).api.GET('/api/admin/ticket/{id}', { params: { path } }));
  const changeSale = (server: FakeServer, header: { 'If-Match'?: string }) =>
    result(
      clientOf(server).api.PATCH('/api/admin/ticket/{id}/crm', {
        params: { path, header },
        body: { quote_value: 1 },
      }),
    );

  it('is sent again with the same key until it is answered: a store away, no connection, a proxy, the first still running', async () => {
    for (const first of [
      () => refused(503, 'STORE_UNAVAILABLE'),
      lost,
      () => new Response('<html>Bad Gateway</html>', { status: 502 }),
      () => refused(409, 'IDEMPOTENCY_KEY_IN_USE', { 'retry-after': '0' }),
    ]) {
      const server = serverWith(first, first);
      expect((await takeOver(server)).ok).to.equal(true);
      const keys = server.asked.map(({ headers }) => headers.get('idempotency-key'));
      expect(keys).to.have.length(3);
      expect(keys[0]).to.match(/^[0-9a-f-]{36}$/);
      expect(new Set(keys).size, 'one key').to.equal(1);
    }
  });

  it('has a key of its own', async () => {
    const server = serverWith();
    await takeOver(server);
    await takeOver(server);
    expect(new Set(server.asked.map(({ headers }) => headers.get('idempotency-key'))).size).to.equal(2);
  });

  it('is sent no more than so often, and then tells why it failed', async () => {
    const away = serverWith(...Array<() => Response>(9).fill(() => refused(503, 'STORE_UNAVAILABLE')));
    const failed = await read(away);
    expect(away.asked).to.have.length(4);
    expect(!failed.ok && failed.error).to.include({
      kind: 'refused',
      code: 'STORE_UNAVAILABLE',
      message: 'Pesan STORE_UNAVAILABLE',
    });

    const cut = serverWith(...Array<() => Error>(9).fill(lost));
    const unanswered = await read(cut);
    expect(cut.asked).to.have.length(4);
    expect(!unanswered.ok && unanswered.error.kind).to.equal('unreachable');
  });

  it('waits as long as the server asks for, but no longer than a person would', async () => {
    const soon = serverWith(() => refused(429, 'RATE_LIMITED', { 'retry-after': '1' }));
    const began = performance.now();
    expect((await read(soon)).ok).to.equal(true);
    expect(performance.now() - began).to.be.at.least(990);

    const late = serverWith(() => refused(429, 'RATE_LIMITED', { 'retry-after': '900' }));
    const answer = await read(late);
    expect(late.asked).to.have.length(1);
    expect(!answer.ok && answer.error.kind === 'refused' && answer.error.retryAfter).to.equal(900);
  });

  it('with If-Match is not sent again where the first may have been carried out', async () => {
    for (const first of [lost, () => refused(503, 'STORE_UNAVAILABLE')]) {
      const server = serverWith(first);
      expect((await changeSale(server, { 'If-Match': '"4"' })).ok).to.equal(false);
      expect(server.asked).to.have.length(1);
      const plain = serverWith(first);
      expect((await changeSale(plain, {})).ok).to.equal(true);
    }
    const limited = serverWith(() => refused(429, 'RATE_LIMITED'));
    expect((await changeSale(limited, { 'If-Match': '"4"' })).ok, 'a 429 was not carried out').to.equal(true);
  });

  it('is not sent again when it was refused for good', async () => {
    for (const [status, code] of [
      [400, 'VALIDATION_FAILED'],
      [403, 'FORBIDDEN'],
      [404, 'TICKET_NOT_FOUND'],
      [409, 'TICKET_ALREADY_TAKEN'],
      [500, 'INTERNAL_ERROR'],
    ] as const) {
      const server = serverWith(() => refused(status, code));
      const answer = await takeOver(server);
      expect(server.asked, code).to.have.length(1);
      expect(!answer.ok && answer.error.kind === 'refused' && answer.error.code).to.equal(code);
    }
  });

  it('of a sign-in is never repeated: failures count against the account', async () => {
    const server = serverWith(lost);
    const { session } = clientOf(server);
    expect((await session.login('a@b.c', 'salah')).ok).to.equal(false);
    expect(server.asked.map(({ headers }) => headers.get('idempotency-key'))).to.deep.equal([null]);
  });

  it('that nobody answers in time counts as lost', async () => {
    let first = true;
    const server = fakeServer(() => {
      if (!first) return answered({});
      first = false;
      return new Promise<never>(() => undefined);
    });
    expect((await takeOver(server, { answerWithinMs: 20 })).ok).to.equal(true);
    expect(server.asked).to.have.length(2);
  });

  it('ends when its caller wants so, also in a pause', async () => {
    const caller = new AbortController();
    const server = fakeServer(() => {
      setTimeout(() => caller.abort(), 5);
      return refused(503, 'STORE_UNAVAILABLE', { 'retry-after': '15' });
    });
    const { api } = clientOf(server);
    const answer = await result(
      api.GET('/api/admin/ticket/{id}', { params: { path }, signal: caller.signal }),
    );
    expect(!answer.ok && answer.error.kind).to.equal('aborted');
    expect(server.asked).to.have.length(1);
  });

  it('that something else answered is said to be so', async () => {
    const server = serverWith(() => new Response('<html>Anda harus masuk</html>', { status: 511 }));
    const answer = await read(server);
    expect(!answer.ok && answer.error).to.include({ kind: 'unexpected', status: 511 });
  });
});
