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
        thenRefused(code: RefusalCode) {
          expect(() => decide(state))
            .to.throw(Refusal)
            .with.property('code', code);
        },
      };
    },
  });
}

export function fold<State, Event>(aggregate: Aggregate<State, Event>, events: readonly Event[]): State {
  return events.reduce<State>((state, event) => aggregate.evolve(state, event), aggregate.initial);
}
