/**
 * Visitors who listen at this process (docs/design/chat.md#stream). What happens to their ticket makes them read their own talk
 * again, and they are sent what is new: no event of the staff's stream ever goes to them.
 */
import { Gauge } from 'prom-client';
import { z } from 'zod';
import { modeOf, type Visitor, type VisitorTalk } from '../../commands/chat/visitor.ts';
import type { ChatMode } from '../../domain/chat/talk.ts';
import { DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import type { MessageWording } from '../../ports.ts';
import type { Deps } from '../framework/dependencies.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpResponse } from '../framework/request.ts';
import { createSseConnection, type SseConnection } from '../live/sse-connection.ts';
import { DESK_TOPIC, deskSignal } from '../live/desk-signals.ts';
import { type ChatMessage, threadOf } from './thread.ts';
import { statusOf, waitingOf } from './waiting-state.ts';

export interface ChatHub {
  /** @param lastEventId id of the last message that they have; null: they have none @throws HttpError OVERLOADED */
  open(visitor: Visitor, lastEventId: string | null, res: HttpResponse): void;
  /** Something of this visitor changed: also at the other processes. */
  changed(sessionId: string): void;
}

const TOPIC = 'chat-changed';
const change = z.object({ sessionId: z.uuid() });
const touched = z.object({ ticket_id: z.string() }).or(z.object({ id: z.string() }));

const LIMITS = {
  perVisitor: 2,
  perProcess: 5_000,
  heartbeatMs: 15_000,
  lookAgainMs: 10_000,
  stuckMs: 15_000,
};
const RETRY_AFTER_SECONDS = 10;

interface Listener {
  readonly visitor: Visitor;
  readonly connection: SseConnection;
  /** The message behind which they have nothing. */
  after: string | undefined;
  ticketIds: ReadonlySet<string>;
  mode: ChatMode | null;
  /** What was sent last, as JSON text, by the name of the event. */
  readonly sent: Map<string, string>;
  /** Under way; `again`: something happened meanwhile. */
  refreshing: boolean;
  again: boolean;
}

type HubDeps = Pick<
  Deps,
  | 'live'
  | 'pubSub'
  | 'registry'
  | 'log'
  | 'chat'
  | 'commands'
  | 'staff'
  | 'read'
  | 'clock'
  | 'config'
  | 'events'
  | 'directory'
> & { readonly messageWording: MessageWording };

export function createChatHub(deps: HubDeps): ChatHub {
  const { live, pubSub, registry, log, chat } = deps;
  const listeners = new Set<Listener>();
  new Gauge({
    name: 'chat_stream_clients',
    help: 'Open streams of visitors of the web chat',
    registers: [registry],
    collect() {
      this.set(listeners.size);
    },
  });

  function send(to: Listener, event: string, data: unknown, id?: string): void {
    const text = JSON.stringify(data);
    const head = id === undefined ? '' : `id: ${id}\n`;
    to.connection.write(Buffer.from(`${head}event: ${event}\ndata: ${text}\n\n`));
  }

  /** A state is sent when it is another one. */
  function sendState(to: Listener, event: string, data: unknown): void {
    const text = JSON.stringify(data);
    if (to.sent.get(event) === text) return;
    to.sent.set(event, text);
    send(to, event, data);
  }

  async function tell(to: Listener): Promise<void> {
    const talk: VisitorTalk = await chat.talkOf(to.visitor);
    to.ticketIds = new Set(talk.known.status === 'known' ? talk.known.ticketIds : []);
    const messages: readonly ChatMessage[] = await threadOf(deps, talk, to.after);
    for (const message of messages) send(to, 'message', message, message.id);
    to.after = messages.at(-1)?.id ?? to.after;
    to.mode = modeOf(talk.ticket);
    const agent = talk.ticket.status === 'assigned' ? await deps.directory.byId(talk.ticket.agentId) : null;
    sendState(to, 'mode', { mode: to.mode, admin: agent?.name ?? null });
    const { queue_position, eta_minutes } = await waitingOf(deps, talk.ticket);
    if (queue_position !== null || to.sent.has('queue'))
      sendState(to, 'queue', { queue_position, eta_minutes });
  }

  /** One at a time for each listener; what comes meanwhile is seen by the next one. */
  async function refresh(to: Listener): Promise<void> {
    to.again = true;
    if (to.refreshing) return;
    to.refreshing = true;
    try {
      while (to.again && !to.connection.closed()) {
        to.again = false;
        await to.connection.drained();
        await tell(to);
      }
    } catch (err) {
      // They come again with the last message they have, and miss nothing.
      log.warn({ err }, 'a stream of the web chat is interrupted');
      to.connection.end();
    } finally {
      to.refreshing = false;
    }
  }

  const start = (some: Iterable<Listener>): void => {
    for (const one of some) void refresh(one);
  };
  const where = (which: (one: Listener) => boolean): Listener[] => [...listeners].filter(which);

  live.subscribe({
    wanted: () => listeners.size > 0,
    ended() {
      for (const { connection } of listeners) connection.end();
    },
    told({ events }) {
      if (listeners.size === 0) return;
      const ids = new Set<string>();
      for (const { event, audience, data } of events) {
        if ((event !== 'ticket' && event !== 'message') || audience.kind === 'note') continue;
        const parsed = touched.safeParse(JSON.parse(data));
        if (parsed.success) ids.add('ticket_id' in parsed.data ? parsed.data.ticket_id : parsed.data.id);
      }
      start(where(({ ticketIds }) => [...ticketIds].some((id) => ids.has(id))));
    },
  });
  pubSub.subscribe(TOPIC, (message) => {
    const parsed = change.safeParse(message);
    if (parsed.success) start(where(({ visitor }) => visitor.sessionId === parsed.data.sessionId));
  });
  pubSub.subscribe(DESK_TOPIC, (message) => {
    const parsed = deskSignal.safeParse(message);
    if (!parsed.success || parsed.data.kind !== 'typing' || parsed.data.layer !== 'L1') return;
    for (const one of where(({ ticketIds }) => ticketIds.has(parsed.data.ticketId)))
      send(one, 'typing', { by: parsed.data.by.name });
  });

  let timers: NodeJS.Timeout[] = [];

  /** Others leave the queue, people come and go: nothing of that is about one ticket. */
  async function lookAgain(): Promise<void> {
    for (const division of DIVISIONS)
      await tellStatus(
        division,
        where((one) => one.visitor.division === division),
      );
    start(where(({ mode }) => mode === 'waiting_admin'));
  }

  async function tellStatus(division: Division, to: readonly Listener[]): Promise<void> {
    if (to.length === 0) return;
    const status = await statusOf(deps, division);
    for (const one of to) sendState(one, 'status', status);
  }

  const failed = (err: unknown): void => {
    log.warn({ err }, 'the web chat cannot look who is there, trying again');
  };

  function begin(): void {
    if (timers.length > 0) return;
    timers = [
      setInterval(() => void lookAgain().catch(failed), LIMITS.lookAgainMs).unref(),
      setInterval(() => {
        for (const { connection } of listeners) {
          connection.write(Buffer.from(': \n\n'));
          connection.inspect();
        }
      }, LIMITS.heartbeatMs).unref(),
    ];
  }
  function leave(one: Listener): void {
    listeners.delete(one);
    if (listeners.size > 0) return;
    for (const timer of timers) clearInterval(timer);
    timers = [];
  }

  return {
    changed(sessionId) {
      pubSub.publish(TOPIC, { sessionId });
    },
    open(visitor, lastEventId, res) {
      if (listeners.size >= LIMITS.perProcess) throw new HttpError('OVERLOADED', [], RETRY_AFTER_SECONDS);
      const own = where((one) => one.visitor.sessionId === visitor.sessionId);
      for (const oldest of own.slice(0, Math.max(0, own.length + 1 - LIMITS.perVisitor)))
        oldest.connection.end();
      res.status(200);
      res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      res.setHeader('X-Accel-Buffering', 'no');
      res.flushHeaders();
      const connection = createSseConnection(res, { milliseconds: LIMITS.stuckMs }, () => undefined);
      const one: Listener = {
        ...{ visitor, connection, after: lastEventId ?? undefined, ticketIds: new Set<string>(), mode: null },
        ...{ sent: new Map<string, string>(), refreshing: false, again: false },
      };
      listeners.add(one);
      res.once('close', () => {
        leave(one);
      });
      begin();
      void refresh(one);
      void tellStatus(visitor.division, [one]).catch(failed);
    },
  };
}
