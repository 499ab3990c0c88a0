/** An event as an auditor reads it. */
import { EVENTS, type Recorded } from '../../../domain/codec.ts';
import type { FieldChange } from './fields.ts';
import type { Names, Person } from './names.ts';

export interface HistoryEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly timestamp: string;
  /** Null when it was no member of staff. */
  readonly actor: Person | null;
  readonly actor_kind: 'user' | 'customer' | 'bot' | 'system';
  /** The role they had at that moment. */
  readonly actor_role: string | null;
  /** Which part of the program, when it was the program. */
  readonly process?: string;
  readonly reason?: string;
  readonly changes: readonly FieldChange[];
  /** What the event says, less what must never leave the store. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** The customer's words: the talk itself, and what channels say about it. */
const OF_THE_TALK = ['conversation-', 'delivery-', 'media-'];

/** What the reader may see of the talk with the customer. */
export interface Sight {
  /** The words of L1; without them the events of the talk keep everything but their personal fields. */
  readonly l1: boolean;
}

function dataOf({ type, stream, data }: Recorded, { l1 }: Sight): HistoryEvent['data'] {
  const { secret = [], personal = [] } = EVENTS.get(type) ?? {};
  const hidden = new Set([
    ...secret,
    ...(!l1 && OF_THE_TALK.some((of) => stream.startsWith(of)) ? personal : []),
  ]);
  return Object.fromEntries(Object.entries(data).filter(([name]) => !hidden.has(name)));
}

/** Why, where the event says so: a person's words, a rule of routing, a channel's code. */
function reasonOf(data: HistoryEvent['data']): string | undefined {
  const { reason, note, code } = data;
  if (typeof reason === 'object' && reason !== null && 'rule' in reason) return String(reason.rule);
  return [reason, note, code].find((word) => typeof word === 'string');
}

export function entryOf(
  event: Recorded,
  changes: readonly FieldChange[],
  names: Names,
  sight: Sight,
): HistoryEvent {
  const { id, type, stream, revision, metadata } = event;
  const { actor, at } = metadata;
  const data = dataOf(event, sight);
  const reason = reasonOf(data);
  return {
    id,
    type,
    stream,
    revision: Number(revision),
    timestamp: new Date(at).toISOString(),
    actor: actor.kind === 'user' ? names(actor.id) : null,
    actor_kind: actor.kind,
    actor_role: actor.kind === 'user' ? actor.role : null,
    ...(actor.kind === 'system' && { process: actor.process }),
    ...(reason !== undefined && { reason }),
    changes,
    data,
  };
}

/** Whose name an entry needs. */
export const actorOf = ({ metadata: { actor } }: Recorded): string | null =>
  actor.kind === 'user' ? actor.id : null;
