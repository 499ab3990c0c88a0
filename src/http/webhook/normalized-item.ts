/** What a normalizer makes of a body: items, each of which is accepted or refused alone. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { InboundItem } from '../../domain/inbound/inbound.ts';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import type { BlindIndex, InboxItem } from '../../ports.ts';

/**
 * `ignored`: known to have no effect here (an echo of our own message). `dead`: an operator should look at it.
 * Both are kept, and neither keeps the rest of its delivery from being understood
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
export type NormalizedItem =
  | { readonly kind: 'inbound'; readonly inbound: InboundItem }
  | { readonly kind: 'ignored' | 'dead'; readonly reason: string; readonly raw: unknown };

/** Which division a channel's own number, page or account belongs to (docs/design/api.md#division-of-a-delivery). */
export interface ChannelMap {
  /** `WA_PHONE_MAP`: by phone_number_id. */
  readonly waPhones: ReadonlyMap<string, { readonly division: Division; readonly displayName: string }>;
  /** By Facebook page id or Instagram account id. */
  readonly pages: ReadonlyMap<string, Division>;
}

/** Turns one body into items. Pure. `receivedAt`: ISO 8601 UTC, for what carries no time of its own. */
export type Normalizer = (
  body: unknown,
  context: { readonly map: ChannelMap; readonly receivedAt: string },
) => readonly NormalizedItem[];

export const deadItem = (reason: string, raw: unknown): NormalizedItem => ({ kind: 'dead', reason, raw });
export const ignoredItem = (reason: string, raw: unknown): NormalizedItem => ({
  kind: 'ignored',
  reason,
  raw,
});

/** Names the fields that are wrong, never their values: reasons are shown in logs and metrics. */
export function invalidItem(what: string, error: z.ZodError, raw: unknown): NormalizedItem {
  const paths = new Set(error.issues.map(({ path }) => path.join('.') || 'body'));
  return deadItem(`invalid_${what}: ${[...paths].slice(0, 5).join(', ')}`, raw);
}

/** Where a list belongs: nothing is none, and a lone thing is read as a list of itself, so that it is not lost. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** A short name for the same texts, from which they cannot be read. */
export const digest = (texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 32);

/** Message ids of these channels are unique in the whole channel, those of the others only in one chat. */
const WORLDWIDE: ReadonlySet<Channel> = new Set(['whatsapp', 'instagram', 'facebook']);

/**
 * The same for the same thing, no matter who delivers it: a message that comes from Meta and from the bot is one.
 * Hashed because a wamid has the customer's number in it.
 */
export function keyOf(inbound: InboundItem): string {
  if (inbound.kind === 'template_status') {
    const { whatsappName, language, state, sentAt } = inbound;
    return digest([inbound.kind, whatsappName, language, state, sentAt]);
  }
  const { kind, channel, division, userId } = inbound;
  const id = 'channelMessageId' in inbound ? inbound.channelMessageId : null;
  if (id === null) return digest(['item', JSON.stringify(inbound)]);
  const place = WORLDWIDE.has(channel) ? [channel] : [channel, division, userId];
  return digest([kind, ...place, id, ...(inbound.kind === 'status' ? [inbound.status] : [])]);
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
      key: keyOf(inbound),
      orderingKey:
        inbound.kind === 'template_status'
          ? inbound.kind
          : blindIndex('ordering', `${inbound.division} ${inbound.userId}`),
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
    orderingKey: normalized.kind,
    lane: '',
    sentAt: null,
    state: normalized.kind,
    reason: normalized.reason,
    item,
  };
}
