/**
 * What one person has asked for and not got yet: the consistency boundary of how much a person may ask for at once
 * (docs/design/reliability.md#fair-exports). Whether an export is still open is on its own stream.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';

// ---------------------------------------------------------------- stream name

export const exportQueueStream = (userId: string): string => `exportqueue-${userId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

/** Stored before the request itself. `others`: those of this person that were open then. */
export const ExportQueued = defineEvent('ExportQueued', {
  userId: z.uuid(),
  exportId: z.uuid(),
  others: z.array(z.uuid()),
  queuedAt: z.iso.datetime(),
});

export const exportQueueEvents = [ExportQueued] as const;
export type ExportQueueEvent = EventOf<typeof ExportQueued>;

// ---------------------------------------------------------------- state and evolve

/** Id of an export, and when it was queued. */
export type ExportQueue = ReadonlyMap<string, string>;

export const exportQueue: Aggregate<ExportQueue, ExportQueueEvent> = {
  category: 'exportqueue',
  stream: exportQueueStream,
  initial: new Map(),
  evolve: (queue, { data }) =>
    new Map([
      ...[...queue].filter(([id]) => data.others.includes(id)),
      [data.exportId, data.queuedAt] as const,
    ]),
};
