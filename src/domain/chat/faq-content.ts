/** What the bot of a division may say, as people edit it (docs/design/chat.md#content). */
import { z } from 'zod';
import { because } from '../problems.ts';

const line = (most: number) => z.string().trim().min(1).max(most);

/** Two to sixty capital letters, digits and lines: `ONGKIR_MOBIL`. */
export const intentKey = z.string().regex(/^[A-Z][A-Z0-9_]{1,59}$/);

const source = z.strictObject({
  title: line(200),
  url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .optional(),
});

export const faqIntent = z.strictObject({
  /** As a button or a heading shows it. */
  title: line(120),
  /** How customers ask for it; what the classifier learns from. */
  examples: z.array(line(300)).min(3).max(60),
  answer: line(2_000),
  benefits: z.array(line(200)).min(3).max(5),
  cta_primary: line(120),
  cta_secondary: line(120),
  sources: z.array(source).max(5).optional(),
  hours_note: line(300).optional(),
  /** What a customer prepares: there is a PDF of it. */
  checklist: z.array(line(200)).min(1).max(30).optional(),
});
export type FaqIntent = z.infer<typeof faqIntent>;

const MOST_INTENTS = 100;

export const faqContent = z
  .strictObject({
    /** How the bot calls itself. */
    name: line(80),
    greeting: line(500),
    /** With the first answer of a talk. */
    disclaimer: line(300),
    /** Keys of intents that are offered at the start. */
    suggestions: z.array(intentKey).max(8),
    intents: z.record(intentKey, faqIntent),
  })
  .refine(({ intents }) => Object.keys(intents).length > 0 && Object.keys(intents).length <= MOST_INTENTS, {
    path: ['intents'],
    ...because('OUT_OF_RANGE', `Harus ada 1 sampai ${String(MOST_INTENTS)} topik`, {
      minimum: 1,
      maximum: MOST_INTENTS,
    }),
  })
  .refine(({ intents, suggestions }) => suggestions.every((key) => key in intents), {
    path: ['suggestions'],
    ...because('NOT_FOUND', 'Ada saran yang bukan topik di sini'),
  });
export type FaqContent = z.infer<typeof faqContent>;
