/**
 * Where a history ends. For a time: at the last event that had happened by then, with everything the store took before
 * that event. So the state is one that really existed, also when the clocks of two processes differ. For a revision: at
 * the event that made it, with everything the store took before it from other streams.
 */
import { z } from 'zod';
import { createCalendar, dayNumber } from '../../../domain/time/calendar.ts';
import { told, type Told } from './gap.ts';
import type { Streams } from './in-order.ts';

/** A time with an offset or Z, or a day. */
export const pointInTimeText = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** The point in time that somebody asks for. */
export type RequestedPoint =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly at: Date }
  /** Of the subject's own stream: for a ticket its own, not the conversation's. 0 is the first event. */
  | { readonly kind: 'revision'; readonly revision: bigint };

/** The subject as it is now. */
export const NOW: RequestedPoint = { kind: 'now' };

export interface PointInTime {
  /** Fields that depend on the clock (idle) are computed for it. */
  readonly at: Date;
  /** Whether it had happened by then; an event without a readable time: not by itself. Everything before the last such event also counts. */
  includes(event: Told): boolean;
}

/**
 * The time that a person writes: a time, or a day, which means its last millisecond in the business' time zone.
 * @param text matches `pointInTimeText`
 * @param timezone IANA name
 */
export function timeOf(text: string, timezone: string): Date {
  const day = dayNumber(text);
  return new Date(Number.isNaN(day) ? text : createCalendar(timezone).momentOf(day + 1) - 1);
}

/**
 * @param stream the stream that revisions count in
 * @param now a time after it means now
 * @returns null when the stream has no such revision
 * @throws StoreUnavailable
 */
export async function pointInTimeOf(
  store: Streams,
  stream: string,
  requested: RequestedPoint,
  now: Date,
): Promise<PointInTime | null> {
  if (requested.kind === 'revision') {
    const [stored] = await store.read(stream, { from: requested.revision, limit: 1 });
    if (!stored) return null;
    const { position, metadata } = told(stored);
    return { at: new Date(metadata.at ?? now), includes: (event) => event.position <= position };
  }
  if (requested.kind === 'now' || requested.at >= now) return { at: now, includes: () => true };
  const last = requested.at.getTime();
  return { at: requested.at, includes: ({ metadata: { at } }) => at !== null && Date.parse(at) <= last };
}
