/** What analytics knows of one ticket, and how each event changes it: pure, and nothing but numbers, cities and ids. */
import type { Recorded } from '../../domain/codec.ts';
import { LOST_REASONS } from '../../domain/crm/fields.ts';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import { storable } from '../../engine/sql/postgres-text.ts';

/** Changed in place while a batch is folded. Times are ms since 1970. */
export interface Fact {
  readonly division: Division;
  readonly ticketId: string;
  readonly channel: Channel;
  readonly openedAt: number;
  /** Ever Qualified, Proposal or Won. */
  valid: boolean;
  /** The bot finished it, and nobody opened it again. */
  resolved: boolean;
  hadAgent: boolean;
  /** Who has it, or had it when it closed. */
  agentId: string | null;
  /** Assigned since then, and not answered yet. */
  pickingSince: number | null;
  stage: 'open' | 'Won' | 'Lost';
  /** The last entry into Won or Lost, and who had it then. */
  decidedAt: number | null;
  decidedBy: string | null;
  dealValue: number | null;
  quoteValue: number | null;
  discountGiven: number | null;
  lostReason: string | null;
  origin: string | null;
  destination: string | null;
}

type Kind<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
type Change = Kind<'CrmUpdated'>['data']['changes'][number];

export const openedFact = ({ data, metadata }: Kind<'TicketOpened'>): Fact => ({
  division: data.division,
  ticketId: data.ticketId,
  channel: data.channel,
  openedAt: Date.parse(metadata.at),
  valid: false,
  resolved: false,
  hadAgent: false,
  agentId: null,
  pickingSince: null,
  stage: 'open',
  decidedAt: null,
  decidedBy: null,
  dealValue: null,
  quoteValue: null,
  discountGiven: null,
  lostReason: null,
  origin: null,
  destination: null,
});

const amount = (to: Change['to']): number | null => (typeof to === 'number' ? to : null);
const word = (to: Change['to']): string | null => (typeof to === 'string' ? storable(to) : null);
const reason = (to: Change['to']): string | null => LOST_REASONS.find((known) => known === to) ?? null;

function staged(fact: Fact, to: Change['to'], at: number): void {
  if (to === 'Qualified' || to === 'Proposal' || to === 'Won') fact.valid = true;
  const stage = to === 'Won' || to === 'Lost' ? to : 'open';
  if (stage === fact.stage) return;
  fact.stage = stage;
  fact.decidedAt = stage === 'open' ? null : at;
  fact.decidedBy = stage === 'open' ? null : fact.agentId;
}

/** @returns whether the field matters here */
function changed(fact: Fact, { field, to }: Change, at: number): boolean {
  switch (field) {
    case 'crm_stage':
      staged(fact, to, at);
      return true;
    case 'deal_value':
      fact.dealValue = amount(to);
      return true;
    case 'quote_value':
      fact.quoteValue = amount(to);
      return true;
    case 'discount_given':
      fact.discountGiven = amount(to);
      return true;
    case 'lost_reason':
      fact.lostReason = reason(to);
      return true;
    case 'origin_city':
      fact.origin = word(to);
      return true;
    case 'destination_city':
      fact.destination = word(to);
      return true;
    default:
      return false;
  }
}

/** The wait for a reply is over without one. */
function unpicked(fact: Fact, at: number, pickups: Pickups): void {
  if (fact.pickingSince === null) return;
  pickups.unanswered(fact, fact.agentId, fact.pickingSince, at);
  fact.pickingSince = null;
}

/** A new episode: whoever has it now is to reply (contract.md 7, 'pickup time'). */
function assigned(fact: Fact, agentId: string, at: number, pickups: Pickups): true {
  unpicked(fact, at, pickups);
  fact.agentId = agentId;
  fact.hadAgent = true;
  fact.pickingSince = at;
  return true;
}

function nobodys(fact: Fact, at: number, pickups: Pickups): true {
  unpicked(fact, at, pickups);
  fact.agentId = null;
  return true;
}

/** Event types that can change a fact; the runner hands over many that cannot. */
export const CHANGING: ReadonlySet<string> = new Set<Recorded['type']>([
  'TicketTakenOver',
  'TicketAssigned',
  'TicketReassigned',
  'TicketQueued',
  'TicketWithdrawn',
  'TicketClosed',
  'TicketReopened',
  'CrmUpdated',
  'AgentReplied',
]);

/** @returns whether anything changed; `pickups` is told of waits that ended */
export function evolveFact(fact: Fact, event: Recorded, pickups: Pickups): boolean {
  const at = Date.parse(event.metadata.at);
  switch (event.type) {
    case 'TicketTakenOver':
    case 'TicketAssigned':
      return assigned(fact, event.data.agentId, at, pickups);
    case 'TicketReassigned':
      return assigned(fact, event.data.toAgent, at, pickups);
    case 'TicketQueued':
    case 'TicketWithdrawn':
      return nobodys(fact, at, pickups);
    case 'TicketClosed':
      unpicked(fact, at, pickups);
      fact.resolved = event.data.outcome === 'bot_resolved';
      return true;
    case 'TicketReopened':
      fact.resolved = false;
      return event.data.agentId === null
        ? nobodys(fact, at, pickups)
        : assigned(fact, event.data.agentId, at, pickups);
    case 'CrmUpdated':
      return event.data.changes.reduce((any, change) => changed(fact, change, at) || any, false);
    case 'AgentReplied':
      if (fact.pickingSince === null || event.data.agentId !== fact.agentId) return false;
      pickups.answered(fact, fact.agentId, fact.pickingSince, Date.parse(event.data.sentAt));
      fact.pickingSince = null;
      return true;
    default:
      return false;
  }
}

/** The waits for an agent's first reply that a batch ends. A clock that runs behind makes a wait of nothing. */
export interface Pickups {
  answered(fact: Fact, agentId: string, since: number, at: number): void;
  unanswered(fact: Fact, agentId: string | null, since: number, at: number): void;
}
