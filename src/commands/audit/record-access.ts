/** Records who signed in and who read personal data (decision 9). There is no decider: it has happened. */
import { access, type AccessEvent } from '../../domain/audit/access.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** @param key of `accessStream`. @throws Refusal BUSY, StoreUnavailable */
export const recordAccess =
  ({ handler }: { readonly handler: CommandHandler }) =>
  async (key: string, eventContext: EventContext, event: AccessEvent): Promise<void> => {
    await handler.executeCommand(access, key, eventContext, () => [event]);
  };
