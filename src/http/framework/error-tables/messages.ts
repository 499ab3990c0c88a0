/** The codes of writing to a customer. */
export const MESSAGE_ERRORS = {
  SERVICE_WINDOW_CLOSED: {
    status: 409,
    message: 'Pesan terakhir pelanggan sudah lebih dari 24 jam. Gunakan pesan template.',
    meaning: "WhatsApp: the customer's last message is over 24 hours old.",
  },
  LINE_ONLY_ANSWERS: {
    status: 409,
    message:
      'Nomor ini hanya untuk membalas. Tindak lanjut hanya dalam 24 jam sejak pesan terakhir pelanggan.',
    meaning:
      'The line of the customer writes to nobody first: no follow-up later than 24 hours after their last message.',
  },
  CUSTOMER_OPTED_OUT: {
    status: 409,
    message: 'Pelanggan ini tidak ingin menerima penawaran.',
    meaning: 'The customer opted out: no blast and no follow-up; answers in an open talk go on.',
  },
  MESSAGE_NOT_SENT_AS_TEMPLATE: {
    status: 400,
    message:
      'Di luar 24 jam hanya isi template yang terkirim. Pakai isi template, atau tunggu pelanggan menulis.',
    meaning: 'Outside the 24 hours the approved template goes out, and it does not say what was typed.',
  },
  MESSAGE_NOT_FOUND: {
    status: 404,
    message: 'Pesan tidak ditemukan.',
    meaning: 'The ticket has no message of ours with this id.',
  },
  NOT_FAILED: {
    status: 409,
    message: 'Pesan ini tidak gagal terkirim, atau sudah dikirim ulang.',
    meaning:
      'Only a message that `failed` is sent again, or one that is `unknown` with `confirm_unknown`; each once.',
  },
  MESSAGE_TOO_LONG: {
    status: 400,
    message: 'Pesan terlalu panjang untuk kanal ini. Persingkat atau bagi menjadi beberapa pesan.',
    meaning: 'The channel takes shorter messages; `details` says how long.',
  },
  FILE_LINK_INVALID: {
    status: 403,
    message: 'Tautan berkas tidak sah atau sudah kedaluwarsa. Muat ulang percakapan.',
    meaning: 'The signature is missing or wrong, or the time of the link is over: read the message again.',
  },
  MEDIA_NOT_SUPPORTED: {
    status: 400,
    message: 'Berkas ini tidak dapat dikirim ke pelanggan.',
    meaning: 'The channel cannot carry it, or nobody may send it; `details` says why.',
  },
  QUICK_REPLY_NOT_FOUND: {
    status: 404,
    message: 'Balasan cepat tidak ditemukan.',
    meaning: 'There is none with this id that the caller sees.',
  },
  SHORTCUT_TAKEN: {
    status: 409,
    message: 'Singkatan ini sudah dipakai.',
    meaning: 'Another quick reply of the same person, division or of all has it, however it is written.',
  },
  MEDIA_QUOTA_USED: {
    status: 429,
    message: 'Kuota unggahan Anda hari ini sudah habis. Coba lagi besok.',
    meaning:
      'The files or bytes that one person may upload on a day are used up (MEDIA_DAILY_FILES, MEDIA_DAILY_MB).',
  },
  MEDIA_NOT_FOUND: {
    status: 404,
    message: 'Berkas yang akan dikirim tidak ditemukan. Unggah lagi.',
    meaning: 'No file was uploaded to this ticket with one of these ids.',
  },
} as const;
