/** What people decided about the read side (docs/projections.md). */
import { z } from 'zod';
import { defineEvent, type EventOf } from './event.ts';

/** Views could not take in an event, and a person let them go on without it. */
export const ProjectionEventSkipped = defineEvent('ProjectionEventSkipped', {
  /** ALL_VIEWS; the name of one view in what was recorded before 0.3.0. */
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

/** Stands in the place of a view's name where a decision is about all of them. */
export const ALL_VIEWS = 'all';

/** Where the decisions about a view are kept, or those about ALL_VIEWS. */
export const projectionStream = (view: string): string => `projection-${view}`;
