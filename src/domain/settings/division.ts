/** What a division sets for itself: when it is at work (docs/design/business-rules.md#office-hours). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { DEFAULT_HOURS, type OpenHours } from './office-hours.ts';
import { division as divisionName } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const divisionStream = (division: string): string => `division-${division}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const OfficeHoursSet = defineEvent('OfficeHoursSet', {
  division: divisionName,
  hours: z.array(
    z.object({
      dayOfWeek: z.int().min(0).max(6),
      opens: z.string(),
      closes: z.string(),
      isActive: z.boolean(),
    }),
  ),
});

export const divisionEvents = [OfficeHoursSet] as const;
export type DivisionEvent = EventOf<typeof OfficeHoursSet>;

// ---------------------------------------------------------------- state and evolve

export interface DivisionState {
  readonly hours: readonly (OpenHours & { readonly isActive: boolean })[];
}

export const divisionAggregate: Aggregate<DivisionState, DivisionEvent> = {
  category: 'division',
  stream: divisionStream,
  initial: { hours: DEFAULT_HOURS.map((hours) => ({ ...hours, isActive: true })) },
  evolve: (_state, event) => ({ hours: event.data.hours }),
};
