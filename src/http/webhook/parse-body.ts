/** From a verified body to what the inbox keeps of it. */
import type { Division } from '../../domain/vocabulary.ts';
import type { WebhookInbox } from '../../ports.ts';
import { instagram, messenger } from './instagram-messenger.ts';
import { normalized } from './normalized.ts';
import { type ChannelMap, deadItem, type Normalizer, type NormalizedItem } from './normalized-item.ts';
import type { WebhookSender } from './signature.ts';
import { telegram } from './telegram.ts';
import { whatsapp } from './whatsapp.ts';

type WebhookForm = Parameters<WebhookInbox['store']>[0]['form'];

/** By the member `object` that every body of Meta's carries. */
const META: ReadonlyMap<unknown, Normalizer> = new Map([
  ['whatsapp_business_account', whatsapp],
  ['instagram', instagram],
  ['page', messenger],
]);

export interface ParsedBody {
  readonly form: WebhookForm;
  readonly items: readonly NormalizedItem[];
}

function metaItems(body: unknown, context: Parameters<Normalizer>[1]): readonly NormalizedItem[] {
  const normalize = META.get((body as { object?: unknown } | null)?.object);
  return normalize ? normalize(body, context) : [deadItem('unknown_object', body)];
}

/**
 * Reads a body in the form that its sender's secret allows.
 * @returns undefined when this secret is not for this form (a bot that speaks for Meta, or the reverse): 401
 */
export function parseBody(
  body: unknown,
  sender: WebhookSender,
  context: { readonly map: ChannelMap; readonly receivedAt: string },
): ParsedBody | undefined {
  const read = readAs(body, sender, context);
  // Nothing is answered with 200 and forgotten: an empty body is kept as what it is.
  return read && read.items.length === 0 ? { ...read, items: [deadItem('nothing_in_it', body)] } : read;
}

/** Why an item is none of its bot's: also when a kept body is read again, and the map has given it a division by then. */
export const OTHER_DIVISION = 'division_of_another_bot';

/** @returns the item; of a division that the bot does not speak for: a dead letter, without the division it tried */
function withinBot(item: NormalizedItem, divisions: readonly Division[]): NormalizedItem {
  if (item.kind !== 'inbound' || !('division' in item.inbound)) return item;
  const { division, ...rest } = item.inbound;
  return divisions.includes(division) ? item : deadItem(OTHER_DIVISION, rest);
}

function readAs(
  body: unknown,
  sender: WebhookSender,
  context: Parameters<typeof parseBody>[2],
): ParsedBody | undefined {
  if (sender.kind === 'telegram') {
    return { form: 'telegram', items: telegram(body, sender.division, context.receivedAt) };
  }
  // Every body of Meta's says what it is about in `object`, and no normalized one does.
  const isMeta = typeof body === 'object' && body !== null && 'object' in body;
  if (isMeta) return sender.meta ? { form: 'meta', items: metaItems(body, context) } : undefined;
  if (sender.bot.length === 0) return undefined;
  const items = normalized(body, context).map((item) => withinBot(item, sender.bot));
  return { form: 'normalized', items };
}
