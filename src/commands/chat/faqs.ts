/** The FAQ of each division as it counts now, with what the classifier has learned from it. */
import { createHash } from 'node:crypto';
import { createClassifier } from '../../domain/chat/classifier.ts';
import { faq, type FaqState, type PublishedFaq } from '../../domain/chat/faq.ts';
import type { FaqContent } from '../../domain/chat/faq-content.ts';
import type { Knowledge } from '../../domain/chat/thought.ts';
import type { Stem } from '../../domain/chat/words.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export interface CurrentFaq extends Knowledge, PublishedFaq {}

export const hashOfFaq = (content: FaqContent): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex');

/** What counts: the newest version, else what the product brings along. */
export const currentOf = ({ published }: FaqState, shipped: FaqContent): PublishedFaq =>
  published.at(-1) ?? { version: 0, hash: hashOfFaq(shipped), content: shipped };

/** What the product brings along, by division (`content/faq`). */
export type ShippedFaqs = Readonly<Record<Division, FaqContent>>;

export interface Faqs {
  /** @throws StoreUnavailable */
  of(division: Division): Promise<CurrentFaq>;
  /** A content that is not published, to try. */
  learned(content: FaqContent): Knowledge;
}

export function createFaqs(deps: {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly shipped: ShippedFaqs;
  readonly stem: Stem;
}): Faqs {
  const kept = new Map<Division, CurrentFaq>();
  const learned = (content: FaqContent): Knowledge => ({
    content,
    classifier: createClassifier(content, deps.stem),
  });
  return {
    learned,
    async of(division) {
      const current = currentOf(await deps.handler.load(faq, division), deps.shipped[division]);
      const known = kept.get(division);
      if (known?.hash === current.hash && known.version === current.version) return known;
      const fresh = { ...current, ...learned(current.content) };
      kept.set(division, fresh);
      return fresh;
    },
  };
}
