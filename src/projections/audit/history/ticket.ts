/**
 * A ticket, folded from its streams with the code that folds the inbox and the CRM, and written as `GET ticket` writes
 * it: so that history and inbox cannot drift apart.
 */
import type { Recorded } from '../../../domain/codec.ts';
import { conversationStream } from '../../../domain/conversation/conversation.ts';
import { type Crm, crmObject, evolveCrm, NO_CRM } from '../../../domain/crm/crm.ts';
import { deliveryStream } from '../../../domain/outbound/delivery.ts';
import { internalStream } from '../../../domain/conversation/internal-notes.ts';
import { hasFile, mediaStream } from '../../../domain/media/media.ts';
import { ticketStream } from '../../../domain/tickets/ticket.ts';
import { filterOf } from '../../tickets/inbox-filter.ts';
import { ticketText } from '../../tickets/inbox-page.ts';
import { storableJson } from '../../../engine/sql/postgres-text.ts';
import { type TicketObject, evolveTicket, type TicketRow } from '../../tickets/ticket-row.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Names, Person } from './names.ts';
import type { Subject } from './subject.ts';

export interface TicketThen {
  readonly row: TicketRow | undefined;
  readonly crm: Crm;
  /** Of the ticket's own stream; -1 before it opened. */
  readonly revision: bigint;
}

/** contract.md 4: TicketObject and CrmObject. */
export interface TicketShown {
  readonly ticket: TicketObject & {
    readonly assigned_to: Person | null;
    readonly waiting_for_agent: Person | null;
    readonly is_idle: boolean;
  };
  readonly crm: ReturnType<typeof crmObject>;
}

export interface TicketOptions {
  /** Internal notes too. Without it their stream is not even read. */
  readonly l2: boolean;
  readonly idleAfterHours: number;
}

export function ticketSubject(
  id: string,
  { l2, idleAfterHours }: TicketOptions,
): Subject<TicketThen, TicketShown> {
  const stream = ticketStream(id);
  return {
    stream,
    streams: [stream, conversationStream(id), ...(l2 ? [internalStream(id)] : [])],
    fold: {
      initial: { row: undefined, crm: NO_CRM, revision: -1n },
      evolve: ({ row, crm, revision }, event) => ({
        row: evolveTicket(row, event),
        crm: event.type === 'CrmUpdated' ? evolveCrm(crm, event.data) : crm,
        revision: event.stream === stream ? event.revision : revision,
      }),
    },
    beside: besideMessage,
    people: ({ row }) => (row ? [row.assignedTo, row.waitingFor] : []),
    shown: (then, at, names) =>
      ticketShown(then, filterOf({}, { now: at, afterHours: idleAfterHours }), names),
    fields: comparable,
  };
}

function ticketShown(
  { row, crm }: TicketThen,
  { idleBefore }: { readonly idleBefore: string },
  names: Names,
): TicketShown | null {
  if (!row) return null;
  const { card, assignedTo, waitingFor } = row;
  const text = ticketText(
    {
      id: card.id,
      at: new Date(row.lastActivityAt),
      assignedTo,
      assignedName: names(assignedTo)?.name ?? null,
      waitingFor,
      waitingName: names(waitingFor)?.name ?? null,
      card: JSON.stringify(card),
      mayIdle: card.status === 'in_progress' || card.status === 'awaiting_response',
    },
    idleBefore,
  );
  return {
    ticket: JSON.parse(text) as TicketShown['ticket'],
    crm: crmObject(card.division, JSON.parse(storableJson(crm)) as Crm),
  };
}

/**
 * What says nothing of its own: `updated_at` is the time of the change, the CRM's stage stands on the ticket, who set a
 * field is who made the change.
 */
const SAID_ELSEWHERE = /^(updated_at|crm\.crm_stage|crm\.crm_field_sources\..*)$/;

const comparable = ({ ticket, crm }: TicketShown): Fields =>
  Object.fromEntries(
    Object.entries({ ...fieldsOf(ticket), ...fieldsOf(crm, 'crm.') }).filter(
      ([field]) => !SAID_ELSEWHERE.test(field),
    ),
  );

/** How a message of ours was delivered, and what became of a file of theirs. */
function besideMessage(event: Recorded): readonly string[] {
  switch (event.type) {
    case 'AgentReplied':
    case 'TeamReplied':
    case 'QueueNoticePosted':
      return [deliveryStream(event.data.messageId)];
    case 'MessageReceived':
      return event.data.attachments.some(hasFile) ? [mediaStream(event.data.messageId)] : [];
    default:
      return [];
  }
}
