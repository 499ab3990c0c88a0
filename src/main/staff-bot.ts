/** Wires the staff bot on Telegram: the links of accounts, and the bot where it has a token. */
import { channelHttp } from '../adapters/channels/http.ts';
import { newHandoffCode } from '../adapters/security/handoff-codes.ts';
import { createStaffBot } from '../channels/telegram/staff-bot.ts';
import { jobOfButton } from '../commands/staff/staff-button.ts';
import { telegramLinks, type TelegramLinks } from '../commands/staff/telegram-link.ts';
import type { Config } from '../config.ts';
import type { StaffBot } from '../ports.ts';
import type { StaffTap, TapOutcome } from '../http/webhook/staff-telegram.ts';
import type { ProgramContext } from './context.ts';

export const telegramLinksOf = ({ commands, blindIndex, clock }: ProgramContext): TelegramLinks =>
  telegramLinks({ handler: commands.handler, blindIndex, clock, newCode: newHandoffCode });

/** @returns null without STAFF_TELEGRAM_BOT_TOKEN */
export const staffBotOf = ({
  STAFF_TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_API_URL: url,
}: Pick<Config, 'STAFF_TELEGRAM_BOT_TOKEN' | 'TELEGRAM_API_URL'>): StaffBot | null =>
  token === undefined ? null : createStaffBot({ url, token, http: channelHttp });

const VOID = 'Tombol ini sudah tidak berlaku. Lihat pekerjaan di dashboard.';

/** @returns what happens at a tap */
export const tappedOf =
  ({ blindIndex }: ProgramContext) =>
  ({ telegramId, data }: StaffTap): Promise<TapOutcome> => {
    void jobOfButton(blindIndex, telegramId, data);
    return Promise.resolve({ answer: VOID, rewritten: null });
  };
