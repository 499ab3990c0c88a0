/**
 * What the bot of the web chat did in a ticket, and what its visitor thinks of it (docs/design/chat.md#one-talk-one-ticket).
 * These events are on the ticket's stream: whether the bot may speak is decided where a takeover is decided.
 */
import { z } from 'zod';
import { defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { ticketId: z.uuid(), division };

/**
 * `answered`: from the content. `asked`: which of two topics was meant. `unanswered`: a hand-off was offered. `ruled`: a
 * greeting, thanks, a refusal and the like.
 */
export const ANSWER_OUTCOMES = ['answered', 'asked', 'unanswered', 'ruled'] as const;

export const FaqAnswered = defineEvent(
  'FaqAnswered',
  {
    ...about,
    /** Of the bot's message that says it. */
    answerId: z.uuid(),
    outcome: z.enum(ANSWER_OUTCOMES),
    /** What was answered, or offered; empty where nothing was found. */
    intents: z.array(z.string()),
    /** From 0 to 1: how often an answer with this score is the right one. */
    confidence: z.number(),
    faqVersion: z.int().nonnegative(),
    /** The benefits were shown with it. */
    benefits: z.boolean(),
    /** The visitor did not want offers just now. */
    refused: z.boolean(),
    /** What was asked, without numbers and addresses: for the list of what the bot does not know. */
    question: z.string(),
  },
  { personal: ['question'] },
);
export const TicketPrioritised = defineEvent('TicketPrioritised', {
  ...about,
  /** The queue gives out the higher one first. */
  priority: z.int().nonnegative(),
  because: z.enum(['ready_to_buy']),
});
/** Who has the word, as a visitor sees it. */
export const CHAT_MODES = ['bot', 'waiting_admin', 'admin', 'closed'] as const;
export type ChatMode = (typeof CHAT_MODES)[number];

export const RATINGS = ['up', 'down'] as const;
export const TicketRated = defineEvent(
  'TicketRated',
  {
    ...about,
    rating: z.enum(RATINGS),
    comment: z.string().nullable(),
    /** Who had the ticket; null: the bot alone. */
    agentId: z.uuid().nullable(),
    ratedAt: z.iso.datetime(),
  },
  { personal: ['comment'] },
);

export const talkEvents = [FaqAnswered, TicketPrioritised, TicketRated] as const;
export type TalkEvent = EventOf<(typeof talkEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export interface Talk {
  readonly priority: number;
  /** How often the bot has spoken. */
  readonly answers: number;
  /** Times since the last pause that offers were not wanted. */
  readonly refusals: number;
  /** So many more answers come without benefits. */
  readonly pause: number;
  /** `since`: when it was first given. */
  readonly rating: {
    readonly rating: (typeof RATINGS)[number];
    readonly comment: string | null;
    readonly since: string;
  } | null;
  /** The bot's newest answers, and what they were about: for clicks. */
  readonly shown: readonly { readonly answerId: string; readonly intent: string }[];
}

export const NO_TALK: Talk = { priority: 0, answers: 0, refusals: 0, pause: 0, rating: null, shown: [] };

/** docs/design/chat.md#benefits */
const REFUSALS_BEFORE_PAUSE = 2;
const PAUSE = 4;
const SHOWN_KEPT = 50;

const answered = (talk: Talk, data: EventOf<typeof FaqAnswered>['data']): Talk => {
  const refusals = talk.refusals + (data.refused ? 1 : 0);
  const pauses = refusals >= REFUSALS_BEFORE_PAUSE;
  const [intent] = data.intents;
  return {
    ...talk,
    answers: talk.answers + 1,
    refusals: pauses ? 0 : refusals,
    pause: pauses ? PAUSE : Math.max(0, talk.pause - 1),
    shown:
      data.outcome === 'answered' && intent !== undefined
        ? [...talk.shown.slice(1 - SHOWN_KEPT), { answerId: data.answerId, intent }]
        : talk.shown,
  };
};

export function evolveTalk(talk: Talk, { type, data }: TalkEvent): Talk {
  switch (type) {
    case 'FaqAnswered':
      return answered(talk, data);
    case 'TicketPrioritised':
      return { ...talk, priority: data.priority };
    case 'TicketRated':
      return {
        ...talk,
        rating: { rating: data.rating, comment: data.comment, since: talk.rating?.since ?? data.ratedAt },
      };
  }
}
