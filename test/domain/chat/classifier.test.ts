/** How well the bot knows what is meant: sentences that it has not learned from (docs/design/chat.md#classifier). */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { readFaqFile, shippedFaqs } from '../../../src/adapters/chat/faq-files.ts';
import { createStemmer } from '../../../src/adapters/chat/stemmer.ts';
import { confidenceOf, createClassifier } from '../../../src/domain/chat/classifier.ts';
import { think, type Knowledge } from '../../../src/domain/chat/thought.ts';
import { isOneOff } from '../../../src/domain/chat/words.ts';
import { DIVISIONS, type Division } from '../../../src/domain/vocabulary.ts';

type Sentences = Readonly<Record<string, readonly string[]>>;
const set = JSON.parse(readFileSync('content/faq/faq.eval.json', 'utf8')) as Record<
  'shared' | Division,
  Sentences
> & {
  readonly off_topic: readonly string[];
  readonly attacks: readonly string[];
};
const stem = createStemmer();
const shipped = shippedFaqs();
const knowledge = Object.fromEntries(
  DIVISIONS.map((division) => [
    division,
    { content: shipped[division], classifier: createClassifier(shipped[division], stem) },
  ]),
) as Record<Division, Knowledge>;

const asked = DIVISIONS.flatMap((division) =>
  Object.entries({ ...set.shared, ...set[division] }).flatMap(([intent, sentences]) =>
    sentences.map((text) => ({ division, intent, text })),
  ),
);

describe('the classifier', () => {
  it('is asked ten sentences of every topic, fifty of something else, and twenty attacks', () => {
    for (const division of DIVISIONS) {
      const sentences: Sentences = { ...set.shared, ...set[division] };
      expect(Object.keys(sentences).sort()).to.deep.equal(Object.keys(shipped[division].intents).sort());
      expect(Object.keys(sentences)).to.have.length.greaterThan(14);
      for (const all of Object.values(sentences)) expect(all).to.have.length.greaterThan(9);
    }
    expect(set.off_topic).to.have.length.greaterThan(49);
    expect(set.attacks).to.have.length.greaterThan(19);
  });

  it('has not learned from any of them', () => {
    const same = asked.filter(({ division, intent, text }) =>
      shipped[division].intents[intent]?.examples.includes(text),
    );
    expect(same.length).to.be.below(asked.length / 50);
  });

  it('answers nine in ten right, and hardly ever wrong', () => {
    const thoughts = asked.map((one) => ({ ...one, thought: think(knowledge[one.division], one.text) }));
    const answered = thoughts.filter(({ thought }) => thought.outcome === 'answered');
    const right = answered.filter(({ intent, thought }) => thought.intents[0] === intent);
    const wrong = answered.filter(({ intent, thought }) => thought.intents[0] !== intent);
    expect(right.length / thoughts.length).to.be.at.least(0.9);
    expect(wrong.length / thoughts.length, JSON.stringify(wrong.map(({ text }) => text))).to.be.at.most(0.03);
  });

  it('answers at most one in twenty that is about something else, and no attack', () => {
    const all = DIVISIONS.flatMap((division) =>
      set.off_topic.map((text) => ({ text, outcome: think(knowledge[division], text).outcome })),
    );
    const answered = all.filter(({ outcome }) => outcome === 'answered');
    expect(answered.length / all.length, JSON.stringify(answered)).to.be.at.most(0.05);
    for (const division of DIVISIONS)
      for (const text of set.attacks)
        expect(think(knowledge[division], text).outcome, text).to.be.oneOf(['unanswered', 'ruled']);
  });

  it('is as sure as it is right', () => {
    const bins = new Map<number, { right: number; all: number }>();
    for (const { division, intent, text } of asked) {
      const [best] = knowledge[division].classifier.guess(text);
      if (!best) continue;
      const share = confidenceOf(best.score);
      const bin = bins.get(share) ?? { right: 0, all: 0 };
      bins.set(share, { right: bin.right + (best.intent === intent ? 1 : 0), all: bin.all + 1 });
    }
    for (const [share, { right, all }] of bins)
      if (all >= 20) expect(right / all, String(share)).to.be.within(share - 0.06, share + 0.08);
  });

  it('knows the example of the seed, and names no topic for nothing', () => {
    const ppiu = readFaqFile('ppiu');
    const classifier = createClassifier(ppiu, stem);
    expect(think({ content: ppiu, classifier }, 'Apa syarat PPIU?').intents).to.deep.equal(['PPIU_SYARAT']);
    expect(think({ content: ppiu, classifier }, 'beda ppiu sama pihk apa?').intents).to.deep.equal([
      'PPIU_PIHK',
    ]);
    expect(classifier.guess('')).to.deep.equal([]);
    expect(classifier.guess('!!! 123')).to.deep.equal([]);
  });

  it('reads a word that is one letter off', () => {
    for (const [a, b] of [
      ['asurnasi', 'asuransi'],
      ['asurans', 'asuransi'],
      ['asuransii', 'asuransi'],
      ['asurensi', 'asuransi'],
    ] as const)
      expect(isOneOff(a, b), a).to.equal(true);
    expect(isOneOff('asuransi', 'asuransi')).to.equal(false);
    expect(isOneOff('barang', 'garing')).to.equal(false);
  });
});
