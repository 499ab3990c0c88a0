/** All commands on jobs, wired once. */
import { cancelJob } from './cancel-job.ts';
import { continueJob } from './continue-job.ts';
import { giveBack, takeBack } from './give-back.ts';
import type { JobDeps } from './job-access.ts';
import { openJob } from './open-job.ts';
import { replaceTechnician } from './replace-technician.ts';
import { rescheduleJob } from './reschedule-job.ts';
import { assignJob, takeJob } from './take-job.ts';

export const fieldJobs = (deps: JobDeps) => ({
  open: openJob(deps),
  cancel: cancelJob(deps),
  reschedule: rescheduleJob(deps),
  take: takeJob(deps),
  assign: assignJob(deps),
  giveBack: giveBack(deps),
  takeBack: takeBack(deps),
  extend: continueJob(deps),
  replace: replaceTechnician(deps),
  /** What the divisions offer. */
  services: deps.services,
});
