/** What people decided about the read side (docs/projections.md). */
import { z } from 'zod';
import { defineEvent, type EventOf } from './event.ts';

/** A view stopped at an event that it could not read, and a person let it continue without it. */
export const ProjectionEventSkipped = defineEvent('ProjectionEventSkipped', {
  view: z.string(),
  /** The event that was left out: its id and its place in the store. */
  eventId: z.uuid(),
  position: z.string(),
  /** Who decided so: an account of the machine, or the name they gave. */
  by: z.string(),
  reason: z.string(),
});

export const projectionEvents = [ProjectionEventSkipped] as const;

export type ProjectionEvent = EventOf<typeof ProjectionEventSkipped>;

/** Where the decisions about a view are kept. */
export const projectionStream = (view: string): string => `projection-${view}`;
