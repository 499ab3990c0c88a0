import { expect } from 'chai';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { createOneTimeCodes } from '../../../src/adapters/security/one-time-codes.ts';
import { codeAt } from '../../support/http/authenticator.ts';

const blindIndex = createBlindIndex('a key of these tests, 32 bytes or more');
const at = (seconds: number) => createOneTimeCodes({ now: () => new Date(seconds * 1000) }, blindIndex);
/** The secret of RFC 6238, appendix B: 12345678901234567890. */
const RFC = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codes of an authenticator app', () => {
  it('are those of RFC 6238, by the last six of its eight digits', () => {
    const vectors = [
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ] as const;
    for (const [seconds, code] of vectors) {
      expect(at(seconds).stepOf(RFC, code, null)).to.equal(Math.floor(seconds / 30));
      expect(codeAt(RFC, new Date(seconds * 1000)), 'the app of the tests').to.equal(code);
    }
  });
  it('are good one step before and after, and no further', () => {
    const now = new Date(1_800_000_000_000);
    const codes = at(1_800_000_000);
    const step = 60_000_000;
    const found = [-2, -1, 0, 1, 2].map((n) => codes.stepOf(RFC, codeAt(RFC, now, n), null));
    expect(found).to.deep.equal([null, step - 1, step, step + 1, null]);
    expect(codes.stepOf(RFC, codeAt(RFC, now), step), 'used already').to.equal(null);
    expect(codes.stepOf(RFC, codeAt(RFC, now, 1), step)).to.equal(step + 1);
  });
  it('are six digits and nothing else', () => {
    for (const other of ['', '28708', '2870820', ' 287082', '28708a', '２８７０８２'])
      expect(at(59).stepOf(RFC, other, null), other).to.equal(null);
  });
  it('come from 160 random bits, which the app takes from an address', () => {
    const codes = at(59);
    const secrets = Array.from({ length: 50 }, () => codes.newSecret());
    expect(new Set(secrets).size).to.equal(50);
    for (const secret of secrets) expect(secret).to.match(/^[A-Z2-7]{32}$/);
    const uri = new URL(codes.uri(RFC, 'ani+1@demo.saga'));
    expect([uri.protocol, uri.host]).to.deep.equal(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).to.equal('/Saga:ani+1@demo.saga');
    expect(uri.searchParams.get('secret')).to.equal(RFC);
    expect(uri.searchParams.get('issuer')).to.equal('Saga');
  });
});

describe('recovery codes', () => {
  it('are ten of 140 bits, known again however they are typed, and only for their person', () => {
    const codes = at(59);
    const made = codes.newRecoveryCodes();
    expect(made).to.have.length(10);
    const [one = ''] = made;
    expect(one).to.match(/^([A-HJ-NP-Z2-9]{4}-){6}[A-HJ-NP-Z2-9]{4}$/);
    const key = codes.recoveryKey('a', one);
    expect(key).to.match(/^[0-9a-f]{40}$/);
    expect(codes.recoveryKey('a', ` ${one.toLowerCase().replaceAll('-', ' ')} `)).to.equal(key);
    expect(codes.recoveryKey('b', one)).not.to.equal(key);
    for (const other of ['', '287082', one.slice(0, -1), `${one}A`, one.replace(/.$/, '0')])
      expect(codes.recoveryKey('a', other), other).to.equal(null);
  });
});
