/** Codes of Twilio, `tw_<code>`, in an answer or in a later report (docs/design/channels.md#twilio). */
import { type ErrorTable, type ErrorTexts, giveUp, slowCustomer, slowLine, stop } from '../error-actions.ts';

export const TWILIO_ERRORS: ErrorTable = [
  // The account, its payment, or the sender itself.
  [stop, 'tw_20003 tw_20005 tw_20008 tw_21606 tw_21608 tw_21612 tw_63007 tw_63020 tw_63051 tw_63112'],
  [slowLine, 'tw_20429 tw_14107 tw_63017 tw_63018 tw_63038'],
  [slowCustomer, 'tw_63012 tw_63005 tw_63048 tw_30001 tw_30008'],
  [giveUp('recipient'), 'tw_63003 tw_63024 tw_63014 tw_21610 tw_63032 tw_63033'],
  [giveUp('not_now'), 'tw_63049'],
  [giveUp('template'), 'tw_63016'],
  [
    giveUp('content'),
    'tw_63013 tw_63019 tw_21620 tw_63021 tw_63022 tw_63025 tw_63026 tw_63027 tw_63028 tw_63029 tw_63030 tw_63040 ' +
      'tw_63041 tw_63042 tw_21617 tw_21654 tw_92005 tw_11751 tw_no_content_sid',
  ],
];

export const TWILIO_ERROR_TEXTS: ErrorTexts = {
  tw_20003: 'Kunci Twilio tidak berlaku. Hubungi admin.',
  tw_21610:
    'Pelanggan berhenti berlangganan pesan dari nomor ini. Tunggu sampai pelanggan menulis lebih dulu.',
  tw_63003:
    'Nomor ini tidak dapat menerima pesan WhatsApp. Periksa nomornya, atau hubungi pelanggan lewat kanal lain.',
  tw_63014: 'Pelanggan memblokir atau menolak pesan dari nomor kita. Hubungi lewat kanal lain.',
  tw_63016: 'Sudah lebih dari 24 jam sejak pesan terakhir pelanggan. Kirim ulang dengan template.',
  tw_63018: 'WhatsApp membatasi nomor kita untuk sementara. Pesan menunggu; kurangi pesan promosi.',
  tw_63019: 'Berkas tidak dapat diambil oleh Twilio. Periksa jenis dan ukurannya, lalu kirim ulang.',
  tw_63021: 'WhatsApp menolak isi pesan ini. Ubah atau persingkat isinya, lalu kirim ulang.',
  tw_63024:
    'Nomor ini tidak dapat menerima pesan WhatsApp. Periksa nomornya, atau hubungi pelanggan lewat kanal lain.',
  tw_63049:
    'WhatsApp membatasi pesan promosi ke pelanggan ini. Coba lagi dalam beberapa hari, jangan sekarang.',
  tw_63041: 'Template sedang dijeda oleh WhatsApp. Pilih template lain.',
  tw_63042: 'Template dinonaktifkan oleh WhatsApp. Pilih template lain.',
  tw_no_content_sid:
    'Template ini belum punya Content SID Twilio. Minta admin mengisinya, atau pilih template lain.',
};
