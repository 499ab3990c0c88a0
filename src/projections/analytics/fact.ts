/** What analytics knows of one ticket, and how each event changes it. Pure. Holds only numbers, cities and ids. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { LOST_REASONS } from '../../domain/crm/fields.ts';
import { advances } from '../../domain/outbound/furthest.ts';
import type { Channel, DeliveryStatus, Division } from '../../domain/vocabulary.ts';
import { storable } from '../../engine/sql/postgres-text.ts';

/** A reply that failed was none (docs/design/business-rules.md#failed-replies), so others may have to stand in for it. */
export interface Wait {
  readonly since: number;
  /** The first ones. */
  readonly said: readonly { readonly id: string; readonly at: number; readonly status: DeliveryStatus }[];
}

/** A batch changes it in place. Times are ms since 1970. */
export interface Fact {
  readonly division: Division;
  readonly ticketId: string;
  readonly channel: Channel;
  readonly openedAt: number;
  /** Ever Qualified, Proposal or Won. */
  valid: boolean;
  /** The bot closed it, and nobody reopened it. */
  resolved: boolean;
  hadAgent: boolean;
  /** The same person had an older open ticket: it counts there (docs/design/business-rules.md#two-customers-who-are-one). */
  joined: boolean;
  /** The agent who has it, or had it when it closed. */
  agentId: string | null;
  /** When the agent got it. Null: the agent has replied, or nobody has it. */
  pickingSince: number | null;
  /** The replies of who has it, since they got it; null: nobody has it. */
  wait: Wait | null;
  stage: 'open' | 'Won' | 'Lost';
  /** When it last became Won or Lost, and the agent who had it then. */
  decidedAt: number | null;
  decidedBy: string | null;
  dealValue: number | null;
  quoteValue: number | null;
  discountGiven: number | null;
  lostReason: string | null;
  origin: string | null;
  destination: string | null;
  /** First queued, assigned or taken over: the bot gave it to people. */
  escalatedAt: number | null;
  /** First assigned or taken over. */
  claimedAt: number | null;
  /** Closed last; null: open. */
  closedAt: number | null;
}

type CrmChange = RecordedOf<'CrmUpdated'>['data']['changes'][number];

/** The fact of a ticket that was just opened. */
export const openedFact = ({ data, metadata }: RecordedOf<'TicketOpened'>): Fact => ({
  division: data.division,
  ticketId: data.ticketId,
  channel: data.channel,
  openedAt: Date.parse(metadata.at),
  valid: false,
  resolved: false,
  hadAgent: false,
  joined: false,
  agentId: null,
  pickingSince: null,
  wait: null,
  stage: 'open',
  decidedAt: null,
  decidedBy: null,
  dealValue: null,
  quoteValue: null,
  discountGiven: null,
  lostReason: null,
  origin: null,
  destination: null,
  escalatedAt: null,
  claimedAt: null,
  closedAt: null,
});

const numberOrNull = (to: CrmChange['to']): number | null => (typeof to === 'number' ? to : null);
const textOrNull = (to: CrmChange['to']): string | null => (typeof to === 'string' ? storable(to) : null);
const lostReasonOrNull = (to: CrmChange['to']): string | null =>
  LOST_REASONS.find((reason) => reason === to) ?? null;

function changeStage(fact: Fact, to: CrmChange['to'], at: number): void {
  if (to === 'Qualified' || to === 'Proposal' || to === 'Won') fact.valid = true;
  const stage = to === 'Won' || to === 'Lost' ? to : 'open';
  if (stage === fact.stage) return;
  fact.stage = stage;
  fact.decidedAt = stage === 'open' ? null : at;
  fact.decidedBy = stage === 'open' ? null : fact.agentId;
}

/** @returns whether analytics counts this field */
function changeField(fact: Fact, { field, to }: CrmChange, at: number): boolean {
  switch (field) {
    case 'crm_stage':
      changeStage(fact, to, at);
      return true;
    case 'deal_value':
      fact.dealValue = numberOrNull(to);
      return true;
    case 'quote_value':
      fact.quoteValue = numberOrNull(to);
      return true;
    case 'discount_given':
      fact.discountGiven = numberOrNull(to);
      return true;
    case 'lost_reason':
      fact.lostReason = lostReasonOrNull(to);
      return true;
    case 'origin_city':
      fact.origin = textOrNull(to);
      return true;
    case 'destination_city':
      fact.destination = textOrNull(to);
      return true;
    default:
      return false;
  }
}

/** Takes out what may tell who the customer is. @returns whether there was anything */
export function eraseFact(fact: Fact): boolean {
  if (fact.origin === null && fact.destination === null) return false;
  fact.origin = null;
  fact.destination = null;
  return true;
}

/** Ends a wait for the agent's reply that had none. */
function endWait(fact: Fact, at: number, pickups: PickupCounter): void {
  if (fact.pickingSince === null) return;
  pickups.unanswered(fact, fact.agentId, fact.pickingSince, at);
  fact.pickingSince = null;
}

const MOST_SAID = 4;

const counting = (wait: Wait | null) => wait?.said.find(({ status }) => status !== 'failed');

/** Another reply counts now, or none: the figures follow. */
function recount(fact: Fact, wait: Wait, pickups: PickupCounter): true {
  const [before, after] = [counting(fact.wait), counting(wait)];
  fact.wait = wait;
  if (before?.id === after?.id || fact.agentId === null) return true;
  if (before) pickups.retracted(fact, fact.agentId, wait.since, before.at);
  if (after) pickups.answered(fact, fact.agentId, wait.since, after.at);
  fact.pickingSince = after ? null : wait.since;
  return true;
}

function reported(
  fact: Fact,
  messageId: string | undefined,
  status: DeliveryStatus,
  pickups: PickupCounter,
): boolean {
  const said = fact.wait?.said.find(({ id }) => id === messageId);
  if (!fact.wait || !said || !advances(said.status, status)) return false;
  const { since } = fact.wait;
  return recount(
    fact,
    { since, said: fact.wait.said.map((one) => (one === said ? { ...said, status } : one)) },
    pickups,
  );
}

/** Begins a new wait: the agent who has it now should reply (docs/design/api.md#pickup-time). */
function assign(fact: Fact, agentId: string, at: number, pickups: PickupCounter): true {
  endWait(fact, at, pickups);
  fact.agentId = agentId;
  fact.hadAgent = true;
  fact.escalatedAt ??= at;
  fact.claimedAt ??= at;
  fact.closedAt = null;
  fact.pickingSince = at;
  fact.wait = { since: at, said: [] };
  return true;
}

function unassign(fact: Fact, at: number, pickups: PickupCounter): true {
  endWait(fact, at, pickups);
  fact.wait = null;
  fact.agentId = null;
  fact.closedAt = null;
  return true;
}

/** The event types that can change a fact. The streams of the view hold many others. */
export const FACT_EVENTS: ReadonlySet<string> = new Set<Recorded['type']>([
  'TicketTakenOver',
  'TicketAssigned',
  'TicketReassigned',
  'TicketQueued',
  'TicketWithdrawn',
  'TicketReleased',
  'TicketClosed',
  'TicketReopened',
  'CrmUpdated',
  'AgentReplied',
  'DeliveryFailed',
  'DeliveryReported',
]);

function replied(
  fact: Fact,
  { data: { agentId, messageId, sentAt } }: RecordedOf<'AgentReplied'>,
  pickups: PickupCounter,
): boolean {
  // A row from before knows only since when it waits.
  const wait = fact.wait ?? (fact.pickingSince === null ? null : { since: fact.pickingSince, said: [] });
  if (wait === null || agentId !== fact.agentId || wait.said.length >= MOST_SAID) return false;
  const said = { id: messageId, at: Date.parse(sentAt), status: 'queued' as const };
  return recount(fact, { ...wait, said: [...wait.said, said] }, pickups);
}

/**
 * Applies one event.
 * @param pickups counts the waits that the event ends
 * @returns whether the fact changed
 */
export function evolveFact(fact: Fact, event: Recorded, pickups: PickupCounter): boolean {
  const at = Date.parse(event.metadata.at);
  switch (event.type) {
    case 'TicketTakenOver':
    case 'TicketAssigned':
      return assign(fact, event.data.agentId, at, pickups);
    case 'TicketReassigned':
      return assign(fact, event.data.toAgent, at, pickups);
    case 'TicketQueued':
      fact.escalatedAt ??= at;
      return unassign(fact, at, pickups);
    case 'TicketWithdrawn':
    case 'TicketReleased':
      return unassign(fact, at, pickups);
    case 'TicketClosed':
      endWait(fact, at, pickups);
      fact.wait = null;
      fact.resolved = event.data.outcome === 'bot_resolved';
      fact.joined = event.data.outcome === 'joined';
      fact.closedAt = at;
      return true;
    case 'TicketReopened':
      fact.resolved = false;
      fact.joined = false;
      return event.data.agentId === null
        ? unassign(fact, at, pickups)
        : assign(fact, event.data.agentId, at, pickups);
    case 'CrmUpdated':
      return [...event.data.changes, ...event.data.words].reduce(
        (any, change) => changeField(fact, change, at) || any,
        false,
      );
    case 'AgentReplied':
      return replied(fact, event, pickups);
    case 'DeliveryFailed':
      return reported(fact, event.data.messageId, 'failed', pickups);
    case 'DeliveryReported':
      return reported(fact, event.data.messageId, event.data.status, pickups);
    default:
      return false;
  }
}

/** Counts waits for an agent's first reply, when they end. Times are ms since 1970; `at` may be before `since`. */
export interface PickupCounter {
  answered(fact: Fact, agentId: string, since: number, at: number): void;
  /** What was counted as answered was not. */
  retracted(fact: Fact, agentId: string, since: number, at: number): void;
  unanswered(fact: Fact, agentId: string | null, since: number, at: number): void;
}
