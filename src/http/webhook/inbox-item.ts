/** What the webhook inbox keeps of an item, and the key by which the same item is known again. */
import { WORLDWIDE_BEFORE } from '../../channels/registry.ts';
import { digest, type NormalizedItem } from '../../channels/reading.ts';
import type { Inbound, InboundItem } from '../../domain/inbound/inbound.ts';
import type { BlindIndex, InboxItem } from '../../ports.ts';

/** Which person, without their number: a plain hash of it is found by trying all numbers. */
const personOf = ({ division, userId }: Inbound, blindIndex: BlindIndex): string =>
  blindIndex('ordering', `${division} ${userId}`);

/**
 * The same for the same thing, no matter who delivers it: a message that comes from Meta and from the bot is one. A thing
 * is our line, its sender and the channel's id (docs/design/channels.md#identity-of-a-message): an id alone is not, for
 * bots count their own, and one that another customer had is another message.
 */
export function keyOf(inbound: InboundItem, blindIndex: BlindIndex): string {
  if (inbound.kind === 'template_status') {
    const { whatsappName, language, state, sentAt } = inbound;
    return digest([inbound.kind, whatsappName, language, state, sentAt]);
  }
  const { kind, channel, division, line } = inbound;
  const id = 'channelMessageId' in inbound ? inbound.channelMessageId : null;
  if (id === null) return digest(['item', JSON.stringify(inbound)]);
  const who = inbound.idsOfLine === true ? [] : [personOf(inbound, blindIndex)];
  const place = [channel, line ?? division, ...who];
  const time = 'idsRestart' in inbound && inbound.idsRestart === true ? [inbound.sentAt] : [];
  return digest([kind, ...place, id, ...time, ...(inbound.kind === 'status' ? [inbound.status] : [])]);
}

/** What is delivered at once was not delivered before. */
const AT_ONCE_MS = 60_000;

/**
 * The key that a version before 0.3.0 kept it under: what such a version took in, and is delivered again, is known by it.
 * @returns null where it cannot have been delivered before
 */
function formerKeyOf(inbound: InboundItem, receivedAt: string): string | null {
  if (!('channelMessageId' in inbound) || inbound.channelMessageId === null) return null;
  if (Date.parse(receivedAt) - Date.parse(inbound.sentAt) < AT_ONCE_MS) return null;
  const { kind, channel, division, userId, channelMessageId } = inbound;
  const place = WORLDWIDE_BEFORE.has(channel) ? [channel] : [channel, division, userId];
  return digest([kind, ...place, channelMessageId, ...(inbound.kind === 'status' ? [inbound.status] : [])]);
}

/** JSON text that every store can hold: NUL and half surrogate pairs become U+FFFD, as a browser would show them. */
export function itemJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // Nested deeper than the stack: the delivery's body still holds it.
    return 'null';
  }
  if (text === undefined) return 'null';
  if (!/\\u(?:0000|d[89a-f])/.test(text)) return text;
  return JSON.stringify(
    JSON.parse(text, (_key, member: unknown) =>
      typeof member === 'string'
        ? member.replaceAll('\u0000', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd')
        : member,
    ),
  );
}

/** Why a dead letter is one whose own time was over `WEBHOOK_MAX_AGE_DAYS` before its delivery. */
const TOO_OLD = 'too_old';

export interface Arrival {
  /** Keyed: a plain hash of a phone number is found by trying all numbers. */
  readonly blindIndex: BlindIndex;
  /** When its delivery came, ISO 8601 UTC. */
  readonly receivedAt: string;
  /** `WEBHOOK_MAX_AGE_DAYS`. */
  readonly maxAgeDays: number;
}

/** Older than anything that a channel still delivers: somebody sends it again (docs/design/reliability.md#old-deliveries). */
const isTooOld = ({ sentAt }: InboundItem, { receivedAt, maxAgeDays }: Arrival): boolean =>
  Date.parse(receivedAt) - Date.parse(sentAt) > maxAgeDays * 86_400_000;

/** Normalizers give what has no time of its own that of its arrival. */
const ownTimeOf = (inbound: InboundItem, { receivedAt }: Arrival): string =>
  inbound.sentAt === receivedAt && 'channelMessageId' in inbound && inbound.channelMessageId !== null
    ? 'infinity'
    : inbound.sentAt;

/** What the inbox keeps of an item. */
export function toInboxItem(normalized: NormalizedItem, arrival: Arrival): InboxItem {
  if (normalized.kind === 'inbound') {
    const { inbound } = normalized;
    const { blindIndex } = arrival;
    const tooOld = isTooOld(inbound, arrival);
    return {
      key: keyOf(inbound, blindIndex),
      formerKey: formerKeyOf(inbound, arrival.receivedAt),
      orderingKey: inbound.kind === 'template_status' ? inbound.kind : personOf(inbound, blindIndex),
      lane: inbound.kind === 'template_status' ? inbound.kind : `${inbound.division} ${inbound.channel}`,
      sentAt: ownTimeOf(inbound, arrival),
      state: tooOld ? 'dead' : 'pending',
      reason: tooOld ? TOO_OLD : null,
      item: itemJson(inbound),
    };
  }
  const item = itemJson(normalized.raw);
  return {
    key: digest([normalized.kind, normalized.reason, item]),
    formerKey: null,
    orderingKey: normalized.kind,
    lane: '',
    sentAt: null,
    state: normalized.kind,
    reason: normalized.reason,
    item,
  };
}
