/** The columns of read.tickets: how a row of the inbox is stored. */
import { nameKey } from '../../domain/settings/name-key.ts';
import type { QueueStatus } from '../../domain/vocabulary.ts';
import { arrayLiteral } from '../../engine/sql/postgres-text.ts';
import type { NewRow } from '../../engine/sql/tables.ts';
import type { TicketRow } from './ticket-row.ts';

/**
 * In the tables a closed ticket keeps where it was, so that status and queue_status go together as one of seven pairs
 * (`inbox-filter.ts`).
 */
export const queueStatusOf = ({ card, assignedTo }: TicketRow): QueueStatus =>
  card.queue_status ?? (assignedTo === null ? 'free' : 'assigned');

/** What a ticket is found by: a tag is one tag however it is written (docs/design/api.md#tags). */
export const tagKeysOf = ({ card }: Pick<TicketRow, 'card'>): string[] => [
  ...new Set(card.tags.map(nameKey)),
];

interface TicketColumn {
  readonly name: keyof NewRow<'read.tickets'>;
  readonly type: 'text' | 'uuid' | 'boolean' | 'int' | 'timestamptz' | 'text[]' | 'json';
  /** Its value as text, as Postgres reads it. */
  readonly value: (row: TicketRow) => string | null;
  /** Set when the ticket opens and never changed: an update leaves it alone. */
  readonly isFixed?: true;
}

/** Once for the batches of the live view and for the COPY of a rebuild. */
export const TICKET_COLUMNS: readonly TicketColumn[] = [
  { name: 'division', type: 'text', value: ({ card }) => card.division, isFixed: true },
  { name: 'id', type: 'uuid', value: ({ card }) => card.id, isFixed: true },
  { name: 'customer_id', type: 'uuid', value: ({ card }) => card.customer_id },
  { name: 'status', type: 'text', value: ({ card }) => card.status },
  { name: 'queue_status', type: 'text', value: queueStatusOf },
  { name: 'channel', type: 'text', value: ({ card }) => card.channel, isFixed: true },
  { name: 'crm_stage', type: 'text', value: ({ card }) => card.crm_stage },
  { name: 'assigned_to', type: 'uuid', value: ({ assignedTo }) => assignedTo },
  { name: 'waiting_for', type: 'uuid', value: ({ waitingFor }) => waitingFor },
  { name: 'tags', type: 'text[]', value: (row) => arrayLiteral(tagKeysOf(row)) },
  { name: 'last_activity_at', type: 'timestamptz', value: ({ lastActivityAt }) => lastActivityAt },
  { name: 'created_at', type: 'timestamptz', value: ({ card }) => card.created_at, isFixed: true },
  {
    name: 'last_customer_message_at',
    type: 'timestamptz',
    value: ({ lastCustomerMessageAt }) => lastCustomerMessageAt,
  },
  { name: 'queue_label', type: 'text', value: ({ card }) => card.queue_label },
  {
    name: 'is_returning',
    type: 'boolean',
    value: ({ card }) => String(card.is_returning_customer),
    isFixed: true,
  },
  { name: 'is_off_hours', type: 'boolean', value: ({ card }) => String(card.is_off_hours), isFixed: true },
  { name: 'waiting_since', type: 'timestamptz', value: ({ card }) => card.waiting_since },
  { name: 'queued_at', type: 'timestamptz', value: ({ card }) => card.queued_at },
  { name: 'snoozed_until', type: 'timestamptz', value: ({ card }) => card.snoozed_until },
  { name: 'wake_at', type: 'timestamptz', value: ({ wakeAt }) => wakeAt },
  { name: 'customer_messages', type: 'int', value: ({ customerMessages }) => String(customerMessages) },
  { name: 'kept', type: 'json', value: ({ kept }) => JSON.stringify(kept) },
  { name: 'joined_to', type: 'uuid', value: ({ joinedTo }) => joinedTo },
  { name: 'search', type: 'text', value: ({ search }) => search },
  { name: 'card', type: 'json', value: ({ card }) => JSON.stringify(card) },
];
