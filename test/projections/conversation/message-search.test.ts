import { expect } from 'chai';
import type { Division } from '../../../src/domain/vocabulary.ts';
import { searchMessages } from '../../../src/projections/conversation/message-search.ts';
import { placeOf } from '../../../src/projections/conversation/search-page.ts';
import { searchedWords } from '../../../src/projections/conversation/search-words.ts';
import { eventually } from '../../support/eventually.ts';
import { type Desk, everywhere, inDivision, openDesk } from '../desk.ts';

const MANY = 6_000;

describe('search among many messages', () => {
  let desk: Desk;
  before(async () => {
    desk = await openDesk({ start: false });
    for (const [division, word] of [
      ['sari', 'kelapa'],
      ['savi', 'durian'],
    ] as const) {
      await desk.rows(
        `insert into read.messages_l1 (division, ticket_id, id, sender_type, content, sent_at, position, words)
select $1, gen_random_uuid(), gen_random_uuid(), 'customer', c, timestamptz '2026-01-01' + n * interval '1 minute', n::text, c::tsvector
from (select n, case when n % 2000 = 1 then $2 else 'halo' end as c from generate_series(1, ${String(MANY)}) n) s`,
        [division, word],
      );
    }
  });
  after(() => desk.close());

  const found = (q: string, division?: Division, wanted: readonly Division[] = ['sari', 'savi', 'safia']) =>
    searchMessages(desk.postgres.reads, division ? inDivision(division) : everywhere, {
      words: searchedWords(q),
      divisions: wanted,
      before: placeOf(undefined),
      limit: 10,
    });
  const scansOfWords = async (): Promise<number> => {
    const [row] = await desk.rows<{ n: number }>(
      `select idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'messages_l1_sari_words_idx'`,
    );
    return row?.n ?? 0;
  };

  it('finds a rare word by the index of words, under row security', async () => {
    const before = await scansOfWords();
    const hits = await found('kelapa', 'sari');
    expect(hits.map(({ sentAt }) => sentAt)).to.deep.equal([
      '2026-01-03T18:41:00.000Z',
      '2026-01-02T09:21:00.000Z',
      '2026-01-01T00:01:00.000Z',
    ]);
    await eventually('the index was used', async () => (await scansOfWords()) > before);
  });

  it('finds a common word among the newest', async () => {
    expect(await found('halo', 'sari')).to.have.length(10);
    expect(await found('halo')).to.have.length(10);
  });

  it('gives nothing of another division, whatever is asked for', async () => {
    expect(await found('durian', 'sari')).to.deep.equal([]);
    expect(await found('durian', 'savi', ['sari'])).to.deep.equal([]);
    expect(await found('durian')).to.have.length(3);
  });
});
