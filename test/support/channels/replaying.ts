/**
 * Delivers generated webhooks to real stores while the ingester is stopped and started, and appends get lost on the way back; then
 * looks at every event (docs/design/channels.md#lenient-reading).
 */
import { expect } from 'chai';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createIngester } from '../../../src/jobs/inbound/ingester.ts';
import type { EventStore, StoredEvent } from '../../../src/ports.ts';
import { randomOf } from '../../projections/chance.ts';
import { silentLogger } from '../observe/silent-logger.ts';
import { commandsOn } from '../scenarios/commands.ts';
import type { TestStore } from '../stores/store.ts';
import { type Delivery, generatedWebhooks } from './generated.ts';
import type { Answer, TestWebhook } from './webhook.ts';

/** At once, as channels deliver. */
const AT_ONCE = 16;
/** One append in so many is made, and its answer is lost. */
const LOST = 1 / 60;

async function everything(store: EventStore, prefix: string): Promise<readonly StoredEvent[]> {
  const stop = new AbortController();
  const found: StoredEvent[] = [];
  for await (const batch of store.subscribe({
    after: '',
    filter: { streamPrefixes: [prefix] },
    signal: stop.signal,
  })) {
    found.push(...batch.events);
    if (batch.caughtUp) stop.abort();
  }
  return found;
}

const TOKEN = /\[(?:kata|lain)-[\d-]+\]/g;
const tokensIn = (text: string): readonly string[] => text.match(TOKEN) ?? [];

export interface Replaying {
  readonly count: number;
  readonly seed: number;
  /** How often the ingester stops and another one goes on. */
  readonly restarts: number;
  /** Every second ingester is one of these, which ends as it likes; unset: none is. */
  readonly startOther?: () => Promise<{ stop(): Promise<void> }>;
}

/** Every message once, at the right customer, at its time; nothing in dead letters that a person could have read. */
export async function replayGenerated(
  its: TestStore,
  hooks: readonly TestWebhook[],
  { count, seed, restarts, startOther }: Replaying,
): Promise<void> {
  const now = new Date();
  const { people, written, deliveries, rivals } = generatedWebhooks(count, seed, now);
  const random = randomOf(seed + 1);
  const log = silentLogger();

  const losingAnswers = (store: EventStore): EventStore => ({
    ...store,
    append: async (...args) => {
      const appended = await store.append(...args);
      if (random() < LOST) throw new Error('the answer was lost');
      return appended;
    },
  });

  async function startIngester() {
    const { receive, receiveTogether, time } = commandsOn(losingAnswers(await its.another()));
    time.now = now;
    const ingester = createIngester({
      inbox: hooks[0]!.inbox,
      receive,
      receiveTogether,
      leases: createLeases({ url: its.url, logger: log }),
      pubSub: hooks[0]!.pubSub,
      log,
    });
    const ending = new AbortController();
    const done = ingester.run(ending.signal);
    return {
      ...ingester,
      stop: async () => {
        ending.abort();
        await done;
      },
    };
  }

  const send = ({ by, body }: Delivery, at: number): Promise<Answer> => hooks[at % hooks.length]![by](body);

  let working: { stop(): Promise<void> } = await startIngester();
  let started = 1;
  try {
    const share = Math.ceil(deliveries.length / (restarts + 1));
    for (let at = 0; at < deliveries.length; at += AT_ONCE) {
      const answers = await Promise.all(
        deliveries.slice(at, at + AT_ONCE).map((one, n) => send(one, at + n)),
      );
      expect(
        answers.filter(({ status }) => status !== 200).map(({ status, text }) => [status, text]),
      ).to.deep.equal([]);
      if (Math.floor(at / share) !== Math.floor((at + AT_ONCE) / share) && at + AT_ONCE < deliveries.length) {
        await working.stop();
        working = started % 2 === 1 && startOther ? await startOther() : await startIngester();
        started += 1;
      }
    }
    await working.stop();
    const last = await startIngester();
    working = last;
    await last.drained(60_000 + count * 20);
  } finally {
    await working.stop();
  }

  const dead: string[] = [];
  const reasons = new Set<string>();
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<TestWebhook['inbox']['deadLetters']>> = await hooks[0]!.inbox.deadLetters(
      200,
      cursor,
    );
    for (const { payload, reason } of page.items) {
      reasons.add(reason);
      dead.push(...tokensIn(JSON.stringify(payload)));
    }
    cursor = page.nextCursor;
    if (cursor === null) break;
  }
  expect(
    [...reasons].filter((reason) => reason !== 'differs_from_first'),
    'dead letters',
  ).to.deep.equal([]);

  // Who was known by their number, and by another id, is one since both came together: so are their open tickets.
  const mergedInto = new Map<string, string>();
  for (const { type, data } of await everything(its.store, 'customer-'))
    if (type === 'CustomerMerged') {
      const { customerId, into } = data as { customerId: string; into: string };
      mergedInto.set(customerId, into);
    }
  const endOf = (chain: ReadonlyMap<string, string>, id: string): string => {
    const next = chain.get(id);
    return next === undefined ? id : endOf(chain, next);
  };
  const customerOf = new Map<string, string>();
  const joinedTo = new Map<string, string>();
  for (const { type, stream, data } of await everything(its.store, 'ticket-')) {
    const ticketId = stream.slice('ticket-'.length);
    if (type === 'TicketOpened') customerOf.set(ticketId, (data as { customerId: string }).customerId);
    const { joinedTo: to } = data as { joinedTo?: string };
    if (type === 'TicketClosed' && to !== undefined) joinedTo.set(ticketId, to);
  }
  const personOfToken = new Map(written.map(({ token, person, sentAt }) => [token, { person, sentAt }]));
  for (const [original = '', ...others] of rivals)
    for (const other of others) personOfToken.set(other, personOfToken.get(original)!);

  const shown = new Map<string, number>();
  /** Which tickets and customers each person has. */
  const tickets = new Map<number, Set<string>>();
  const owners = new Map<string, Set<number>>();
  for (const { type, stream, data } of await everything(its.store, 'conversation-')) {
    if (type !== 'MessageReceived') continue;
    const { content, kind, sentAt } = data as { content: string; kind: string; sentAt: string };
    if (kind === 'reaction') continue;
    const [token = '', ...more] = tokensIn(content);
    expect(more, content).to.deep.equal([]);
    const from = personOfToken.get(token);
    if (!from) throw new Error(`nobody wrote this: ${content}`);
    shown.set(token, (shown.get(token) ?? 0) + 1);
    const ticketId = endOf(joinedTo, stream.slice('conversation-'.length));
    tickets.set(from.person, (tickets.get(from.person) ?? new Set()).add(ticketId));
    const customerId = endOf(mergedInto, customerOf.get(ticketId) ?? '');
    owners.set(customerId, (owners.get(customerId) ?? new Set()).add(from.person));
    if (!token.startsWith('[lain')) expect(sentAt, token).to.equal(from.sentAt);
  }

  const rivalling = new Set(rivals.flat());
  const missing = written.filter(({ token }) => !rivalling.has(token) && shown.get(token) !== 1);
  expect(
    missing.map(({ token, person }) => [token, shown.get(token) ?? 0, people[person]?.kind]),
    'written, and not shown once',
  ).to.deep.equal([]);
  for (const tokens of rivals) {
    const taken = tokens.filter((token) => shown.get(token) === 1);
    expect(taken, 'one of the messages with one id').to.have.length(1);
    for (const token of tokens) if (!taken.includes(token)) expect(dead, token).to.include(token);
  }
  const kinds = (wrong: readonly number[]) => wrong.map((person) => people[person]);
  expect(
    kinds([...tickets].filter(([, of]) => of.size > 1).map(([person]) => person)),
    'in two tickets',
  ).to.deep.equal([]);
  expect(
    [...owners.values()].filter((of) => of.size > 1).map((of) => kinds([...of])),
    'taken for one',
  ).to.deep.equal([]);
  expect(customerOf.size - joinedTo.size, 'open tickets').to.equal(people.length);
  expect(joinedTo.size, 'people who were known by two ids').to.be.greaterThan(0);
}
