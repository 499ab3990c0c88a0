/** What can happen to a job, a visit to a customer (docs/design/field-service.md#life-of-a-job). */
import { z } from 'zod';
import { defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { jobId: z.uuid(), division, customerId: z.uuid() };
/** Who has it, and who had it: what others follow needs no look at the job. */
const had = { ...about, technicianId: z.uuid().nullable() };
const its = { ...about, technicianId: z.uuid() };
const window = { windowFrom: z.iso.datetime(), windowTo: z.iso.datetime() };

const point = z.object({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) });
export type Point = z.infer<typeof point>;
/** Where a phone said that it was. `accuracy`: metres. */
const fix = point.extend({ accuracy: z.number().nonnegative() });

export const JOB_DOCUMENT_KINDS = ['surat_tugas', 'surat_jalan', 'bast', 'bukti', 'foto'] as const;
export const jobDocumentKind = z.enum(JOB_DOCUMENT_KINDS);
export type JobDocumentKind = z.infer<typeof jobDocumentKind>;

export const JobOpened = defineEvent(
  'JobOpened',
  {
    ...about,
    /** The talk that it comes from. */
    fromTicketId: z.uuid().nullable(),
    /** Key of a service, as it was configured then. */
    kind: z.string(),
    problem: z.string(),
    address: z.string(),
    /** Of the address: all of the place that is shown before somebody took the job. */
    district: z.string(),
    city: z.string(),
    point: point.nullable(),
    ...window,
    /** Whole rupiah. */
    basePrice: z.int().nonnegative(),
    /** Metres around the point that count as there. */
    radius: z.int().positive(),
    openedBy: z.uuid(),
  },
  { personal: ['problem', 'address', 'district', 'city', 'point'] },
);
export const JobRescheduled = defineEvent(
  'JobRescheduled',
  { ...had, ...window, reason: z.string().nullable() },
  { personal: ['reason'] },
);
export const JobCancelled = defineEvent(
  'JobCancelled',
  { ...had, reason: z.string() },
  { personal: ['reason'] },
);
export const JOB_CHANNELS = ['web', 'telegram', 'assigned'] as const;
/** By the technician, on the web or in Telegram; `assigned`: by a dispatcher. */
export const JobTaken = defineEvent('JobTaken', {
  ...its,
  by: z.uuid(),
  channel: z.enum(JOB_CHANNELS),
});
/** Back into the pool: by the technician, or because they work here no more or are away then. */
export const JobGivenBack = defineEvent(
  'JobGivenBack',
  {
    ...its,
    because: z.enum(['technician', 'deactivated', 'on_leave']),
    reason: z.string().nullable(),
    /** Who plans visits and is told, as of that moment; nobody where the technician did it themselves. */
    recipients: z.array(z.uuid()),
  },
  { version: 2, personal: ['reason'], upcasters: { 1: (old) => ({ ...old, recipients: [] }) } },
);
/** They come later: nobody is missed before `until`. */
export const ArrivalExtended = defineEvent(
  'ArrivalExtended',
  { ...its, minutes: z.int().positive(), until: z.iso.datetime(), reason: z.string() },
  { personal: ['reason'] },
);
/** By somebody else, or by nobody yet: then it is in the pool. */
export const TechnicianReplaced = defineEvent(
  'TechnicianReplaced',
  { ...about, from: z.uuid(), to: z.uuid().nullable(), reason: z.string() },
  { personal: ['reason'] },
);
/** No arrival so long after the window began. `episode`: of the job then, so that it is said once. */
export const NoShowSuspected = defineEvent('NoShowSuspected', {
  ...its,
  episode: z.int().nonnegative(),
  /** Who is told, as of the moment it was found. */
  recipients: z.array(z.uuid()),
});
export const TechnicianArrived = defineEvent(
  'TechnicianArrived',
  {
    ...its,
    /** Our clock. */
    at: z.iso.datetime(),
    /** The phone's clock when it recorded it. */
    takenAt: z.iso.datetime(),
    position: fix.nullable(),
    /** Metres to the place; null: one of the two is not known. */
    distance: z.number().nonnegative().nullable(),
    verdict: z.enum(['in', 'out', 'unsure']),
    note: z.string().nullable(),
    /** Document that shows why they are elsewhere. */
    photoId: z.uuid().nullable(),
    /** The two clocks are more than five minutes apart. */
    lateReport: z.boolean(),
  },
  { personal: ['position', 'note'] },
);
export const WorkFinished = defineEvent(
  'WorkFinished',
  {
    ...its,
    at: z.iso.datetime(),
    takenAt: z.iso.datetime(),
    position: fix.nullable(),
    note: z.string().nullable(),
    lateReport: z.boolean(),
  },
  { personal: ['position', 'note'] },
);
/** Two hours after the window nobody had checked out. Said once. */
export const CheckOutForgotten = defineEvent('CheckOutForgotten', { ...its, recipients: z.array(z.uuid()) });
export const JobDocumentAdded = defineEvent('JobDocumentAdded', {
  ...had,
  documentId: z.uuid(),
  kind: jobDocumentKind,
  sha256: z.string(),
  /** Bytes. */
  size: z.int().positive(),
  /** What the bytes are. */
  type: z.string(),
  /** Name in the store of files. */
  key: z.string(),
  by: z.uuid(),
});
export const JobDocumentWithdrawn = defineEvent('JobDocumentWithdrawn', {
  ...had,
  documentId: z.uuid(),
  by: z.uuid(),
});
/** The report of the visit was accepted. */
export const JobCompleted = defineEvent('JobCompleted', { ...its, by: z.uuid() });
/** Sent back: the technician has to add something. */
export const ReportRejected = defineEvent(
  'ReportRejected',
  { ...its, reason: z.string(), by: z.uuid() },
  { personal: ['reason'] },
);

export const jobEvents = [
  JobOpened,
  JobRescheduled,
  JobCancelled,
  JobTaken,
  JobGivenBack,
  ArrivalExtended,
  TechnicianReplaced,
  NoShowSuspected,
  TechnicianArrived,
  WorkFinished,
  CheckOutForgotten,
  JobDocumentAdded,
  JobDocumentWithdrawn,
  JobCompleted,
  ReportRejected,
] as const;
export type JobEvent = EventOf<(typeof jobEvents)[number]>;
