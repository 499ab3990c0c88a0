/** Who gets a blast: everybody who fits, each once, and nobody who wants none (docs/design/figures.md#blasts). */
import { expect } from 'chai';
import { oneEach, type Picked } from '../../web/src/blasts/picked.ts';
import { blastSearch } from '../../web/src/blasts/search.ts';
import { followUpSearch } from '../../web/src/follow-ups/search.ts';
import type { collect as Collect } from '../../web/src/blasts/collect.ts';
import type { Me } from '../../web/src/lib/api.ts';

const me = { id: 'me', role: 'team_lead', division: 'all' } as Me;
const picked = (ticketId: string, customerId: string): Picked => ({
  ticketId,
  customerId,
  name: ticketId,
  division: 'sari',
  category: 'PANAS',
  stage: 'Lead',
});
const lead = (n: number, more: object = {}) => ({
  ticket_id: `t${String(n)}`,
  customer_id: `c${String(n)}`,
  customer_name: `Pelanggan ${String(n)}`,
  division: 'sari',
  category: 'PANAS',
  crm_stage: 'Proposal',
  opted_out: false,
  ...more,
});

describe('the recipients of a blast', () => {
  const asked: URL[] = [];
  let pages: Record<string, { leads: readonly object[]; next?: string }> = {};
  const before_ = {
    fetch: globalThis.fetch,
    location: Reflect.get(globalThis, 'location') as unknown,
    add: Reflect.get(globalThis, 'addEventListener') as unknown,
  };
  let collect: typeof Collect;

  before(async () => {
    Object.assign(globalThis, {
      location: { origin: 'http://dashboard.test' },
      addEventListener: () => undefined,
      fetch: (request: Request) => {
        const url = new URL(request.url);
        asked.push(url);
        const page =
          pages[`${url.searchParams.get('category') ?? ''}/${url.searchParams.get('cursor') ?? ''}`];
        const meta = {
          total: 0,
          limit: 200,
          ...(page?.next === undefined ? {} : { next_cursor: page.next }),
        };
        return Promise.resolve(Response.json({ success: true, data: { leads: page?.leads ?? [] }, meta }));
      },
    });
    ({ collect } = await import('../../web/src/blasts/collect.ts'));
  });
  after(() => {
    Object.assign(globalThis, {
      fetch: before_.fetch,
      location: before_.location,
      addEventListener: before_.add,
    });
  });
  beforeEach(() => {
    asked.length = 0;
  });

  const found = (stages: readonly 'Proposal'[], most: number) =>
    collect(
      { division: 'sari', categories: ['PANAS', 'HANGAT'], stages },
      me,
      most,
      new AbortController().signal,
      () => undefined,
    );

  it('come from every page and category, each customer once, without those who want none', async () => {
    pages = {
      'PANAS/': { leads: [lead(1), lead(2, { opted_out: true })], next: 'x' },
      'PANAS/x': { leads: [lead(3), lead(4, { crm_stage: 'Lead' })] },
      'HANGAT/': { leads: [lead(5, { customer_id: 'c1' }), lead(6)] },
    };
    const { picked: all, ...rest } = await found(['Proposal'], 1000);
    expect(all.map(({ ticketId }) => ticketId)).to.deep.equal(['t1', 't3', 't6']);
    expect(rest).to.deep.equal({ optedOut: 1, others: 1, isCut: false });
    expect(asked.map((url) => url.searchParams.get('division'))).to.deep.equal(['sari', 'sari', 'sari']);
  });

  it('are no more than one blast may have, and it is said', async () => {
    pages = { 'PANAS/': { leads: [lead(1), lead(2), lead(3)], next: 'x' }, 'PANAS/x': { leads: [lead(4)] } };
    const { picked: all, isCut } = await found([], 2);
    expect([all.length, isCut]).to.deep.equal([2, true]);
    expect(asked.some((url) => url.searchParams.get('cursor') === 'x')).to.equal(false);
  });

  it('are one each', () => {
    expect(
      oneEach([picked('t1', 'c1'), picked('t2', 'c1'), picked('t3', 'c2')]).map(({ ticketId }) => ticketId),
    ).to.deep.equal(['t1', 't3']);
  });

  it('are looked for in addresses that hold words of the API and nothing else', () => {
    expect(followUpSearch({ category: 'PANAS', division: 'all', whose: 'you', q: 1 })).to.deep.equal({
      category: 'PANAS',
    });
    expect(blastSearch({ blast_status: 'gone' })).to.deep.equal({});
  });
});
