/** What to do about each error code of any channel. */
import {
  type Action,
  type ErrorTable,
  type ErrorTexts,
  giveUp,
  slowCustomer,
  slowLine,
  stop,
} from './error-actions.ts';
import { META_ERROR_TEXTS, META_ERRORS } from './meta/errors.ts';
import { TELEGRAM_ERROR_TEXTS, TELEGRAM_ERRORS } from './telegram/errors.ts';
import { TWILIO_ERROR_TEXTS, TWILIO_ERRORS } from './twilio/errors.ts';
import { WAHA_ERROR_TEXTS, WAHA_ERRORS } from './waha/errors.ts';
import { WHATSAPP_ERROR_TEXTS, WHATSAPP_ERRORS } from './whatsapp/errors.ts';

export type { Action } from './error-actions.ts';

/** Of HTTP itself, and of our own rules. */
const OF_ALL: ErrorTable = [
  [stop, 'http_401 http_403'],
  [slowLine, 'http_429'],
  [giveUp('content'), 'too_long file_gone'],
  [giveUp('recipient'), 'no_recipient no_reader'],
  [giveUp('not_now'), 'expired'],
];

const TABLE: ErrorTable = [
  ...OF_ALL,
  ...WHATSAPP_ERRORS,
  ...META_ERRORS,
  ...TELEGRAM_ERRORS,
  ...TWILIO_ERRORS,
  ...WAHA_ERRORS,
];

const BY_CODE: ReadonlyMap<string, Action> = new Map(
  TABLE.flatMap(([action, codes]) => codes.split(' ').map((code) => [code, action] as const)),
);

/** Meta keeps these for API permissions. */
const isPermission = (code: string): boolean => /^2\d\d(\/|$)/.test(code);

/**
 * What the table says of the code counts first.
 * @param code of a `refused` outcome, or the code that begins a failed status' error
 * @param isTransient the channel did not take it now and may later (docs/design/reliability.md#retries-to-channels)
 */
export function actionOn(code: string, isTransient = false): Action {
  const [plain = ''] = code.split('/');
  const known = BY_CODE.get(code) ?? BY_CODE.get(plain);
  if (known) return known;
  if (isPermission(plain)) return stop;
  if (isTransient) return slowCustomer;
  // Whether to send again what was refused for an unknown reason is a person's decision.
  return giveUp('unknown_code');
}

// ---------------------------------------------------------------- for people

const TEXTS: ErrorTexts = {
  too_long: 'Pesan terlalu panjang untuk kanal ini. Persingkat, lalu kirim ulang.',
  file_gone: 'Berkasnya sudah tidak ada. Unggah lagi, lalu kirim.',
  upload_failed: 'Berkas belum dapat diunggah ke kanal. Akan dicoba lagi.',
  no_recipient: 'Alamat pelanggan tidak dikenal lagi. Tunggu sampai pelanggan menulis.',
  no_reader: 'Pelanggan belum dapat membaca balasan di kanal ini. Hubungi lewat kanal lain.',
  expired: 'Pesan tidak terkirim selama 24 jam, jadi dibatalkan. Kirim ulang bila masih perlu.',
  timeout: 'Kanal tidak menjawab, jadi tidak pasti terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
  connection_lost:
    'Sambungan terputus, jadi tidak pasti terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
  unreadable_answer:
    'Jawaban kanal tidak terbaca, jadi tidak pasti terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
  interrupted:
    'Pengiriman terputus di tengah, jadi tidak pasti terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
  restored:
    'Data dipulihkan dari cadangan, jadi tidak pasti terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
  ...WHATSAPP_ERROR_TEXTS,
  ...META_ERROR_TEXTS,
  ...TELEGRAM_ERROR_TEXTS,
  ...TWILIO_ERROR_TEXTS,
  ...WAHA_ERROR_TEXTS,
};

const BY_ACTION = {
  stop: 'Kanal menolak semua pesan kita sekarang. Hubungi admin.',
  retry: 'Kanal sedang sibuk atau membatasi pengiriman. Coba kirim ulang nanti.',
  recipient: 'Pelanggan ini tidak dapat menerima pesan. Hubungi lewat kanal lain.',
  not_now: 'Pesan tidak dapat dikirim sekarang. Coba lagi nanti.',
  template: 'Kirim ulang dengan template.',
  content: 'Kanal menolak isi pesan ini. Ubah isinya, lalu kirim ulang.',
  unknown_code: 'Kanal menolak pesan ini. Coba kirim ulang; bila gagal lagi, hubungi admin.',
} as const;

/** What the same message, sent again, may get through of. */
const AGAIN: ReadonlySet<keyof typeof BY_ACTION> = new Set(['stop', 'retry', 'not_now', 'unknown_code']);

/**
 * Why a message did not arrive, for the person at the dashboard (docs/design/api.md#delivery-errors).
 * @param problem the code, and what the channel says besides
 */
export function deliveryErrorOf(problem: string): {
  readonly code: string;
  readonly text: string;
  readonly retryable: boolean;
} {
  const [code = ''] = problem.split(' ');
  const [plain = ''] = code.split('/');
  const action = actionOn(code);
  const kind = action.kind === 'give_up' ? action.because : action.kind;
  return { code, text: TEXTS[code] ?? TEXTS[plain] ?? BY_ACTION[kind], retryable: AGAIN.has(kind) };
}
