import { expect } from 'chai';
import type { Recorded } from '../../../src/domain/codec.ts';
import type { JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { notificationsOf } from '../../../src/domain/notifications/notification-rules.ts';
import {
  dewi,
  FROM,
  JOB,
  jobOpened,
  jobTaken,
  joko,
  teguh,
  TO,
} from '../../support/scenarios/field-service/job-events.ts';

const about = { jobId: JOB, division: 'safia', customerId: jobOpened().data.customerId } as const;

describe('who is notified of a visit', () => {
  const told = (event: JobEvent, by: string | null = dewi.id) => {
    const actor =
      by === null ? { kind: 'system', process: 'test' } : { kind: 'user', id: by, role: 'dispatcher' };
    return notificationsOf({ ...event, metadata: { actor } } as unknown as Recorded).map(
      ({ userId, kind, actorId }) => [userId, kind, actorId],
    );
  };

  it('a technician who is given a job by somebody, and nobody who took it', () => {
    const given: JobEvent = {
      type: 'JobTaken',
      data: { ...about, technicianId: joko.id, by: dewi.id, channel: 'assigned' },
    };
    expect(told(given)).to.deep.equal([[joko.id, 'job_assigned', dewi.id]]);
    expect(told(jobTaken(), joko.id)).to.deep.equal([]);
  });

  it('who has it when it is moved or cancelled, and nobody of one in the pool', () => {
    const window = { windowFrom: FROM, windowTo: TO, reason: null };
    const moved = (technicianId: string | null): JobEvent => ({
      type: 'JobRescheduled',
      data: { ...about, ...window, technicianId },
    });
    const cancelled = (technicianId: string | null): JobEvent => ({
      type: 'JobCancelled',
      data: { ...about, technicianId, reason: 'Batal' },
    });
    expect(told(moved(joko.id))).to.deep.equal([[joko.id, 'job_moved', dewi.id]]);
    expect(told(cancelled(joko.id))).to.deep.equal([[joko.id, 'job_taken_back', null]]);
    expect([...told(moved(null)), ...told(cancelled(null))]).to.deep.equal([]);
  });

  it('both when one stands for the other, and the first when it is the pool', () => {
    const replaced = (to: string | null): JobEvent => ({
      type: 'TechnicianReplaced',
      data: { ...about, from: joko.id, to, reason: 'Macet' },
    });
    expect(told(replaced(teguh.id))).to.deep.equal([
      [joko.id, 'job_taken_back', null],
      [teguh.id, 'job_assigned', dewi.id],
    ]);
    expect(told(replaced(null))).to.deep.equal([[joko.id, 'job_taken_back', null]]);
  });

  it('who is away and who plans, when a job goes back into the pool; who left cannot look', () => {
    const back = (because: 'technician' | 'deactivated' | 'on_leave', recipients: string[]): JobEvent => ({
      type: 'JobGivenBack',
      data: { ...about, technicianId: joko.id, because, reason: null, recipients },
    });
    expect(told(back('on_leave', [dewi.id]), null)).to.deep.equal([
      [joko.id, 'job_taken_back', null],
      [dewi.id, 'job_returned', joko.id],
    ]);
    expect(told(back('deactivated', [dewi.id]), null)).to.deep.equal([[dewi.id, 'job_returned', joko.id]]);
    expect(told(back('technician', []), joko.id)).to.deep.equal([]);
  });
});
