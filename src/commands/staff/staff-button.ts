/** What a button of the staff bot carries (docs/design/field-service.md#staff-bot): 31 of the 64 bytes that Telegram allows. */
import type { BlindIndex } from '../../ports.ts';

/** `t`: take the job. */
const ACTION = 't';
const DATA = /^t([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{8})$/;

const macOf = (blindIndex: BlindIndex, telegramId: string, jobId: string): string =>
  Buffer.from(blindIndex('staff-button', `${telegramId} ${ACTION} ${jobId}`), 'hex')
    .toString('base64url')
    .slice(0, 8);

/** @param telegramId the account that it is sent to: it is worth nothing in the hands of another */
export const takeButton = (blindIndex: BlindIndex, telegramId: string, jobId: string): string =>
  ACTION +
  Buffer.from(jobId.replaceAll('-', ''), 'hex').toString('base64url') +
  macOf(blindIndex, telegramId, jobId);

/** @returns the job; null: the button is none of ours, was made under another key, or for another account */
export function jobOfButton(blindIndex: BlindIndex, telegramId: string, data: string): string | null {
  const [, packed, mac] = DATA.exec(data) ?? [];
  if (packed === undefined) return null;
  const hex = Buffer.from(packed, 'base64url').toString('hex');
  const jobId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return macOf(blindIndex, telegramId, jobId) === mac ? jobId : null;
}
