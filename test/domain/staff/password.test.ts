import { expect } from 'chai';
import { COMMON_PASSWORDS } from '../../../src/domain/staff/common-passwords.ts';
import {
  hasPasswordLength,
  normalPassword,
  requireGoodPassword,
  requireOtherPassword,
} from '../../../src/domain/staff/password.ts';
import { isPasswordOver, temporaryUntil } from '../../../src/domain/staff/temporary-password.ts';
import { refusalIn } from '../../support/scenarios/given.ts';

describe('a password', () => {
  it('has 10 to 128 characters, as a person counts them, and is not blank', () => {
    expect(hasPasswordLength('x'.repeat(9))).to.equal(false);
    expect(hasPasswordLength('x'.repeat(10))).to.equal(true);
    expect(hasPasswordLength('x'.repeat(128))).to.equal(true);
    expect(hasPasswordLength('x'.repeat(129))).to.equal(false);
    expect(hasPasswordLength('\u{1F600}'.repeat(9))).to.equal(false);
    expect(hasPasswordLength('\u{1F600}'.repeat(128))).to.equal(true);
    expect(hasPasswordLength(' '.repeat(12))).to.equal(false);
  });
  it('is the same however a keyboard wrote it', () => {
    expect(normalPassword('cafe\u0301 \uFF21')).to.equal(normalPassword('caf\u00e9 A'));
  });

  it('must be another one than the present, however it was written', () => {
    const same = refusalIn(() => {
      requireOtherPassword('caf\u00e9 kata sandi', 'cafe\u0301 kata sandi');
    });
    expect([same.code, same.details[0]?.path]).to.deep.equal(['PASSWORD_UNCHANGED', 'new_password']);
    requireOtherPassword('kata sandi lama', 'Kata sandi lama');
  });
  it('that somebody else chose is over after its days, an own one never', () => {
    const until = temporaryUntil('2026-07-03T10:00:00.000Z', 7);
    expect(until).to.equal('2026-07-10T10:00:00.000Z');
    expect(isPasswordOver(until, new Date('2026-07-10T09:59:59.999Z'))).to.equal(false);
    expect(isPasswordOver(until, new Date('2026-07-10T10:00:00.000Z'))).to.equal(true);
    expect(isPasswordOver(null, new Date('2126-07-10T10:00:00.000Z'))).to.equal(false);
  });

  const codeOf = (password: string, email = 'ani.putri@demo.saga') =>
    refusalIn(() => {
      requireGoodPassword(password, email);
    }).code;
  it('is none that everybody tries first', () => {
    for (const word of [
      'Password123',
      'bismillah123',
      ' 1234567890 ',
      '\uFF31WERTYUIOP',
      'aaaaaaaaaaaa',
      'abababababab',
    ])
      expect(codeOf(word), word).to.equal('PASSWORD_TOO_EASY');
    requireGoodPassword('kata sandi yang panjang', 'ani.putri@demo.saga');
  });
  it('is not the own e-mail address', () => {
    expect(codeOf('Ani.Putri@demo.saga')).to.equal('PASSWORD_TOO_EASY');
    expect(codeOf('ani.putri@demo.saga1')).to.equal('PASSWORD_TOO_EASY');
    expect(codeOf('anisa.putri', 'anisa.putri@demo.saga')).to.equal('PASSWORD_TOO_EASY');
  });
  it('of the list is one that would be long enough otherwise', () => {
    // ASVS 6.2.4 asks for the 3,000 most common of those that are long enough.
    expect(COMMON_PASSWORDS.size).to.be.above(30_000);
    const wrong = [...COMMON_PASSWORDS].filter(
      (word) => word !== normalPassword(word).toLowerCase() || !hasPasswordLength(word) || /\s/.test(word),
    );
    expect(wrong).to.deep.equal([]);
  });
  it('is none that was found in breaches, however rare it looks', () => {
    for (const word of ['q1w2e3r4t5', '4815162342', 'Mailcreated5240', 'soso123aljg', 'Intelligent'])
      expect(codeOf(word), word).to.equal('PASSWORD_TOO_EASY');
  });
});
