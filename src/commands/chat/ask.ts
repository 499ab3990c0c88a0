/** A visitor asks, and the bot answers if nobody else has the word (docs/design/chat.md#answers). */
import { ASK_FROM } from '../../domain/chat/classifier.ts';
import { isFaithful } from '../../domain/chat/faithful.ts';
import { redacted } from '../../domain/chat/redact.ts';
import type { ChatMode } from '../../domain/chat/talk.ts';
import { answerWith, think, type Thought } from '../../domain/chat/thought.ts';
import { BOT_WORDS } from '../../domain/chat/wording.ts';
import { conversation, type ConversationEvent } from '../../domain/conversation/conversation.ts';
import { wishOf } from '../../domain/customers/offers.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import type { ChatAnswerer, AnswererUse } from '../../ports.ts';
import { queueAfterHandoff } from '../inbound/bot-signal.ts';
import { outsideHours } from '../inbound/open-ticket.ts';
import { settleModelConsent } from './consent.ts';
import type { CurrentFaq, Faqs } from './faqs.ts';
import {
  type ChatDeps,
  findTalk,
  modeOf,
  receiveFromVisitor,
  type Visitor,
  visitorContext,
} from './visitor.ts';

/** How the inbox shows who wants to buy. */
export const PRIORITY_TAG = 'prioritas';
const PRIORITY = 1;

/** What is written down with an answer. */
export interface AnswerFacts {
  readonly answerId: string;
  readonly faqVersion: number;
  /** Without personal data. */
  readonly question: string;
  readonly isOffHours: boolean;
}

/**
 * The bot says nothing unless the ticket is FREE: this is decided on the same stream as a takeover, so of both at one moment one
 * is first. Who wants to buy goes before others, whoever has the word.
 */
export function decideAnswer(state: Ticket, thought: Thought, facts: AnswerFacts): TicketEvent[] {
  if (state.status === 'absent' || state.status === 'closed') return [];
  const about = { ticketId: state.id, division: state.division };
  const events: TicketEvent[] = [];
  if (thought.wantsToBuy && state.talk.priority < PRIORITY) {
    events.push({
      type: 'TicketPrioritised',
      data: { ...about, priority: PRIORITY, because: 'ready_to_buy' },
    });
    if (!state.tags.includes(PRIORITY_TAG))
      events.push({ type: 'TicketTagged', data: { ...about, tag: PRIORITY_TAG } });
  }
  if (state.status !== 'free') return events;
  const { answerId, faqVersion, question, isOffHours } = facts;
  events.push({
    type: 'FaqAnswered',
    data: {
      ...about,
      ...{ answerId, faqVersion, question },
      outcome: thought.outcome,
      intents: [...thought.intents],
      confidence: thought.confidence,
      benefits: thought.card.benefits.length > 0 && state.talk.pause === 0,
      refused: thought.refuses,
    },
  });
  if (thought.wantsPerson)
    events.push(
      { type: 'HandoffRequested', data: { ...about, reason: null } },
      queueAfterHandoff(state, isOffHours),
    );
  return events;
}

export interface AskDeps extends ChatDeps {
  readonly faqs: Faqs;
  /** null: no language model. */
  readonly answerer: ChatAnswerer | null;
}

export interface Answered {
  readonly mode: ChatMode;
  /** Of the bot's message; of the visitor's where the bot says nothing. */
  readonly messageId: string;
  /** null: a person has the talk, and has the message. */
  readonly thought: Thought | null;
  readonly use: AnswererUse;
}

const NO_USE: AnswererUse = { inputTokens: 0, outputTokens: 0 };
/** Of a rewording, where the client does not say. */
const MOST_TOKENS = 500;

interface Asked {
  readonly text: string;
  readonly intent?: string | undefined;
  readonly mostTokens?: number | undefined;
  /** Whether a language model may read what they ask; undefined: as they said before. */
  readonly letsModelRead?: boolean | undefined;
}

/**
 * What the bot would say: the model may settle a doubt and reword, and never adds anything. To settle a doubt it reads the question,
 * and so wants the visitor's consent; what it rewords is ours.
 */
async function composed(
  { answerer }: Pick<AskDeps, 'answerer'>,
  visitor: Visitor,
  faq: CurrentFaq,
  { text, intent, mostTokens = MOST_TOKENS, letsModelRead }: Asked & { readonly letsModelRead: boolean },
): Promise<{ readonly thought: Thought; readonly use: AnswererUse }> {
  const thought = think(faq, text, intent);
  if (answerer === null) return { thought, use: NO_USE };
  if (thought.outcome === 'asked') {
    if (!letsModelRead) return { thought, use: NO_USE };
    const guesses = faq.classifier.guess(text).filter(({ score }) => score >= ASK_FROM);
    const choices = guesses.map(({ intent: key }) => ({
      key,
      title: faq.content.intents[key]?.title ?? key,
    }));
    const { key, use } = await answerer.choose(visitor.sessionId, redacted(text), choices);
    const isOffered = key !== null && choices.some((one) => one.key === key);
    return {
      thought: isOffered ? answerWith(faq.content, [key], thought.confidence, thought) : thought,
      use,
    };
  }
  if (thought.outcome !== 'answered') return { thought, use: NO_USE };
  const { text: reworded, use } = await answerer.reword(visitor.sessionId, thought.text, mostTokens);
  const isGood = reworded !== null && isFaithful(thought.text, reworded);
  return { thought: isGood ? { ...thought, text: reworded.trim() } : thought, use };
}

/** What is said with the first answer of a talk, and to who wants no offers. */
function wordsFor(thought: Thought, isFirst: boolean, isOffHours: boolean, disclaimer: string): string {
  const text = thought.wantsPerson && isOffHours ? BOT_WORDS.handedOffAtNight : thought.text;
  return isFirst ? `${text}\n\n${disclaimer}` : text;
}

/** @throws Refusal BUSY; StoreUnavailable */
export const ask =
  (deps: AskDeps) =>
  async (visitor: Visitor, asked: Asked, requestId: string): Promise<Answered> => {
    const { handler, ids, clock, faqs } = deps;
    const { messageId } = await receiveFromVisitor(deps, visitor, asked.text);
    const talk = await findTalk(deps, visitor);
    const found = talk.ticket;
    const silent = { messageId, thought: null, use: NO_USE };
    if (found.status === 'absent') return { ...silent, mode: modeOf(found) };
    const faq = await faqs.of(visitor.division);
    const isFree = found.status === 'free';
    const letsModelRead =
      deps.answerer !== null && (await settleModelConsent(deps, talk, asked.letsModelRead, requestId));
    const made = isFree
      ? await composed(deps, visitor, faq, { ...asked, letsModelRead })
      : { thought: think(faq, asked.text, asked.intent), use: NO_USE };
    const stops = wishOf(asked.text) === 'stop';
    const thought: Thought = stops
      ? { ...made.thought, text: BOT_WORDS.stopped, outcome: 'ruled', intents: [], refuses: true }
      : made.thought;
    const context = visitorContext(deps, requestId, 'bot');
    const isOffHours = await outsideHours(deps, { division: visitor.division, sentAt: context.at });
    const answerId = ids.next();
    const facts = { answerId, faqVersion: faq.version, question: redacted(asked.text), isOffHours };
    const { state, events } = await handler.executeCommand(ticket, found.id, context, (now) =>
      decideAnswer(now, thought, facts),
    );
    const answered = events.find((event) => event.type === 'FaqAnswered')?.data;
    if (answered === undefined || state.status === 'absent')
      return { ...silent, mode: modeOf(state), use: made.use };
    const card = { ...thought.card, benefits: answered.benefits ? [...thought.card.benefits] : [] };
    const isFirst = state.talk.answers === 1;
    const content = wordsFor(thought, isFirst, isOffHours, faq.content.disclaimer);
    const said: ConversationEvent = {
      type: 'BotReplied',
      data: {
        ticketId: state.id,
        division: state.division,
        messageId: answerId,
        channelMessageId: null,
        content,
        confidence: thought.confidence,
        sentAt: clock.now().toISOString(),
        card,
      },
    };
    await handler.executeCommand(conversation, state.id, context, () => [said]);
    return {
      mode: modeOf(state),
      messageId: answerId,
      thought: { ...thought, text: content, card },
      use: made.use,
    };
  };
