/**
 * The form in which the product's own bots report, one event per body (docs/design/api.md#normalized-form). Bots are
 * made with tools that write numbers as text and words in any case: what is meant counts.
 */
import { isPhone, isScopedId, phoneDigits } from '../../domain/customers/phone.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import { CHANNELS, type Channel, DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import {
  idOf,
  listOf,
  type Members,
  membersOf,
  numberOf,
  shortTextOf,
  textOf,
  timeOf,
  wordsWithin,
} from '../lenient.ts';
import type { Lines } from '../lines.ts';
import type { Normalizer } from '../provider.ts';
import { deadItem, digest, type NormalizedItem } from '../reading.ts';

const PREFIXES: Readonly<Record<Channel, string>> = {
  whatsapp: 'wa_',
  telegram: 'tg_',
  instagram: 'ig_',
  facebook: 'fb_',
  web: 'web_',
};

const EVENTS = ['message', 'handoff', 'resolved', 'lead_detected'] as const;
type BotEvent = (typeof EVENTS)[number];

/** Names of who speaks, as tools for bots have them. */
const CUSTOMER = ['', 'customer', 'user', 'client', 'human', 'visitor', 'guest', 'pelanggan'];
const BOT = ['bot', 'assistant', 'ai', 'system', 'agent'];

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

/** A word of a list, in any case; undefined: none of them. */
const wordOf = <const T extends string>(value: unknown, words: readonly T[]): T | undefined => {
  const text = textOf(value)?.trim().toLowerCase();
  return words.find((word) => word === text);
};

/** What tools write where they have no id: the same for everybody, so it is nobody's. */
const NOBODY = /^(?:undefined|null|nan|none|unknown|anonymous|0+|-+|\[object \w+\]|\{\{.*|\$\{.*|<.*>)$/i;

/** Who it is: the prefix must be the channel's own, else a customer of one channel could be taken for another's. */
function identify({ user_id, channel }: Members) {
  const id = idOf(user_id);
  if (id === undefined) return 'invalid_body: user_id';
  const named = CHANNELS.find((one) => id.startsWith(PREFIXES[one]));
  if (!named) return 'unknown_user_prefix';
  const said = wordOf(channel, CHANNELS);
  if (said !== undefined && said !== named) return 'prefix_of_another_channel';
  const rest = id.slice(PREFIXES[named].length).trim();
  if (rest === '') return 'empty_user_id';
  if (NOBODY.test(rest)) return 'no_user_id';
  if (named !== 'whatsapp')
    return { channel: named, userId: `${PREFIXES[named]}${rest}`, phone: null, businessScopedId: null };
  const name = phoneDigits(rest);
  // A version before 0.3.0 knew who was spelled with a 0 in front by that.
  const before = /^\+?[\d .()-]+$/.test(rest) ? rest.replace(/\D/g, '') : rest;
  return {
    channel: named,
    userId: `wa_${name}`,
    phone: isPhone(name) ? `+${name}` : null,
    businessScopedId: isScopedId(name) ? name : null,
    ...(before !== name && before !== '' && { otherIds: [`wa_${before}`] }),
  };
}

/** The number decides over what the body says; a number that is not ours belongs to no division. */
function accountOf({ wa_phone_id, division }: Members, channel: Channel, lines: Lines) {
  const phoneId = idOf(wa_phone_id);
  if (phoneId === undefined) {
    const named: Division | undefined = wordOf(division, DIVISIONS);
    if (!named) return textOf(division) === undefined ? 'missing_division' : 'invalid_body: division';
    // Of several nobody says which.
    const [only, ...more] = lines.of(channel, named);
    const line = only && more.length === 0 ? only.id : null;
    return { division: named, waPhoneId: null, waDisplayName: null, line };
  }
  const number = lines.find('whatsapp', phoneId);
  return number
    ? { division: number.division, waPhoneId: phoneId, waDisplayName: number.name, line: number.id }
    : 'unknown_phone_number_id';
}

/** ISO 8601 in any time zone, else Unix time; a date without a time of day is none. */
function sentAtOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  if (typeof text !== 'string' || /^-?\d+(\.\d+)?$/.test(text)) return timeOf(text);
  const [, day] = /^(\d{4}-\d\d-\d\d)[T ]\d\d:\d\d/.exec(text) ?? [];
  if (day === undefined) return undefined;
  // JavaScript reads the 29th of a February that has none as the first of March.
  const calendar = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(calendar.getTime()) || calendar.toISOString().slice(0, 10) !== day) return undefined;
  // Without an offset it is the division's clock, which is Jakarta's.
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}+07:00`;
  const at = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(at.getTime()) ? undefined : timeOf(at.getTime());
}

function officeHoursOf(value: unknown): boolean | null {
  const word = wordOf(value, ['true', 'false', '1', '0', 'yes', 'no']);
  return word === undefined ? null : ['true', '1', 'yes'].includes(word);
}

/** Ids longer than a row of an index may be are known by their hash. */
const MOST_ID = 500;
function messageIdOf(value: unknown): string | undefined {
  const text = typeof value === 'object' ? undefined : textOf(value);
  return text !== undefined && text.length > MOST_ID ? digest(['long id', text]) : text;
}

/** Everything but what kind of event it is. */
type About = Omit<Extract<Inbound, { kind: 'resolved' }>, 'kind'>;

function inboundOf(event: BotEvent, body: Members, about: About, time: string | undefined): Inbound | string {
  switch (event) {
    case 'handoff':
      return { ...about, kind: 'handoff', reason: shortTextOf(body['reason']) ?? null };
    case 'resolved':
      return { ...about, kind: 'resolved' };
    case 'lead_detected': {
      const { fields } = body;
      if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
        return 'invalid_body: fields';
      return {
        ...about,
        kind: 'lead_detected',
        fields: fields as Record<string, unknown>,
        confidence: numberOf(body['confidence']) ?? null,
      };
    }
    case 'message':
      break;
  }
  const content = typeof body['message'] === 'string' ? body['message'] : textOf(body['message']);
  if (content === undefined) return 'invalid_body: message';
  const speaker = textOf(body['sender'])?.trim().toLowerCase() ?? '';
  if (!CUSTOMER.includes(speaker) && !BOT.includes(speaker)) return 'invalid_body: sender';
  const isBot = BOT.includes(speaker);
  const messageId = messageIdOf(body['message_id']);
  // Without an id and a time of its own, a second 'ok' looks like the first one delivered again.
  if (messageId === undefined && time === undefined) return 'invalid_body: timestamp';
  const named = isBot ? 'bot' : 'customer';
  const id = messageId ?? digest([named, about.division, about.userId, about.sentAt, content]);
  if (isBot) {
    const confidence = numberOf(body['confidence']) ?? null;
    return { ...about, kind: 'bot_message', channelMessageId: id, content: wordsWithin(content), confidence };
  }
  return {
    ...about,
    kind: 'message',
    channelMessageId: id,
    contentKind: 'text',
    content: wordsWithin(content),
    attachments: [],
    replyTo: null,
  };
}

function partOf(raw: unknown, lines: Lines, receivedAt: string): NormalizedItem {
  if (hasUnsafeMember(raw)) return deadItem('unsafe_member', raw);
  if (typeof raw !== 'object' || raw === null) return deadItem('invalid_body: body', raw);
  const body = membersOf(raw);
  const event =
    body['event'] === undefined || body['event'] === null ? 'message' : wordOf(body['event'], EVENTS);
  if (event === undefined) return deadItem('invalid_body: event', raw);
  const who = identify(body);
  if (typeof who === 'string') return deadItem(who, raw);
  const account = accountOf(body, who.channel, lines);
  if (typeof account === 'string') return deadItem(account, raw);
  const time = sentAtOf(body['timestamp']);
  const about: About = {
    ...who,
    ...account,
    userName: shortTextOf(body['user_name']) ?? null,
    botId: shortTextOf(body['bot_id']) ?? null,
    sentAt: time ?? receivedAt,
    isOfficeHours: officeHoursOf(body['is_office_hours']),
  };
  const inbound = inboundOf(event, body, about, time);
  return typeof inbound === 'string' ? deadItem(inbound, raw) : { kind: 'inbound', inbound };
}

/** One event, or a list of them. */
export const normalized: Normalizer = (body, { lines, receivedAt }) =>
  listOf(body).map((raw) => partOf(raw, lines, receivedAt));
