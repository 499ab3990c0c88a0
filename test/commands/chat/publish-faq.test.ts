import { decidePublishFaq, decideRollbackFaq } from '../../../src/commands/chat/publish-faq.ts';
import { hashOfFaq } from '../../../src/commands/chat/faqs.ts';
import { faq, type FaqEvent } from '../../../src/domain/chat/faq.ts';
import type { FaqContent } from '../../../src/domain/chat/faq-content.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(faq);
const content = (name: string): FaqContent => ({
  ...{ name, greeting: 'Halo', disclaimer: 'Panduan umum', suggestions: [] },
  intents: {
    HARGA: {
      ...{ title: 'Biaya', examples: ['a', 'b', 'c'], answer: 'Tergantung rute.', benefits: ['a', 'b', 'c'] },
      ...{ cta_primary: 'Tanya', cta_secondary: 'Admin' },
    },
  },
});
const shipped = content('bawaan');
const published = (version: number, name: string, rolledBackTo?: number): FaqEvent => ({
  type: 'FaqPublished',
  data: {
    ...{ division: 'sari', version, hash: hashOfFaq(content(name)), content: content(name) },
    ...(rolledBackTo !== undefined && { rolledBackTo }),
  },
});

describe('a FAQ', () => {
  it('is published as the next version, and the same content once', () => {
    given()
      .when((state) => decidePublishFaq(state, 'sari', content('satu'), shipped))
      .thenOnce(published(1, 'satu'));
    given(published(1, 'satu'))
      .when((state) => decidePublishFaq(state, 'sari', content('dua'), shipped))
      .then(published(2, 'dua'));
    given()
      .when((state) => decidePublishFaq(state, 'sari', shipped, shipped))
      .then();
  });

  it('goes back to an earlier version, or to what the product brings along, as a new one', () => {
    const both = [published(1, 'satu'), published(2, 'dua')];
    given(...both)
      .when((state) => decideRollbackFaq(state, 'sari', 1, shipped))
      .then(published(3, 'satu', 1));
    given(...both)
      .when((state) => decideRollbackFaq(state, 'sari', 0, shipped))
      .then(published(3, 'bawaan', 0));
    given(...both)
      .when((state) => decideRollbackFaq(state, 'sari', 9, shipped))
      .thenRefused('FAQ_VERSION_NOT_FOUND');
  });
});
