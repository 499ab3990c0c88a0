/** Users and rights (docs/design/reliability.md#rights), and every way in which an address can be wrong. */
import { expect } from 'chai';
import { serverAddress } from '../../../src/adapters/eventstoredb/address.ts';
import { foreignStreams } from '../../../src/adapters/eventstoredb/administration/foreign-streams.ts';
import { rightsOf } from '../../../src/adapters/eventstoredb/administration/rights.ts';
import { setUpEventStore } from '../../../src/adapters/eventstoredb/administration/setup.ts';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { type EventStore, StoreRefused, StoreUnavailable } from '../../../src/ports.ts';
import { startEsdbCluster } from '../../support/esdb-server/cluster.ts';
import { type Certificates, makeCertificates } from '../../support/esdb-server/certificates.ts';
import { plainServers, type SecureServer, secureServers } from '../../support/real-eventstoredb/servers.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { needsTool } from '../../support/processes/tool.ts';
import { anEvent, follow } from '../../support/scenarios/events.ts';

const logger = silentLogger();
const at = (url: string) => serverAddress(url, { allowInsecure: false });
const open = (connectionString: string): EventStore =>
  createEventStoreDb({
    connectionString,
    logger,
    appendTimeoutMs: 1_000,
    appendBudgetMs: 2_000,
    readTimeoutMs: 2_000,
  });
const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

for (const { name, start } of secureServers()) {
  describe(`rights on EventStoreDB: ${name}`, function () {
    this.timeout(90_000);
    let server: SecureServer;
    const stores: EventStore[] = [];
    const as = (login: string, password: string): EventStore => {
      const store = open(server.address(login, password));
      stores.push(store);
      return store;
    };
    const setUp = (login: string, password: string) =>
      setUpEventStore(at(server.address('admin', 'changeit')), { username: login, password }, logger);

    before(async function () {
      needsTool(this, 'openssl', 'openssl');
      server = await start();
    });
    after(async () => {
      await Promise.all(stores.map((store) => store.close()));
      // Not there when openssl is not.
      await (server as SecureServer | undefined)?.stop();
    });

    it('a user that nobody made is refused: the store is away, and says why', async () => {
      const store = as('saga', 'rahasia');
      const failures = await Promise.all(
        [
          store.append('ticket-1', [anEvent()], { expected: 'none' }),
          store.read('ticket-1'),
          store.head(),
          store.storeId(),
        ].map(failureOf),
      );
      for (const failure of failures) {
        expect(failure).to.be.instanceOf(StoreRefused);
        expect((failure as StoreRefused).because).to.include('does not know this user');
        expect((failure as Error).message).not.to.include('rahasia');
      }
    });

    it('setup makes the user with exactly the rights that it needs, and finds nothing to do a second time', async () => {
      const done = await setUp('saga', 'rahasia 50% @ / :');
      expect(done.join(' ')).to.match(/was made.*may read all events.*only administrators delete/);
      expect(await setUp('saga', 'rahasia 50% @ / :')).to.deep.equal([]);
      expect(await rightsOf(at(server.address('saga', 'rahasia 50% @ / :')), logger)).to.deep.equal({
        readStream: true,
        readAll: true,
        append: true,
        deleteStream: false,
        changeMetadata: false,
        readSettings: false,
      });
      const { deleteStream, changeMetadata, readSettings } = await rightsOf(
        at(server.address('admin', 'changeit')),
        logger,
      );
      expect([deleteStream, changeMetadata, readSettings], 'the probe can find them').to.deep.equal([
        true,
        true,
        true,
      ]);
    });

    it('the user does all that the product does', async () => {
      const store = as('saga', 'rahasia 50% @ / :');
      const { position } = await store.append('ticket-2', [anEvent()], { expected: 'none' });
      expect(await store.read('ticket-2')).to.have.length(1);
      expect(await store.head()).to.equal(position);
      expect(await store.behind('')).to.equal(1);
      const follower = follow(store, { after: '', prefixes: ['ticket-'] });
      await eventually('the event', () => follower.events.length === 1);
      await follower.stop();
    });

    it('a proof of rights is no event: no view sees it, and the end of the store is where it was', async () => {
      const store = as('saga', 'rahasia 50% @ / :');
      const head = await store.head();
      for (let n = 0; n < 3; n += 1) await rightsOf(at(server.address('saga', 'rahasia 50% @ / :')), logger);
      expect(await store.head()).to.equal(head);
      const follower = follow(store, { after: '' });
      await eventually('it caught up', () => follower.batches.some(({ caughtUp }) => caughtUp));
      await follower.stop();
      expect(follower.events.map(({ stream }) => stream)).to.deep.equal(['ticket-2']);
    });

    it('another user of the server reads nothing of ours and writes nothing', async () => {
      await setUp('other', 'lain');
      await setUp('saga', 'rahasia 50% @ / :');
      const stranger = as('other', 'lain');
      const failures = await Promise.all(
        [stranger.read('ticket-2'), stranger.append('ticket-2', [anEvent()], { expected: 'any' })].map(
          failureOf,
        ),
      );
      for (const failure of failures) expect((failure as StoreRefused).because).to.include('lacks a right');
    });

    it('a password that changes on the server: refused, and well again by itself when it is right again', async () => {
      const store = as('saga', 'rahasia 50% @ / :');
      const follower = follow(store, { after: '', prefixes: ['ticket-'] });
      await eventually('the event', () => follower.events.length === 1);
      expect((await setUp('saga', 'baru')).join(' ')).to.include('password');
      // The real server forgets the old password a moment later.
      await eventually(
        'it is refused',
        async () => (await failureOf(store.read('x'))) instanceof StoreRefused,
      );
      const event = anEvent();
      const failure = await failureOf(store.append('ticket-2', [event], { expected: 0n }));
      expect(failure).to.be.instanceOf(StoreRefused);
      expect(failure).to.be.instanceOf(StoreUnavailable);
      await setUp('saga', 'rahasia 50% @ / :');
      await eventually('it is known again', async () => (await failureOf(store.read('x'))) === undefined);
      await store.append('ticket-2', [event], { expected: 0n });
      await eventually('the event after', () => follower.events.length === 2);
      await follower.stop();
      expect(follower.failure).to.equal(undefined);
    });

    it('setup as somebody who is no administrator is refused, and changes nothing', async () => {
      const user = { username: 'third', password: 'x' };
      for (const address of [server.address('saga', 'rahasia 50% @ / :'), server.address('admin', 'salah')])
        expect(await failureOf(setUpEventStore(at(address), user, logger))).to.be.instanceOf(StoreRefused);
    });

    it('names the streams of others', async () => {
      const address = at(server.address('saga', 'rahasia 50% @ / :'));
      expect(await foreignStreams(address, 1_000, logger)).to.deep.equal([]);
      const foreign = { ...anEvent({}, 'OrderPlaced'), metadata: {} as never };
      await as('saga', 'rahasia 50% @ / :').append('ticket-orders', [foreign], { expected: 'none' });
      expect(await foreignStreams(address, 1_000, logger)).to.deep.equal([
        { stream: 'ticket-orders', events: 1, type: 'OrderPlaced' },
      ]);
    });

    describe('an address that is wrong', () => {
      const made: Certificates[] = [];
      const another = (): Certificates => {
        const certificates = makeCertificates();
        made.push(certificates);
        return certificates;
      };
      after(() => {
        for (const certificates of made) certificates.remove();
      });

      /** What the store says, and what a look at the sockets says. */
      const WRONG: Readonly<Record<string, readonly [(url: string) => string, RegExp]>> = {
        'no authority named': [(url) => url.replace(/&tlsCAFile=.*/, ''), /authority that is not trusted/],
        'another authority': [
          (url) => url.replace(/tlsCAFile=.*/, `tlsCAFile=${encodeURIComponent(another().ca)}`),
          /authority that is not trusted/,
        ],
        'a port where nobody listens': [(url) => url.replace(/:\d+\?/, ':1?'), /nobody listens/],
        'a host that is not known': [
          (url) => url.replace('127.0.0.1', 'no-such-host.invalid'),
          /is not known/,
        ],
        'without TLS': [(url) => url.replace(/\?.*/, '?tls=false'), /wants TLS/],
      };
      for (const [what, [change, says]] of Object.entries(WRONG)) {
        it(`${what}: ${String(says)}`, async () => {
          const store = open(change(server.address('saga', 'rahasia 50% @ / :')));
          try {
            await eventually('it says why', async () => {
              const failure = await failureOf(store.read('ticket-2'));
              expect(failure).to.be.instanceOf(StoreUnavailable);
              return says.test((failure as StoreUnavailable).because ?? '');
            });
          } finally {
            await store.close();
          }
        });
      }
    });
  });
}

for (const { name, start } of plainServers()) {
  describe(`EventStoreDB without TLS: ${name}`, function () {
    this.timeout(90_000);

    it('asked for TLS, it says that it has none', async function () {
      needsTool(this, 'openssl', 'openssl');
      const server = await start();
      const certificates = makeCertificates();
      const store = open(
        `esdb://saga:x@127.0.0.1:${String(server.port)}?tls=true&tlsCAFile=${certificates.ca}`,
      );
      try {
        await eventually('it says why', async () => {
          const failure = await failureOf(store.read('ticket-1'));
          return failure instanceof StoreUnavailable && (failure.because ?? '').includes('speaks no TLS');
        });
      } finally {
        await store.close();
        certificates.remove();
        await server.stop();
      }
    });
  });
}

describe('setup by the address of a node that does not lead (protocol-level test server)', function () {
  this.timeout(60_000);

  it('follows to the leader', async () => {
    const cluster = await startEsdbCluster();
    try {
      const [, follower] = cluster.nodes;
      const url = `esdb://127.0.0.1:${String(follower?.port)}?tls=false`;
      const done = await setUpEventStore(at(url), { username: 'saga', password: 'sandi' }, logger);
      expect(done.join(' ')).to.include('may read all events');
      expect(cluster.log.stream('$settings')).to.have.length(1);
    } finally {
      cluster.stop();
    }
  });
});
