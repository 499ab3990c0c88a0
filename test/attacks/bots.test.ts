/** A bot of one division that tries to write into another (docs/design/reliability.md#bots-of-divisions). */
import { expect } from 'chai';
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { DIVISIONS, type Division } from '../../src/domain/vocabulary.ts';
import { createLines } from '../../src/channels/lines.ts';
import { replayDeadLetters } from '../../src/http/webhook/replay.ts';
import { sharedDivisions } from '../../src/channels/bot/form.ts';
import * as meta from '../support/channels/meta.ts';
import { type Answer, SECRETS, testWebhook, type TestWebhook } from '../support/channels/webhook.ts';
import { testDatabase, type TestDatabase } from '../support/stores/postgres.ts';

const SARI = 'the-secret-of-the-bot-of-sari';
const SAVI = 'the-secret-of-the-bot-of-savi';
const BOTS = [
  { secret: SARI, division: 'sari' },
  { secret: SAVI, division: 'savi' },
] as const;
const blindIndex = createBlindIndex('a key for tests only, 32 characters');

describe('the bot of a division', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  let n = 0;

  beforeEach(async () => {
    database = await testDatabase();
    hook = await testWebhook(database.url, { ...SECRETS, bots: BOTS });
  });
  afterEach(async () => {
    await hook.close();
    await database.drop();
  });

  const said = (more: object): object => ({
    user_id: 'wa_6281234567890',
    message: 'halo',
    message_id: `m${String((n += 1))}`,
    timestamp: '2026-07-03T10:30:00Z',
    ...more,
  });
  const deliver = (body: object, secret: string): Promise<Answer> => {
    const text = JSON.stringify(body);
    return hook.post(text, { 'X-Hub-Signature-256': meta.sign(text, secret) });
  };
  const divisions = async (): Promise<readonly Division[]> =>
    (await hook.inbox.pending(100, [])).map(
      ({ item }) => (JSON.parse(item) as { division: Division }).division,
    );
  const dead = async () => (await hook.inbox.deadLetters(100, null)).items;
  const replay = (lines = meta.testLines) =>
    replayDeadLetters({
      inbox: hook.inbox,
      lines,
      maxAgeDays: 36_500,
      blindIndex,
      shared: sharedDivisions(BOTS),
    });

  it('writes into its own, and into no other in any form of body', async () => {
    expect((await deliver(said({ division: 'sari' }), SARI)).status).to.equal(200);
    expect((await deliver(said({ wa_phone_id: 'PHONE_ID_001' }), SARI)).status).to.equal(200);
    const attempts = [
      said({ division: 'savi' }),
      said({ division: 'safia' }),
      // The number decides over what the body says.
      said({ division: 'sari', wa_phone_id: 'PHONE_ID_002' }),
      said({ division: 'savi', sender: 'bot' }),
      said({ division: 'savi', event: 'handoff' }),
      said({ division: 'savi', event: 'resolved' }),
      said({ division: 'savi', event: 'lead_detected', fields: { origin_city: 'Batam' } }),
      [said({ division: 'sari' }), said({ division: 'savi' })],
    ];
    for (const attempt of attempts) {
      const answer = await deliver(attempt, SARI);
      expect(answer.status, JSON.stringify(attempt)).to.equal(401);
    }
    expect(await divisions()).to.deep.equal(['sari', 'sari']);
    expect(await dead()).to.deep.equal([]);
  });

  it('is not spoken for by the secret that others share, which is good for the rest', async () => {
    expect((await deliver(said({ division: 'sari' }), meta.BOT_SECRET)).status).to.equal(401);
    expect((await deliver(said({ division: 'savi' }), meta.BOT_SECRET)).status).to.equal(401);
    expect((await deliver(said({ division: 'safia' }), meta.BOT_SECRET)).status).to.equal(200);
    expect((await deliver(said({ division: 'savi' }), SAVI)).status).to.equal(200);
    expect(await divisions()).to.deep.equal(['safia', 'savi']);
  });

  it('does not get in by a number that is given to another division later', async () => {
    for (const secret of [SARI, meta.BOT_SECRET]) {
      expect((await deliver(said({ wa_phone_id: 'PHONE_ID_NEW' }), secret)).status).to.equal(200);
    }
    const later = (division: Division) =>
      createLines([...meta.TEST_LINES, { id: 'PHONE_ID_NEW', channel: 'whatsapp', division, name: 'Baru' }]);
    await replay(later('savi'));
    expect(await divisions()).to.deep.equal([]);
    expect((await dead()).map(({ reason }) => reason)).to.deep.equal([
      'division_of_another_bot',
      'division_of_another_bot',
    ]);
    await replay(later('sari'));
    expect(await divisions()).to.deep.equal(['sari']);
  });

  it('may change its secret with both in force, and speaks for nothing of Meta', async () => {
    const changing = [...BOTS, { secret: 'the-new-secret-of-sari', division: 'sari' as const }];
    expect(sharedDivisions(changing)).to.deep.equal(['safia']);
    expect(sharedDivisions([])).to.deep.equal(DIVISIONS);
    expect((await deliver(meta.waText('wamid.1'), SARI)).status).to.equal(401);
  });
});
