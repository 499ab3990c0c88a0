/** What a normalizer makes of a body: items, each of which is accepted or refused alone. */
import { createHash } from 'node:crypto';
import type { InboundItem } from '../domain/inbound/inbound.ts';

/**
 * `ignored`: known to have no effect here (an echo of our own message). `dead`: an operator should look at it.
 * Both are kept, and neither keeps the rest of its delivery from being understood
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
export type NormalizedItem =
  | { readonly kind: 'inbound'; readonly inbound: InboundItem }
  | { readonly kind: 'ignored' | 'dead'; readonly reason: string; readonly raw: unknown };

export const deadItem = (reason: string, raw: unknown): NormalizedItem => ({ kind: 'dead', reason, raw });
export const ignoredItem = (reason: string, raw: unknown): NormalizedItem => ({
  kind: 'ignored',
  reason,
  raw,
});

/** A short name for the same texts, from which they cannot be read. */
export const digest = (texts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('base64url').slice(0, 32);
