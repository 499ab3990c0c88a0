/** The form in which the product's own bots report, one event per body (docs/design/api.md#normalized-form). */
import { z } from 'zod';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { Lines } from '../lines.ts';
import { CHANNELS, type Channel, division } from '../../domain/vocabulary.ts';
import type { Normalizer } from '../provider.ts';
import { deadItem, digest, invalidItem, listOf, type NormalizedItem } from '../reading.ts';

const PREFIXES: Readonly<Record<Channel, string>> = {
  whatsapp: 'wa_',
  telegram: 'tg_',
  instagram: 'ig_',
  facebook: 'fb_',
  web: 'web_',
};

/** In any time zone, as UTC; an offset such as +99:99 passes the pattern but is no time. */
const utcTime = z.iso
  .datetime({ offset: true })
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(text).toISOString())
  .pipe(z.iso.datetime());

/** Unknown members are let through: bots are deployed on their own, and what they send must not be lost for a new member. */
const schema = z.object({
  event: z.enum(['message', 'handoff', 'resolved', 'lead_detected']).default('message'),
  sender: z.enum(['customer', 'bot']).default('customer'),
  user_id: z.string().min(1).max(300),
  channel: z.enum(CHANNELS).nullish(),
  division: division.nullish(),
  bot_id: z.string().max(100).nullish(),
  wa_phone_id: z.string().max(100).nullish(),
  message: z.string().nullish(),
  // Of any length: it is cut, and the message is not lost for it.
  user_name: z.string().nullish(),
  timestamp: utcTime.nullish(),
  message_id: z.string().min(1).max(500).nullish(),
  is_office_hours: z.boolean().nullish(),
  confidence: z.number().nullish(),
  reason: z.string().max(1000).nullish(),
  fields: z.record(z.string(), z.unknown()).nullish(),
});
type Normalized = z.infer<typeof schema>;

const UNSAFE: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Keys that reach prototypes when an object is copied carelessly, at any depth
 * (docs/design/reliability.md#unsafe-names).
 */
function hasUnsafeMember(root: unknown): boolean {
  const left: unknown[] = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, member] of Object.entries(value)) {
      if (UNSAFE.has(key)) return true;
      if (typeof member === 'object' && member !== null) left.push(member);
    }
  }
  return false;
}

/** `+62 812-345` and `62812345` are one number; Meta writes it the second way. */
function withoutPunctuation(name: string): string {
  return /^\+?[\d .()-]+$/.test(name) ? name.replace(/\D/g, '') : name;
}

/** Who it is: the prefix must be the channel's own, else a customer of one channel could be taken for another's. */
function identify({ user_id, channel }: Normalized) {
  const named = CHANNELS.find((one) => user_id.startsWith(PREFIXES[one]));
  if (!named) return 'unknown_user_prefix';
  if (channel && channel !== named) return 'prefix_of_another_channel';
  const rest = user_id.slice(PREFIXES[named].length);
  const name = named === 'whatsapp' ? withoutPunctuation(rest) : rest;
  if (name === '') return 'empty_user_id';
  const isPhone = named === 'whatsapp' && /^\d{5,20}$/.test(name);
  return {
    channel: named,
    userId: `${PREFIXES[named]}${name}`,
    phone: isPhone ? `+${name}` : null,
    businessScopedId: named === 'whatsapp' && /^[A-Z]{2}\.[A-Za-z0-9.]+$/.test(name) ? name : null,
  };
}

/** The number decides over what the body says; a number that is not ours belongs to no division. */
function accountOf({ wa_phone_id, division: named }: Normalized, channel: Channel, lines: Lines) {
  if (!wa_phone_id) {
    if (!named) return 'missing_division';
    // Of several nobody says which.
    const [only, ...more] = lines.of(channel, named);
    return { division: named, waDisplayName: null, line: only && more.length === 0 ? only.id : null };
  }
  const number = lines.find('whatsapp', wa_phone_id);
  return number
    ? { division: number.division, waDisplayName: number.name, line: number.id }
    : 'unknown_phone_number_id';
}

/** Everything but what kind of event it is. */
type About = Omit<Extract<Inbound, { kind: 'resolved' }>, 'kind'>;

function inboundOf(data: Normalized, about: About): Inbound | string {
  switch (data.event) {
    case 'handoff':
      return { ...about, kind: 'handoff', reason: data.reason ?? null };
    case 'resolved':
      return { ...about, kind: 'resolved' };
    case 'lead_detected':
      if (!data.fields) return 'invalid_body: fields';
      return { ...about, kind: 'lead_detected', fields: data.fields, confidence: data.confidence ?? null };
    case 'message':
      break;
  }
  const { message: content, message_id } = data;
  if (typeof content !== 'string') return 'invalid_body: message';
  // Without an id and a time of its own, a second 'ok' looks like the first one delivered again.
  if (!message_id && !data.timestamp) return 'invalid_body: timestamp';
  const id = message_id ?? digest([data.sender, about.division, about.userId, about.sentAt, content]);
  if (data.sender === 'bot') {
    return {
      ...about,
      kind: 'bot_message',
      channelMessageId: id,
      content,
      confidence: data.confidence ?? null,
    };
  }
  return {
    ...about,
    kind: 'message',
    channelMessageId: id,
    contentKind: 'text',
    content,
    attachments: [],
    replyTo: null,
  };
}

function partOf(raw: unknown, lines: Lines, receivedAt: string): NormalizedItem {
  if (hasUnsafeMember(raw)) return deadItem('unsafe_member', raw);
  const parsed = schema.safeParse(raw);
  if (!parsed.success) return invalidItem('body', parsed.error, raw);
  const { data } = parsed;
  const who = identify(data);
  if (typeof who === 'string') return deadItem(who, raw);
  const account = accountOf(data, who.channel, lines);
  if (typeof account === 'string') return deadItem(account, raw);
  const inbound = inboundOf(data, {
    ...who,
    ...account,
    userName: data.user_name ?? null,
    botId: data.bot_id ?? null,
    waPhoneId: data.wa_phone_id ?? null,
    sentAt: data.timestamp ?? receivedAt,
    isOfficeHours: data.is_office_hours ?? null,
  });
  return typeof inbound === 'string' ? deadItem(inbound, raw) : { kind: 'inbound', inbound };
}

/** One event, or a list of them. */
export const normalized: Normalizer = (body, { lines, receivedAt }) =>
  listOf(body).map((raw) => partOf(raw, lines, receivedAt));
