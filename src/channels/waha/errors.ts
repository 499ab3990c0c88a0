/** Codes of WAHA: `waha_<status>`, and WhatsApp's own 463 (docs/design/channels.md#waha). */
import { type ErrorTable, type ErrorTexts, giveUp, slowLine, stop } from '../error-actions.ts';

export const WAHA_ERRORS: ErrorTable = [
  // The key, or a session that is not there.
  [stop, 'waha_401 waha_403 waha_404'],
  // The session is not working: it may be linked again, and nothing is lost meanwhile.
  [slowLine, 'waha_422'],
  [giveUp('not_now'), 'waha_463'],
  [giveUp('recipient'), 'waha_no_chat waha_not_on_whatsapp'],
  [giveUp('content'), 'waha_400 waha_413 waha_no_template'],
];

export const WAHA_ERROR_TEXTS: ErrorTexts = {
  waha_401: 'Kunci WAHA tidak berlaku. Hubungi admin.',
  waha_404: 'Sesi WhatsApp ini tidak ada di WAHA. Hubungi admin.',
  waha_422: 'Sesi WhatsApp ini sedang tidak terhubung. Pesan menunggu; hubungi admin bila lama.',
  waha_463: 'WhatsApp menolak pesan pertama dari nomor ini. Tunggu sampai pelanggan menulis lebih dulu.',
  waha_not_on_whatsapp: 'Nomor ini tidak terdaftar di WhatsApp. Periksa nomornya.',
  waha_no_template:
    'Nomor ini tidak dapat mengirim template. Pilih nomor lain, atau tunggu pelanggan menulis.',
  waha_ack_error:
    'WhatsApp melaporkan pesan ini gagal terkirim. Tanyakan ke pelanggan sebelum mengirim ulang.',
};
