import { expect } from 'chai';
import type { Division } from '../../../src/domain/vocabulary.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';

interface Hit {
  readonly ticket_id: string;
  readonly message_id: string;
  readonly layer: 'L1' | 'L2';
  readonly customer_name: string | null;
  readonly snippet: { readonly text: string; readonly matches: readonly [number, number][] };
  readonly sent_at: string;
}

describe('search in messages', function () {
  this.timeout(120_000);
  let app: TestProgram;
  let sari: string;
  let savi: string;
  before(async () => {
    app = await startTestProgram();
    [sari = ''] = await app.openTickets('sari', 1, { message: 'Berapa ONGKIR motor dari Batam ke Padang?' });
    [savi = ''] = await app.openTickets('savi', 1, { message: 'Ongkir mobil ke Médan' });
    await app.post(`/api/admin/ticket/${sari}/self-takeover`, {}, 'agent.sari');
    await app.post(`/api/admin/ticket/${sari}/internal-message`, { content: 'ongkir rahasia' }, 'agent.sari');
    await eventually('the note is found', async () => (await find('sa', 'rahasia')).length === 1);
  });
  after(() => app.close());

  const page = async (as: string, query: string) => {
    const { status, json } = await app.get(`/api/admin/search?${query}`, as);
    expect(status, JSON.stringify(json)).to.equal(200);
    return { hits: json.data['hits'] as Hit[], next: json.meta?.next_cursor as string | undefined };
  };
  const find = async (as: string, q: string): Promise<readonly Hit[]> =>
    (await page(as, new URLSearchParams({ q }).toString())).hits;
  const ticketsOf = (hits: readonly Hit[]) => [...new Set(hits.map(({ ticket_id }) => ticket_id))].toSorted();

  it('finds beginnings of words in any order, without case and accents, and shows where', async () => {
    const [hit, ...others] = await find('sa', 'padang motor ong');
    expect(others).to.deep.equal([]);
    expect(hit).to.include({ ticket_id: sari, layer: 'L1' });
    expect(hit?.customer_name).to.match(/^Pelanggan/);
    expect(hit?.snippet.matches.map(([start, end]) => hit.snippet.text.slice(start, end))).to.deep.equal([
      'ONGKIR',
      'motor',
      'Padang',
    ]);
    expect(ticketsOf(await find('sa', 'medan'))).to.deep.equal([savi]);
    expect(await find('sa', 'gkir')).to.deep.equal([]);
    expect(await find('sa', 'ongkir surabaya')).to.deep.equal([]);
  });

  it('shows everybody what they may read, and no more', async () => {
    const seen = async (as: string) =>
      (await find(as, 'ongkir')).map(({ layer, ticket_id }) => [layer, ticket_id]);
    expect(await seen('tl')).to.have.deep.members([
      ['L2', sari],
      ['L1', sari],
      ['L1', savi],
    ]);
    expect(await seen('agent.sari')).to.have.deep.members([
      ['L2', sari],
      ['L1', sari],
    ]);
    // A colleague's ticket: the talk, not the notes.
    expect(await seen('other.sari')).to.deep.equal([['L1', sari]]);
    expect(await seen('viewer.sari')).to.deep.equal([['L1', sari]]);
    expect(await seen('agent.savi')).to.deep.equal([['L1', savi]]);
    const elsewhere = await app.get('/api/admin/search?q=ongkir&division=savi', 'agent.sari');
    expect(elsewhere.json.error.code).to.equal('DIVISION_FORBIDDEN');
  });

  it('leads on by a cursor: each hit once, newest first, over L1 and L2', async () => {
    const walked: Hit[] = [];
    let cursor: string | undefined;
    do {
      const { hits, next } = await page('sa', `q=ongkir&limit=1${cursor ? `&cursor=${cursor}` : ''}`);
      expect(hits.length).to.be.at.most(1);
      walked.push(...hits);
      cursor = next;
    } while (cursor !== undefined);
    expect(walked).to.deep.equal(await find('sa', 'ongkir'));
    expect(walked.map(({ sent_at }) => sent_at)).to.deep.equal(
      walked.map(({ sent_at }) => sent_at).toSorted((a, b) => (a < b ? 1 : -1)),
    );
    expect((await app.get('/api/admin/search?q=ongkir&cursor=bukan', 'sa')).status).to.equal(400);
  });

  it('says what to write when there is nothing that could be found', async () => {
    const { status, json } = await app.get('/api/admin/search?q=%3F%3F', 'sa');
    expect([status, json.error.details?.[0]?.path]).to.deep.equal([400, 'q']);
  });

  it('finds nothing of a customer once they are erased', async () => {
    const [gone = ''] = await app.openTickets('safia' satisfies Division, 1, {
      message: 'pindahan rumah kembangsepatu',
    });
    await eventually('it is found', async () => (await find('sa', 'kembangsepatu')).length === 1);
    const customer = (await app.get(`/api/admin/ticket/${gone}`, 'sa')).json.data['ticket'] as {
      customer_id: string;
    };
    expect((await app.post(`/api/admin/ticket/${gone}/close`, {}, 'sa')).status).to.equal(200);
    const erased = await app.post(
      `/api/admin/customer/${customer.customer_id}/erase`,
      { reason: 'diminta' },
      'sa',
    );
    expect(erased.status).to.equal(202);
    expect(await find('sa', 'kembangsepatu')).to.deep.equal([]);
    expect(await find('sa', 'dihapus')).to.deep.equal([]);
  });
});
