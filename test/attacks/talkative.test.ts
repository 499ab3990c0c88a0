/** One customer who writes thousands of messages: who writes next is seen at once, in any division. */
import { createHmac } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import { environmentOf } from '../support/processes/environment.ts';
import { eventually } from '../support/eventually.ts';

const SECRET = environmentOf('').WHATSAPP_APP_SECRET;
const LINES = { sari: 'PHONE_S', savi: 'PHONE_V', safia: 'PHONE_F' } as const;
const PENDING = 5_000;
const VISIBLE_MS = 1_000;

describe('a talkative customer (docs/design/reliability.md#fair-ingestion)', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let sql: pg.Client;
  before(async () => {
    const phones = Object.entries(LINES).map(([division, id]) => `${id}:${division}:${division}`);
    app = await startTestProgram({ WA_PHONE_MAP: phones.join(',') });
    sql = new pg.Client({ connectionString: app.databaseUrl });
    await sql.connect();
  });
  after(async () => {
    await sql.end();
    await app.close();
  });

  const waiting = async (): Promise<number> =>
    Number(
      (await sql.query<{ n: string }>(`SELECT count(*) AS n FROM ops.webhook_inbox WHERE state = 'pending'`))
        .rows[0]?.n,
    );

  /** What a customer of `sari` wrote, as the agents read it. */
  async function talkOf(phone: string): Promise<readonly string[]> {
    const { json } = await app.get(`/api/admin/inbox?division=sari&q=${phone}`, 'sa');
    const tickets = json.data['tickets'] as readonly { readonly id: string }[];
    expect(tickets).to.have.length(1);
    const talk: string[] = [];
    for (let before = ''; ;) {
      const page = await app.get(
        `/api/admin/ticket/${tickets[0]?.id ?? ''}/messages?limit=200${before}`,
        'sa',
      );
      const messages = page.json.data['messages'] as readonly {
        readonly id: string;
        readonly content: string;
      }[];
      if (messages.length === 0) return talk;
      talk.unshift(...messages.map(({ content }) => content));
      before = `&before=${messages[0]?.id ?? ''}`;
    }
  }

  async function deliver(phoneId: string, messages: readonly object[]): Promise<void> {
    const metadata = { display_phone_number: '622150001001', phone_number_id: phoneId };
    const value = { messaging_product: 'whatsapp', metadata, messages };
    const change = { field: 'messages', value };
    const entry = [{ id: '1', changes: [change] }];
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const answer = await app.call('/api/webhook/external-bot', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
      body,
    });
    expect(answer.status, answer.text).to.equal(200);
  }

  const said = (from: string, id: string): object => ({
    from,
    id,
    timestamp: String(Math.floor(Date.now() / 1000)),
    type: 'text',
    text: { body: `isi ${id}` },
  });

  const isThere = async (division: string, phone: string): Promise<boolean> => {
    const { json } = await app.get(`/api/admin/inbox?division=${division}&q=${phone}`, 'sa');
    return (json.data['tickets'] as readonly unknown[]).length > 0;
  };

  it('another first message is visible within a second, and no message is lost, doubled or out of order', async () => {
    const talker = '6281200000001';
    const all = Array.from({ length: PENDING }, (_, n) => said(talker, `m${String(n)}`));
    for (let n = 0; n < PENDING; n += 1_000) await deliver(LINES.sari, all.slice(n, n + 1_000));
    const pending = await waiting();
    expect(pending, 'the flood is still waiting').to.be.above(1_000);

    const took: number[] = [];
    for (const [n, division] of (['savi', 'safia', 'sari'] as const).entries()) {
      const other = `628130000000${String(n)}`;
      await deliver(LINES[division], [said(other, `first ${division}`)]);
      const stored = performance.now();
      await eventually(`${division} sees it`, () => isThere(division, other), 60_000);
      took.push(Math.round(performance.now() - stored));
    }
    console.log(
      `      visible after ${took.join(', ')} ms, with ${String(pending)} items of one customer waiting`,
    );
    for (const milliseconds of took) expect(milliseconds).to.be.below(VISIBLE_MS);

    await eventually('all is taken in', async () => (await waiting()) === 0, 120_000);
    await eventually('all is shown', async () => (await talkOf(talker)).length === PENDING, 60_000);
    expect(await talkOf(talker)).to.deep.equal(all.map((_, n) => `isi m${String(n)}`));
  });
});
