/** What a rebuild or a verify leaves out, in the way of the projector (docs/design/reliability.md#parked-streams). */
import type { Recorded } from '../../../domain/codec.ts';
import { mustNotWait, subjectOf } from '../../../domain/projection-events.ts';
import type { Position } from '../../../ports.ts';
import { UNDECODABLE, viewSliceOf } from '../batch.ts';
import type { ParkedEvent } from '../parked-events.ts';
import { isOfTheMachine, type PoisonFinding } from '../poison-events.ts';
import { MOST_FAILURES } from '../take-in.ts';
import type { View } from '../view.ts';
import { type FedBatch, PoisonEvent } from './feed.ts';

export interface SiteHolding {
  /** The events are read from the beginning (again). */
  beginPass(): void;
  /** What of a batch the view takes in. @throws PoisonEvent verifying, at one that the live view has not put aside */
  taken(view: View, batch: FedBatch): readonly Recorded[];
  /** The view's code failed at one of these events. @throws PoisonEvent where it cannot be put aside */
  failed(view: View, events: readonly Recorded[], poison: PoisonFinding): void;
  /** Leaves out what the live view holds back. @returns false: something that was left out before is no more held back */
  leaveOut(eventIds: readonly string[]): boolean;
  /** What was put aside. */
  parked(): readonly ParkedEvent[];
}

/** @param skipped ids of events that a person skipped */
export function siteHolding(skipped: ReadonlySet<string>, use: 'rebuild' | 'verify'): SiteHolding {
  const held = new Set<string>();
  const parked = new Map<Position, ParkedEvent>();
  let leftOut: ReadonlySet<string> = new Set();
  let failures = 0;
  return {
    beginPass() {
      held.clear();
    },
    taken(view, batch) {
      const without = leftOut.size === 0 ? skipped : new Set([...skipped, ...leftOut]);
      const slice = viewSliceOf(view, '', batch.reads, batch.checkpoint, { skipped: without, held });
      const [first] = slice.parked;
      if (slice.unreadableErasure) throw new PoisonEvent(view.name, slice.unreadableErasure.id, UNDECODABLE);
      if (first && use === 'verify') throw new PoisonEvent(view.name, first.stored.id, first.reason ?? '');
      for (const one of slice.parked) {
        held.add(one.subject);
        parked.set(one.stored.position, one);
      }
      return slice.events;
    },
    failed(view, events, { eventId, because, error }) {
      const stored = events.find(({ id }) => id === eventId);
      failures += 1;
      const mustStop = isOfTheMachine(error) || failures > MOST_FAILURES || use === 'verify';
      if (!stored || mustStop || mustNotWait(stored)) throw new PoisonEvent(view.name, eventId, because);
      const subject = subjectOf(stored.stream);
      held.add(subject);
      parked.set(stored.position, { stored, subject, reason: because });
    },
    leaveOut(eventIds) {
      const now = new Set(eventIds);
      const isKept = [...leftOut].every((id) => now.has(id) || skipped.has(id));
      leftOut = now;
      return isKept;
    },
    parked: () => [...parked.values()],
  };
}
