/**
 * Which topic a question is about: words weighed by how rare they are, compared with the examples of each topic
 * (docs/design/chat.md#classifier). Needs no network; the same question always gets the same answer.
 */
import { withoutPersonal } from './redact.ts';
import offTopic from './off-topic.json' with { type: 'json' };
import type { FaqContent } from './faq-content.ts';
import { isOneOff, type Stem, wordsOf } from './words.ts';

export interface Guess {
  readonly intent: string;
  /** Cosine, 0 to 1. */
  readonly score: number;
}

export interface Classifier {
  /** Topics by how well they fit, best first; at most three. None where it is about something else. */
  guess(question: string): readonly Guess[];
}

/** From this score on the best topic is the answer, if it is ahead of the second by the margin. */
export const ANSWER_FROM = 0.3;
export const MARGIN = 0.05;
/** From here on one may ask which topic was meant; below there is none. */
export const ASK_FROM = 0.18;

/** Examples of something else, which no topic of ours may be taken for. */
const OFF_TOPIC = '';

type Weights = ReadonlyMap<string, number>;

const counted = (words: readonly string[]): Map<string, number> => {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
};

const normal = (weights: Map<string, number>): Weights => {
  const length = Math.hypot(...weights.values());
  return new Map([...weights].map(([word, weight]) => [word, weight / length]));
};

const cosine = (a: Weights, b: Weights): number => {
  let sum = 0;
  for (const [word, weight] of a) sum += weight * (b.get(word) ?? 0);
  return sum;
};

/** A short word that is one letter off is often another word. */
const LEAST_LETTERS = 5;

/** @param content its titles and examples are what it knows */
export function createClassifier({ intents }: Pick<FaqContent, 'intents'>, stem: Stem): Classifier {
  const examples = [
    ...Object.entries(intents).flatMap(([intent, { title, examples: of }]) =>
      [title, ...of].map((text) => ({ intent, words: wordsOf(text, stem) })),
    ),
    ...offTopic.map((text) => ({ intent: OFF_TOPIC, words: wordsOf(text, stem) })),
  ].filter(({ words }) => words.length > 0);
  const inExamples = counted(examples.flatMap(({ words }) => [...new Set(words)]));
  const known = [...inExamples.keys()].filter((word) => word.length >= LEAST_LETTERS);
  const rarity = (word: string): number =>
    Math.log((examples.length + 1) / ((inExamples.get(word) ?? 0) + 0.5));

  /** A word that no example has may be one that is misspelled. */
  const corrected = (word: string): string =>
    word.length < LEAST_LETTERS || inExamples.has(word)
      ? word
      : (known.find((other) => isOneOff(word, other)) ?? word);

  const weighed = (words: readonly string[]): Weights =>
    normal(new Map([...counted(words)].map(([word, n]) => [word, (1 + Math.log(n)) * rarity(word)])));

  const index = examples.map(({ intent, words }) => ({ intent, weights: weighed(words) }));

  return {
    guess(question) {
      const words = wordsOf(withoutPersonal(question), stem).map(corrected);
      if (words.length === 0) return [];
      const asked = weighed(words);
      const scores = new Map<string, number[]>();
      for (const { intent, weights } of index) {
        const score = cosine(asked, weights);
        if (score > 0) scores.set(intent, [...(scores.get(intent) ?? []), score]);
      }
      const ranked = [...scores]
        .map(([intent, all]) => {
          const [best = 0, second = 0, third = 0] = all.sort((a, b) => b - a);
          return { intent, score: 0.7 * best + 0.1 * (best + second + third) };
        })
        .sort((a, b) => b.score - a.score || (a.intent < b.intent ? -1 : 1));
      const beside = ranked.find(({ intent }) => intent === OFF_TOPIC)?.score ?? 0;
      return ranked
        .filter(({ intent, score }) => intent !== OFF_TOPIC && score - beside >= MARGIN)
        .slice(0, 3);
    },
  };
}

/**
 * How often an answer of at least this score was the right one, of the questions in `content/faq/faq.eval.json`: what
 * `confidence` says on the wire. The test of that file holds these numbers.
 */
const SHARES: readonly (readonly [from: number, share: number])[] = [
  [0.8, 0.99],
  [0.6, 0.97],
  [0.4, 0.9],
  [ANSWER_FROM, 0.85],
  [ASK_FROM, 0.6],
];

export const confidenceOf = (score: number): number => SHARES.find(([from]) => score >= from)?.[1] ?? 0;
