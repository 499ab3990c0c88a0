/**
 * Secrets of members of staff, sealed like the personal fields of customers: a key per person in ops.personal_keys, wrapped
 * with MASTER_KEY. So a changed MASTER_KEY wraps them again together with the others (docs/design/reliability.md#second-factor).
 */
import type { StaffSecrets } from '../../ports.ts';
import { customerOf, type DataKey, seal, unseal } from './cipher.ts';
import type { KeyRing } from './keys.ts';

/** Bound to the person, and not to one event: the same sealed secret waits in a challenge before it is in an event. */
const placeOf = (userId: string) => ({ stream: `user-${userId}`, id: 'totp', type: 'secret' });

export function createStaffSecrets(keys: Pick<KeyRing, 'make'>): StaffSecrets {
  async function keyOf(userId: string): Promise<DataKey> {
    const key = await keys.make(userId);
    if (key === 'destroyed') throw new Error('the key of this account was destroyed');
    return key;
  }
  return {
    seal: async (userId, text) => seal(await keyOf(userId), placeOf(userId), text),
    async open(userId, sealed) {
      const text =
        customerOf(sealed) === userId ? unseal(await keyOf(userId), placeOf(userId), sealed) : null;
      if (text === null)
        throw new Error('a sealed secret does not open: it was changed, or is of another account');
      return text;
    },
  };
}
