/** The other subjects of `npm run replay`: a user, a customer, a blast, a visit, an invoice. Each has one stream. */
import { blast, type Blast, type ExistingBlast } from '../../../domain/blasts/blast.ts';
import type { DomainEvent } from '../../../domain/codec.ts';
import { customer, type Customer } from '../../../domain/customers/customer.ts';
import { job, type FieldJob } from '../../../domain/field-jobs/job.ts';
import type { Aggregate } from '../../../domain/event.ts';
import { invoice, type Invoice } from '../../../domain/invoices/invoice.ts';
import { user, type User } from '../../../domain/staff/user.ts';
import { flatFields } from './fields.ts';
import type { Names } from './names.ts';
import type { Subject } from './subject.ts';

/** An aggregate at a point in time. */
export interface AggregateAtPoint<State> {
  readonly state: State;
  /** -1 before its first event. */
  readonly revision: bigint;
}

function subjectOf<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  id: string,
  {
    shown,
    people = () => [],
  }: {
    readonly shown: (state: State, names: Names) => object | null;
    readonly people?: (state: State) => readonly (string | null)[];
  },
): Subject<AggregateAtPoint<State>, object> {
  const stream = aggregate.stream(id);
  return {
    stream,
    streams: [stream],
    fold: {
      initial: { state: aggregate.initial, revision: -1n },
      evolve: ({ state }, event) => ({
        // The stream holds only the aggregate's own events.
        state: aggregate.evolve(state, event as unknown as Event),
        revision: event.revision,
      }),
      passOver: ({ state }, { revision }) => ({ state, revision }),
    },
    relatedStreams: () => [],
    people: ({ state }) => people(state),
    shown: ({ state }, _at, names) => shown(state, names),
    fields: flatFields,
  };
}

/** The history of a member of staff. */
export const userSubject = (id: string) => subjectOf(user, id, { shown: userShown });

/** The history of a customer. @param key of the customer's stream, `<division>_<hash>` */
export const customerSubject = (key: string) => subjectOf(customer, key, { shown: customerShown });

/** The history of a blast. */
export const blastSubject = (id: string) =>
  subjectOf(blast, id, {
    shown: blastShown,
    people: (state) => (state.status === 'absent' ? [] : [state.facts.creatorId, state.pausedBy]),
  });

/** The history of a visit. */
export const jobSubject = (id: string) =>
  subjectOf(job, id, {
    shown: jobShown,
    people: (state) => (state.status === 'absent' ? [] : [state.technicianId]),
  });

function jobShown(state: FieldJob, names: Names): object | null {
  if (state.status === 'absent') return null;
  const { status, technicianId, arrivedAt, finishedAt, documents } = state;
  return {
    job_id: state.id,
    status,
    division: state.division,
    customer_id: state.customerId,
    ticket_id: state.ticketId,
    kind: state.kind,
    window_from: state.windowFrom,
    window_to: state.windowTo,
    technician: names(technicianId),
    arrive_by: state.extendedUntil,
    arrived_at: arrivedAt,
    finished_at: finishedAt,
    documents: documents.map(({ kind }) => kind),
    report_rejected: state.reportRejected,
  };
}

/** The history of an invoice. */
export const invoiceSubject = (id: string) =>
  subjectOf(invoice, id, {
    shown: invoiceShown,
    people: (state) => (state.status === 'absent' ? [] : state.authors),
  });

function invoiceShown(state: Invoice, names: Names): object | null {
  if (state.status === 'absent') return null;
  const { ref, content, issue, received, withheld, nsfp, status } = state;
  return {
    ...{ invoice_id: ref.invoiceId, job_id: ref.jobId, division: ref.division, customer_id: ref.customerId },
    ...{ status, revision: content.revision, hash: content.hash, written_by: names(content.by) },
    ...{ net: content.net, discount: content.discount, total: content.total },
    ...{ number: issue?.number ?? null, issued_on: issue?.issuedOn ?? null, due_on: issue?.dueOn ?? null },
    ...{ received, withheld, nsfp },
  };
}

function userShown(state: User): object | null {
  if (state.status === 'absent') return null;
  const { id, name, email, role, division, presence, status, granted, revoked, maxActiveTickets } = state;
  return {
    user_id: id,
    name,
    email,
    role,
    division,
    status: presence,
    is_active: status === 'active',
    granted,
    revoked,
    max_active_tickets: maxActiveTickets,
  };
}

function customerShown(state: Customer): object | null {
  if (state.status === 'unknown') return null;
  if (state.status === 'merged') return { customer_id: state.id, merged_into: state.into.customerId };
  return {
    customer_id: state.id,
    division: state.division,
    channel_user_id: state.channelUserId,
    phone: state.phone,
    name: state.name,
    current_ticket_id: state.currentTicketId,
    previous_ticket_id: state.previousTicketId,
    opted_out: state.optedOut,
    email: state.email,
    address: state.address,
    notes: state.notes,
    archived: state.archived,
    absorbed: state.absorbed.map(({ customerId }) => customerId),
  };
}

function blastShown(state: Blast, names: Names): object | null {
  if (state.status === 'absent') return null;
  const { status, facts, approved, pausedBy } = state;
  return {
    blast_id: facts.blastId,
    status,
    creator: names(facts.creatorId),
    creator_role: facts.creatorRole,
    message: facts.message,
    template: facts.template.name,
    hash: facts.hash,
    approved_hash: approved,
    paused_by: names(pausedBy),
    reached: countByStatus(state),
    recipients: Object.fromEntries([...state.recipients].map(([id, recipient]) => [id, recipient.status])),
  };
}

function countByStatus({ recipients }: ExistingBlast): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of recipients.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
