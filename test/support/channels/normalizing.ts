/** Runs the normalizers as the webhook does, by who signed. */
import { expect } from 'chai';
import { type Inbound, inbound } from '../../../src/domain/inbound/inbound.ts';
import { parseBody } from '../../../src/http/webhook/parse-body.ts';
import type { NormalizedItem } from '../../../src/http/webhook/normalized-item.ts';
import type { WebhookSender } from '../../../src/http/webhook/signature.ts';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { channelMap } from './meta.ts';

export const receivedAt = '2026-07-03T10:30:05.000Z';

export function partsOf(body: unknown, sender: WebhookSender): readonly NormalizedItem[] {
  const read = parseBody(body, sender, { map: channelMap, receivedAt });
  if (!read) throw new Error('this sender may not speak in this form');
  return read.items;
}
export const fromMeta = (body: unknown) => partsOf(body, { kind: 'signed', meta: true, bot: [] });
export const fromBot = (body: unknown) => partsOf(body, { kind: 'signed', meta: false, bot: DIVISIONS });
export const fromTelegram = (body: unknown) => partsOf(body, { kind: 'telegram', division: 'savi' });

/** The inbound items, each checked against the schema the ingester reads them with. */
export const inbounds = (items: readonly NormalizedItem[]): Inbound[] =>
  items.flatMap((part) => (part.kind === 'inbound' ? [inbound.parse(part.inbound)] : []));

export function only(items: readonly NormalizedItem[]): Inbound {
  expect(items).to.have.length(1);
  const [found] = inbounds(items);
  if (!found) throw new Error(`no inbound item: ${JSON.stringify(items)}`);
  return found;
}

export const verdicts = (items: readonly NormalizedItem[]): string[] =>
  items.map((part) => (part.kind === 'inbound' ? part.inbound.kind : `${part.kind} ${part.reason}`));
