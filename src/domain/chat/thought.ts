/** What the bot makes of a question: pure, so that a test box shows the same as a talk (docs/design/chat.md#answers). */
import type { BotCard } from '../conversation/conversation.ts';
import { ANSWER_FROM, ASK_FROM, type Classifier, confidenceOf, type Guess, MARGIN } from './classifier.ts';
import type { FaqContent, FaqIntent } from './faq-content.ts';
import { refuses, ruleFor, twoQuestions, wantsToBuy } from './rules.ts';
import type { ANSWER_OUTCOMES } from './talk.ts';
import { BOT_WORDS } from './wording.ts';

export interface Thought {
  readonly outcome: (typeof ANSWER_OUTCOMES)[number];
  /** Of what is answered, or offered to choose from. */
  readonly intents: readonly string[];
  readonly confidence: number;
  readonly text: string;
  readonly card: BotCard;
  /** The visitor asked for a person. */
  readonly wantsPerson: boolean;
  readonly wantsToBuy: boolean;
  readonly refuses: boolean;
}

export interface Knowledge {
  readonly content: FaqContent;
  readonly classifier: Classifier;
}

export const NO_CARD: BotCard = { intent: null, benefits: [], cta: null, sources: [], choices: [] };

const isSure = ([first, second]: readonly Guess[]): boolean =>
  first !== undefined && first.score >= ANSWER_FROM && first.score - (second?.score ?? 0) >= MARGIN;

const said = (intent: FaqIntent): string =>
  intent.hours_note === undefined ? intent.answer : `${intent.answer}\n\n${intent.hours_note}`;

interface Around {
  readonly wantsToBuy: boolean;
  readonly refuses: boolean;
}

const ruled = (text: string, around: Around, wantsPerson = false): Thought => ({
  ...around,
  ...{ outcome: 'ruled', intents: [], confidence: 1, text, card: NO_CARD, wantsPerson },
});

/** @param keys one or two topics; benefits and calls to action are those of the first */
export function answerWith(
  { intents }: FaqContent,
  keys: readonly string[],
  confidence: number,
  around: Around,
): Thought {
  const [key = ''] = keys;
  const all = keys.flatMap((one) => intents[one] ?? []);
  const [first] = all;
  if (first === undefined) return unknown(around);
  return {
    ...around,
    outcome: 'answered',
    intents: keys,
    confidence,
    text: all.map(said).join('\n\n'),
    card: {
      intent: key,
      benefits: first.benefits,
      cta: { primary: first.cta_primary, secondary: first.cta_secondary },
      sources: all.flatMap(({ sources = [] }) => sources),
      choices: [],
    },
    wantsPerson: false,
  };
}

const unknown = (around: Around): Thought => ({
  ...around,
  ...{ outcome: 'unanswered', intents: [], confidence: 0, text: BOT_WORDS.unknown, card: NO_CARD },
  wantsPerson: false,
});

function ask({ intents }: FaqContent, guesses: readonly Guess[], around: Around): Thought {
  const choices = guesses
    .slice(0, 2)
    .map(({ intent }) => ({ intent, title: intents[intent]?.title ?? intent }));
  return {
    ...around,
    outcome: 'asked',
    intents: choices.map(({ intent }) => intent),
    confidence: confidenceOf(guesses[0]?.score ?? 0),
    text: BOT_WORDS.which,
    card: { ...NO_CARD, choices },
    wantsPerson: false,
  };
}

/** Two sure questions of two topics; null: it is answered as one. */
function both({ content, classifier }: Knowledge, text: string, around: Around): Thought | null {
  const parts = twoQuestions(text);
  if (parts === null) return null;
  const guesses = parts.map((part) => classifier.guess(part));
  const [one, other] = guesses.map(([first]) => first);
  if (!one || !other || one.intent === other.intent || !guesses.every(isSure)) return null;
  const confidence = Math.min(confidenceOf(one.score), confidenceOf(other.score));
  return answerWith(content, [one.intent, other.intent], confidence, around);
}

/**
 * @param picked a topic that was chosen by a button; what the content does not have is asked as a question
 * @returns never an answer of a topic that is not sure: then a choice of two, or the offer of a person
 */
export function think(knowledge: Knowledge, text: string, picked?: string): Thought {
  const { content, classifier } = knowledge;
  const around = { wantsToBuy: wantsToBuy(text), refuses: refuses(text) };
  if (picked !== undefined && Object.hasOwn(content.intents, picked))
    return answerWith(content, [picked], 1, around);
  const rule = ruleFor(text);
  if (rule === 'denied') return { ...unknown(around), text: BOT_WORDS.denied };
  if (rule === 'person') return ruled(BOT_WORDS.handedOff, around, true);
  if (rule === 'greeting') return ruled(content.greeting, around);
  if (rule === 'thanks') return ruled(BOT_WORDS.thanks, around);
  const two = both(knowledge, text, around);
  if (two) return two;
  const guesses = classifier.guess(text);
  const [best] = guesses;
  if (best && isSure(guesses)) return answerWith(content, [best.intent], confidenceOf(best.score), around);
  if (around.refuses) return ruled(BOT_WORDS.refused, around);
  if (around.wantsToBuy) return ruled(BOT_WORDS.ready, around);
  if (best && best.score >= ASK_FROM) return ask(content, guesses, around);
  return unknown(around);
}
