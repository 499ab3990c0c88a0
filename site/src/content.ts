/** What the site says: `content/site.json`, and the answers of the bot, `content/faq/<division>.json`, so that page and bot never differ. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type text from '../../content/site.json';

export type SiteText = typeof text;
export type ServiceText = SiteText['services'][number];
export type Division = 'sari' | 'savi' | 'safia';

/** One question that the bot answers. */
export interface Question {
  readonly intent: string;
  readonly title: string;
  readonly answer: string;
}

interface FaqFile {
  /** Keys of what is offered first. */
  readonly suggestions: readonly string[];
  readonly intents: Readonly<Record<string, { readonly title: string; readonly answer: string }>>;
}

export interface SiteContent {
  readonly text: SiteText;
  /** What the bot offers comes first, then the order of the file. */
  readonly questions: Readonly<Record<Division, readonly Question[]>>;
}

const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

/** @param root the folder of `content/` */
export function readContent(root: string): SiteContent {
  function questionsOf(division: Division): readonly Question[] {
    const { suggestions, intents } = readJson(root, 'content/faq', `${division}.json`) as FaqFile;
    return [...new Set([...suggestions, ...Object.keys(intents)])].flatMap((intent) => {
      const of = intents[intent];
      return of === undefined ? [] : [{ intent, title: of.title, answer: of.answer }];
    });
  }
  return {
    text: readJson(root, 'content/site.json') as SiteText,
    questions: { sari: questionsOf('sari'), savi: questionsOf('savi'), safia: questionsOf('safia') },
  };
}

/** Addresses, in the order of the sitemap. */
export const pathOfService = ({ slug }: ServiceText): string => `/layanan/${slug}`;
