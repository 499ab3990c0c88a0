/** What else `npm run replay` tells the history of: a user, a customer, a blast. Each has one stream. */
import { blast, type Blast, type ExistingBlast } from '../../../domain/blasts/blast.ts';
import type { DomainEvent } from '../../../domain/codec.ts';
import { customer, type Customer } from '../../../domain/customers/customer.ts';
import type { Aggregate } from '../../../domain/event.ts';
import { user, type User } from '../../../domain/staff/user.ts';
import { fieldsOf } from './fields.ts';
import type { Names } from './names.ts';
import type { Subject } from './subject.ts';

export interface AggregateThen<State> {
  readonly of: State;
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
): Subject<AggregateThen<State>, object> {
  const stream = aggregate.stream(id);
  return {
    stream,
    streams: [stream],
    fold: {
      initial: { of: aggregate.initial, revision: -1n },
      // The stream holds nothing but the aggregate's own events.
      evolve: ({ of }, event) => ({
        of: aggregate.evolve(of, event as unknown as Event),
        revision: event.revision,
      }),
    },
    beside: () => [],
    people: ({ of }) => people(of),
    shown: ({ of }, _at, names) => shown(of, names),
    fields: fieldsOf,
  };
}

export const userSubject = (id: string) => subjectOf(user, id, { shown: userShown });

/** @param key of the customer's stream, `<division>_<hash>` */
export const customerSubject = (key: string) => subjectOf(customer, key, { shown: customerShown });

export const blastSubject = (id: string) =>
  subjectOf(blast, id, {
    shown: blastShown,
    people: (state) => (state.status === 'absent' ? [] : [state.facts.creatorId, state.pausedBy]),
  });

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
  return {
    customer_id: state.id,
    division: state.division,
    channel_user_id: state.channelUserId,
    phone: state.phone,
    name: state.name,
    current_ticket_id: state.currentTicketId,
    previous_ticket_id: state.previousTicketId,
    opted_out: state.optedOut,
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
    reached: reached(state),
    recipients: Object.fromEntries([...state.recipients].map(([id, one]) => [id, one.status])),
  };
}

/** How many recipients stand at each status. */
function reached({ recipients }: ExistingBlast): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { status } of recipients.values()) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
