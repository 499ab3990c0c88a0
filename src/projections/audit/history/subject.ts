/** What a history can be about. */
import type { Recorded } from '../../../domain/codec.ts';
import type { Names } from './names.ts';
import type { Fields } from './fields.ts';
import type { Fold } from './fold-events.ts';

export interface Subject<State, Shown extends object> {
  /** The stream whose revisions are counted. */
  readonly stream: string;
  /** Every stream that its state is folded from, and those that only tell what happened. */
  readonly streams: readonly string[];
  readonly fold: Fold<State>;
  /** Streams that belong to one event of it: how a message was delivered. They change nothing of the state. */
  beside(event: Recorded): readonly string[];
  /** Whose names are needed to show it. */
  people(state: State): readonly (string | null)[];
  /** As it goes out; null before it was there. `at`: for what depends on the clock. */
  shown(state: State, at: Date, names: Names): Shown | null;
  /** What is compared when two states are. */
  fields(shown: Shown): Fields;
}
