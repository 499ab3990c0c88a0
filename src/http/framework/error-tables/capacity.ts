/** The codes of room for jobs and of technicians' time. */
export const CAPACITY_ERRORS = {
  NO_CAPACITY: {
    status: 409,
    message: 'Kuota hari itu sudah penuh. Pilih hari lain.',
    meaning: 'The day has no place for another job; `details` names the next free days.',
  },
  AGENDA_FULL: {
    status: 409,
    message: 'Jadwal teknisi pada hari itu sudah penuh.',
    meaning: 'The technician has as many jobs on this day as they may.',
  },
  OVERLAP: {
    status: 409,
    message: 'Jam pekerjaan ini bertabrakan dengan pekerjaan lain (termasuk waktu perjalanan).',
    meaning: 'The technician has another job in this window, or within the way to it.',
  },
  ON_LEAVE: {
    status: 409,
    message: 'Teknisi sedang cuti pada hari itu.',
    meaning: 'The technician is away on this day.',
  },
  SKILL_MISSING: {
    status: 409,
    message: 'Teknisi tidak memiliki keahlian untuk pekerjaan ini.',
    meaning: 'The service needs a skill that the technician does not have.',
  },
} as const;
