import { expect } from 'chai';
import fc from 'fast-check';
import { ERASED } from '../../../src/domain/vocabulary.ts';
import {
  searchedWords,
  snippetOf,
  wordsColumn,
  wordsQuery,
} from '../../../src/projections/conversation/search-words.ts';

describe('the words of a message', () => {
  it('are those of people: no case, no accents, no marks, each once', () => {
    expect(wordsColumn('Halo, HALO! Café jam 08.30 (ﬁx)')).to.equal('halo cafe jam 08 30 fix');
    expect(wordsColumn('Cafe\u0301')).to.equal('cafe');
    expect(wordsColumn('… 👍 !!')).to.equal('');
  });

  it('are none once the message was erased', () => {
    expect(wordsColumn(ERASED)).to.equal('');
  });

  it('never hold what a tsvector would read as more than letters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(wordsColumn(text)).to.match(/^([\p{L}\p{N}]+( [\p{L}\p{N}]+)*)?$/u);
        for (const word of searchedWords(text)) expect(word).to.match(/^[\p{L}\p{N}]+$/u);
      }),
    );
  });

  it('are cut where no index would take them', () => {
    expect(wordsColumn('a'.repeat(70_000))).to.have.length(64);
    const many = Array.from({ length: 5_000 }, (_, n) => `kata${String(n)}`).join(' ');
    expect(wordsColumn(many).split(' ')).to.have.length(1_000);
  });

  it('are looked for as beginnings, a single letter as a word', () => {
    expect(wordsQuery(searchedWords('Ongkir B'))).to.equal("'ongkir':* & 'b'");
    expect(searchedWords('?! …')).to.deep.equal([]);
  });
});

describe('a snippet', () => {
  const marked = (content: string, query: string) => {
    const { text, matches } = snippetOf(content, searchedWords(query));
    return { text, words: matches.map(([start, end]) => text.slice(start, end)) };
  };

  it('shows a short message as it is, on one line', () => {
    expect(marked('Berapa\nongkir ke Batam?', 'batam ong')).to.deep.equal({
      text: 'Berapa ongkir ke Batam?',
      words: ['ongkir', 'Batam'],
    });
  });

  it('shows the part of a long one where the words are', () => {
    const found = marked(`${'kata '.repeat(100)}Ongkír ${'lagi '.repeat(100)}`, 'ongkir');
    expect(found.words).to.deep.equal(['Ongkír']);
    expect(found.text).to.match(/^….*…$/);
  });

  it('points at words in any text, and cuts no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        fc.string({ unit: 'grapheme', maxLength: 400 }),
        (before, after) => {
          const found = marked(`${before} cariini ${after}`, 'CARIINI');
          expect(found.words).to.include('cariini');
          expect(found.text.isWellFormed()).to.equal(true);
        },
      ),
    );
  });
});
