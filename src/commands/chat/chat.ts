/** What visitors of the web chat can do, wired once. */
import type { ChatAnswerer } from '../../ports.ts';
import type { EraseCustomer } from '../erasure/erase-customer.ts';
import { createReceive } from '../inbound/receive.ts';
import type { ResponseLimit } from '../routing/response-deadline.ts';
import { ask } from './ask.ts';
import { claim } from './claim.ts';
import { escalate, openTalk } from './escalate.ts';
import { createFaqs, type ShippedFaqs } from './faqs.ts';
import { forget } from './forget.ts';
import { issueCode } from './handoff-code.ts';
import { leaveMessage } from './leave-message.ts';
import { publishFaq } from './publish-faq.ts';
import { rate } from './rate.ts';
import { type ChatDeps, findTalk, ticketOfSession, type Visitor } from './visitor.ts';
import type { Stem } from '../../domain/chat/words.ts';

export type ChatCommands = ReturnType<typeof createChatCommands>;

export function createChatCommands(
  deps: Omit<ChatDeps, 'receive'> & {
    readonly shipped: ShippedFaqs;
    readonly stem: Stem;
    readonly answerer: ChatAnswerer | null;
    readonly eraseCustomer: EraseCustomer;
    readonly newCode: () => string;
    /** Minutes for the first reply after an assignment; null for no limit. */
    readonly replyWithin: ResponseLimit;
  },
) {
  const faqs = createFaqs(deps);
  const all = { ...deps, faqs, receive: createReceive(deps) };
  return {
    faqs,
    /** A language model is asked, where the visitor lets it read. */
    hasModel: deps.answerer !== null,
    ask: ask(all),
    escalate: escalate(all),
    openTalk: (visitor: Visitor, firstWords?: string) => openTalk(all, visitor, firstWords),
    leaveMessage: leaveMessage(all),
    rate: rate(all),
    issueCode: issueCode(all),
    forget: forget(all),
    claim: claim(all),
    ticketOfSession: (sessionId: string) => ticketOfSession(all, sessionId),
    faq: publishFaq(all),
    talkOf: (visitor: Visitor) => findTalk(all, visitor),
  };
}
