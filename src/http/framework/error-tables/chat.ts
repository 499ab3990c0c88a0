/** The codes of the web chat. */
export const CHAT_ERRORS = {
  SITE_UNKNOWN: {
    status: 403,
    message: 'Situs ini tidak terdaftar untuk layanan chat.',
    meaning:
      'The site key is none of ours, or the page is of an origin that the site may not be called from.',
  },
  CHAT_SESSION_INVALID: {
    status: 401,
    message: 'Sesi chat sudah berakhir. Mulai percakapan baru.',
    meaning: 'No chat token (`Authorization: Chat ...`), one that is not ours, or one that has run out.',
  },
  EMPTY_MESSAGE: {
    status: 400,
    message: 'Pesan tidak boleh kosong.',
    meaning: 'There is no text of the visitor in the request.',
  },
  WHATSAPP_NOT_OFFERED: {
    status: 409,
    message: 'Layanan ini belum tersedia lewat WhatsApp. Lanjutkan di sini.',
    meaning: 'No WhatsApp number is set for this division (WA_PUBLIC_NUMBERS).',
  },
  CHECKLIST_NOT_FOUND: {
    status: 404,
    message: 'Daftar dokumen ini tidak ada.',
    meaning: 'The topic has no checklist.',
  },
  FAQ_VERSION_NOT_FOUND: {
    status: 404,
    message: 'Versi FAQ ini tidak ada.',
    meaning: 'There is no such version, or it is too old to go back to.',
  },
  NOTHING_WRITTEN: {
    status: 409,
    message: 'Belum ada percakapan yang bisa dikirim.',
    meaning: 'The visitor has not written yet.',
  },
  NOTHING_TO_RATE: {
    status: 409,
    message: 'Belum ada percakapan untuk dinilai.',
    meaning: 'The visitor has not written yet.',
  },
  RATING_FINAL: {
    status: 409,
    message: 'Penilaian sudah tersimpan dan tidak bisa diubah lagi.',
    meaning: 'A rating can be changed for ten minutes.',
  },
} as const;
