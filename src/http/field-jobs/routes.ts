/** The routes of visits, in the order of the document. */
import type { Route } from '../framework/route.ts';
import {
  assignJob,
  cancelJob,
  continueJob,
  jobOfOffice,
  jobs,
  openJob,
  openJobOfTicket,
  replaceTechnician,
  rescheduleJob,
  services,
} from './jobs.ts';
import { openDocument, putDocument, withdrawDocument } from './documents.ts';
import { acceptReport, checkIn, checkOut, rejectReport } from './visits.ts';
import { fieldServiceFigures } from './figures.ts';
import { giveJobBack, jobOfTechnician, myJobs, pool, takeJob } from './technician-jobs.ts';

export const FIELD_JOB_ROUTES: readonly Route[] = [
  services,
  openJob,
  openJobOfTicket,
  jobs,
  jobOfOffice,
  assignJob,
  rescheduleJob,
  cancelJob,
  continueJob,
  replaceTechnician,
  pool,
  myJobs,
  // After its neighbours whose names stand where its id does.
  jobOfTechnician,
  takeJob,
  giveJobBack,
  checkIn,
  checkOut,
  putDocument,
  openDocument,
  withdrawDocument,
  acceptReport,
  rejectReport,
  fieldServiceFigures,
];
