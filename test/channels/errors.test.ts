import { expect } from 'chai';
import { META_ERRORS } from '../../src/channels/meta/errors.ts';
import { TELEGRAM_ERRORS } from '../../src/channels/telegram/errors.ts';
import { TWILIO_ERRORS } from '../../src/channels/twilio/errors.ts';
import { WAHA_ERRORS } from '../../src/channels/waha/errors.ts';
import { WHATSAPP_ERRORS } from '../../src/channels/whatsapp/errors.ts';
import { actionOn, deliveryErrorOf } from '../../src/channels/errors.ts';
import { eventually } from '../support/eventually.ts';
import { type Desk, desk } from '../support/scenarios/sending.ts';

const codes = (text: string): readonly number[] => text.split(' ').map(Number);

/** docs/design/whatsapp.md#error-codes, row by row. */
const STOP = codes('0 190 3 10 200 230 299 131005 131031 131042 131045 133016');
const RETRY_LINE = codes('4 80007 130429 131057');
const RETRY_CUSTOMER = codes('131056 131000 131016 1 2');
const SLOW = codes('131048 368 131064');
const GIVE_UP = {
  recipient: codes('131026 131050 130403 130472 130497'),
  not_now: codes('131049'),
  template: codes('131047'),
  content: codes(
    '131008 131009 131051 131052 131053 131063 132000 132001 132005 132007 132012 132015 132016 131062',
  ),
} as const;

describe('error codes of WhatsApp', () => {
  let d: Desk;
  before(async () => {
    d = await desk();
  });
  after(() => d.close());
  afterEach(() => d.stopAll());

  /** Refused once with `code`, then taken. @returns when that was, by `performance.now()` */
  function refusesOnce(code: number): { refused?: number; taken?: number } {
    const times: { refused?: number; taken?: number } = {};
    d.reacts(({ callbackData }) => {
      if (times.refused !== undefined || callbackData === null) {
        if (callbackData !== null) times.taken ??= performance.now();
        return { kind: 'accept' };
      }
      times.refused = performance.now();
      return { kind: 'error', status: 400, code, details: 'why' };
    });
    return times;
  }

  for (const code of STOP) {
    it(`${String(code)} stops the number, alerts, and goes on when a probe gets through`, async () => {
      const [first, second] = [await d.talk(), await d.talk()];
      const told = d.lines.length;
      const logged = d.log.lines.length;
      const times = refusesOnce(code);
      d.running({ timing: { firstProbe: 200, longestProbe: 200, firstRetry: 1 } });
      const one = await d.reply(first, 'satu');
      await eventually('it is refused', async () => (await d.types(one)).includes('DeliveryDeferred'));
      const two = await d.reply(second, 'dua');
      for (const id of [one, two]) expect((await d.outcome(id)).type).to.equal('DeliveryAccepted');
      expect((times.taken ?? 0) - (times.refused ?? 0)).to.be.at.least(120);
      expect([d.timesAsked(one), d.timesAsked(two)]).to.deep.equal([2, 1]);
      const words = d.lines.slice(told).map(({ stoppedBy }) => stoppedBy);
      expect(words[0]).to.equal(String(code));
      expect(words.at(-1)).to.equal(null);
      expect(
        d.log.lines
          .slice(logged)
          .some(
            ({ level, fields }) => level === 'error' && (fields as { code?: string }).code === String(code),
          ),
      ).to.equal(true);
    });
  }

  for (const code of [...RETRY_LINE, ...RETRY_CUSTOMER, ...SLOW]) {
    it(`${String(code)} is tried again`, async () => {
      refusesOnce(code);
      d.running();
      const id = await d.reply(await d.talk(), 'halo');
      expect((await d.outcome(id)).type).to.equal('DeliveryAccepted');
      expect(await d.types(id)).to.deep.equal([
        'DeliveryAttempted',
        'DeliveryDeferred',
        'DeliveryAttempted',
        'DeliveryAccepted',
      ]);
      expect([d.timesAsked(id), d.timesTaken(id)]).to.deep.equal([2, 1]);
    });
  }

  it('slows the whole number or only the customer, as the code says', () => {
    for (const code of [...RETRY_LINE, ...SLOW])
      expect(actionOn(String(code))).to.deep.equal({ kind: 'retry', slows: 'line' });
    for (const code of RETRY_CUSTOMER)
      expect(actionOn(String(code))).to.deep.equal({ kind: 'retry', slows: 'customer' });
  });

  for (const [because, those] of Object.entries(GIVE_UP)) {
    for (const code of those) {
      it(`${String(code)} is the end of the message (${because}), and of nothing else`, async () => {
        expect(actionOn(String(code))).to.deep.equal({ kind: 'give_up', because });
        refusesOnce(code);
        d.running();
        const ticketId = await d.talk();
        const id = await d.reply(ticketId, 'halo');
        const next = await d.reply(ticketId, 'lagi');
        expect((await d.outcome(id)).data).to.include({ code: String(code), reason: 'why' });
        expect((await d.outcome(next)).type).to.equal('DeliveryAccepted');
        expect(d.timesAsked(id)).to.equal(1);
      });
    }
  }

  // docs/design/reliability.md#retries-to-channels
  for (const [status, body] of [
    [429, '<html>'],
    [503, '<html>'],
    [429, '{"error":{"code":999999}}'],
    [500, '{"error":{"code":999999}}'],
    [502, '{"error":{"code":999999}}'],
    [503, '{"error":{"code":999999}}'],
    [400, '{"error":{"code":999999,"is_transient":true}}'],
  ] as const) {
    it(`${String(status)} ${body} is tried again, and the message leaves once`, async () => {
      let asked = 0;
      d.reacts(() => ((asked += 1) <= 2 ? { kind: 'raw', status, body, taken: false } : { kind: 'accept' }));
      d.running({ timing: { firstRetry: 1 } });
      const id = await d.reply(await d.talk(), 'halo');
      expect((await d.outcome(id)).type).to.equal('DeliveryAccepted');
      expect([asked, d.timesTaken(id)]).to.deep.equal([3, 1]);
    });
  }

  for (const [status, body] of [
    [500, '<html>'],
    [502, '<html>'],
    [504, '<html>'],
    [504, '{"error":{"code":2}}'],
  ] as const) {
    it(`${String(status)} ${body} may have been taken: it is unknown, and asked once`, async () => {
      d.reacts(() => ({ kind: 'raw', status, body, taken: true }));
      d.running({ timing: { firstRetry: 1 } });
      const id = await d.reply(await d.talk(), 'halo');
      expect((await d.outcome(id)).type).to.equal('DeliveryLeftUnknown');
      expect(d.timesAsked(id)).to.equal(1);
    });
  }

  it('a code nobody knows is the end of the message, for a person to look at', async () => {
    refusesOnce(999_999);
    d.running();
    expect((await d.outcome(await d.reply(await d.talk(), 'halo'))).data).to.include({ code: '999999' });
  });

  it('a stop that is only reported later stops the number, too', async () => {
    d.reacts(() => ({ kind: 'accept' }));
    d.running();
    const ticketId = await d.talk();
    const id = await d.reply(ticketId, 'halo');
    const { data } = await d.outcome(id);
    const { channelMessageId } = data as { channelMessageId: string };
    const told = d.lines.length;
    await d.report(ticketId, {
      channelMessageId,
      messageId: id,
      status: 'failed',
      error: '131042 Payment issue',
    });
    await eventually('the alert', () => d.lines.slice(told).some(({ stoppedBy }) => stoppedBy === '131042'));
  });

  it("Messenger's closed window does not stop the page", () => {
    expect(actionOn('10/2018278')).to.deep.equal({ kind: 'give_up', because: 'not_now' });
    expect(actionOn('10/1')).to.deep.equal({ kind: 'stop' });
    expect(actionOn('200/1545041')).to.deep.equal({ kind: 'give_up', because: 'recipient' });
  });
});

describe('why a message did not arrive, for people', () => {
  const TABLE = [
    ...WHATSAPP_ERRORS,
    ...META_ERRORS,
    ...TELEGRAM_ERRORS,
    ...TWILIO_ERRORS,
    ...WAHA_ERRORS,
  ].flatMap(([, codes]) => codes.split(' '));
  const OURS = [
    'too_long',
    'no_recipient',
    'no_reader',
    'expired',
    'timeout',
    'interrupted',
    'http_401',
    '999',
  ];

  it('is a sentence with what to do, of every code there is', () => {
    for (const code of [...TABLE, ...OURS]) {
      const told = deliveryErrorOf(`${code} words of the channel`);
      expect(told.code).to.equal(code);
      expect(told.text, code)
        .to.match(/^[A-Z].{20,}\.$/)
        .and.not.include('words of the channel');
    }
  });
  it('says whether the same, sent again, may get through', () => {
    const again = (code: string) => deliveryErrorOf(code).retryable;
    expect(['131049', '131016', 'expired', '999', 'timeout'].map(again)).to.deep.equal([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['131026', '131050', 'too_long', '132001', '131047', 'tg_403'].map(again)).to.deep.equal(
      Array.from({ length: 6 }, () => false),
    );
  });
});
