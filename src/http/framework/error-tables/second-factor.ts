/** The codes of the second factor. */
export const SECOND_FACTOR_ERRORS = {
  PASSWORD_WRONG: {
    status: 403,
    message: 'Kata sandi Anda salah.',
    meaning: 'The own password, asked for again, is wrong. The session goes on.',
  },
  CODE_WRONG: {
    status: 403,
    message: 'Kode verifikasi salah atau sudah terpakai. Tunggu kode berikutnya, lalu coba lagi.',
    meaning: 'The code is wrong, is too old, or was used before; so is a recovery code.',
  },
  CHALLENGE_OVER: {
    status: 403,
    message: 'Waktu verifikasi sudah habis. Silakan ulangi dari awal.',
    meaning:
      'The challenge was never given, was used, has run out, had too many wrong codes, or the account has changed since.',
  },
  SECOND_FACTOR_NOT_SET_UP: {
    status: 403,
    message: 'Peran Anda wajib memakai verifikasi dua langkah. Aktifkan terlebih dahulu.',
    meaning:
      'The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.',
  },
  SECOND_FACTOR_REQUIRED: {
    status: 403,
    message: 'Peran Anda wajib memakai verifikasi dua langkah, sehingga tidak dapat dimatikan.',
    meaning: 'The role must have a second factor (TOTP_REQUIRED_ROLES); it can be replaced, not removed.',
  },
  SECOND_FACTOR_MISSING: {
    status: 409,
    message: 'Verifikasi dua langkah belum aktif pada akun ini.',
    meaning: 'The account has no second factor.',
  },
  SECOND_FACTOR_OWN: {
    status: 403,
    message:
      'Verifikasi dua langkah Anda sendiri tidak dapat direset di sini. Minta bantuan super admin lain.',
    meaning: 'No one resets their own second factor: who has their session would do so.',
  },
} as const;
