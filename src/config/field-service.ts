/** The variables of field service (docs/design/field-service.md#settings). */
import { optional, text, withDefault } from '../channels/settings.ts';
import { services } from '../domain/field-jobs/services.ts';
import { integer, oneOf } from './values.ts';

function servicesOf(json: string) {
  try {
    return services.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

export const FIELD_VARIABLES = {
  JOBS_PER_DAY: withDefault(
    integer(0, 1_000),
    '10',
    'So many visits a division takes on a day of which nobody said how many.',
  ),
  NO_SHOW_MINUTES: withDefault(
    integer(1, 1_440),
    '30',
    'A technician who has not checked in so many minutes after the window of the visit began is missed: dispatchers and leads are told.',
  ),
  SERVICES: optional(
    text('must be a JSON list of services (docs/design/field-service.md#services)', servicesOf),
    'What each division does at a customer’s, as JSON. Without it the list that the program comes with.',
  ),
  GEOFENCE: withDefault(
    oneOf('record', 'strict'),
    'record',
    'A check-in out of place, or from where cannot be said: record notes it and wants a note and a photo; strict refuses it.',
  ),
};
