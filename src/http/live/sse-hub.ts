/**
 * Everybody who listens at this process. A batch is filtered and turned into bytes once per class of readers. A reader who is
 * behind reads from the feed's memory at their own pace; one who does not read at all is disconnected.
 */
import { Counter, Gauge } from 'prom-client';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { LiveEvent } from '../../projections/live/live-memory.ts';
import { HttpError } from '../framework/errors.ts';
import type { Deps } from '../framework/dependencies.ts';
import type { HttpResponse } from '../framework/request.ts';
import type { PermissionCache } from '../staff/permission-cache.ts';
import { createCountsFeed } from './desk-counts.ts';
import type { TellReaders } from './desk-signals.ts';
import { filterByReader, mayReceive, type SseReader, visibilityClassOf } from './sse-visibility.ts';
import { createSseConnection, type SseConnection, type SseConnectionLimits } from './sse-connection.ts';

export interface SseHub {
  /** @throws HttpError STORE_UNAVAILABLE while there is nothing to follow */
  open(
    who: {
      readonly caller: StaffMember;
      readonly sessionId: string;
      /** Seconds since 1970. */
      readonly expiresAt: number;
      readonly lastEventId: string | null;
    },
    res: HttpResponse,
  ): void;
  /** Sends something that is not kept: who is away, or behind, does not get it. */
  readonly tell: TellReaders;
}

export interface SseHubLimits extends SseConnectionLimits {
  /** What comes within so many milliseconds goes out together: one more for every five readers, up to the most. */
  readonly gatherMs: { readonly least: number; readonly most: number };
  readonly heartbeatMs: number;
  /** How often everybody's rights are checked again, for a change whose message got lost. */
  readonly recheckMs: number;
  /** Open streams per person; one more closes the oldest. */
  readonly perPerson: number;
}

const LIMITS: SseHubLimits = {
  bytes: 256 * 1024,
  milliseconds: 15_000,
  gatherMs: { least: 10, most: 100 },
  heartbeatMs: 15_000,
  recheckMs: 5_000,
  perPerson: 10,
};

interface Client {
  reader: SseReader;
  readonly sessionId: string;
  readonly expiresAt: number;
  readonly connection: SseConnection;
  /** Behind everything this client was sent, or was not meant to get. */
  after: string;
  /** Gets batches as they come; else reads from memory. */
  live: boolean;
  /** Settled once the rights are known again: nothing is sent before. */
  rights: Promise<void>;
}

/** How much of the memory goes out at once to a client that is behind. */
const PAGE = 100;

/** The first of them, as many as fit in so many bytes; one at least. */
function fitting(events: readonly LiveEvent[] | null, bytes: number): readonly LiveEvent[] | null {
  if (!events) return null;
  let sum = 0;
  const end = events.findIndex(({ frame }, index) => {
    sum += Buffer.byteLength(frame);
    return index > 0 && sum > bytes;
  });
  return end === -1 ? events : events.slice(0, end);
}

const block = (fields: Readonly<Record<string, string>>): string =>
  `${Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')}\n`;
/** Makes the client load everything again. */
const reset = (reason: string, id: string): Buffer =>
  Buffer.from(block({ id, event: 'reset', data: JSON.stringify({ reason }) }));

type StreamDeps = Pick<Deps, 'live' | 'pubSub' | 'clock' | 'log' | 'registry' | 'activity'> & {
  readonly permissions: Pick<PermissionCache, 'of' | 'now'>;
  /** JSON text of what the tabs of this person's desk hold. Default: nobody is told. */
  readonly countsOf?: (reader: SseReader) => Promise<string>;
};

/**
 * Follows the live feed for all readers of this process, and checks their rights on every change that is announced.
 * @param over limits other than the usual ones, for tests
 */
export function createSseHub(deps: StreamDeps, over: Partial<SseHubLimits> = {}): SseHub {
  const { live, pubSub, permissions, clock, log, registry, activity, countsOf } = deps;
  const counts = countsOf && createCountsFeed(countsOf, log);
  const limits = { ...LIMITS, ...over };
  const clients = new Set<Client>();
  const disconnects = new Counter({
    name: 'stream_cut_off_total',
    help: 'Streams of readers that were too slow',
    registers: [registry],
  });
  new Gauge({
    name: 'stream_clients',
    help: 'Open event streams',
    registers: [registry],
    collect() {
      this.set(clients.size);
    },
  });

  // ------------------------------------------------------------------ batches

  let gathered: LiveEvent[] = [];
  let gatheredUntil = '';
  let gathering: NodeJS.Timeout | undefined;

  function flush(): void {
    gathering = undefined;
    const events = gathered;
    gathered = [];
    const visibleTo = filterByReader(events);
    const end = `id: ${gatheredUntil}\n\n`;
    /** Bytes by class; those with something of their own get their own. */
    const bytes = new Map<readonly LiveEvent[], Buffer>();
    const encode = (list: readonly LiveEvent[]): Buffer => {
      let known = bytes.get(list);
      if (!known) {
        known = Buffer.from(list.map(({ frame }) => frame).join('') + end);
        bytes.set(list, known);
      }
      return known;
    };
    const first = events[0]?.id ?? '';
    for (const client of clients) {
      if (!client.live) continue;
      const theirs = visibleTo(client.reader);
      // Somebody who came while this was gathered has a part of it already.
      const fresh = client.after < first ? theirs : theirs.filter(({ id }) => id > client.after);
      const chunk = fresh.length === 0 ? null : encode(fresh);
      if (fresh.some(({ event }) => event === 'ticket' || event === 'unread')) counts?.due(client);
      if (chunk && (client.connection.behind() || chunk.length > limits.bytes)) {
        // Nothing is kept for the slow: they read from memory when they have taken what was sent.
        client.live = false;
        void catchUp(client);
        continue;
      }
      if (gatheredUntil > client.after) client.after = gatheredUntil;
      if (chunk) client.connection.write(chunk);
    }
  }

  function gather(batch: {
    readonly events: readonly LiveEvent[];
    readonly id: string;
    readonly staff: readonly string[] | 'all';
  }): void {
    for (const client of clients) {
      if (batch.staff === 'all' || batch.staff.includes(client.reader.id)) recheck(client);
    }
    if (batch.events.length === 0 || clients.size === 0) return;
    gathered.push(...batch.events);
    gatheredUntil = batch.id;
    const { least, most } = limits.gatherMs;
    gathering ??= setTimeout(flush, Math.min(most, least + clients.size / 5));
  }

  /** From memory, at the client's own pace, until there is nothing more: then live. */
  async function catchUp(client: Client): Promise<void> {
    for (;;) {
      await client.connection.drained();
      await client.rights;
      if (client.connection.closed()) return;
      const missed = fitting(live.since(client.after, PAGE), limits.bytes);
      const last = missed?.at(-1);
      if (missed === null) {
        startOver(client, 'too_old');
        return;
      }
      if (last === undefined) {
        client.live = true;
        return;
      }
      client.after = last.id;
      const theirs = filterByReader(missed)(client.reader);
      if (theirs.length > 0) client.connection.write(Buffer.from(theirs.map(({ frame }) => frame).join('')));
    }
  }

  function startOver(client: Client, reason: string): void {
    client.after = live.head() ?? client.after;
    client.live = true;
    client.connection.write(reset(reason, client.after));
  }

  // ------------------------------------------------------------------ who may

  /** `now`: past every cache. A client whose rights changed loads again; one without rights is cut off. */
  async function refreshRights(client: Client, how: 'of' | 'now'): Promise<void> {
    try {
      const now = await permissions[how]({ userId: client.reader.id, sessionId: client.sessionId });
      const changed = visibilityClassOf(now) !== visibilityClassOf(client.reader);
      client.reader = now;
      if (changed && !client.connection.closed()) startOver(client, 'rights_changed');
    } catch (err) {
      // Nobody listens whose rights are not known; the client comes again with its token.
      if (!(err instanceof HttpError))
        log.warn({ err, userId: client.reader.id }, 'a stream was ended: rights could not be looked up');
      client.connection.disconnect();
    }
  }

  /** Sends nothing until the rights are known again: the person who took them away may be answered before that. */
  function recheck(client: Client, how: 'of' | 'now' = 'now'): void {
    client.live = false;
    client.rights = refreshRights(client, how);
    void catchUp(client);
  }

  const recheckWhere = (which: (client: Client) => boolean): void => {
    for (const client of clients) if (which(client)) recheck(client);
  };
  pubSub.subscribe('sessions-ended', (id) => {
    for (const client of clients) if (client.reader.id === id) client.connection.disconnect();
  });
  pubSub.subscribe('user-changed', (id) => {
    recheckWhere(({ reader }) => reader.id === id);
  });
  pubSub.subscribe('session-revoked', (id) => {
    recheckWhere(({ sessionId }) => sessionId === id);
  });
  pubSub.subscribe('role-changed', (role) => {
    recheckWhere(({ reader }) => reader.role === role);
  });
  live.subscribe({
    told: gather,
    wanted: () => clients.size > 0,
    ended: () => {
      for (const { connection } of clients) connection.end();
    },
  });

  // ------------------------------------------------------------------ the clock

  const timers: NodeJS.Timeout[] = [];

  function beat(): void {
    const seconds = clock.now().getTime() / 1000;
    for (const client of clients) {
      if (client.expiresAt <= seconds) client.connection.end();
      // Also moves the client's Last-Event-ID on where nothing was theirs.
      else if (client.live && !client.connection.behind())
        client.connection.write(Buffer.from(`: beat\nid: ${client.after}\n\n`));
      // Time alone changes some of them.
      counts?.due(client);
    }
  }

  /** A part of the readers at a time, so that all are looked at within `recheckMs`. */
  let turn = 0;
  function look(): void {
    turn += 1;
    let n = 0;
    for (const client of clients) {
      client.connection.inspect();
      // Who listens is there.
      activity.seen(client.reader.id);
      if ((n += 1) % 10 === turn % 10 && client.live) recheck(client, 'of');
    }
  }

  function startTimers(): void {
    if (timers.length > 0) return;
    timers.push(setInterval(beat, limits.heartbeatMs), setInterval(look, limits.recheckMs / 10));
  }

  function stopTimersWithoutClients(): void {
    if (clients.size > 0) return;
    for (const timer of timers.splice(0)) clearInterval(timer);
  }

  // ------------------------------------------------------------------ coming and going

  function join(client: Client, res: HttpResponse): void {
    const others = [...clients].filter(({ reader }) => reader.id === client.reader.id);
    for (const { connection } of others.slice(0, Math.max(0, others.length + 1 - limits.perPerson)))
      connection.end();
    clients.add(client);
    startTimers();
    res.on('close', () => {
      clients.delete(client);
      stopTimersWithoutClients();
    });
  }

  async function resume(client: Client, lastEventId: string): Promise<void> {
    let known = false;
    try {
      known = await live.reloadSince(lastEventId);
    } catch (err) {
      log.warn({ err }, 'a stream could not be resumed where it was');
    }
    if (client.connection.closed()) return;
    if (!known) {
      startOver(client, 'unknown');
      return;
    }
    client.after = lastEventId;
    await catchUp(client);
  }

  return {
    tell(name, audience, data, notTo) {
      const bytes = Buffer.from(`event: ${name}\ndata: ${data}\n\n`);
      for (const { reader, connection, live: isLive } of clients)
        if (isLive && reader.id !== notTo && !connection.behind() && mayReceive(reader, audience))
          connection.write(bytes);
    },
    open({ caller, sessionId, expiresAt, lastEventId }, res) {
      const head = live.head();
      if (head === null) throw new HttpError('STORE_UNAVAILABLE', [], 2);
      // Its end is the end of the connection: without chunks a batch is one write of the same bytes for everybody.
      res.useChunkedEncodingByDefault = false;
      res.shouldKeepAlive = false;
      res.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        // nginx would gather what is to go out at once.
        'X-Accel-Buffering': 'no',
      });
      const connection = createSseConnection(res, limits, () => {
        disconnects.inc();
      });
      const client: Client = {
        reader: caller,
        sessionId,
        expiresAt,
        connection,
        after: head,
        live: lastEventId === null,
        rights: Promise.resolve(),
      };
      join(client, res);
      connection.write(Buffer.from(`retry: 2000\n${lastEventId === null ? `id: ${head}\n` : ''}\n`));
      if (lastEventId !== null) void resume(client, lastEventId);
    },
  };
}
