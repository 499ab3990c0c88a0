/** The columns of `read.tickets`, once for the batches of the live view and for the COPY of a rebuild. */
import { arrayLiteral } from '../../engine/sql/postgres-text.ts';
import type { TicketRow } from './ticket-row.ts';

interface TicketColumn {
  readonly name: string;
  readonly type: 'text' | 'uuid' | 'boolean' | 'timestamptz' | 'text[]' | 'json';
  /** Its value as text, as Postgres reads it. */
  readonly value: (row: TicketRow) => string | null;
  /** Set when the ticket opens and never changed: an update leaves it alone. */
  readonly isFixed?: true;
}

export const TICKET_COLUMNS: readonly TicketColumn[] = [
  { name: 'division', type: 'text', value: ({ card }) => card.division, isFixed: true },
  { name: 'id', type: 'uuid', value: ({ card }) => card.id, isFixed: true },
  { name: 'customer_id', type: 'uuid', value: ({ card }) => card.customer_id, isFixed: true },
  { name: 'status', type: 'text', value: ({ card }) => card.status },
  { name: 'queue_status', type: 'text', value: ({ card }) => card.queue_status },
  { name: 'channel', type: 'text', value: ({ card }) => card.channel, isFixed: true },
  { name: 'crm_stage', type: 'text', value: ({ card }) => card.crm_stage },
  { name: 'assigned_to', type: 'uuid', value: ({ assignedTo }) => assignedTo },
  { name: 'waiting_for', type: 'uuid', value: ({ waitingFor }) => waitingFor },
  { name: 'tags', type: 'text[]', value: ({ card }) => arrayLiteral(card.tags) },
  { name: 'last_activity_at', type: 'timestamptz', value: ({ lastActivityAt }) => lastActivityAt },
  { name: 'created_at', type: 'timestamptz', value: ({ card }) => card.created_at, isFixed: true },
  {
    name: 'last_customer_message_at',
    type: 'timestamptz',
    value: ({ lastCustomerMessageAt }) => lastCustomerMessageAt,
  },
  { name: 'search', type: 'text', value: ({ search }) => search, isFixed: true },
  { name: 'card', type: 'json', value: ({ card }) => JSON.stringify(card) },
];
