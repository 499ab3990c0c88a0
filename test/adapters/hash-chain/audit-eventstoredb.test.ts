/** The same on EventStoreDB, where a flipped byte may leave something that is no JSON any more. */
import { expect } from 'chai';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { audit, type AuditReport } from '../../../src/adapters/hash-chain/audit.ts';
import type { EventStore } from '../../../src/ports.ts';
import { anEvent } from '../../support/scenarios/events.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

describe('audit of EventStoreDB', () => {
  let server: EsdbServer;
  let raw: EventStore;
  before(async () => {
    server = await startEsdbServer();
    raw = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = createChainedEventStore(raw);
    for (const stream of ['a', 'b', 'c']) {
      await store.append(stream, [anEvent({ text: 'halo' }), anEvent()], { expected: 'none' });
      await store.append(stream, [anEvent({ n: [1, 2, 3] })], { expected: 1n });
    }
  });
  after(async () => {
    await raw.close();
    server.stop();
  });

  const look = (): Promise<AuditReport> => audit(raw, { signal: new AbortController().signal });

  it('holds as it was written', async () => {
    expect(await look()).to.deep.include({ events: 9, streams: 3, unhashed: 0, broken: [] });
  });

  for (const part of ['data', 'metadata'] as const) {
    it(`finds any one bit of ${part} that was turned, in every event`, async () => {
      for (const event of server.log.events.filter(({ stream }) => 'abc'.includes(stream))) {
        for (let time = 0; time < 4; time += 1) {
          const [at, bit] = [
            Math.floor(Math.random() * event[part].length),
            1 << Math.floor(Math.random() * 7),
          ];
          event[part][at] = (event[part][at] as number) ^ bit;
          const { broken } = await look();
          const text = Buffer.from(event[part]).toString('latin1');
          event[part][at] = event[part][at] ^ bit;
          const where = broken.map(({ stream, revision }) => `${String(stream)}@${String(revision)}`);
          // The store's first event without its hash may be one of before there were hashes: the next one tells.
          const places = [event.revision, ...(event === server.log.events[0] ? [event.revision + 1n] : [])];
          expect(
            places.map((revision) => [`${event.stream}@${String(revision)}`]),
            text,
          ).to.deep.include(where);
        }
      }
    });
  }

  it('finds a seal of before where the last event is gone', async () => {
    const { seal } = await look();
    const last = server.log.stream('c').at(-1);
    const events = server.log.events as unknown as unknown[];
    const at = events.indexOf(last);
    expect(at).to.be.greaterThan(0);
    events.splice(at, 1);
    const { broken } = await audit(raw, {
      signal: new AbortController().signal,
      against: seal,
      silenceMs: 1_500,
    });
    expect(broken.map(({ stream }) => stream)).to.deep.equal(['c']);
    expect(broken[0]?.problem).to.match(/cut off/);
  });
});
