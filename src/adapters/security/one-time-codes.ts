/** Codes of authenticator apps, by otplib, and recovery codes (docs/design/reliability.md#second-factor). */
import { randomBytes } from 'node:crypto';
import { generateSecret, generateURI, verifySync } from 'otplib';
import type { BlindIndex, Clock, OneTimeCodes } from '../../ports.ts';

const ISSUER = 'Saga';
const PERIOD_SECONDS = 30;
const CODE = /^\d{6}$/;
/** Without the letters and digits that look alike. 32 of them, so a random byte picks each as often. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const RECOVERY_CODES = 10;
/** 5 bits each: 140 in all, so a fast hash is enough (ASVS 6.5.2). */
const RECOVERY_LENGTH = 28;
const GROUP = /.{4}(?=.)/g;

const newRecoveryCode = (): string =>
  [...randomBytes(RECOVERY_LENGTH)]
    .map((byte) => ALPHABET.charAt(byte % ALPHABET.length))
    .join('')
    .replaceAll(GROUP, '$&-');

/** @param blindIndex keyed hash: a stolen database alone does not say which code is right */
export function createOneTimeCodes(clock: Clock, blindIndex: BlindIndex): OneTimeCodes {
  return {
    newSecret: () => generateSecret(),
    uri: (secret, account) => generateURI({ issuer: ISSUER, label: account, secret }),
    stepOf(secret, code, after) {
      if (!CODE.test(code)) return null;
      const epoch = Math.floor(clock.now().getTime() / 1000);
      const present = Math.floor(epoch / PERIOD_SECONDS);
      // A clock that is off, and a code typed slowly: one step on each side (RFC 6238 5.2).
      for (const step of [present, present - 1, present + 1]) {
        if (after !== null && step <= after) continue;
        const { valid } = verifySync({
          secret,
          token: code,
          epoch: step * PERIOD_SECONDS,
          epochTolerance: 0,
        });
        if (valid) return step;
      }
      return null;
    },
    newRecoveryCodes: () => Array.from({ length: RECOVERY_CODES }, newRecoveryCode),
    recoveryKey(userId, code) {
      const plain = code.replaceAll(/[\s-]/g, '').toUpperCase();
      const isOne = plain.length === RECOVERY_LENGTH && [...plain].every((one) => ALPHABET.includes(one));
      return isOne ? blindIndex('recovery-code', `${userId} ${plain}`) : null;
    },
  };
}
