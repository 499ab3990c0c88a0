/** The codes of jobs that are opened, taken and moved. */
export const FIELD_JOB_ERRORS = {
  JOB_ALREADY_TAKEN: {
    status: 409,
    message: 'Pekerjaan ini sudah diambil teknisi lain.',
    meaning: 'Somebody else was quicker.',
  },
  ALREADY_ARRIVED: {
    status: 409,
    message: 'Teknisi sudah check-in di lokasi.',
    meaning: 'The technician has checked in: the job stays theirs and at its time.',
  },
  WINDOW_PAST: {
    status: 409,
    message: 'Jam kunjungan sudah lewat. Pilih waktu yang akan datang.',
    meaning: 'The window begins in the past.',
  },
} as const;
