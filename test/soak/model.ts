/**
 * The life of a ticket as docs/design/business-rules.md#ticket-life describes it
 * (docs/design/business-rules.md#ticket-life), written a second time: it shares no line with `src/domain`, so that a
 * mistake there is not made here too. Reads a whole store in its order and says what the rules do not allow.
 */
import type { StoredEvent } from '../../src/ports.ts';

type Data = Readonly<Record<string, unknown>>;
interface Meta {
  readonly correlationId: string;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly id?: string; readonly role?: string };
}

/** State of a ticket between two events of its stream. */
export interface TicketState {
  readonly status: 'free' | 'queued' | 'assigned' | 'closed';
  readonly holder: string | null;
  readonly tags: readonly string[];
}

interface Life extends TicketState {
  readonly division: string;
  readonly customer: string;
  readonly waitingFor: string | null;
  readonly replyBy: string | null;
  readonly stage: string;
}

export interface CheckedHistory {
  /** One line per event that the rules do not allow. */
  readonly violations: readonly string[];
  /** Every state each ticket was in, one per revision of its stream. */
  readonly ticketStates: ReadonlyMap<string, readonly TicketState[]>;
  /** The events of each request on ticket streams: type, data, and the revision. */
  readonly byRequest: ReadonlyMap<string, readonly Written[]>;
}
export interface Written {
  readonly ticketId: string;
  readonly type: string;
  readonly data: Data;
  readonly revision: number;
}

/** An event carries the moment at which its request came; until it is appended another's may come. */
const UNDER_WAY_MS = 10_000;
const LEADS = ['super_admin', 'team_lead'];
const ARRIVES = ['UserRegistered', 'UserReactivated'];

/** @param events the whole store, in its order, personal fields readable */
export function checkHistory(events: readonly StoredEvent[]): CheckedHistory {
  const violations: string[] = [];
  const lives = new Map<string, Life>();
  const ticketStates = new Map<string, TicketState[]>();
  const byRequest = new Map<string, Written[]>();
  /** When each member of staff left; null for who is there. */
  const left = new Map<string, number | null>();
  const holders = new Map<string, { readonly agent: string; readonly until: string | null }[]>();
  /** By ticket and agent, when they answered first. */
  const answered = new Map<string, Map<string, string>>();
  const deliveries = new Map<string, { attempts: number; open: boolean; ended: boolean }>();
  const messages = new Set<string>();
  const openOf = new Map<string, string>();

  for (const event of events) {
    const data = event.data as Data;
    const meta = event.metadata as Meta;
    const wrong = (rule: string) => {
      violations.push(`${event.stream}@${String(event.revision)} ${event.type}: ${rule}`);
    };
    if (event.stream.startsWith('user-')) {
      if (ARRIVES.includes(event.type)) left.set(String(data.userId), null);
      if (event.type === 'UserDeactivated') left.set(String(data.userId), Date.parse(meta.at));
    } else if (event.stream.startsWith('ticket-')) {
      onTicket(event, data, meta, wrong);
    } else if (event.stream.startsWith('conversation-')) {
      onTalk(event, data, meta, wrong);
    } else if (event.stream.startsWith('delivery-')) {
      onDelivery(event, data, wrong);
    }
  }
  return { violations, ticketStates, byRequest };

  /** @param by an event that may have been under way when they left */
  function isGone(agent: unknown, by?: Meta): boolean {
    const since = left.get(String(agent));
    if (since === undefined) return true; // not a user of ours
    return since !== null && (!by || Date.parse(by.at) > since + UNDER_WAY_MS);
  }

  function onTicket(event: StoredEvent, data: Data, meta: Meta, wrong: (rule: string) => void): void {
    const id = event.stream.slice('ticket-'.length);
    const before = lives.get(id);
    if (data.ticketId !== id) wrong('names another ticket');
    if (before && data.division !== before.division) wrong('names another division');
    const written = byRequest.get(meta.correlationId) ?? [];
    written.push({ ticketId: id, type: event.type, data, revision: Number(event.revision) });
    byRequest.set(meta.correlationId, written);
    const after = step(before, event.type, data, meta, wrong);
    if (!after) return;
    lives.set(id, after);
    const all = ticketStates.get(id) ?? [];
    all.push({ status: after.status, holder: after.holder, tags: after.tags });
    ticketStates.set(id, all);
    if (before?.status !== 'assigned' || before.holder !== after.holder || after.status !== 'assigned') {
      const had = holders.get(id) ?? [];
      const last = had.at(-1);
      if (last?.until === null) had[had.length - 1] = { agent: last.agent, until: meta.at };
      if (after.status === 'assigned') had.push({ agent: String(after.holder), until: null });
      holders.set(id, had);
    }
    const other = openOf.get(after.customer);
    if (after.status === 'closed') {
      if (other === id) openOf.delete(after.customer);
    } else {
      if (other !== undefined && other !== id) wrong(`the customer has ticket ${other} open too`);
      openOf.set(after.customer, id);
    }
  }

  function step(
    before: Life | undefined,
    type: string,
    data: Data,
    meta: Meta,
    wrong: (rule: string) => void,
  ): Life | undefined {
    if (type === 'TicketOpened') {
      if (before) wrong('opened twice');
      return {
        ...{ status: 'free', holder: null, tags: [], waitingFor: null, replyBy: null, stage: 'Lead' },
        division: String(data.division),
        customer: String(data.customerKey),
      };
    }
    if (!before) {
      wrong('before it was opened');
      return undefined;
    }
    const open = before.status !== 'closed';
    const given = (agent: unknown): Life => {
      if (!open) wrong('given away after it was closed');
      if (before.holder === agent && before.status === 'assigned') wrong('given to who has it');
      if (isGone(agent, meta)) wrong('given to who had left');
      const replyBy = typeof data.replyBy === 'string' ? data.replyBy : null;
      return { ...before, status: 'assigned', holder: String(agent), waitingFor: null, replyBy };
    };
    switch (type) {
      case 'TicketTakenOver':
        if (before.status !== 'free') wrong(`taken over while ${before.status}`);
        if (meta.actor.id !== data.agentId) wrong('taken over for somebody else');
        if (data.agentDivision !== before.division) wrong('taken over by another division');
        return given(data.agentId);
      case 'TicketAssigned': {
        const from =
          before.status === 'assigned' ? before.holder : before.status === 'queued' ? 'queue' : 'bot';
        if (data.from !== from) wrong(`from ${String(data.from)}, but it was with ${String(from)}`);
        if (meta.actor.kind === 'user' && !LEADS.includes(String(meta.actor.role))) wrong('by who may not');
        if (meta.actor.kind !== 'user' && before.status !== 'queued') wrong('routed out of nobody’s queue');
        return given(data.agentId);
      }
      case 'TicketReassigned':
        if (before.holder !== data.fromAgent) wrong('moved from who does not have it');
        if (!LEADS.includes(String(meta.actor.role))) wrong('by who may not');
        return given(data.toAgent);
      case 'HandoffRequested':
        if (before.status !== 'free') wrong(`handed off while ${before.status}`);
        return before;
      case 'TicketQueued': {
        if (before.status !== 'free' && before.status !== 'queued') wrong(`queued while ${before.status}`);
        const waitingFor = typeof data.waitingFor === 'string' ? data.waitingFor : null;
        if ((waitingFor !== null) !== (data.label === 'returning_customer'))
          wrong('label and agent disagree');
        return { ...before, status: 'queued', holder: null, waitingFor };
      }
      case 'TicketWithdrawn': {
        if (before.status !== 'assigned' || before.holder !== data.agentId)
          wrong('withdrawn from who has it not');
        const back: Life = { ...before, status: 'queued', holder: null, waitingFor: null, replyBy: null };
        // Who cannot answer any more gives back whatever they have.
        if (data.because === 'deactivated' && !isGone(data.agentId)) wrong('given back by who is still here');
        if (data.because !== undefined) return back;
        if (before.replyBy === null || meta.at < before.replyBy) wrong('withdrawn before its time');
        const id = String(data.ticketId);
        // The talk and the ticket are two streams: an answer may come while the withdrawal is under way.
        const since = answered.get(id)?.get(String(data.agentId));
        if (since !== undefined && Date.parse(since) + UNDER_WAY_MS < Date.parse(meta.at))
          wrong('withdrawn from who had answered');
        return back;
      }
      case 'TicketTagged':
        if (before.tags.includes(String(data.tag))) wrong('tagged twice');
        return { ...before, tags: [...before.tags, String(data.tag)] };
      case 'TicketUntagged':
        if (!before.tags.includes(String(data.tag))) wrong('had no such tag');
        return { ...before, tags: before.tags.filter((tag) => tag !== data.tag) };
      case 'TicketClosed':
        if (!open) wrong('closed twice');
        if (data.outcome === 'bot_resolved' && before.status !== 'free')
          wrong('the bot closed what is not its own');
        if (data.outcome === 'won' && before.stage !== 'Won') wrong(`won in stage ${before.stage}`);
        if (data.outcome === 'lost' && before.stage !== 'Lost') wrong(`lost in stage ${before.stage}`);
        return {
          ...before,
          ...{ status: 'closed', waitingFor: null, replyBy: null },
          holder: before.status === 'assigned' ? before.holder : null,
        };
      case 'TicketReopened': {
        if (open) wrong('reopened while open');
        if (data.agentId === null) {
          if (before.holder !== null && !isGone(before.holder)) wrong('reopened without who had it');
          return { ...before, status: 'free', holder: null, replyBy: null };
        }
        if (data.agentId !== before.holder) wrong('reopened for who did not have it');
        if (isGone(data.agentId, meta)) wrong('given to who had left');
        return { ...before, status: 'assigned', replyBy: null };
      }
      case 'CrmUpdated': {
        const changes = data.changes as readonly { readonly field: string; readonly to: unknown }[];
        const stage = changes.find(({ field }) => field === 'crm_stage')?.to;
        return typeof stage === 'string' ? { ...before, stage } : before;
      }
      case 'LeadDetected':
        return before;
      default:
        wrong('nothing that happens to a ticket');
        return before;
    }
  }

  function onTalk(
    { type, stream }: StoredEvent,
    data: Data,
    meta: Meta,
    wrong: (rule: string) => void,
  ): void {
    const id = stream.slice('conversation-'.length);
    const life = lives.get(id);
    if (!life) {
      wrong('said before the ticket was opened');
      return;
    }
    if (data.division !== life.division) wrong('said in another division');
    if (typeof data.messageId === 'string' && type !== 'DeliveryReported') {
      if (messages.has(data.messageId)) wrong('said twice');
      messages.add(data.messageId);
    }
    if (type === 'AgentReplied' && data.followUp === undefined) {
      // The privilege is checked first, then the reply is appended: it was valid at about the time of the reply.
      const had = (holders.get(id) ?? []).some(
        ({ agent, until }) =>
          agent === data.agentId &&
          (until === null || Date.parse(until) + UNDER_WAY_MS >= Date.parse(meta.at)),
      );
      if (!had) wrong('answered by who does not have the ticket');
    }
    if (typeof data.agentId === 'string') {
      const before = answered.get(id) ?? new Map<string, string>();
      if (!before.has(data.agentId)) answered.set(id, before.set(data.agentId, meta.at));
    }
  }

  function onDelivery({ type, stream }: StoredEvent, data: Data, wrong: (rule: string) => void): void {
    const known = deliveries.get(stream) ?? { attempts: 0, open: false, ended: false };
    if (type === 'DeliveryAttempted') {
      if (known.open) wrong('tried again before the outcome of the last try was known');
      if (known.ended) wrong('tried again after its end');
      if (data.attempt !== known.attempts + 1) wrong('not the next attempt');
      deliveries.set(stream, { attempts: known.attempts + 1, open: true, ended: false });
      return;
    }
    deliveries.set(stream, { ...known, open: false, ended: type !== 'DeliveryDeferred' });
  }
}
