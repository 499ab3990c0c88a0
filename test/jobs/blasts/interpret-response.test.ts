import { expect } from 'chai';
import { interpretResponse } from '../../../src/jobs/blasts/interpret-response.ts';
import { createMessagingLimit } from '../../../src/jobs/blasts/messaging-limit.ts';

const NOW = Date.parse('2026-07-03T03:00:00Z');
const retryLimits = { firstMs: 1_000, mostMs: 60_000, attempts: 4 };
const refused = (code: string, over: object = {}) =>
  interpretResponse(
    { kind: 'refused', code, reason: null, retryAfterMs: null, isTransient: false },
    { form: 'text', mayTemplate: true, tried: 1, failures: 0, now: NOW, retryLimits, ...over },
  );

describe('what the channel says about one recipient of a blast (docs/design/whatsapp.md#error-codes)', () => {
  const all = (codes: string) => codes.split(' ');

  it('stops the blast where nothing gets through, and loses nobody', () => {
    for (const code of all('0 190 3 10 200 299 131005 131031 131042 131045 133016 http_401')) {
      const { outcome, stops } = refused(code);
      expect([outcome.kind, stops], code).to.deep.equal(['deferred', code]);
    }
  });
  it('tries again later where the channel asks for time, and gives up in the end', () => {
    for (const code of all('4 80007 130429 131056 131000 131016 1 2 131057')) {
      expect(refused(code).outcome.kind, code).to.equal('deferred');
      expect(refused(code).stops, code).to.equal(null);
      expect(refused(code, { tried: 4 }).outcome.kind, code).to.equal('failed');
    }
    const holds = all('4 80007 130429 131057').map((code) => refused(code, { failures: 2 }).holds);
    expect(holds).to.deep.equal([4_000, 4_000, 4_000, 4_000]);
    expect(refused('131056', { tried: 3 }).outcome).to.include({ retryAt: '2026-07-03T03:00:16.000Z' });
    expect(refused('131056').holds, 'the others go on').to.equal(0);
  });
  it('never tries these recipients again', () => {
    for (const code of all('131026 130403 130472 130497 131049 131008 131051 132000 132012 131062 4711'))
      expect(refused(code).outcome, code).to.deep.equal({ kind: 'failed', code });
    expect(refused('131050')).to.deep.include({ optsOut: true });
    for (const code of ['132015', '132016'])
      expect([refused(code).outcome.kind, refused(code).stops]).to.deep.equal(['failed', code]);
  });
  it('sends the template where only that is let through, once', () => {
    expect(refused('131047').outcome).to.include({ kind: 'deferred', needsTemplate: true });
    expect(refused('131047', { form: 'template' }).outcome.kind).to.equal('failed');
    expect(refused('131047', { mayTemplate: false }).outcome.kind).to.equal('failed');
  });
  it('slows everything down where Meta thinks ill of it', () => {
    for (const code of ['131048', '368', '131064']) {
      const { slows, holds, outcome } = refused(code);
      expect([slows, holds > 0, outcome.kind], code).to.deep.equal([true, true, 'deferred']);
    }
    expect(refused('130429').slows).to.equal(false);
  });
});

describe("Meta's messaging limit", () => {
  it('counts unique customers in any 24 hours, and makes room again', () => {
    const quota = createMessagingLimit(2, [{ customerId: 'a', at: NOW - 23 * 3_600_000 }]);
    expect(quota.take('b', NOW)).to.equal(null);
    expect(quota.take('c', NOW)).to.equal(NOW + 3_600_000);
    expect(quota.take('a', NOW), 'one that counts already').to.equal(null);
    quota.release('b');
    expect(quota.take('c', NOW)).to.equal(null);
    expect(quota.take('d', NOW + 24 * 3_600_000)).to.equal(null);
  });
});
