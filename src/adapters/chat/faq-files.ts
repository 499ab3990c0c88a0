/** The FAQ that the product brings along: `content/faq/<division>.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faqContent, type FaqContent } from '../../domain/chat/faq-content.ts';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/** @throws Error a file is not there, or is not in the form of `domain/chat/faq-content` */
export const readFaqFile = (name: string): FaqContent =>
  faqContent.parse(JSON.parse(readFileSync(join(PACKAGE_ROOT, 'content', 'faq', `${name}.json`), 'utf8')));

export const shippedFaqs = (): Readonly<Record<Division, FaqContent>> =>
  Object.fromEntries(DIVISIONS.map((division) => [division, readFaqFile(division)])) as Record<
    Division,
    FaqContent
  >;
