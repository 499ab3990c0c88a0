/** Specs that read as the rules do: given events, when a decision, then events or a refusal. */
import { expect } from 'chai';
import type { Aggregate } from '../../../src/domain/event.ts';
import { Refusal, type RefusalCode } from '../../../src/domain/refusals.ts';

export function specOf<State, Event extends { type: string }>(aggregate: Aggregate<State, Event>) {
  return (...history: readonly Event[]) => ({
    state: fold(aggregate, history),
    when(decide: (state: State) => readonly Event[]) {
      const state = fold(aggregate, history);
      return {
        then(...expected: readonly Event[]) {
          expect(decide(state)).to.deep.equal(expected);
        },
        /** These events, and none when the same is decided again: a repeated command changes nothing. */
        thenOnce(...expected: readonly Event[]) {
          expect(decide(state)).to.deep.equal(expected);
          const changed = expected.reduce<State>((now, event) => aggregate.evolve(now, event), state);
          expect(decide(changed), 'decided a second time').to.deep.equal([]);
        },
        /** @param details the fields that the refusal names, with what it says about each */
        thenRefused(code: RefusalCode, ...details: Refusal['details']) {
          const refusal = refusalIn(() => decide(state));
          expect(refusal.code).to.equal(code);
          if (details.length > 0) expect(refusal.details).to.deep.equal(details);
        },
      };
    },
  });
}

/** The refusal that `decide` throws. @throws when it throws none */
export function refusalIn(decide: () => unknown): Refusal {
  let decided: unknown;
  try {
    decided = decide();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error(`was not refused: ${JSON.stringify(decided)}`);
}

export function fold<State, Event>(aggregate: Aggregate<State, Event>, events: readonly Event[]): State {
  return events.reduce<State>((state, event) => aggregate.evolve(state, event), aggregate.initial);
}
