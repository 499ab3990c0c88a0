/** The FAQ of a division as it was published, version by version (docs/design/chat.md#versions). */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';
import { faqContent, type FaqContent } from './faq-content.ts';

// ---------------------------------------------------------------- stream name

export const faqStream = (of: string): string => `faq-${of}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const FaqPublished = defineEvent('FaqPublished', {
  division,
  /** From 1; 0 is what the product brings along. */
  version: z.int().positive(),
  /** SHA-256 of the content as JSON, hex. */
  hash: z.string(),
  content: faqContent,
  /** The version that came back with it; absent: it was edited. */
  rolledBackTo: z.int().nonnegative().optional(),
});

export const faqEvents = [FaqPublished] as const;
export type FaqEvent = EventOf<typeof FaqPublished>;

// ---------------------------------------------------------------- state and evolve

export interface PublishedFaq {
  readonly version: number;
  readonly hash: string;
  readonly content: FaqContent;
}
export interface FaqState {
  /** Oldest first. Empty: nothing was published, and what the product brings along counts. */
  readonly published: readonly PublishedFaq[];
}

/** One can go back so many versions. */
const KEPT = 20;

export const faq: Aggregate<FaqState, FaqEvent> = {
  category: 'faq',
  stream: faqStream,
  initial: { published: [] },
  tail: KEPT,
  evolve: ({ published }, { data: { version, hash, content } }) => ({
    published: [...published.slice(1 - KEPT), { version, hash, content }],
  }),
};
