/** A visitor gets a code to go on in WhatsApp with, good once and for 24 hours (docs/design/chat.md#to-whatsapp). */
import { handoffCode, type HandoffCode, type HandoffCodeEvent } from '../../domain/chat/handoff-code.ts';
import type { BlindIndex, Clock } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { hashOfCode } from './redeem-code.ts';
import { keyOfVisitor, type Visitor, visitorContext } from './visitor.ts';

const GOOD_MS = 24 * 60 * 60_000;

export function decideIssueCode(
  state: HandoffCode,
  data: Extract<HandoffCodeEvent, { type: 'HandoffCodeIssued' }>['data'],
): HandoffCodeEvent[] {
  return state.status === 'unknown' ? [{ type: 'HandoffCodeIssued', data }] : [];
}

/** @returns a function that gives a visitor a code, with `transcriptUrl` for what was said on the site; it throws StoreUnavailable */
export const issueCode =
  (deps: {
    readonly handler: CommandHandler;
    readonly blindIndex: BlindIndex;
    readonly clock: Clock;
    readonly newCode: () => string;
  }) =>
  async (visitor: Visitor, requestId: string, transcriptUrl?: string): Promise<string> => {
    const { handler, blindIndex, clock, newCode } = deps;
    const context = visitorContext(deps, requestId, 'customer');
    const customerKey = keyOfVisitor(blindIndex, visitor);
    const expiresAt = new Date(clock.now().getTime() + GOOD_MS).toISOString();
    const { division } = visitor;
    const data = { division, customerKey, expiresAt, ...(transcriptUrl !== undefined && { transcriptUrl }) };
    for (;;) {
      const code = newCode();
      const { events } = await handler.executeCommand(
        handoffCode,
        hashOfCode(blindIndex, code),
        context,
        (state) => decideIssueCode(state, data),
      );
      if (events.length > 0) return code;
    }
  };
