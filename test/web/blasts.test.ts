/** Who gets a blast: whoever was ticked or fits a filter, and nobody who wants none (docs/design/figures.md#blasts). */
import { expect } from 'chai';
import {
  audienceOf,
  type BlastFilter,
  filter,
  isNarrow,
  pick,
  picked,
  type Picked,
  unpickAll,
} from '../../web/src/blasts/picked.ts';
import { blastSearch } from '../../web/src/blasts/search.ts';
import { reachedOf } from '../../web/src/blasts/words.ts';
import { followUpSearch } from '../../web/src/follow-ups/search.ts';

const one = (ticketId: string): Picked => ({
  ...{ ticketId, customerId: `of-${ticketId}`, name: ticketId, division: 'sari', category: 'PANAS' },
  stage: 'Lead',
});
const wanted: BlastFilter = { division: 'savi', category: ['PANAS'], crm_stage: [], tags: [] };

describe('the recipients of a blast', () => {
  afterEach(() => {
    unpickAll();
    filter.set(null);
  });

  it('are those who fit the filter, or those who were ticked, and the last word counts', () => {
    pick(one('t1'), true);
    filter.set(wanted);
    expect(audienceOf(filter.get(), picked.get())).to.deep.equal({ filter: wanted });
    pick(one('t2'), true);
    expect(audienceOf(filter.get(), picked.get())).to.deep.equal({ recipients: ['t1', 't2'] });
  });

  it('are never a whole division: a filter narrows by something', () => {
    expect(isNarrow({ ...wanted, category: [] })).to.equal(false);
    for (const part of [{ category: ['PANAS'] }, { crm_stage: ['Lead'] }, { tags: ['vip'] }] as const)
      expect(isNarrow({ ...wanted, category: [], ...part })).to.equal(true);
  });

  it('are counted before there is a message: what depends on the template leaves nobody out', () => {
    const skipped = (['opted_out', 'opted_out', 'same_customer', 'window_closed'] as const).map(
      (reason, n) => ({ ticket_id: String(n), reason }),
    );
    expect(reachedOf({ total: 10, skipped })).to.deep.equal({
      reached: 7,
      left: [
        { reason: 'same_customer', count: 1 },
        { reason: 'opted_out', count: 2 },
      ],
    });
  });

  it('are looked for in addresses that hold words of the API and nothing else', () => {
    expect(followUpSearch({ category: 'PANAS', division: 'all', whose: 'you', q: 1 })).to.deep.equal({
      category: 'PANAS',
    });
    expect(blastSearch({ blast_status: 'gone' })).to.deep.equal({});
  });
});
