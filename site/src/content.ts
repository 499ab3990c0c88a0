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
  readonly intents: Readonly<Record<string, { readonly title: string; readonly answer: string }>>;
}

export interface SiteContent {
  readonly text: SiteText;
  /** In the order of the file: the most asked come first. */
  readonly questions: Readonly<Record<Division, readonly Question[]>>;
}

const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(...path), 'utf8'));

/** @param root the folder of `content/` */
export function readContent(root: string): SiteContent {
  const questionsOf = (division: Division): readonly Question[] =>
    Object.entries((readJson(root, 'content/faq', `${division}.json`) as FaqFile).intents).map(
      ([intent, { title, answer }]) => ({ intent, title, answer }),
    );
  return {
    text: readJson(root, 'content/site.json') as SiteText,
    questions: { sari: questionsOf('sari'), savi: questionsOf('savi'), safia: questionsOf('safia') },
  };
}

/** Addresses, in the order of the sitemap. */
export const pathOfService = ({ slug }: ServiceText): string => `/layanan/${slug}`;
