/**
 * A ticket, folded from its streams with the code that folds the inbox and the CRM, and written as in `GET ticket`, so
 * that history and inbox always agree.
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
import type { TicketObject } from '../../tickets/ticket-object.ts';
import { evolveTicket, type TicketRow } from '../../tickets/ticket-row.ts';
import { type Fields, flatFields } from './fields.ts';
import type { Names } from './names.ts';
import type { Subject } from './subject.ts';

/** A ticket at a point in time. */
export interface TicketAtPoint {
  readonly row: TicketRow | undefined;
  readonly crm: Crm;
  /** Of the ticket's own stream; -1 before it opened. */
  readonly revision: bigint;
}

/** docs/design/api.md#ticket-object and docs/design/api.md#crm-object. */
export interface TicketShown {
  readonly ticket: TicketObject;
  readonly crm: ReturnType<typeof crmObject>;
}

export interface TicketOptions {
  /** With internal notes. Without it their stream is not read. */
  readonly l2: boolean;
  readonly idleAfterHours: number;
}

/** The history of a ticket. */
export function ticketSubject(
  id: string,
  { l2, idleAfterHours }: TicketOptions,
): Subject<TicketAtPoint, TicketShown> {
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
      passOver: (state, gap) => (gap.stream === stream ? { ...state, revision: gap.revision } : state),
    },
    relatedStreams,
    people: ({ row }) => (row ? [row.assignedTo, row.waitingFor, row.kept.note?.by ?? null] : []),
    shown: (state, at, names) =>
      ticketShown(state, filterOf({}, { now: at, afterHours: idleAfterHours }), names),
    fields: comparable,
  };
}

function ticketShown(
  { row, crm }: TicketAtPoint,
  { idleBefore }: { readonly idleBefore: string },
  names: Names,
): TicketShown | null {
  if (!row) return null;
  const { card, assignedTo, waitingFor, kept } = row;
  const text = ticketText(
    {
      id: card.id,
      at: new Date(row.lastActivityAt),
      assignedTo,
      assignedName: names(assignedTo)?.name ?? null,
      waitingFor,
      waitingName: names(waitingFor)?.name ?? null,
      card: JSON.stringify(card),
      note: kept.note,
      noteBy: names(kept.note?.by ?? null)?.name ?? null,
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
 * Not compared, because other fields say the same: `updated_at` is the time of the change, the CRM stage is also a field
 * of the ticket, and the source of a field is the actor of the change.
 */
const REDUNDANT_FIELDS = /^(updated_at|version|crm\.crm_stage|crm\.crm_field_sources\..*)$/;

const comparable = ({ ticket, crm }: TicketShown): Fields =>
  Object.fromEntries(
    Object.entries({ ...flatFields(ticket), ...flatFields(crm, 'crm.') }).filter(
      ([field]) => !REDUNDANT_FIELDS.test(field),
    ),
  );

/** How a message to the customer was delivered, and whether a file of the customer was downloaded. */
function relatedStreams(event: Recorded): readonly string[] {
  switch (event.type) {
    case 'AgentReplied':
    case 'TeamReplied':
    case 'QueueNoticePosted':
    case 'RegistrationReplyPosted':
    case 'TranscriptLinkPosted':
      return [deliveryStream(event.data.messageId)];
    case 'MessageReceived':
      return event.data.attachments.some(hasFile) ? [mediaStream(event.data.messageId)] : [];
    default:
      return [];
  }
}
