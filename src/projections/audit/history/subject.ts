/** What a history can be about: how to fold it and how to show it. */
import type { Recorded } from '../../../domain/codec.ts';
import type { Names } from './names.ts';
import type { Fields } from './fields.ts';
import type { Fold } from './fold-events.ts';

export interface Subject<State, Shown extends object> {
  /** The stream whose revisions are counted. */
  readonly stream: string;
  /** The streams that its state is folded from, and those that only belong to its history. */
  readonly streams: readonly string[];
  readonly fold: Fold<State>;
  /** Streams about one of its events: how a message was delivered. They do not change the state. */
  relatedStreams(event: Recorded): readonly string[];
  /** Ids of the people whose names are needed to show it. */
  people(state: State): readonly (string | null)[];
  /** As readers see it; null before it existed. `at`: for fields that depend on the clock. */
  shown(state: State, at: Date, names: Names): Shown | null;
  /** The fields that are compared between two states. */
  fields(shown: Shown): Fields;
}
