/**
 * Until when a history is told. A moment of the clock is told up to the last event that had happened by then, and
 * everything the store took before that event: a state that there really was, also where the clocks of two processes
 * differ. A revision is told up to the very event that made it, and what the store had taken before from other streams.
 */
import { z } from 'zod';
import { decode, type Recorded } from '../../../domain/codec.ts';
import { createCalendar, dayNumber } from '../../../domain/time/calendar.ts';
import type { Streams } from './in-order.ts';

/** A time with an offset or Z, or a day. */
export const pointInTimeText = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

export type Asked =
  | { readonly kind: 'now' }
  | { readonly kind: 'time'; readonly at: Date }
  /** Of the stream that the history is about: the ticket's own, not its conversation's. 0 is its first event. */
  | { readonly kind: 'revision'; readonly revision: bigint };

export const NOW: Asked = { kind: 'now' };

export interface PointInTime {
  /** What depends on the clock (idle) is worked out for it. */
  readonly at: Date;
  /** Had it happened by then? Everything before the last such event belongs to the moment. */
  holds(event: Recorded): boolean;
}

/**
 * The moment a person names: a time, or a day, which means its last millisecond in the business' time zone.
 * @param text fits `momentText`
 * @param timezone IANA name
 */
export function timeOf(text: string, timezone: string): Date {
  const day = dayNumber(text);
  return new Date(Number.isNaN(day) ? text : createCalendar(timezone).momentOf(day + 1) - 1);
}

/**
 * @param stream whose revisions are meant
 * @param now what comes after it is now: nobody knows the future
 * @returns null when the stream has no such revision
 * @throws StoreUnavailable
 */
export async function pointInTimeOf(
  store: Streams,
  stream: string,
  asked: Asked,
  now: Date,
): Promise<PointInTime | null> {
  if (asked.kind === 'revision') {
    const [stored] = await store.read(stream, { from: asked.revision, limit: 1 });
    if (!stored) return null;
    const { position, metadata } = decode(stored);
    return { at: new Date(metadata.at), holds: (event) => event.position <= position };
  }
  if (asked.kind === 'now' || asked.at >= now) return { at: now, holds: () => true };
  const last = asked.at.getTime();
  return { at: asked.at, holds: ({ metadata }) => Date.parse(metadata.at) <= last };
}
