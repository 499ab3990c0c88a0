/** What an item of the webhook inbox led to, noted while it is received. */
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Evidence } from '../../ports.ts';

/**
 * @returns the handler to use for one item, and what its commands have led to so far; undefined: it asked for none. In a
 *   restored store everything before an event is there if the event is, so the last one speaks for all.
 */
export function withEvidence(handler: CommandHandler): {
  readonly handler: CommandHandler;
  readonly evidence: () => Evidence | undefined;
} {
  let made: Evidence | undefined;
  let found: Evidence | undefined;
  return {
    handler: {
      ...handler,
      executeCommand: async (...args) => {
        const decided = await handler.executeCommand(...args);
        const { events, position } = decided;
        const last = events.at(-1);
        if (last) made = { eventId: last.id, position };
        else if (position > (found?.position ?? '')) found = { eventId: null, position };
        return decided;
      },
    },
    evidence: () => made ?? found,
  };
}
