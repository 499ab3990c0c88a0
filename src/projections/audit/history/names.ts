/** The names that people had at a point in time, folded from their own streams. */
import type { Recorded } from '../../../domain/codec.ts';
import { userStream } from '../../../domain/staff/user.ts';
import { storable } from '../../../engine/sql/postgres-text.ts';
import type { Person } from '../../staff/person.ts';
import type { Streams } from './in-order.ts';
import type { PointInTime } from './point-in-time.ts';
import { type Fold, foldEvents } from './fold-events.ts';

/** Null for a null id; an unknown person has an empty name, as in the inbox. */
export type Names = (id: string | null) => Person | null;

const nameFold: Fold<string> = {
  initial: '',
  evolve: (name, { type, data }: Recorded) =>
    type === 'UserRegistered' || type === 'UserRenamed' ? storable(data.name) : name,
  passOver: (name) => name,
};

/** @param ids of members of staff, in any order and also twice @throws StoreUnavailable */
export async function namesAt(
  store: Streams,
  point: PointInTime,
  ids: readonly (string | null)[],
): Promise<Names> {
  const distinct = [...new Set(ids)].filter((id) => id !== null);
  const names = new Map(
    await Promise.all(
      distinct.map(async (id) => {
        const { state } = await foldEvents(store, [userStream(id)], nameFold, { point, limit: 0 });
        return [id, state] as const;
      }),
    ),
  );
  return (id) => (id === null ? null : { id, name: names.get(id) ?? '' });
}
