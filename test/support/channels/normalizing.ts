/** Runs the normalizers as the webhook does, by who signed. */
import { expect } from 'chai';
import { type Inbound, inbound } from '../../../src/domain/inbound/inbound.ts';
import { keptForm, readBody, type Verified } from '../../../src/channels/webhook.ts';
import type { NormalizedItem } from '../../../src/channels/reading.ts';
import { keyOf } from '../../../src/http/webhook/inbox-item.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { testLines } from './meta.ts';

export const receivedAt = '2026-07-03T10:30:05.000Z';

export function partsOf(body: unknown, sender: Verified): readonly NormalizedItem[] {
  const read = readBody(body, [sender], { lines: testLines, receivedAt });
  if (!read) throw new Error('this sender may not speak in this form');
  return read.items;
}
export const META = keptForm('meta', { divisions: null, line: null });
export const BOTS = keptForm('normalized', { divisions: DIVISIONS, line: null });
export const TELEGRAM = keptForm('telegram', { divisions: ['savi'], line: '4242' });
export const fromMeta = (body: unknown) => partsOf(body, META);
export const fromBot = (body: unknown) => partsOf(body, BOTS);
export const fromTelegram = (body: unknown) => partsOf(body, TELEGRAM);

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

const blindIndex = createBlindIndex('a key for tests only, 32 characters');
/** Under which the webhook inbox knows it again. */
export const inboxKey = (item: Inbound): string => keyOf(item, blindIndex);
