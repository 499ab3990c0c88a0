import { expect } from 'chai';
import fc from 'fast-check';
import { verifiedForms } from '../../../src/channels/webhook.ts';
import * as meta from '../../support/channels/meta.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { SECRETS, testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';

/** Which forms a body may have by its signature, and what each allows. */
const whoSigned = (...asked: Parameters<typeof verifiedForms>) =>
  verifiedForms(...asked).map(({ form, claim }) => ({ form: form.name, ...claim }));
const signature = (value: string) => ({ 'x-hub-signature-256': value });

describe('the signature of a webhook', () => {
  const bytes = meta.metaBytes(meta.waText('wamid.1'));
  const right = meta.sign(bytes, meta.APP_SECRET);

  it('tells who signed', () => {
    expect(whoSigned(signature(right), bytes, SECRETS)).to.deep.equal([
      { form: 'meta', divisions: null, line: null },
    ]);
    expect(whoSigned(signature(meta.sign(bytes, meta.BOT_SECRET)), bytes, SECRETS)).to.deep.equal([
      { form: 'normalized', divisions: ['sari', 'savi', 'safia'], line: null },
    ]);
  });

  it('no other bytes and no other signature pass', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (body, at, flip) => {
          const signed = Buffer.from(body);
          const header = meta.sign(signed, meta.APP_SECRET);
          expect(whoSigned(signature(header), signed, SECRETS)).not.to.deep.equal([]);
          const changed = Buffer.from(signed);
          changed[at % changed.length]! ^= flip;
          expect(whoSigned(signature(header), changed, SECRETS)).to.deep.equal([]);
          const hex = Buffer.from(header.slice(7), 'hex');
          hex[at % hex.length]! ^= flip;
          expect(whoSigned(signature(`sha256=${hex.toString('hex')}`), signed, SECRETS)).to.deep.equal([]);
        },
      ),
    );
  });

  it('nothing but sha256= and 64 small hex digits is looked at', () => {
    const wrong = [
      '',
      'sha256=',
      right.slice(7),
      right.slice(0, -1),
      `${right}0`,
      right.toUpperCase(),
      right.replace('sha256=', 'sha1='),
      ` ${right}`,
      `${right}, ${right}`,
    ];
    for (const header of wrong)
      expect(whoSigned(signature(header), bytes, SECRETS), header).to.deep.equal([]);
    const upper = `sha256=${right.slice(7).toUpperCase()}`;
    expect(whoSigned(signature(upper), bytes, SECRETS)).to.deep.equal([]);
    expect(whoSigned({}, bytes, SECRETS)).to.deep.equal([]);
  });

  it('a secret that is not set verifies nothing, not even an empty key', () => {
    for (const unset of [null, '']) {
      const secrets = {
        metaApp: unset,
        externalBot: unset,
        bots: [{ secret: '', division: 'sari' as const }],
        metaVerifyToken: unset,
        twilio: [],
        waha: unset,
        telegram: [{ token: '', division: 'sari' as const, line: '1' }],
      };
      expect(whoSigned(signature(meta.sign(bytes, '')), bytes, secrets)).to.deep.equal([]);
      expect(whoSigned({ 'x-telegram-bot-api-secret-token': '' }, bytes, secrets)).to.deep.equal([]);
    }
  });

  it("Telegram's token tells the bot", () => {
    const telegram = [
      { token: 'one', division: 'sari' as const, line: '1' },
      { token: 'two', division: 'safia' as const, line: '2' },
    ];
    const sender = (token: string) =>
      whoSigned({ 'x-telegram-bot-api-secret-token': token }, bytes, { ...SECRETS, telegram });
    expect(sender('two')).to.deep.equal([{ form: 'telegram', divisions: ['safia'], line: '2' }]);
    expect(sender('Two')).to.deep.equal([]);
  });
});

describe('GET /api/webhook/external-bot, the handshake', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  before(async () => {
    database = await testDatabase();
    hook = await testWebhook(database.url);
  });
  after(async () => {
    await hook.close();
    await database.drop();
  });
  const ask = (query: Record<string, string>, url = hook.url) =>
    fetch(`${url}?${new URLSearchParams(query).toString()}`);
  const right = {
    'hub.mode': 'subscribe',
    'hub.verify_token': meta.VERIFY_TOKEN,
    'hub.challenge': '1158201444',
  };

  it('gives the bare challenge back, as text', async () => {
    const response = await ask(right);
    expect([response.status, await response.text()]).to.deep.equal([200, '1158201444']);
    expect(response.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
    const markup = await ask({ ...right, 'hub.challenge': '<script>alert(1)</script>' });
    expect(markup.headers.get('content-type')).to.equal('text/plain; charset=utf-8');
  });

  it('refuses everything else', async () => {
    const withoutChallenge = { 'hub.mode': 'subscribe', 'hub.verify_token': meta.VERIFY_TOKEN };
    const wrong = [
      {},
      { ...right, 'hub.mode': 'x' },
      { ...right, 'hub.verify_token': 'x' },
      { ...right, 'hub.verify_token': '' },
      withoutChallenge,
    ];
    for (const query of wrong) expect((await ask(query)).status).to.equal(403);
  });

  it('refuses all while no token is configured', async () => {
    const bare = await testWebhook(database.url, { ...SECRETS, metaVerifyToken: '' });
    try {
      expect((await ask({ ...right, 'hub.verify_token': '' }, bare.url)).status).to.equal(403);
    } finally {
      await bare.close();
    }
  });
});
