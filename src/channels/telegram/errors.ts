/** Codes of the Bot API: `tg_<error_code>`. */
import { type ErrorTable, type ErrorTexts, giveUp, slowLine, stop } from '../error-actions.ts';

export const TELEGRAM_ERRORS: ErrorTable = [
  // The bot's token, a customer who blocked the bot or never started it.
  [stop, 'tg_401 tg_404'],
  [slowLine, 'tg_429'],
  [giveUp('recipient'), 'tg_403 tg_400/chat'],
  [giveUp('content'), 'tg_400'],
];

export const TELEGRAM_ERROR_TEXTS: ErrorTexts = {
  tg_403: 'Pelanggan memblokir bot kita. Hubungi lewat kanal lain.',
  'tg_400/chat': 'Percakapan Telegram ini tidak ditemukan. Hubungi lewat kanal lain.',
  tg_400: 'Telegram menolak isi pesan ini. Ubah isinya, lalu kirim ulang.',
  tg_401: 'Token bot Telegram tidak berlaku. Hubungi admin.',
};
