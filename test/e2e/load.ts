/** Customers who write and an agent who answers, all the time, while something breaks; with the outcome of each request. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Channels, aCustomer, attempt, aText, type Session } from '../support/http/client.ts';
import type { Reply } from '../support/http/http.ts';

export interface Load {
  /** Texts that were answered with 2xx. */
  readonly acknowledged: Set<string>;
  /** Texts whose answer never came, or was a 503, and that were not sent again. */
  readonly unknown: Set<string>;
  readonly refused: Set<string>;
  /** Every answer that was no success, as `503 STORE_UNAVAILABLE retry-after 2`, and how often. */
  readonly failures: Map<string, number>;
  /** Answers of any kind so far, and those of them that were a success. */
  answered(): number;
  succeeded(): number;
  /** Longest time that an answer took, in milliseconds. */
  slowest(): number;
  /** Sends nothing more, and waits for the requests under way. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  /** Asked before each request: a restart may bring a new address. */
  readonly channels: () => Channels;
  readonly customers: number;
  /** Replies on these tickets, with an Idempotency-Key, sent again until they are answered. */
  readonly replies?: () => { readonly agent: Session; readonly ticketId: string };
}

const FAILED_PAUSE_MS = 20;

export function startLoad({ channels, customers, replies }: LoadOptions): Load {
  const acknowledged = new Set<string>();
  const unknown = new Set<string>();
  const refused = new Set<string>();
  const failures = new Map<string, number>();
  let going = true;
  let answered = 0;
  let succeeded = 0;
  let slowest = 0;

  /** @returns the outcome, as far as the sender knows it */
  async function send(request: () => Promise<Reply>): Promise<'acknowledged' | 'unknown' | 'refused'> {
    const began = performance.now();
    const reply = await attempt(request());
    slowest = Math.max(slowest, performance.now() - began);
    if (!reply) {
      await delay(FAILED_PAUSE_MS);
      return 'unknown';
    }
    answered += 1;
    if (reply.status < 300) {
      succeeded += 1;
      return 'acknowledged';
    }
    const { status, json, headers } = reply;
    const what = `${String(status)} ${json.error.code} retry-after ${String(headers.get('retry-after'))}`;
    failures.set(what, (failures.get(what) ?? 0) + 1);
    await delay(FAILED_PAUSE_MS);
    // The process that held the key was killed: it is free again after a while (Retry-After says so).
    return status < 500 && json.error.code !== 'IDEMPOTENCY_KEY_IN_USE' ? 'refused' : 'unknown';
  }

  const lists = { acknowledged, unknown, refused };

  async function customer(): Promise<void> {
    const who = aCustomer();
    for (let n = 0; going; n += 1) {
      const text = aText('Halo');
      const id = `wamid.${randomUUID()}`;
      const deliver = () => (n % 2 === 0 ? channels().says(who, text, id) : channels().meta(who, text, id));
      let outcome = await send(deliver);
      // Channels deliver again what was not answered. Here only every second delivery is repeated.
      while (outcome === 'unknown' && n % 2 === 0 && going) outcome = await send(deliver);
      lists[outcome].add(text);
      // Sometimes they deliver again what was answered.
      if (outcome === 'acknowledged' && n % 5 === 0) await send(deliver);
    }
  }

  async function agent(given: NonNullable<LoadOptions['replies']>): Promise<void> {
    while (going) {
      const message = aText('Baik');
      const key = randomUUID();
      const deliver = () => {
        const { agent: session, ticketId } = given();
        return session.post(`/api/admin/ticket/${ticketId}/reply`, { message }, { 'idempotency-key': key });
      };
      let outcome = await send(deliver);
      while (outcome === 'unknown' && going) outcome = await send(deliver);
      lists[outcome].add(message);
    }
  }

  const working = Promise.all([
    ...Array.from({ length: customers }, customer),
    ...(replies ? [agent(replies), agent(replies)] : []),
  ]);
  return {
    acknowledged,
    unknown,
    refused,
    failures,
    answered: () => answered,
    succeeded: () => succeeded,
    slowest: () => slowest,
    stop: async () => {
      going = false;
      await working;
    },
  };
}
