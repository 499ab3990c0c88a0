/** One person's requests during a soak, each with ids of its own, and what came of them. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../support/http/client.ts';
import type { Reply } from '../support/http/http.ts';

export type Outcome = 'acknowledged' | 'refused' | 'unknown';

/** A command, and what its sender knows of it. */
export interface CommandOutcome {
  readonly requestId: string;
  readonly verb: string;
  readonly ticketId: string;
  readonly by: string;
  readonly outcome: Outcome;
  /** What was asked; for an assignment, who was to have it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What one person saw of a ticket. */
export interface Seen {
  readonly ticketId: string;
  readonly status: string;
  readonly holder: string | null;
  readonly tags: readonly string[];
  /** Requests of the same person on it that had been acknowledged before. */
  readonly after: readonly string[];
  /** When they asked, and which process: to find what was broken then. */
  readonly at: string;
  readonly api: string;
  /** The answer said of itself that it may be old. */
  readonly stale: boolean;
}

/** A request that got something: with which token, and when it was sent (milliseconds of one clock). */
interface Success {
  readonly token: string;
  readonly began: number;
  readonly what: string;
}

/** Somebody was sent away: when the request that did it was sent, and when its 200 came. */
interface Removal {
  readonly userId: string;
  readonly began: number;
  readonly answered: number;
}

export interface Record_ {
  /** Of everybody who may be sent away: whose token it is, and when the sign-in had been answered. */
  readonly tokens: Map<string, { readonly userId: string; readonly since: number }>;
  readonly removals: Removal[];
  /** Of the people whose tokens are known. */
  readonly successes: Success[];
  readonly commands: CommandOutcome[];
  readonly seen: Seen[];
  /** Texts, for the ledger. */
  readonly texts: Readonly<Record<Outcome, Set<string>>>;
  /** Answers that no fault excuses. */
  readonly wrong: string[];
  /** Every answer that was no success, and how often. */
  readonly failures: Map<string, number>;
  answers: number;
}

export const newRecord = (): Record_ => ({
  tokens: new Map(),
  removals: [],
  successes: [],
  commands: [],
  seen: [],
  texts: { acknowledged: new Set(), refused: new Set(), unknown: new Set() },
  wrong: [],
  failures: new Map(),
  answers: 0,
});

const AGAIN_MS = 150;

/** The answer; undefined when the connection broke. An answer that never comes is a wrong one. */
export async function ask(
  record: Record_,
  what: string,
  request: () => Promise<Reply>,
): Promise<Reply | undefined> {
  let reply: Reply;
  try {
    reply = await request();
  } catch (error) {
    const { name } = error as Error;
    if (name === 'TimeoutError') record.wrong.push(`${what}: no answer in 30 s`);
    else if (name !== 'TypeError') throw error; // that is how fetch says that the connection failed
    return undefined;
  }
  record.answers += 1;
  if (reply.status < 300) return reply;
  const code = (reply.json as Reply['json'] | undefined)?.error.code ?? 'no JSON';
  const key = `${String(reply.status)} ${code}`;
  record.failures.set(key, (record.failures.get(key) ?? 0) + 1);
  if (reply.status >= 500 && (reply.status !== 503 || reply.headers.get('retry-after') === null))
    record.wrong.push(`${what}: ${key} retry-after ${String(reply.headers.get('retry-after'))}`);
  return reply;
}

/** Nothing is known of a request that broke off, met a store that was away, or whose key another process held. */
export const outcomeOf = (reply: Reply | undefined): Outcome => {
  if (!reply || reply.status >= 500 || reply.status === 429) return 'unknown';
  if (reply.status < 300) return 'acknowledged';
  return reply.json.error.code === 'IDEMPOTENCY_KEY_IN_USE' ? 'unknown' : 'refused';
};

/** After an answer that never came, a 401 does not say whether the first try was done. */
const isNobodyNow = (reply: Reply | undefined): boolean => reply?.status === 401;

/** Sends a request under one key until it is answered, or `going` ends. */
export async function untilAnswered(
  record: Record_,
  what: string,
  request: () => Promise<Reply>,
  going: () => boolean,
): Promise<{ readonly outcome: Outcome; readonly reply: Reply | undefined }> {
  let tries = 0;
  for (;;) {
    const reply = await ask(record, what, request);
    tries += 1;
    const outcome = outcomeOf(reply);
    if (outcome === 'refused' && tries > 1 && isNobodyNow(reply)) return { outcome: 'unknown', reply };
    if (outcome !== 'unknown' || !going()) return { outcome, reply };
    await delay(AGAIN_MS);
  }
}

/** One person at the installation: commands with an Idempotency-Key, sent to whichever API is up until they are answered. */
export function person(record: Record_, session: () => Session, going: () => boolean) {
  const acknowledged = new Map<string, string[]>();
  /** Sends one request of this person, and writes down that it got something. */
  const sent = async (
    what: string,
    send: (by: Session) => Promise<Reply>,
    by = session(),
  ): Promise<Reply> => {
    const began = performance.now();
    const reply = await send(by);
    if (reply.status < 400 && record.tokens.has(by.token))
      record.successes.push({ token: by.token, began, what });
    return reply;
  };
  return {
    command: async (ticketId: string, verb: string, body: Record<string, unknown> = {}): Promise<Outcome> => {
      // Ours, and the same for each try: the program gives every try a request id of its own.
      const requestId = randomUUID();
      const headers = { 'idempotency-key': randomUUID(), 'x-correlation-id': requestId };
      const by = session().userId;
      const { outcome } = await untilAnswered(
        record,
        verb,
        () => sent(verb, (by) => by.post(`/api/admin/ticket/${ticketId}/${verb}`, body, headers)),
        going,
      );
      record.commands.push({ requestId, verb, ticketId, by, outcome, body });
      if (typeof body.message === 'string') record.texts[outcome].add(body.message);
      if (outcome === 'acknowledged')
        acknowledged.set(ticketId, [...(acknowledged.get(ticketId) ?? []), requestId]);
      return outcome;
    },
    look: async (ticketId: string): Promise<void> => {
      const after = [...(acknowledged.get(ticketId) ?? [])];
      const at = new Date().toISOString();
      const asked = session();
      const reply = await ask(record, 'look', () =>
        sent('look', (by) => by.get(`/api/admin/ticket/${ticketId}`), asked),
      );
      if (reply?.status !== 200) return;
      const { status, queue_status, assigned_to, tags } = reply.json.data.ticket as {
        status: string;
        queue_status: string;
        assigned_to: { id: string } | null;
        tags: string[];
      };
      record.seen.push({
        ...{ ticketId, tags, after, at, api: asked.url },
        status: status === 'closed' ? 'closed' : queue_status,
        holder: assigned_to?.id ?? null,
        stale: reply.json.meta?.stale === true,
      });
    },
    inbox: async (query: string): Promise<string[]> => {
      const reply = await ask(record, 'inbox', () =>
        sent('inbox', (by) => by.get(`/api/admin/inbox?${query}`)),
      );
      if (reply?.status !== 200) return [];
      return (reply.json.data.tickets as { id: string }[]).map(({ id }) => id);
    },
    patch: (path: string, body: object) =>
      untilAnswered(
        record,
        `PATCH ${path.split('/')[3] ?? ''}`,
        () => sent('patch', (by) => by.patch(path, body)),
        going,
      ),
    post: (path: string, body: object) => ask(record, path, () => sent('post', (by) => by.post(path, body))),
    /** Somebody found an old token of theirs and tries it. */
    tries: (old: Session) =>
      ask(record, 'old token', () => sent('old token', (by) => by.get('/api/auth/me'), old)),
  };
}
export type Person = ReturnType<typeof person>;
