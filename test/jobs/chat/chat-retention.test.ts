/** Visitors of the web chat are not kept for ever (docs/design/chat.md#retention). */
import { expect } from 'chai';
import { systemClock, uuids } from '../../../src/adapters/clock.ts';

import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { forgetOld, wroteSince } from '../../../src/commands/chat/forget-old.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import { chatRetention } from '../../../src/jobs/chat/chat-retention.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { type ChatVisitor, visit } from '../../support/http/chat.ts';
import { eventually } from '../../support/eventually.ts';

const DAY_MS = 24 * 3_600_000;
const { signal } = new AbortController();

describe('the retention of the web chat', () => {
  let app: TestProgram;
  let postgres: ReturnType<typeof createPostgres>;
  before(async () => {
    app = await startTestProgram({ TRUST_PROXY: 'loopback', SITES: 'sari:sari' });
    postgres = createPostgres({ url: app.databaseUrl, logger: app.log });
  });
  after(async () => {
    await postgres.close();
    await app.close();
  });

  const run = (inDays: number): Promise<void> =>
    chatRetention({
      tables: postgres.writes,
      forgetOld: forgetOld({
        handler: app.program.commands.handler,
        clock: systemClock,
        ids: uuids,
        eraseCustomer: async (_ctx, { customerId, reason }) => {
          const { status, json } = await app.post(
            `/api/admin/customer/${customerId}/erase`,
            { reason },
            'sa',
          );
          if (status !== 202) throw new Refusal(json.error.code as 'CUSTOMER_HAS_OPEN_TICKET');
          return { erased_at: '', position: 0n } as never;
        },
      }),
      log: app.log,
      timezone: 'Asia/Jakarta',
      days: 180,
    }).run(new Date(Date.now() + inDays * DAY_MS), signal);
  const texts = async (visitor: ChatVisitor) => (await visitor.messages()).map(({ text }) => text);

  it('erases who left nothing to be reached by after half a year, and nobody else', async () => {
    const stranger = await visit(app.url);
    await stranger.say('berapa ongkir ke Batam');
    const lead = await visit(app.url);
    await lead.say('saya mau kirim motor');
    const left = await lead.post('/api/chat/leave-message', {
      ...{
        name: 'Rina',
        whatsapp: '0812 0000 0777',
        topic: 'motor',
        message: 'Tolong hubungi',
        consent: true,
      },
    });
    expect(left.status, left.text).to.equal(201);
    await eventually('both are in the inbox', async () => {
      const { json } = await app.get('/api/admin/inbox?channel=web', 'sa');
      return (json.data['tickets'] as unknown[]).length === 2;
    });
    await run(179);
    expect(await texts(stranger)).to.include('berapa ongkir ke Batam');
    await run(181);
    expect(await texts(stranger)).to.deep.equal([]);
    expect(await texts(lead)).to.include('saya mau kirim motor');
  });

  it('leaves alone who wrote again since the table was read', () => {
    const at = '2026-12-01T00:00:00.000Z';
    const wrote = { ...conversation.initial, lastCustomerMessageAt: at };
    expect(wroteSince(wrote, at)).to.equal(true);
    expect(wroteSince(wrote, '2026-12-01T00:00:00.001Z')).to.equal(false);
    expect(wroteSince(conversation.initial, at)).to.equal(false);
  });
});
