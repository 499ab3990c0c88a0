/** A desk for specs: a real store, the real projector on real tables, and short ways to make things happen. */
import { randomUUID } from 'node:crypto';
import { createPostgres, type Postgres } from '../../src/adapters/postgres/index.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { decode, type DomainEvent, encode } from '../../src/domain/codec.ts';
import { customerStream } from '../../src/domain/customers/customer.ts';
import { conversationStream } from '../../src/domain/conversation/conversation.ts';
import { internalStream } from '../../src/domain/conversation/internal-notes.ts';
import { ticketStream } from '../../src/domain/tickets/ticket.ts';
import { userStream } from '../../src/domain/staff/user.ts';
import type { Division, UserDivision } from '../../src/domain/vocabulary.ts';
import type { Actor, EventStore, PubSub, Leases, NewEvent, Position, Scope } from '../../src/ports.ts';
import {
  createProjectionStatus,
  type ProjectionStatus,
} from '../../src/engine/projections/projection-status.ts';
import { createRunner, type Runner, type RunnerOptions } from '../../src/engine/projections/runner.ts';
import { createViews } from '../../src/projections/views.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { testStore } from '../support/stores/store.ts';
import { unchecked } from '../support/stores/unchecked.ts';

/** Messages within this process, at once. */
export function localFanout(): PubSub {
  const topics = new Map<string, Set<(message: unknown) => void>>();
  return {
    publish: (topic, message) =>
      topics.get(topic)?.forEach((listener) => {
        listener(message);
      }),
    subscribe: (topic, listener) => {
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
}

/** Everybody holds the lease: the checkpoints alone must keep things right. */
export const noLease: Leases = { hold: (_name, signal, work) => work({ epoch: 1n, signal }) };

export const uuid = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export interface Desk {
  readonly url: string;
  readonly superuserUrl: string;
  readonly store: EventStore;
  readonly postgres: Postgres;
  readonly pubSub: PubSub;
  readonly projectionStatus: ProjectionStatus;
  readonly runner: Runner;
  readonly logger: ReturnType<typeof silentLogger>;
  runnerWith(over: Partial<RunnerOptions>): Runner;
  append(
    stream: string,
    event: DomainEvent,
    around?: { actor?: Actor; at?: string; id?: string },
  ): Promise<Position>;
  appendRaw(stream: string, events: readonly NewEvent[]): Promise<Position>;
  /** Everything that is in the store is in the running views. */
  settled(): Promise<void>;
  rows<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openDesk(options: { readonly start?: boolean } = {}): Promise<Desk> {
  const { store, url, superuserUrl, close } = await testStore();
  const logger = silentLogger();
  const postgres = createPostgres({ url, logger, poolSize: 3 });
  const pubSub = localFanout();
  const parts = { store, write: postgres.writes, pubSub, clock: systemClock, logger };
  const projectionStatus = createProjectionStatus({ ...parts, pollMs: 20 });
  const runners: Runner[] = [];
  const runnerWith = (over: Partial<RunnerOptions>): Runner => {
    const made = createRunner({ ...parts, leases: noLease, views: createViews(), decode, ...over });
    runners.push(made);
    return made;
  };
  const runner = runnerWith({});
  if (options.start !== false) runner.start();
  return {
    url,
    superuserUrl,
    store,
    postgres,
    pubSub,
    projectionStatus,
    runner,
    logger,
    runnerWith,
    async append(stream, event, around = {}) {
      const { at = new Date().toISOString(), id = randomUUID() } = around;
      const actor: Actor = around.actor ?? { kind: 'customer' };
      const metadata = { actor, correlationId: id, causationId: id, requestId: id, at };
      return (await store.append(stream, [encode(event, id, metadata)], { expected: 'any' })).position;
    },
    appendRaw: async (stream, events) => (await store.append(stream, events, { expected: 'any' })).position,
    async settled() {
      if (!(await projectionStatus.waitFor(await store.head(), 10_000)))
        throw new Error(
          `the views did not catch up: ${JSON.stringify([await projectionStatus.status(), logger.lines])}`,
        );
    },
    rows: (text, values = []) => postgres.writes.query(unchecked({ text, values })),
    async close() {
      await Promise.all(runners.map((one) => one.stop()));
      projectionStatus.close();
      await postgres.close();
      await close();
    },
  };
}

export const inDivision = (division: Division, userId = uuid(1)): Scope => ({
  kind: 'division',
  division,
  userId,
});
export const everywhere: Scope = { kind: 'all', userId: uuid(1) };
export const agentOf = (id: string, division: UserDivision = 'sari'): Actor => ({
  kind: 'user',
  id,
  role: 'sales_agent',
  division,
});

export const registered = (
  userId: string,
  name: string,
  division: UserDivision = 'sari',
): [string, DomainEvent] => [
  userStream(userId),
  {
    type: 'UserRegistered',
    data: { userId, name, email: `${name}@demo.saga`, passwordHash: 'hash', role: 'sales_agent', division },
  },
];

type Opened = Extract<DomainEvent, { type: 'TicketOpened' }>['data'];

export const opening = (
  ticketId: string,
  division: Division,
  over: Partial<Opened> = {},
): [string, DomainEvent] => [
  ticketStream(ticketId),
  {
    type: 'TicketOpened',
    data: {
      ticketId,
      division,
      customerId: uuid(900_000),
      customerKey: `${division}_k`,
      channel: 'whatsapp',
      botId: division,
      waPhoneId: null,
      waDisplayName: null,
      customerName: 'Budi Santoso',
      customerPhone: '6281234567890',
      isReturningCustomer: false,
      previousAgentId: null,
      isOffHours: false,
      ...over,
    },
  },
];

export const taking = (
  ticketId: string,
  division: Division,
  agentId: string,
  agentDivision: UserDivision = division,
): [string, DomainEvent] => [
  ticketStream(ticketId),
  { type: 'TicketTakenOver', data: { ticketId, division, agentId, agentDivision } },
];

type Received = Extract<DomainEvent, { type: 'MessageReceived' }>['data'];

export const receiving = (
  ticketId: string,
  division: Division,
  over: Partial<Received> = {},
): [string, DomainEvent] => [
  conversationStream(ticketId),
  {
    type: 'MessageReceived',
    data: {
      ticketId,
      division,
      messageId: randomUUID(),
      content: 'Halo',
      sentAt: new Date().toISOString(),
      channel: 'whatsapp',
      channelMessageId: null,
      kind: 'text',
      senderName: 'Budi',
      attachments: [],
      replyTo: null,
      ...over,
    },
  },
];

export const noting = (
  ticketId: string,
  division: Division,
  senderId: string,
  content: string,
): [string, DomainEvent] => [
  internalStream(ticketId),
  {
    type: 'InternalNotePosted',
    data: { ticketId, division, noteId: randomUUID(), senderId, content, taggedAgentId: null },
  },
];

export const customerOf = (division: Division, customerId: string, phone: string): [string, DomainEvent] => [
  customerStream(`${division}_${customerId}`),
  {
    type: 'CustomerRegistered',
    data: {
      customerId,
      customerKey: `${division}_${customerId}`,
      division,
      channel: 'whatsapp',
      channelUserId: `wa_${phone}`,
      phone,
      name: 'Budi',
    },
  },
];
