/** Tickets with an agent, a simulated Meta, and the sender between them, on a real store. */
import { uuids } from '../../../src/adapters/clock.ts';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createPageSender } from '../../../src/channels/meta/page-sender.ts';
import { createTelegram } from '../../../src/channels/telegram/send.ts';
import { webSender } from '../../../src/channels/web/index.ts';
import { createWhatsApp } from '../../../src/channels/whatsapp/send.ts';
import { recordDelivery } from '../../../src/commands/outbound/record-delivery.ts';
import { decode, type Recorded } from '../../../src/domain/codec.ts';
import { deliveryStream } from '../../../src/domain/outbound/delivery.ts';
import type { InboundMessage } from '../../../src/domain/inbound/inbound.ts';
import { createSender, type SenderDeps } from '../../../src/jobs/outbound/sender.ts';
import type { Asked } from '../../../src/main/demo/meta-simulator/messages.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import { startMetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import type { EventStore, Files } from '../../../src/ports.ts';
import { commandsOn, contextOf, eventsOf, message } from './commands.ts';
import { eventually } from '../eventually.ts';
import { ani } from './people.ts';
import { skippedEvents } from '../observe/skipped-events.ts';
import { silentLogger } from '../observe/silent-logger.ts';
import { startTelegram } from '../channels/telegram-simulator.ts';
import { testStore } from '../stores/store.ts';

const WA_TOKEN = 'a WhatsApp token for tests only';

/** Quick enough for a test, in the same proportions as in the field. */
export const QUICK = {
  firstRetry: 20,
  longestRetry: 200,
  firstProbe: 300,
  longestProbe: 600,
  grace: 300,
} as const;

export const channelsTo = (
  url: string,
  over: {
    token?: string | undefined;
    answerMs?: number;
    telegram?: string;
    files?: Pick<Files, 'open'>;
  } = {},
) => {
  const answerMs = over.answerMs ?? 2_000;
  const token = 'token' in over ? over.token : WA_TOKEN;
  const lines = [
    { id: 'PAGE_001', division: 'sari' },
    { id: 'IG_003', division: 'sari' },
  ] as const;
  const http = channelHttp;
  const files = over.files ?? { open: () => Promise.resolve(null) };
  const tokens = [
    { channel: 'facebook', id: 'PAGE_001', token: WA_TOKEN },
    { channel: 'instagram', id: 'IG_003', token: WA_TOKEN },
  ] as const;
  return {
    whatsapp: createWhatsApp({
      url,
      token,
      lines: [{ id: 'PHONE_ID_001', division: 'sari' }],
      http,
      files,
      answerMs,
    }),
    instagram: createPageSender('instagram', { url, tokens, lines, http, files, answerMs }),
    facebook: createPageSender('facebook', { url, tokens, lines, http, files, answerMs }),
    telegram: createTelegram({
      url: over.telegram ?? url,
      bots: [{ division: 'sari', token: '1:t' }],
      http,
      files,
      answerMs,
    }),
    web: webSender,
  };
};

export async function desk() {
  const { store, url, another, close } = await testStore();
  const log = silentLogger();
  const postgres = createPostgres({ url, logger: log });
  let react: (asked: Asked) => SimulatedAnswer = () => ({ kind: 'accept' });
  let pace = 0;
  const meta = await startMetaSimulator({
    token: WA_TOKEN,
    react: (asked) => react(asked),
    slowness: () => pace,
  });
  const telegram = await startTelegram('1:t');
  const { commands, receive, time } = commandsOn(store);
  time.now = new Date();
  const me = ani;
  const stops: (() => Promise<void>)[] = [];
  const lines: { channel: string; line: string; stoppedBy: string | null }[] = [];
  const customerOf = new Map<string, string>();
  let customers = 0;

  /** A customer who just wrote, with a ticket that `me` has. @returns the ticket's id */
  async function talk(over: Partial<InboundMessage> = {}): Promise<string> {
    customers += 1;
    const id = `in-${String(customers)}`;
    const usual = `wa_62812000${String(customers).padStart(4, '0')}`;
    const inbound = message(id, { userId: usual, sentAt: time.now.toISOString(), ...over });
    const { userId } = inbound;
    const before = new Set((await eventsOf(store, 'ticket-')).map(({ stream }) => stream));
    await receive(inbound, { key: id, receivedAt: time.now.toISOString() });
    const fresh = (await eventsOf(store, 'ticket-')).find(({ stream }) => !before.has(stream));
    const ticketId = fresh!.stream.slice('ticket-'.length);
    customerOf.set(ticketId, userId);
    await commands.selfTakeover(contextOf(me), ticketId);
    return ticketId;
  }

  /** What the channel's status webhook becomes. */
  const report = (
    ticketId: string,
    what: {
      channelMessageId: string;
      messageId?: string;
      status: 'sent' | 'delivered' | 'read' | 'failed';
      error?: string;
    },
  ) =>
    receive(
      {
        ...message('-', { userId: customerOf.get(ticketId)!, sentAt: new Date().toISOString() }),
        kind: 'status',
        error: null,
        ...what,
      },
      { key: `${what.channelMessageId} ${what.status}`, receivedAt: new Date().toISOString() },
    );

  const reply = async (ticketId: string, text: string): Promise<string> =>
    (await commands.reply(contextOf(me), ticketId, { message: text })).message_id;

  function running(over: Partial<SenderDeps> = {}, on: EventStore = store) {
    const sender = createSender({
      store: on,
      handler: commands.handler,
      record: recordDelivery({ handler: commands.handler, clock: { now: () => new Date() } }),
      checkpoints: createJobCheckpoints(postgres.writes),
      channels: channelsTo(meta.url, { telegram: telegram.url }),
      leases: createLeases({ url, logger: log }),
      clock: { now: () => new Date() },
      ids: uuids,
      log,
      skipped: skippedEvents(log),
      observer: {
        outcome: () => undefined,
        lineState: (channel, line, stoppedBy) => lines.push({ channel, line, stoppedBy }),
        waiting: () => undefined,
      },
      timing: QUICK,
      ...over,
    });
    const ending = new AbortController();
    const done = sender.run(ending.signal);
    const stop = async () => {
      ending.abort();
      await done;
    };
    stops.push(stop);
    return { stop };
  }

  const history = async (messageId: string): Promise<Recorded[]> =>
    (await store.read(deliveryStream(messageId))).map((event) => decode(event));
  const types = async (messageId: string): Promise<string[]> =>
    (await history(messageId)).map(({ type }) => type);
  /** Waits for the last word about a message. */
  const outcome = (messageId: string, milliseconds?: number): Promise<Recorded> =>
    eventually(
      `an outcome of ${messageId}`,
      async () => {
        const last = (await history(messageId)).at(-1);
        return (
          last && ['DeliveryAccepted', 'DeliveryFailed', 'DeliveryLeftUnknown'].includes(last.type) && last
        );
      },
      milliseconds,
    ) as Promise<Recorded>;

  return {
    store,
    url,
    another,
    meta,
    log,
    lines,
    me,
    commands,
    receive,
    postgres,
    talk,
    reply,
    running,
    history,
    types,
    outcome,
    time,
    telegram: telegram.taken,
    report,
    lastTicket: () => [...customerOf.keys()].at(-1)!,
    /** From now on the channel takes so many milliseconds to answer. */
    paces(milliseconds: number) {
      pace = milliseconds;
    },
    /** From now on the channel does this with each message. */
    reacts(to: (asked: Asked) => SimulatedAnswer) {
      react = to;
    },
    timesAsked: (messageId: string) => meta.asked.filter((one) => one.callbackData === messageId).length,
    timesTaken: (messageId: string) => meta.taken.filter((one) => one.callbackData === messageId).length,
    async stopAll() {
      await Promise.all(stops.splice(0).map((stop) => stop()));
    },
    async close() {
      await Promise.all(stops.splice(0).map((stop) => stop()));
      await meta.close();
      await telegram.close();
      await postgres.close();
      await close();
    },
  };
}

export type Desk = Awaited<ReturnType<typeof desk>>;
