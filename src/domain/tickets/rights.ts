/** What a person may do with a ticket as it is now (docs/design/api.md#what-one-may-do): the rules of the commands, asked beforehand. */
import { type Caller, covers, mayReadNotes, maySee } from '../staff/privileges.ts';
import type { Division } from '../vocabulary.ts';

export const ACTIONS = [
  'reply',
  'self_takeover',
  'assign',
  'internal',
  'followup',
  'close',
  'reopen',
  'release',
] as const;
export type TicketAction = (typeof ACTIONS)[number];

/** A ticket, as far as these rules look at it. */
export interface TicketFacts {
  readonly division: Division;
  readonly status: string;
  /** null when it is closed. */
  readonly queueStatus: string | null;
  readonly assignee: string | null;
  /** Until when one may write freely to the customer, ISO 8601; null: there is no such limit, or nobody wrote. */
  readonly windowUntil: string | null;
  readonly hasWindow: boolean;
  /** The customer wants no offers. */
  readonly optedOut: boolean;
}

export type TicketRights = Readonly<Record<TicketAction, boolean>>;

const NOTHING: TicketRights = {
  reply: false,
  self_takeover: false,
  assign: false,
  internal: false,
  followup: false,
  close: false,
  reopen: false,
  release: false,
};

/** A lead sees all tickets and acts on any; an agent only on their own. */
const isLead = ({ role }: Caller): boolean => role === 'super_admin' || role === 'team_lead';

/** @param now ISO 8601 */
export function rightsOn(caller: Caller, ticket: TicketFacts, now: string): TicketRights {
  const { assignee, status, queueStatus } = ticket;
  if (!maySee(caller, { division: ticket.division, assignee })) return NOTHING;
  const has = (privilege: Parameters<Caller['privileges']['has']>[0]): boolean =>
    caller.privileges.has(privilege);
  const isOpen = status !== 'closed';
  const isOwn = assignee === caller.id;
  const isOwnOrLead = isOwn || isLead(caller);
  const windowIsOpen = !ticket.hasWindow || (ticket.windowUntil !== null && now <= ticket.windowUntil);
  return {
    reply: has('reply') && isOwn && isOpen && windowIsOpen,
    self_takeover:
      has('self_takeover') &&
      has('reply') &&
      covers(caller, ticket.division) &&
      isOpen &&
      queueStatus === 'free',
    assign: has('assign') && isOpen,
    internal: has('internal_write') && mayReadNotes(caller, { assignee }),
    followup: has('followup_send') && isOwnOrLead && !ticket.optedOut,
    close: has('ticket_close') && isOpen,
    reopen: has('ticket_close') && !isOpen,
    release: has('reply') && isOpen && assignee !== null && isOwnOrLead,
  };
}
