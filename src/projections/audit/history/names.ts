/** What people were called then: their own streams, folded up to the moment. */
import type { Recorded } from '../../../domain/codec.ts';
import { userStream } from '../../../domain/staff/user.ts';
import { storable } from '../../../engine/sql/postgres-text.ts';
import type { Streams } from './in-order.ts';
import type { PointInTime } from './point-in-time.ts';
import { type Fold, walk } from './fold-events.ts';

export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Nobody has no id; somebody of whom no name is known has an empty one, as in the inbox. */
export type Names = (id: string | null) => Person | null;

const named: Fold<string> = {
  initial: '',
  evolve: (name, { type, data }: Recorded) =>
    type === 'UserRegistered' || type === 'UserRenamed' ? storable(data.name) : name,
};

/** @throws StoreUnavailable */
export async function namesAt(
  store: Streams,
  moment: PointInTime,
  ids: readonly (string | null)[],
): Promise<Names> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  const names = new Map(
    await Promise.all(
      wanted.map(async (id) => {
        const { state } = await walk(store, [userStream(id)], named, { moment, limit: 0 });
        return [id, state] as const;
      }),
    ),
  );
  return (id) => (id === null ? null : { id, name: names.get(id) ?? '' });
}
