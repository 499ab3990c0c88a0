/** The codes of visits: who has one, where they are, what they bring back. */
export const VISIT_ERRORS = {
  JOB_NOT_FOUND: {
    status: 404,
    message: 'Pekerjaan tidak ditemukan.',
    meaning: 'There is no job with this id; for a technician also one of another division.',
  },
  JOB_CLOSED: {
    status: 409,
    message: 'Pekerjaan ini sudah selesai atau dibatalkan.',
    meaning: 'The job is completed or cancelled.',
  },
  JOB_NOT_ASSIGNED: {
    status: 409,
    message: 'Pekerjaan ini belum diambil teknisi.',
    meaning: 'Nobody has the job.',
  },
  NOT_YOUR_JOB: {
    status: 409,
    message: 'Pekerjaan ini bukan milik Anda.',
    meaning: 'Another technician has the job; `details` say who.',
  },
  TOO_EARLY: {
    status: 409,
    message: 'Belum waktunya. Check-in dibuka 2 jam sebelum jadwal.',
    meaning: 'More than two hours before the window begins.',
  },
  NOT_CHECKED_IN: {
    status: 409,
    message: 'Anda belum check-in di pekerjaan ini.',
    meaning: 'A check-out wants a check-in before it.',
  },
  ALREADY_CHECKED_OUT: {
    status: 409,
    message: 'Anda sudah check-out dari pekerjaan ini.',
    meaning: 'A check-in that comes after the check-out, as one of a phone without a connection.',
  },
  NOTE_AND_PHOTO_REQUIRED: {
    status: 400,
    message: 'Lokasi Anda tidak sesuai atau tidak pasti. Isi catatan dan lampirkan foto.',
    meaning:
      'The verdict is `out` or `unsure`: a note, and a document of kind `foto` of this job in `photo`.',
  },
  OUT_OF_PLACE: {
    status: 409,
    message: 'Lokasi Anda tidak sesuai dengan alamat pekerjaan.',
    meaning: 'GEOFENCE is `strict`, and the phone is not where the job is, or cannot say.',
  },
  JOB_NOT_DONE: {
    status: 409,
    message: 'Teknisi belum check-out dari pekerjaan ini.',
    meaning: 'A report is accepted or sent back after the check-out.',
  },
  REPORT_INCOMPLETE: {
    status: 409,
    message: 'Laporan belum lengkap. BAST dan bukti pekerjaan wajib diunggah.',
    meaning: 'At least one `bast` and one `bukti`; `details` name what is missing.',
  },
} as const;
