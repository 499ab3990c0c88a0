/** How far a message of ours came, of all that was recorded and reported (docs/design/business-rules.md#delivery-states). */
import type { DeliveryStatus } from '../vocabulary.ts';

/**
 * From the first step to the last. The furthest that was ever reported counts, so the order of arrival does not: `unknown` gives way to
 * any report, and what was delivered did not fail, whichever of the two came first
 * (docs/design/whatsapp.md#delivery-guarantees).
 */
export const DELIVERY_ORDER = ['queued', 'unknown', 'sent', 'failed', 'delivered', 'read'] as const;

/** Does a report of `next` count when the message is at `now`? */
export const advances = (now: DeliveryStatus, next: DeliveryStatus): boolean =>
  DELIVERY_ORDER.indexOf(next) > DELIVERY_ORDER.indexOf(now);

/** @returns the furthest of all; `queued` where there is none */
export const furthestOf = (all: readonly DeliveryStatus[]): DeliveryStatus =>
  all.reduce<DeliveryStatus>((furthest, one) => (advances(furthest, one) ? one : furthest), 'queued');
