import { expect } from 'chai';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { auditStream, audit } from '../../../src/adapters/hash-chain/audit.ts';
import { createWholeStreams, whyNotWhole } from '../../../src/engine/commands/whole-stream.ts';
import { toHttpError } from '../../../src/http/framework/errors.ts';
import { attemptNext } from '../../../src/jobs/inbound/ingest-attempt.ts';
import type { EventStore } from '../../../src/ports.ts';
import { cut } from '../../support/esdb-server/deletions.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { commandsOn, message } from '../../support/scenarios/commands.ts';
import { anEvent } from '../../support/scenarios/events.ts';

describe('a stream is whole or it is not used', () => {
  let server: EsdbServer;
  let raw: EventStore;
  let store: EventStore;
  let noted: string[];
  const memory = {
    formerly: () => Promise.resolve(null),
    note: (stream: string) => {
      noted.push(stream);
      return Promise.resolve();
    },
  };
  beforeEach(async () => {
    server = await startEsdbServer();
    raw = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    store = createWholeStreams(raw, memory);
    noted = [];
    await raw.append('ticket-a', [anEvent(), anEvent(), anEvent(), anEvent()], { expected: 'none' });
  });
  afterEach(async () => {
    await raw.close();
    server.stop();
  });

  it('reads a whole stream as it is, in both directions, from any place, and one that never was', async () => {
    expect(await store.read('ticket-a')).to.have.length(4);
    expect(await store.read('ticket-a', { from: 2n })).to.have.length(2);
    expect(await store.read('ticket-a', { from: 4n })).to.have.length(0);
    expect(await store.read('ticket-a', { direction: 'backwards', limit: 2 })).to.have.length(2);
    expect(await store.read('ticket-a', { direction: 'backwards', limit: 9 })).to.have.length(4);
    expect(await store.read('ticket-never')).to.have.length(0);
    expect(await whyNotWhole(raw, memory, 'ticket-a')).to.equal(null);
    expect(noted).to.deep.equal([]);
  });

  for (const setting of ['soft delete', 'tombstone', { $tb: 2 }, { $maxCount: 1 }, { $tb: 50 }] as const) {
    it(`refuses it and puts it on record once: ${JSON.stringify(setting)}`, async () => {
      cut(server, 'ticket-a', setting);
      for (const range of [undefined, { limit: 1 }, { direction: 'backwards', limit: 9 }] as const) {
        const error = await rejection(store.read('ticket-a', range));
        expect([error.name, toHttpError(error).code]).to.deep.equal([
          'StreamNotWhole',
          'TICKET_NEEDS_ATTENTION',
        ]);
      }
      expect(noted).to.deep.equal(['ticket-a']);
      expect(await whyNotWhole(raw, memory, 'ticket-a')).to.be.a('string');
      const { broken } = await auditStream(raw, 'ticket-a');
      expect(broken.map(({ stream }) => stream)).to.deep.equal(['ticket-a']);
      const whole = await audit(raw, { signal: new AbortController().signal });
      expect(whole.broken.map(({ stream }) => stream)).to.include('ticket-a');
    });
  }

  it('refuses an append to a tombstoned stream', async () => {
    cut(server, 'ticket-a', 'tombstone');
    const error = await rejection(store.append('ticket-a', [anEvent()], { expected: 3n }));
    expect(error.name).to.equal('StreamNotWhole');
  });

  it('goes on with nothing where a stream was emptied between the read and the append', async () => {
    cut(server, 'ticket-a', 'soft delete');
    const error = await rejection(store.append('ticket-a', [anEvent(), anEvent()], { expected: 'none' }));
    expect(error.name).to.equal('StreamNotWhole');
    expect(noted).to.deep.equal(['ticket-a']);
    expect((await store.append('ticket-b', [anEvent(), anEvent()], { expected: 'none' })).revision).to.equal(
      1n,
    );
  });

  it('takes an empty stream for an error in an audit, and rights for none', async () => {
    expect((await auditStream(raw, 'ticket-never')).broken).to.have.length(1);
    server.inject('$$ticket-a', {
      id: crypto.randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from('{"$acl":{"$d":"$admins"}}'),
      metadata: Buffer.from('{}'),
    });
    expect((await audit(raw, { signal: new AbortController().signal })).broken).to.deep.equal([]);
    expect((await auditStream(raw, 'ticket-a')).broken).to.deep.equal([]);
  });

  for (const setting of ['soft delete', 'tombstone', { $tb: 1 }] as const) {
    it(`opens no second ticket for a customer whose stream is short (${JSON.stringify(setting)}); the message is a dead letter`, async () => {
      const item = (text: string, n: number) => ({
        seq: String(n),
        key: `key-${String(n)}`,
        receivedAt: '2026-07-03T03:30:00.000Z',
        item: JSON.stringify(message(text)),
        attempts: 0,
        waitedMs: 0,
        orderingKey: 'one',
      });
      const before = commandsOn(store);
      const opened = await attemptNext(before, [item('Halo', 1)]);
      expect(opened[0]).to.deep.nested.include({ kind: 'settled', 'outcome.kind': 'done' });
      const streams = () =>
        new Set(server.log.events.map(({ stream }) => stream).filter((s) => s.startsWith('ticket-')));
      const tickets = streams();
      const customer = server.log.events.find(({ stream }) => stream.startsWith('customer-'))?.stream ?? '';
      cut(server, customer, setting);
      // A process that has nothing in memory.
      const [result] = await attemptNext(commandsOn(store), [item('Halo lagi', 2)]);
      expect(result).to.deep.equal({
        kind: 'settled',
        outcome: { seq: '2', kind: 'dead', reason: 'stream_not_whole' },
      });
      expect(streams()).to.deep.equal(tickets);
      const error = await rejection(store.read(customer));
      expect(toHttpError(error).code).to.equal('TICKET_NEEDS_ATTENTION');
      cut(server, customer, setting === 'tombstone' ? 'tombstone' : 'nothing');
      const [again] = await attemptNext(commandsOn(store), [item('Halo lagi', 2)]);
      expect(again?.kind === 'settled' && again.outcome.kind).to.equal(
        setting === 'tombstone' ? 'dead' : 'done',
      );
    });
  }
});
