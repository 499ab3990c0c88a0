/**
 * What people and channels do in the demo's past. Each act is a command of the product, or a webhook's body read by the
 * product, at the moment that the world's clock shows: the events are those that the program would have written.
 */
import { botForm } from '../../../channels/bot/form.ts';
import type { Lines } from '../../../channels/lines.ts';
import { metaForm } from '../../../channels/meta/form.ts';
import { updateCrm } from '../../../commands/crm/update-crm.ts';
import type { CommandContext } from '../../../commands/context.ts';
import { postInternalNote } from '../../../commands/conversation/post-internal-note.ts';
import { reply } from '../../../commands/conversation/reply.ts';
import { replyAsSa } from '../../../commands/conversation/reply-as-sa.ts';
import { markRead } from '../../../commands/conversation/mark-read.ts';
import { resend } from '../../../commands/conversation/resend.ts';
import { sendFollowUp } from '../../../commands/follow-ups/send-follow-up.ts';
import { withHashedMessageIds } from '../../../commands/inbound/message-id-hashing.ts';
import { createReceive } from '../../../commands/inbound/receive.ts';
import { recordMedia } from '../../../commands/media/record-media.ts';
import { readNotifications } from '../../../commands/notifications/read-notification.ts';
import { type Cause, recordDelivery } from '../../../commands/outbound/record-delivery.ts';
import { routeTicket } from '../../../commands/routing/route-ticket.ts';
import { leaveDesk, setPresence } from '../../../commands/staff/set-presence.ts';
import { assign } from '../../../commands/tickets/assign.ts';
import { close } from '../../../commands/tickets/close.ts';
import { reassign } from '../../../commands/tickets/reassign.ts';
import { release } from '../../../commands/tickets/release.ts';
import { selfTakeover } from '../../../commands/tickets/self-takeover.ts';
import { snooze } from '../../../commands/tickets/snooze.ts';
import { tag } from '../../../commands/tickets/tag.ts';
import { conversationStream } from '../../../domain/conversation/conversation.ts';
import { customer } from '../../../domain/customers/customer.ts';
import { inboundItem } from '../../../domain/inbound/inbound.ts';
import { attachmentId } from '../../../domain/media/media.ts';
import { deliveryStream } from '../../../domain/outbound/delivery.ts';
import { ticketStream } from '../../../domain/tickets/ticket.ts';
import { createCommandHandler, createStateCache } from '../../../engine/commands/command-handler.ts';
import { toInboxItem } from '../../../http/webhook/inbox-item.ts';
import { fileKey } from '../../../domain/media/media.ts';
import type { Caller } from '../../../domain/staff/privileges.ts';
import type { BlindIndex, EventMetadata, Files, Ids } from '../../../ports.ts';
import type { Journal } from './journal.ts';
import {
  botEvent,
  type Patron,
  type Utterance,
  type Around,
  whatsappMessage,
  whatsappStatus,
} from './inbound-forms.ts';
import type { Sample } from './samples.ts';
import type { World } from './world.ts';

export interface DeskDeps {
  readonly world: World;
  readonly journal: Journal;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly lines: Lines;
  /** BUSINESS_TIMEZONE. */
  readonly timezone: string;
  readonly files: Pick<Files, 'write'>;
}

const MOST_BYTES = 1_000_000;
const NOTHING = { appended: () => undefined, conflicted: () => undefined };

async function* whole(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

export type Desk = ReturnType<typeof createDesk>;

export function createDesk({ world, journal, ids, blindIndex, lines, timezone, files }: DeskDeps) {
  const { clock } = world;
  const { store } = journal;
  const cache = createStateCache(100_000);
  const handler = createCommandHandler({ store, ids, cache, observer: NOTHING });
  const all = { handler, clock, ids, blindIndex, replyWithin: null, store };
  const receive = createReceive({ handler, clock, ids, blindIndex, timezone });
  const media = recordMedia(all);
  const delivery = recordDelivery(all);
  const presence = setPresence(all);
  const messages = {
    reply: reply(all),
    replyAsSa: replyAsSa(all),
    followUp: sendFollowUp(all),
    resend: resend(all),
  };
  /** How many messages the customer of a ticket wrote, and when the last one. */
  const heard = new Map<string, { count: number; lastAt: number }>();
  let made = 0;

  const as = (caller: Caller): CommandContext => {
    const requestId = ids.next();
    return { caller, requestId, correlationId: requestId };
  };
  const keyOf = ({ division, userId }: Patron): string => `${division}_${blindIndex('customer', userId)}`;
  const newId = (kind: string): string => {
    made += 1;
    return `${kind}.demo-${String(made)}`;
  };

  /** The newest event of a stream: what a job reacts to. */
  async function newestOf(stream: string): Promise<Cause> {
    const [newest] = await store.read(stream, { direction: 'backwards', limit: 1 });
    if (!newest) throw new Error('the demo reacts to nothing');
    return { id: newest.id, metadata: newest.metadata as EventMetadata };
  }

  /** As the webhook and the ingester do it. */
  async function hear(body: object, isMeta: boolean): Promise<string[]> {
    const at = clock.now().toISOString();
    const context = { lines, receivedAt: at };
    const claim = { divisions: null, line: null };
    const read = isMeta
      ? metaForm.read(body, claim, context)
      : botForm.read(body, { divisions: ['sari', 'savi', 'safia'], line: null }, context);
    const messageIds: string[] = [];
    for (const one of read) {
      const { key, item, state, reason } = toInboxItem(one, { blindIndex, receivedAt: at, maxAgeDays: 7 });
      if (state !== 'pending') throw new Error(`the demo's webhook was not understood: ${String(reason)}`);
      const inbound = withHashedMessageIds(inboundItem.parse(JSON.parse(item)), blindIndex);
      await receive(inbound, { key, receivedAt: at });
      messageIds.push(ids.fromAt(new Date(inbound.sentAt), 'message', key));
    }
    return messageIds;
  }

  const bot = (patron: Patron, what: Readonly<Record<string, unknown>>) =>
    hear(botEvent(patron, world.now(), what), false);

  const currentTicket = async (patron: Patron): Promise<string> => {
    const known = await handler.load(customer, keyOf(patron));
    if (known.status !== 'known' || known.currentTicketId === null) throw new Error('the demo lost a ticket');
    return known.currentTicketId;
  };

  /** @returns the channel's id of the message, for what answers it */
  async function says(patron: Patron, said: Utterance, around?: Around, file?: Sample): Promise<string> {
    const { line } = patron;
    if (patron.channel !== 'whatsapp' || line === null) {
      const message = said.type === 'text' ? said.text.body : '👍';
      const id = newId('m');
      await bot(patron, { sender: 'customer', message, message_id: id });
      await count(patron);
      return id;
    }
    const id = newId('wamid');
    const [messageId = ''] = await hear(
      whatsappMessage({ ...patron, line }, id, world.now(), said, around),
      true,
    );
    if (file) await keep(patron, messageId, file);
    if (said.type !== 'reaction' && said.type !== 'edit') await count(patron);
    return id;
  }

  async function count(patron: Patron): Promise<void> {
    const ticketId = await currentTicket(patron);
    heard.set(ticketId, { count: (heard.get(ticketId)?.count ?? 0) + 1, lastAt: world.now() });
  }

  /** What the media job does with a file that it fetched. */
  async function keep(patron: Patron, messageId: string, { bytes }: Sample): Promise<void> {
    const ticketId = await currentTicket(patron);
    const written = await files.write(fileKey(attachmentId(messageId, 0)), whole(bytes), MOST_BYTES);
    const data = { ticketId, division: patron.division, messageId, index: 0, ...written };
    const cause = await newestOf(conversationStream(ticketId));
    await media({ type: 'AttachmentStored', data }, cause);
  }

  /** What the sender does with a message that was written. @param refused the code of a channel that does not take it. @returns the channel's id of it; null: it was not taken */
  async function send(
    patron: Patron,
    ticketId: string,
    messageId: string,
    refused: string | null,
  ): Promise<string | null> {
    const about = { ticketId, division: patron.division, messageId };
    const cause = await newestOf(conversationStream(ticketId));
    await delivery.attempt(about, cause, ids.next(), patron.line ?? 'demo');
    if (refused !== null) {
      await delivery.outcome(about, cause, { kind: 'failed', code: refused, reason: null });
      return null;
    }
    const id = newId('wamid.out');
    await delivery.outcome(about, cause, { kind: 'accepted', channelMessageId: blindIndex('message', id) });
    return id;
  }

  return {
    handler,
    all,
    as,
    keyOf,
    currentTicket,
    heardOn: (ticketId: string) => heard.get(ticketId) ?? { count: 0, lastAt: 0 },
    says,
    send,
    /** The channel's id of a message that it took, as it is kept. */
    deliveryOf: async (messageId: string): Promise<string | null> => {
      const [accepted] = (await store.read(deliveryStream(messageId))).filter(
        ({ type }) => type === 'DeliveryAccepted',
      );
      return (accepted?.data as { channelMessageId?: string } | undefined)?.channelMessageId ?? null;
    },
    presence: (caller: Caller, status: 'online' | 'offline') => presence(as(caller), caller.id, { status }),
    leaves: (caller: Caller) => leaveDesk(all).loggedOut(as(caller)),
    botSays: (patron: Patron, message: string, confidence: number) =>
      bot(patron, { sender: 'bot', message, confidence, message_id: newId('bot') }),
    botFinds: (patron: Patron, fields: object, confidence: number) =>
      bot(patron, { event: 'lead_detected', fields, confidence }),
    botHandsOff: (patron: Patron, reason: string) => bot(patron, { event: 'handoff', reason }),
    botResolves: (patron: Patron) => bot(patron, { event: 'resolved' }),
    reports: async (
      patron: Patron,
      of: { readonly id: string; readonly messageId: string },
      status: 'delivered' | 'read' | 'failed',
    ) => {
      const { line } = patron;
      if (line !== null) await hear(whatsappStatus({ ...patron, line }, of, status, world.now()), true);
    },
    ...messages,
    note: postInternalNote(all),
    read: markRead(all),
    readNotifications: readNotifications(all),
    crm: (caller: Caller, ticketId: string, patch: Parameters<ReturnType<typeof updateCrm>>[2]) =>
      updateCrm(all)(as(caller), ticketId, patch, null),
    route: routeTicket(all),
    /** Id of what happened last to the ticket: the router acts on it. */
    causeOf: async (ticketId: string): Promise<string> => (await newestOf(ticketStream(ticketId))).id,
    takeOver: selfTakeover(all),
    assign: assign(all),
    reassign: reassign(all),
    release: release(all),
    close: close(all),
    snooze: snooze(all),
    tag: tag(all),
  };
}
