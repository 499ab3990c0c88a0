/** The codes of customers by hand and of the staff bot (docs/design/field-service.md#customers-by-hand, docs/design/field-service.md#staff-bot). */
export const STAFF_FIELD_ERRORS = {
  CUSTOMER_EXISTS: {
    status: 409,
    message: 'Nomor ini sudah dimiliki pelanggan lain.',
    meaning: 'A customer of this division has this number; `details[0].params.customer_id` is their id.',
  },
  CUSTOMER_HAS_OPEN_WORK: {
    status: 409,
    message: 'Pelanggan ini masih memiliki tiket atau pekerjaan yang belum selesai.',
    meaning: 'A ticket or a job of the customer is open: close it first.',
  },
  TELEGRAM_TAKEN: {
    status: 409,
    message: 'Akun Telegram ini sudah terhubung dengan pengguna lain.',
    meaning: 'Another person of staff is linked to this Telegram account.',
  },
  TELEGRAM_CODE_WRONG: {
    status: 400,
    message: 'Kode Telegram salah, sudah dipakai, atau kedaluwarsa.',
    meaning: 'No code of this text is good now.',
  },
} as const;
