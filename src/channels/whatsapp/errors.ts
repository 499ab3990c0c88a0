/** Codes of the Cloud API (docs/design/whatsapp.md#error-codes). */
import { type ErrorTable, type ErrorTexts, giveUp, slowCustomer, slowLine, stop } from '../error-actions.ts';

export const WHATSAPP_ERRORS: ErrorTable = [
  // Permission, payment, registration: the same for every message of this line.
  [stop, '131005 131031 131042 131045 133016'],
  // Limits of the app or the number, and a number under upgrade: the whole line slows down.
  [slowLine, '80007 130429 131057'],
  // Quality and spam limits: a pause of one customer would not help, so the whole line waits.
  [slowLine, '131048 131064'],
  // Trouble at the channel, or too much for this one customer (131056: the pair rate).
  [slowCustomer, '131056 131000 131016'],
  [giveUp('recipient'), '131026 131050 130403 130472 130497'],
  [giveUp('not_now'), '131049'],
  [giveUp('template'), '131047'],
  [
    giveUp('content'),
    '131008 131009 131051 131052 131053 131063 132000 132001 132005 132007 132012 132015 132016 131062',
  ],
];

export const WHATSAPP_ERROR_TEXTS: ErrorTexts = {
  '131026':
    'Nomor ini tidak dapat menerima pesan WhatsApp. Periksa nomornya, atau hubungi pelanggan lewat kanal lain.',
  '131047': 'Sudah lebih dari 24 jam sejak pesan terakhir pelanggan. Kirim ulang dengan template.',
  '131049':
    'WhatsApp membatasi pesan promosi ke pelanggan ini. Coba lagi dalam beberapa hari, jangan sekarang.',
  '131050': 'Pelanggan menolak pesan promosi dari kita. Tunggu sampai pelanggan menulis lebih dulu.',
  '130472':
    'WhatsApp tidak mengirim pesan promosi ke pelanggan ini. Tunggu sampai pelanggan menulis lebih dulu.',
  '130403': 'Pelanggan memblokir nomor kita. Hubungi lewat kanal lain.',
  '130497': 'WhatsApp tidak mengizinkan pesan bisnis ke negara pelanggan ini. Hubungi lewat kanal lain.',
  '131051': 'WhatsApp tidak mengenal jenis pesan ini. Kirim sebagai teks.',
  '131052': 'Berkas pelanggan tidak dapat diunduh. Minta pelanggan mengirim ulang.',
  '131053': 'Berkas tidak dapat diunggah. Periksa jenis dan ukurannya, lalu kirim ulang.',
  '132000': 'Jumlah isian template tidak cocok. Minta admin memeriksa template.',
  '132001': 'Template tidak ada atau belum disetujui Meta. Pilih template lain.',
  '132005': 'Isi template terlalu panjang setelah diisi. Pilih template lain.',
  '132007': 'Isi template melanggar aturan WhatsApp. Pilih template lain.',
  '132012': 'Isian template tidak sesuai. Minta admin memeriksa template.',
  '132015': 'Template sedang dijeda oleh Meta. Pilih template lain.',
  '132016': 'Template dinonaktifkan oleh Meta. Pilih template lain.',
  '131042': 'Ada masalah pembayaran di akun WhatsApp Business. Hubungi admin.',
  '131031': 'Akun WhatsApp Business dikunci oleh Meta. Hubungi admin.',
  '131048': 'WhatsApp membatasi nomor kita karena mutu pesan. Pesan menunggu; kurangi pesan promosi.',
  '131056': 'Terlalu banyak pesan ke pelanggan ini dalam waktu singkat. Tunggu sebentar, lalu kirim ulang.',
};
