/** An event as an auditor sees it. */
import { EVENTS, type Recorded } from '../../../domain/codec.ts';
import type { ShownChange } from './fields.ts';
import type { SkipOnRecord } from '../../../engine/projections/rebuild/skips.ts';
import type { Person } from '../../staff/person.ts';
import { type Gap, isGap, type Told } from './gap.ts';
import type { Names } from './names.ts';

export interface HistoryEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  /** Of an event whose own time cannot be read: of the event before. */
  readonly timestamp: string;
  /** Null: not a member of staff. */
  readonly actor: Person | null;
  readonly actor_kind: 'user' | 'customer' | 'bot' | 'system' | 'unknown';
  /** The role they had at that moment. */
  readonly actor_role: string | null;
  /** The part of the program that did it, for the actor 'system'. */
  readonly process?: string;
  readonly reason?: string;
  readonly changes: readonly ShownChange[];
  /** The data of the event, without the fields that must never leave the store. */
  readonly data: Readonly<Record<string, unknown>>;
  /** A gap: this program cannot read the event. What it says is not shown, and the state is without it. */
  readonly unreadable?: { readonly because: string; readonly skipped: SkipOnRecord | null };
}

/** The streams that hold the customer's messages, and what channels report about them. */
const CONVERSATION_STREAMS = ['conversation-', 'delivery-', 'media-'];

/** Which layers of the conversation the reader may see. */
export interface LayerAccess {
  /** Without it, events of the conversation are shown without their personal fields. */
  readonly l1: boolean;
}

function dataOf({ type, stream, data }: Recorded, { l1 }: LayerAccess): HistoryEvent['data'] {
  const { secret = [], personal = [] } = EVENTS.get(type) ?? {};
  const hidden = new Set([
    ...secret,
    ...(!l1 && CONVERSATION_STREAMS.some((prefix) => stream.startsWith(prefix)) ? personal : []),
  ]);
  return Object.fromEntries(Object.entries(data).filter(([name]) => !hidden.has(name)));
}

/** The reason that the event gives: what a person wrote, a rule of routing, or a channel's code. */
function reasonOf(data: HistoryEvent['data']): string | undefined {
  const { reason, note, code } = data;
  if (typeof reason === 'object' && reason !== null && 'rule' in reason) return String(reason.rule);
  return [reason, note, code].find((value) => typeof value === 'string');
}

/**
 * @param changes what the event changed on the subject
 * @param layers what the reader may see
 */
export function entryOf(
  event: Recorded,
  changes: readonly ShownChange[],
  names: Names,
  layers: LayerAccess,
): HistoryEvent {
  const { id, type, stream, revision, metadata } = event;
  const { actor, at } = metadata;
  const data = dataOf(event, layers);
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

/**
 * An event that cannot be read, as an auditor sees it.
 * @param before the time of the event before it
 * @param skipped who let everything go on without it; null: nobody yet
 */
export function gapEntry(gap: Gap, before: string, names: Names, skipped: SkipOnRecord | null): HistoryEvent {
  const { id, type, stream, revision, metadata, unreadable } = gap;
  const { actor, at } = metadata;
  return {
    id,
    type,
    stream,
    revision: Number(revision),
    timestamp: at === null ? before : new Date(at).toISOString(),
    actor: actor?.kind === 'user' ? names(actor.id) : null,
    actor_kind: actor?.kind ?? 'unknown',
    actor_role: actor?.kind === 'user' ? actor.role : null,
    ...(actor?.kind === 'system' && { process: actor.process }),
    changes: [],
    data: {},
    unreadable: { because: unreadable, skipped },
  };
}

/** Several of them, oldest first. @param begins the time for a first one whose own cannot be read */
export function entriesOf(
  events: readonly { readonly event: Told; readonly changes: readonly ShownChange[] }[],
  begins: Date,
  names: Names,
  layers: LayerAccess,
  skips: ReadonlyMap<string, SkipOnRecord>,
): readonly HistoryEvent[] {
  const entries: HistoryEvent[] = [];
  for (const { event, changes } of events) {
    const before = entries.at(-1)?.timestamp ?? begins.toISOString();
    entries.push(
      isGap(event)
        ? gapEntry(event, before, names, skips.get(event.id) ?? null)
        : entryOf(event, changes, names, layers),
    );
  }
  return entries;
}

/** The id of the member of staff who did it, if it was one. */
export const staffIdOf = ({ metadata: { actor } }: Told): string | null =>
  actor?.kind === 'user' ? actor.id : null;
