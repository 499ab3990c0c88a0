import { StaffListed, STAFF_ID, staff } from '../../domain/staff/staff.ts';
import { user, UserRegistered } from '../../domain/staff/user.ts';
import { decode, UndecodableEvent } from '../../domain/codec.ts';
import { type BlindIndex, type EventStore, StoreUnavailable } from '../../ports.ts';

/** Users that were listed and never made have no address to compare. */
const MOST_LOOKED_AT = 50;

/**
 * Was the data made with this BLIND_INDEX_KEY? Told by the first account whose address is on record, in clear with the user
 * and hashed in the staff list (docs/design/reliability.md#keys-and-clocks).
 * @returns null while the event store is away or such an event cannot be read; true for a store without accounts
 */
export async function blindIndexFits(
  events: Pick<EventStore, 'read'>,
  blindIndex: BlindIndex,
): Promise<boolean | null> {
  try {
    for (const stored of await events.read(staff.stream(STAFF_ID), { limit: MOST_LOOKED_AT })) {
      const listed = decode(stored);
      if (listed.type !== StaffListed.type) continue;
      const { userId, emailKey } = listed.data;
      const [first] = await events.read(user.stream(userId), { limit: 1 });
      const created = first && decode(first);
      if (created?.type === UserRegistered.type) return blindIndex('email', created.data.email) === emailKey;
    }
    return true;
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof UndecodableEvent) return null;
    throw error;
  }
}
