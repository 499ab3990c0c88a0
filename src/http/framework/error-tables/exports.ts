/** The codes of files to take away. */
export const EXPORT_ERRORS = {
  EXPORT_NOT_FOUND: {
    status: 404,
    message: 'Ekspor tidak ditemukan.',
    meaning: 'There is no export of yours with this id.',
  },
  EXPORT_LINK_INVALID: {
    status: 403,
    message: 'Tautan unduhan tidak sah.',
    meaning:
      'The signature is missing, or is not that of this export and this time; or who asked for it may not export that division any more.',
  },
  EXPORT_NOT_READY: {
    status: 409,
    message: 'Berkas masih disiapkan. Coba lagi sebentar.',
    meaning: 'The file is being made; see Retry-After, or follow its status.',
  },
  EXPORT_FAILED: {
    status: 409,
    message: 'Berkas tidak dapat dibuat. Silakan minta ekspor lagi, bila perlu dengan rentang lebih pendek.',
    meaning: 'The file could not be made; its status says why. Ask for a new one.',
  },
  EXPORT_EXPIRED: {
    status: 410,
    message: 'Tautan unduhan sudah kedaluwarsa. Silakan minta ekspor lagi.',
    meaning: 'The time of the link is over, or the file was deleted before.',
  },
  EXPORT_LIMIT: {
    status: 429,
    message: 'Masih ada enam ekspor Anda yang diproses. Tunggu sampai salah satunya selesai.',
    meaning: 'One export of this person runs and five wait; see Retry-After.',
  },
} as const;
