/** Events of one visit, for specs. */
import type { JobDocumentKind, JobEvent } from '../../../../src/domain/field-jobs/job.ts';
import type { Caller, Privilege } from '../../../../src/domain/staff/privileges.ts';
import { DEFAULT_PRIVILEGES } from '../../../../src/domain/staff/privileges.ts';
import type { Role, UserDivision } from '../../../../src/domain/vocabulary.ts';
import { uuidOf } from '../people.ts';

const person = (n: number, role: Role, division: UserDivision): Caller => ({
  id: uuidOf(n),
  role,
  division,
  privileges: new Set<Privilege>(DEFAULT_PRIVILEGES[role]),
});
export const joko = person(0x41, 'technician', 'safia');
export const teguh = person(0x42, 'technician', 'safia');
export const wawan = person(0x43, 'technician', 'sari');
export const dewi = person(0x44, 'dispatcher', 'safia');
export const dian = person(0x45, 'dispatcher', 'sari');

export const JOB = uuidOf(0x70);
const about = { jobId: JOB, division: 'safia' as const, customerId: uuidOf(0x71) };
/** Monas. */
export const PLACE = { lat: -6.1754, lng: 106.8272 };
export const FROM = '2026-12-02T02:00:00.000Z';
export const TO = '2026-12-02T04:00:00.000Z';

export const jobOpened = (
  over: Partial<Extract<JobEvent, { type: 'JobOpened' }>['data']> = {},
): JobEvent => ({
  type: 'JobOpened',
  data: {
    ...about,
    fromTicketId: null,
    kind: 'instalasi',
    problem: 'AC tidak dingin',
    address: 'Jalan Melati 5',
    district: 'Gambir',
    city: 'Jakarta Pusat',
    point: PLACE,
    windowFrom: FROM,
    windowTo: TO,
    basePrice: 350_000,
    radius: 150,
    openedBy: dewi.id,
    ...over,
  },
});
export const jobTaken = (technicianId = joko.id): JobEvent => ({
  type: 'JobTaken',
  data: { ...about, technicianId, by: technicianId, channel: 'web' },
});
export const replaced = (to: string | null): JobEvent => ({
  type: 'TechnicianReplaced',
  data: { ...about, from: joko.id, to, reason: 'tidak datang' },
});
export const extended = (until: string): JobEvent => ({
  type: 'ArrivalExtended',
  data: { ...about, technicianId: joko.id, minutes: 45, until, reason: 'macet' },
});
export const jobCancelled: JobEvent = {
  type: 'JobCancelled',
  data: { ...about, technicianId: null, reason: 'batal' },
};
const clocks = { at: FROM, takenAt: FROM, lateReport: false };
export const arrived: JobEvent = {
  type: 'TechnicianArrived',
  data: {
    ...{ ...about, ...clocks, technicianId: joko.id, position: { ...PLACE, accuracy: 10 } },
    ...{ distance: 0, verdict: 'in', note: null, photoId: null },
  },
};
export const finished: JobEvent = {
  type: 'WorkFinished',
  data: { ...about, ...clocks, at: TO, takenAt: TO, technicianId: joko.id, position: null, note: null },
};
export const documentAdded = (n: number, kind: JobDocumentKind, by = joko.id): JobEvent => ({
  type: 'JobDocumentAdded',
  data: {
    ...{ ...about, technicianId: joko.id, documentId: uuidOf(0x80 + n), kind, sha256: `sha ${String(n)}` },
    ...{ size: 7, type: 'image/jpeg', key: `documents/${uuidOf(0x80 + n)}`, by },
  },
});
export const documentWithdrawn = (n: number, by = joko.id): JobEvent => ({
  type: 'JobDocumentWithdrawn',
  data: { ...about, technicianId: joko.id, documentId: uuidOf(0x80 + n), by },
});
export const completed: JobEvent = {
  type: 'JobCompleted',
  data: { ...about, technicianId: joko.id, by: dewi.id },
};
export const sentBack = (reason = 'belum lengkap'): JobEvent => ({
  type: 'ReportRejected',
  data: { ...about, technicianId: joko.id, reason, by: dewi.id },
});
export const missed = (episode: number, recipients: string[] = [dewi.id]): JobEvent => ({
  type: 'NoShowSuspected',
  data: { ...about, technicianId: joko.id, episode, recipients },
});
export const forgotten: JobEvent = {
  type: 'CheckOutForgotten',
  data: { ...about, technicianId: joko.id, recipients: [dewi.id] },
};
