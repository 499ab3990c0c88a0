/** Codes of the Bot API: `tg_<error_code>`. */
import { type ErrorTable, giveUp, slowLine, stop } from '../error-actions.ts';

export const TELEGRAM_ERRORS: ErrorTable = [
  // The bot's token, a customer who blocked the bot or never started it.
  [stop, 'tg_401 tg_404'],
  [slowLine, 'tg_429'],
  [giveUp('recipient'), 'tg_403 tg_400/chat'],
  [giveUp('content'), 'tg_400'],
];
