import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createKeyRing, type KeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { WrongMasterKey } from '../../../src/adapters/personal-data/master.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { createEncryptedEventStore } from '../../../src/adapters/personal-data/encrypted-event-store.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { decode, type DomainEvent, encode, UndecodableEvent } from '../../../src/domain/codec.ts';
import { customerStream } from '../../../src/domain/customers/customer.ts';
import { erasuresStream } from '../../../src/domain/erasure/erasures.ts';
import { ERASED } from '../../../src/domain/vocabulary.ts';
import { type EventStore, type NewEvent, StoreUnavailable } from '../../../src/ports.ts';
import { rejection } from '../../support/rejection.ts';
import { opening } from '../../projections/desk.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const MASTER = 'a master key for tests only, 32 characters';
const WORDS = 'Nomor rumah saya 17, Budi Santoso';

const made = (event: DomainEvent, id: string = randomUUID()): NewEvent =>
  encode(event, id, {
    actor: { kind: 'customer' },
    correlationId: id,
    causationId: id,
    requestId: id,
    at: '2026-07-03T10:30:00.000Z',
  });

const received = (ticketId: string, content = WORDS): DomainEvent => ({
  type: 'MessageReceived',
  data: {
    ticketId,
    division: 'sari',
    messageId: randomUUID(),
    content,
    sentAt: '2026-07-03T10:30:00.000Z',
    channel: 'whatsapp',
    channelMessageId: 'h',
    kind: 'text',
    senderName: 'Budi Santoso',
    attachments: [{ kind: 'image', mediaId: 'm1', mimeType: 'image/png', fileName: 'ktp budi.png' }],
    replyTo: null,
  },
});

describe('sealed personal data', () => {
  let base: TestStore;
  let postgres: Postgres;
  let keys: KeyRing;
  let store: EventStore;
  let customerId: string;
  let ticketId: string;

  const ring = (master = MASTER): KeyRing => createKeyRing(postgres.writes, master);
  const append = (stream: string, event: NewEvent, on = store) =>
    on.append(stream, [event], { expected: 'any' });
  const talk = (): string => `conversation-${ticketId}`;
  const raw = async (): Promise<string> =>
    JSON.stringify(
      await postgres.writes.query(
        unchecked({ text: 'select data from es.events order by position', values: [] }),
      ),
    );
  const first = async (on: EventStore = store) => {
    const [event] = await on.read(talk(), { limit: 1 });
    if (!event) throw new Error('nothing was said');
    return event;
  };

  before(async () => {
    base = await testStore();
    postgres = createPostgres({ url: base.url, logger: silentLogger(), poolSize: 2 });
  });
  after(async () => {
    await postgres.close();
    await base.close();
  });
  beforeEach(async () => {
    keys = ring();
    // Chained, as in the program: the hash shows what this installation wrote.
    store = createEncryptedEventStore(createChainedEventStore(base.store), keys);
    customerId = randomUUID();
    ticketId = randomUUID();
    const [stream, opened] = opening(ticketId, 'sari', { customerId });
    await append(stream, made(opened));
  });

  it('stores no word of a customer, and gives every word back', async () => {
    const said = received(ticketId);
    await append(talk(), made(said));
    for (const text of ['Nomor rumah', 'Santoso', '6281234567890', 'ktp'])
      expect(await raw()).not.to.include(text);
    expect(decode(await first())).to.deep.include(said);
    // Another process, which has neither key nor ticket in memory.
    expect(decode(await first(createEncryptedEventStore(base.store, ring())))).to.deep.include(said);
  });

  it('writes the same bytes when an append is tried again', async () => {
    const event = made(received(ticketId));
    await append(talk(), event);
    const written = await raw();
    await append(talk(), event);
    await append(talk(), event, createEncryptedEventStore(base.store, ring()));
    expect(await raw()).to.equal(written);
  });

  it('makes one key where two processes meet a customer at once', async () => {
    const id = randomUUID();
    const [one, other, again] = await Promise.all([ring().make(id), ring().make(id), ring().make(id)]);
    expect(one).to.have.property('customerId', id);
    const sealWith = (key: typeof one): string =>
      key === 'destroyed' ? '' : key.nonces.export().toString('hex');
    expect(new Set([one, other, again].map(sealWith)).size).to.equal(1);
  });

  it('leaves nothing of an erased customer to read, and everything of the others', async () => {
    await append(talk(), made(received(ticketId)));
    const otherTicket = randomUUID();
    const [stream, opened] = opening(otherTicket, 'sari', { customerId: randomUUID() });
    await append(stream, made(opened));
    await keys.destroy([customerId]);
    for (const reader of [store, createEncryptedEventStore(base.store, ring())]) {
      const event = decode(await first(reader));
      expect(event.data).to.deep.include({ content: ERASED, senderName: null });
      const [card] = await reader.read(stream);
      expect(card && decode(card).data).to.deep.include({ customerName: 'Budi Santoso' });
    }
  });

  it('keeps no word that comes in for somebody who was erased', async () => {
    await keys.destroy([customerId]);
    await append(talk(), made(received(ticketId, 'terlambat sekali')));
    expect(await raw()).not.to.include('terlambat');
    expect((await first()).data)
      .to.include({ content: ERASED })
      .and.not.to.have.property('$sealed');
  });

  it('takes a customer for erased as soon as it is decided, also with the key still in memory', async () => {
    await append(talk(), made(received(ticketId)));
    const follower = createEncryptedEventStore(base.store, ring());
    expect((await first(follower)).data).to.include({ content: WORDS });
    const erased = {
      customerId,
      customerKey: 'sari_k',
      division: 'sari' as const,
      ticketIds: [ticketId],
      orderingKey: 'k',
      reason: null,
    };
    await append(customerStream(`sari_${customerId}`), made({ type: 'CustomerErased', data: erased }));
    const stop = new AbortController();
    for await (const batch of follower.subscribe({ after: '', signal: stop.signal }))
      if (batch.caughtUp) stop.abort();
    expect((await first(follower)).data).to.include({ content: ERASED });
  });

  it('destroys a key again that a backup brought back, before anything is read', async () => {
    await append(talk(), made(received(ticketId)));
    const backup = await postgres.writes.query(
      unchecked<{ wrapped: Buffer }>({
        text: 'select wrapped from ops.personal_keys where customer_id = $1',
        values: [customerId],
      }),
    );
    const listed = {
      customerId,
      customerKey: 'sari_k',
      division: 'sari' as const,
      ticketIds: [ticketId],
      orderingKey: 'k',
    };
    await append(erasuresStream('list'), made({ type: 'ErasureListed', data: listed }));
    await keys.destroy([customerId]);
    await keys.purged(customerId);
    await postgres.writes.query(
      unchecked({
        text: 'update ops.personal_keys set wrapped = $2, destroyed_at = null, purged_at = null where customer_id = $1',
        values: [customerId, backup[0]?.wrapped],
      }),
    );
    expect((await first(createEncryptedEventStore(base.store, ring()))).data).to.include({ content: ERASED });
    // And what else there was of them is to be purged again.
    expect(await ring().destroy([customerId])).to.deep.equal([customerId]);
  });

  it('never takes a key table that does not answer, or that lost a key, for an erasure', async () => {
    await append(talk(), made(received(ticketId)));
    const away = createEncryptedEventStore(base.store, {
      ...ring(),
      find: () => Promise.reject(new StoreUnavailable('read')),
      make: () => Promise.reject(new StoreUnavailable('read')),
    });
    expect(await rejection(away.read(talk()))).to.be.instanceOf(StoreUnavailable);
    const before = await raw();
    expect(await rejection(append(talk(), made(received(ticketId)), away))).to.be.instanceOf(
      StoreUnavailable,
    );
    expect(await raw()).to.equal(before);
    await postgres.writes.query(
      unchecked({
        text: 'delete from ops.personal_keys where customer_id = $1',
        values: [customerId],
      }),
    );
    expect(await rejection(createEncryptedEventStore(base.store, ring()).read(talk()))).to.be.instanceOf(
      StoreUnavailable,
    );
  });

  it('an event of another installation holds up its own stream only', async () => {
    await append(talk(), made(received(ticketId)));
    const foreign = `conversation-${randomUUID()}`;
    const [copied] = await base.store.read(talk());
    const sealed = JSON.stringify(copied?.data).replaceAll(customerId, randomUUID());
    const { metadata } = copied ?? {};
    await base.store.append(
      foreign,
      [
        { ...made(received(ticketId)), data: JSON.parse(sealed) as unknown, metadata: metadata as never },
        { ...made(received(ticketId)), data: JSON.parse(sealed) as unknown },
      ],
      { expected: 'none' },
    );
    for (const event of await store.read(foreign)) expect(() => decode(event)).to.throw(UndecodableEvent);
    expect((await first()).data).to.include({ content: WORDS });
  });

  it('does not take what was changed, or moved to another event, for anything', async () => {
    await append(talk(), made(received(ticketId)));
    const stolen = (await base.store.read(talk()))[0];
    const elsewhere = `conversation-${randomUUID()}`;
    await base.store.append(elsewhere, [{ ...made(received(ticketId)), data: stolen?.data }], {
      expected: 'none',
    });
    const [moved] = await store.read(elsewhere);
    expect(() => moved && decode(moved)).to.throw(UndecodableEvent);
  });

  it('reads events from before there were keys', async () => {
    await append(talk(), made(received(ticketId)), base.store);
    expect((await first()).data).to.include({ content: WORDS });
  });

  it('reads tags and cities that an older program wrote in clear: as they are, and erased once the customer is', async () => {
    const about = { ticketId, division: 'sari' as const };
    const place = (to: string | null) => ({ field: 'origin_city', from: null, to });
    const amount = { field: 'deal_value', from: null, to: 5 };
    const update = (words: object[], changes: object[]) =>
      ({
        ...about,
        changes,
        words,
        source: 'agent',
        confidence: null,
        at: '2026-07-03T10:30:00.000Z',
      }) as const;
    const old = `ticket-${ticketId}`;
    await append(old, made({ type: 'TicketTagged', data: { ...about, tag: 'tetangga' } }), base.store);
    const clear = { type: 'CrmUpdated', data: update([], [place('Kampung'), amount]) } as DomainEvent;
    await append(old, made(clear), base.store);
    // Only the words were encrypted.
    const note = { field: 'competitor_mentioned', from: null, to: 'rahasia' };
    const half = { type: 'CrmUpdated', data: update([note], [place('Desa'), amount]) } as DomainEvent;
    await append(old, made(half));
    const told = async (on = store) => (await on.read(old)).slice(1).map((event) => decode(event).data);
    expect(await told()).to.deep.equal([{ ...about, tag: 'tetangga' }, clear.data, half.data]);
    await keys.destroy([customerId]);
    const left = update([], [place(null), amount]);
    // Another process, which has not seen the ticket open.
    for (const reader of [store, createEncryptedEventStore(base.store, ring())])
      expect(await told(reader)).to.deep.equal([
        { ...about, tag: ERASED },
        left,
        { ...left, words: [{ ...note, to: null }] },
      ]);
    const [tag] = (await createEncryptedEventStore(base.store, ring()).read(old, { from: 1n, limit: 1 })).map(
      (event) => decode(event).data,
    );
    expect(tag).to.include({ tag: ERASED });
  });

  it('writes nothing for a ticket that nobody opened', async () => {
    const nowhere = randomUUID();
    await rejection(append(`conversation-${nowhere}`, made(received(nowhere))));
    expect(await store.read(`conversation-${nowhere}`)).to.deep.equal([]);
  });

  it('says so when the keys were wrapped by another master, and opens them with both while it is changed', async () => {
    await append(talk(), made(received(ticketId)));
    const next = 'another master key for tests only, 32 characters';
    expect(await rejection(ring(next).check())).to.be.instanceOf(WrongMasterKey);
    const both = ring(`${next},${MASTER}`);
    await both.check();
    expect((await first(createEncryptedEventStore(base.store, both))).data).to.include({ content: WORDS });
    expect(await both.rewrap()).to.be.greaterThan(0);
    expect((await first(createEncryptedEventStore(base.store, ring(next)))).data).to.include({
      content: WORDS,
    });
    const client = new pg.Client({ connectionString: base.url });
    await client.connect();
    await client.query('truncate ops.personal_keys');
    await client.end();
  });
});
