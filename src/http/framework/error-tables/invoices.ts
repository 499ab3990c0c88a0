/** The codes of invoices and of ratings of jobs. */
export const INVOICE_ERRORS = {
  JOB_NOT_FOUND: {
    status: 404,
    message: 'Pekerjaan tidak ditemukan.',
    meaning: 'There is no job with this id in a division you may see.',
  },
  JOB_NOT_COMPLETED: {
    status: 409,
    message: 'Pekerjaan ini belum selesai. Laporannya harus diterima dulu.',
    meaning: 'Only a job whose report was accepted is billed.',
  },
  INVOICE_EXISTS: {
    status: 409,
    message: 'Pekerjaan ini sudah memiliki tagihan.',
    meaning: 'The job has an invoice that is not void.',
  },
  INVOICE_NOT_FOUND: {
    status: 404,
    message: 'Tagihan tidak ditemukan.',
    meaning: 'There is no invoice with this id in a division you may see, or no link with this token.',
  },
  INVOICE_CHANGED: {
    status: 409,
    message: 'Isi tagihan sudah berubah. Muat ulang, lalu periksa kembali.',
    meaning:
      'Revision or hash is not that of the present content, or its tax is not that of the day of issue.',
  },
  INVOICE_STATE: {
    status: 409,
    message: 'Tindakan ini tidak sesuai dengan status tagihan saat ini.',
    meaning: 'In its present status, or while its number is being taken, this cannot be done.',
  },
  OWN_APPROVAL: {
    status: 403,
    message: 'Tagihan harus disetujui oleh orang lain, bukan penyusunnya.',
    meaning: 'Nobody approves what they drafted or revised.',
  },
  DISCOUNT_LIMIT: {
    status: 403,
    message: 'Diskon melebihi batas. Persetujuan Super Admin diperlukan.',
    meaning:
      'More than INVOICE_DISCOUNT_LIMIT percent of the base price was taken off; a super admin may approve it.',
  },
  OVERPAID: {
    status: 409,
    message: 'Jumlah pembayaran melebihi sisa tagihan.',
    meaning: 'Payments and withheld tax together would be more than the total.',
  },
  RATING_EXPIRED: {
    status: 410,
    message: 'Tautan penilaian ini sudah tidak berlaku.',
    meaning: 'The link was good for 14 days.',
  },
  ALREADY_RATED: {
    status: 409,
    message: 'Penilaian untuk pekerjaan ini sudah kami terima. Terima kasih.',
    meaning: 'A job is rated once.',
  },
  RATING_NOT_FOUND: {
    status: 404,
    message: 'Tautan penilaian tidak ditemukan.',
    meaning: 'There is no rating with this token.',
  },
  DIGITS_WRONG: {
    status: 403,
    message: 'Empat angka terakhir nomor telepon tidak cocok.',
    meaning:
      'The invoice shows to who knows the last four digits of the phone number; the fifth wrong try is 429.',
  },
} as const;
