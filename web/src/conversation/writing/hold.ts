/** So long what goes out can be taken back; each person may do without, on each device (docs/design/dashboard.md#undo). */
import { readLocal, writeLocal } from '../../lib/local.ts';

const HOLD_MS = 10_000;
export const holds = (): boolean => readLocal('hold') !== 'off';
export const holdMs = (): number => (holds() ? HOLD_MS : 0);
export const switchHold = (on: boolean): void => writeLocal('hold', on ? null : 'off');
