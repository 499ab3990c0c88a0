/** A visitor wants a person: as the bot's webhook hands a ticket off (docs/design/chat.md#hand-off). */
import { ticket } from '../../domain/tickets/ticket.ts';
import { decideBotSignal } from '../inbound/bot-signal.ts';
import { outsideHours } from '../inbound/open-ticket.ts';
import {
  type ChatDeps,
  findTalk,
  receiveFromVisitor,
  type Visitor,
  visitorContext,
  type VisitorTalk,
} from './visitor.ts';

/** Who has written nothing yet has at least said this. */
const FIRST_WORDS = 'Saya ingin berbicara dengan admin.';

/** @returns the talk, opened with a first message where there is none @throws Refusal BUSY; StoreUnavailable */
export async function openTalk(
  deps: ChatDeps,
  visitor: Visitor,
  firstWords = FIRST_WORDS,
): Promise<VisitorTalk> {
  const talk = await findTalk(deps, visitor);
  if (talk.ticket.status !== 'absent' && talk.ticket.status !== 'closed') return talk;
  await receiveFromVisitor(deps, visitor, firstWords);
  return findTalk(deps, visitor);
}

/** Asking again changes nothing. @returns the talk afterwards @throws Refusal BUSY; StoreUnavailable */
export const escalate =
  (deps: ChatDeps) =>
  async (visitor: Visitor, reason: string | null, requestId: string): Promise<VisitorTalk> => {
    const talk = await openTalk(deps, visitor);
    const { ticket: found } = talk;
    if (found.status !== 'free') return talk;
    const context = visitorContext(deps, requestId, 'customer');
    const inbound = {
      kind: 'handoff' as const,
      division: visitor.division,
      channel: 'web' as const,
      ...{ line: visitor.division, userId: `web_${visitor.sessionId}`, businessScopedId: null, phone: null },
      ...{ userName: null, botId: null, waPhoneId: null, waDisplayName: null, isOfficeHours: null },
      sentAt: context.at,
      reason,
    };
    const isOffHours = await outsideHours(deps, inbound);
    const { state } = await deps.handler.executeCommand(ticket, found.id, context, (now) =>
      decideBotSignal(now, inbound, isOffHours, context.at),
    );
    return { ...talk, ticket: state };
  };
