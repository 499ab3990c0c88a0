/** Who gets which live event: the same rules as the reads (docs/design/api.md#roles-and-privileges). */
import {
  covers,
  INVOICE_READERS,
  mayReadNotes,
  maySee,
  type Privilege,
  visibleDivision,
} from '../../domain/staff/privileges.ts';
import type { Role, UserDivision } from '../../domain/vocabulary.ts';
import type { LiveEvent } from '../../projections/live/live-memory.ts';
import type { Audience } from '../../projections/live/rendered.ts';

export interface SseReader {
  readonly id: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly privileges: ReadonlySet<Privilege>;
}

export function mayReceive(reader: SseReader, audience: Audience): boolean {
  const { privileges } = reader;
  switch (audience.kind) {
    case 'ticket':
      return privileges.has('inbox_read') && maySee(reader, audience);
    case 'message':
      return privileges.has('messages_read') && maySee(reader, audience);
    case 'note':
      return privileges.has('internal_read') && maySee(reader, audience) && mayReadNotes(reader, audience);
    case 'presence':
      return (
        (privileges.has('presence_read') && covers(reader, audience.division)) ||
        audience.userId === reader.id
      );
    case 'blast':
      return (
        (privileges.has('blast_approve') && visibleDivision(reader) === 'all') ||
        audience.userId === reader.id
      );
    case 'job':
      return privileges.has('job_read') && covers(reader, audience.division);
    case 'invoice':
      return INVOICE_READERS.some((one) => privileges.has(one)) && covers(reader, audience.division);
    case 'pool':
      return privileges.has('job_pool') && !privileges.has('job_read') && covers(reader, audience.division);
    case 'own_job':
      return privileges.has('job_own') && covers(reader, audience.division) && audience.userId === reader.id;
    case 'user':
      return audience.userId === reader.id;
  }
}

const READS = [
  'inbox_read',
  'messages_read',
  'internal_read',
  'presence_read',
  'blast_approve',
  'job_read',
  ...INVOICE_READERS,
  'job_pool',
] as const;

/** Readers of one class get the same, but for what is theirs alone. */
export const visibilityClassOf = (reader: SseReader): string =>
  [visibleDivision(reader), reader.role, ...READS.filter((one) => reader.privileges.has(one))].join(' ');

/** The one person who sees more of an event than their class does; null when there is none. */
const personOf = ({ audience }: LiveEvent): string | null =>
  'userId' in audience ? audience.userId : 'assignee' in audience ? audience.assignee : null;

/**
 * Filters a batch once per class of readers, so that each event is looked at per class and not per reader.
 * @returns for a reader, the events they may see; the same list for readers of one class who have none of their own
 */
export function filterByReader(events: readonly LiveEvent[]): (reader: SseReader) => readonly LiveEvent[] {
  const classes = new Map<string, readonly LiveEvent[]>();
  const personal = new Map<string, LiveEvent[]>();
  for (const event of events) {
    const person = personOf(event);
    if (person === null) continue;
    const known = personal.get(person);
    if (known) known.push(event);
    else personal.set(person, [event]);
  }
  return (reader) => {
    const key = visibilityClassOf(reader);
    let shared = classes.get(key);
    if (!shared) {
      // Nobody's id: what everybody of the class sees.
      const anybody = { ...reader, id: '' };
      shared = events.filter(({ audience }) => mayReceive(anybody, audience));
      classes.set(key, shared);
    }
    const own = personal.get(reader.id);
    if (!own) return shared;
    const common = shared;
    const extra = own.filter((event) => !common.includes(event) && mayReceive(reader, event.audience));
    return extra.length === 0 ? shared : [...shared, ...extra].sort((a, b) => (a.id < b.id ? -1 : 1));
  };
}
