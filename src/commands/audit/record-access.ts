/** Puts on record who came in and who looked at personal data (decision 9). Nothing is decided: it happened. */
import { access, type AccessEvent } from '../../domain/audit/access.ts';
import type { Around, Handle } from '../../engine/commands/command-handler.ts';

/** @param key of `accessStream`. @throws Refusal BUSY, StoreUnavailable */
export const recordAccess =
  ({ handle }: { readonly handle: Handle }) =>
  async (key: string, around: Around, event: AccessEvent): Promise<void> => {
    await handle.handle(access, key, around, () => [event]);
  };
