/** The keyed hash behind `BlindIndex` (docs/design/reliability.md#personal-data). */
import { createHmac } from 'node:crypto';
import type { BlindIndex } from '../../ports.ts';

/** @param key secret of the installation; with another key no customer is found */
export const createBlindIndex =
  (key: string): BlindIndex =>
  (purpose, value) =>
    createHmac('sha256', key).update(purpose).update('\0').update(value).digest('hex').slice(0, 40);
