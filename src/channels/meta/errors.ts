/** Codes of the Graph API, and those of Instagram and Messenger; `<code>/<subcode>` where the subcode decides. */
import { type ErrorTable, type ErrorTexts, giveUp, slowCustomer, slowLine, stop } from '../error-actions.ts';

export const META_ERRORS: ErrorTable = [
  // Permission: the same for every message of this line.
  [stop, '0 190 3 10'],
  // Limits of the app, and its policy: the whole line waits.
  [slowLine, '4 613 17 32 368'],
  // Trouble at the channel.
  [slowCustomer, '1 2'],
  // Outside their 24 hours, nobody of that id, not available to us.
  [giveUp('not_now'), '10/2018278 10/2534022'],
  [giveUp('recipient'), '551 551/1545041 200/1545041 100/2018001 100/2534014'],
];

export const META_ERROR_TEXTS: ErrorTexts = {
  '10/2018278': 'Sudah lewat batas waktu balasan Messenger. Tunggu sampai pelanggan menulis lagi.',
  '10/2534022': 'Sudah lewat batas waktu balasan Instagram. Tunggu sampai pelanggan menulis lagi.',
  '551': 'Pelanggan ini tidak dapat menerima pesan sekarang. Tunggu sampai pelanggan menulis lagi.',
  '100/2018001': 'Penerima tidak ditemukan di Messenger. Hubungi lewat kanal lain.',
  '100/2534014': 'Penerima tidak ditemukan di Instagram. Hubungi lewat kanal lain.',
  '190': 'Sambungan ke Meta sudah tidak berlaku. Hubungi admin.',
};
