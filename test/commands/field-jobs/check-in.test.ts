import { expect } from 'chai';
import {
  checkInInput,
  type CheckInInput,
  decideCheckIn,
  decideCheckOut,
  type Geofence,
} from '../../../src/commands/field-jobs/check-in.ts';
import { job, type FieldJob, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import {
  arrived,
  completed,
  dewi,
  documentAdded,
  finished,
  FROM,
  jobCancelled,
  jobOpened,
  joko,
  jobTaken,
  PLACE,
  replaced,
  teguh,
  TO,
  wawan,
} from '../../support/scenarios/field-service/job-events.ts';

const given = specOf(job);
const here = { ...PLACE, accuracy: 10 };
const elsewhere = { lat: -6.2, lng: 106.8272, accuracy: 10 };
const PHOTO = uuidOf(0x81);

const checkIn =
  (wish: CheckInInput = here, over: { at?: string; by?: Caller; geofence?: Geofence } = {}) =>
  (state: FieldJob) =>
    decideCheckIn(state, over.by ?? joko, wish, over.at ?? FROM, over.geofence ?? 'record');
const checkOut =
  (wish: CheckInInput = {}, { at = TO, by = joko } = {}) =>
  (state: FieldJob) =>
    decideCheckOut(state, by, wish, at);
const arrivedBut = (over: object): JobEvent =>
  ({ ...arrived, data: { ...arrived.data, ...over } }) as JobEvent;

describe('check in', () => {
  it('is on record once, with both clocks and the verdict', () => {
    given(jobOpened(), jobTaken()).when(checkIn()).thenOnce(arrived);
    given(jobOpened(), jobTaken(), arrived)
      .when(checkIn(elsewhere, { at: TO }))
      .then();
  });
  it('keeps the time of a phone whose clock is off, or that had no connection', () => {
    const late = '2026-12-02T02:05:00.001Z';
    given(jobOpened(), jobTaken())
      .when(checkIn({ ...here, taken_at: FROM }, { at: late }))
      .then(arrivedBut({ at: late, takenAt: FROM, lateReport: true }));
    given(jobOpened(), jobTaken())
      .when(checkIn({ ...here, taken_at: '2026-12-02T12:00:00+07:00' }))
      .then(arrivedBut({ takenAt: '2026-12-02T05:00:00.000Z', lateReport: true }));
  });
  it('wants a note and a photo of this job out of place, and says what is missing', () => {
    const before = [jobOpened(), jobTaken(), documentAdded(1, 'foto'), documentAdded(2, 'bukti')];
    const required = (path: string) => ({
      path,
      code: 'REQUIRED' as const,
      message: 'Wajib diisi',
      params: {},
    });
    given(...before)
      .when(checkIn(elsewhere))
      .thenRefused('NOTE_AND_PHOTO_REQUIRED', required('note'), required('photo'));
    given(...before)
      .when(checkIn({ ...elsewhere, note: 'di lobi', photo: uuidOf(0x82) }))
      .thenRefused('NOTE_AND_PHOTO_REQUIRED', required('photo'));
    given(...before)
      .when(checkIn({ ...elsewhere, note: 'di lobi', photo: PHOTO }))
      .thenOnce(
        arrivedBut({ position: elsewhere, distance: 2735, verdict: 'out', note: 'di lobi', photoId: PHOTO }),
      );
  });
  it('is unsure without a position, and without a place', () => {
    const proof = { note: 'GPS mati', photo: PHOTO };
    const unsure = { distance: null, verdict: 'unsure', note: 'GPS mati', photoId: PHOTO };
    given(jobOpened(), jobTaken(), documentAdded(1, 'foto'))
      .when(checkIn(proof))
      .then(arrivedBut({ position: null, ...unsure }));
    given(jobOpened({ point: null }), jobTaken(), documentAdded(1, 'foto'))
      .when(checkIn({ ...here, ...proof }))
      .then(arrivedBut(unsure));
    given(jobOpened({ point: null }), jobTaken())
      .when(checkIn())
      .thenRefused('NOTE_AND_PHOTO_REQUIRED');
  });
  it('is refused out of place where GEOFENCE is strict', () => {
    const strict = { geofence: 'strict' as const };
    given(jobOpened(), jobTaken(), documentAdded(1, 'foto'))
      .when(checkIn({ ...elsewhere, note: 'di lobi', photo: PHOTO }, strict))
      .thenRefused('OUT_OF_PLACE');
    given(jobOpened(), jobTaken()).when(checkIn(here, strict)).then(arrived);
  });
  it('is open from two hours before the window on', () => {
    given(jobOpened(), jobTaken())
      .when(checkIn(here, { at: '2026-12-01T23:59:59.999Z' }))
      .thenRefused('TOO_EARLY');
    const at = '2026-12-02T00:00:00.000Z';
    given(jobOpened(), jobTaken())
      .when(checkIn(here, { at }))
      .then(arrivedBut({ at, takenAt: at }));
  });
  it('is theirs who have the job, and the one who was replaced is told who', () => {
    given(jobOpened(), jobTaken(), replaced(teguh.id))
      .when(checkIn())
      .thenRefused('NOT_YOUR_JOB', {
        path: 'technician_id',
        code: 'NOT_APPLICABLE',
        message: 'Pekerjaan ini sekarang milik teknisi lain',
        params: { technician_id: teguh.id },
      });
    given(jobOpened(), jobTaken(), replaced(null)).when(checkIn()).thenRefused('JOB_NOT_ASSIGNED');
    given(jobOpened(), jobTaken())
      .when(checkIn(here, { by: wawan }))
      .thenRefused('JOB_NOT_FOUND');
    given().when(checkIn()).thenRefused('JOB_NOT_FOUND');
    given(jobOpened(), jobCancelled).when(checkIn()).thenRefused('JOB_CLOSED');
  });
  it('that comes after the check-out is refused', () => {
    given(jobOpened(), jobTaken(), arrived, finished).when(checkIn()).thenRefused('ALREADY_CHECKED_OUT');
    given(jobOpened(), jobTaken(), arrived, finished, completed).when(checkIn()).thenRefused('JOB_CLOSED');
  });
  it('takes a place whole or not at all', () => {
    expect(checkInInput.safeParse({ lat: 1, lng: 2 }).success).to.equal(false);
    expect(checkInInput.safeParse({ ...here, accuracy: 1_300 }).success).to.equal(true);
    expect(checkInInput.safeParse({}).success).to.equal(true);
    expect(checkInInput.safeParse({ ...here, lat: 91 }).success).to.equal(false);
  });
});

describe('check out', () => {
  it('is on record once, after the check-in', () => {
    given(jobOpened(), jobTaken(), arrived).when(checkOut()).thenOnce(finished);
    given(jobOpened(), jobTaken(), arrived, finished)
      .when(checkOut({}, { at: FROM }))
      .then();
    given(jobOpened(), jobTaken()).when(checkOut()).thenRefused('NOT_CHECKED_IN');
  });
  it('is theirs who have the job', () => {
    given(jobOpened(), jobTaken(), arrived)
      .when(checkOut({}, { by: teguh }))
      .thenRefused('NOT_YOUR_JOB');
    given(jobOpened()).when(checkOut()).thenRefused('JOB_NOT_ASSIGNED');
    given(jobOpened(), jobTaken(), arrived)
      .when(checkOut({}, { by: dewi }))
      .thenRefused('NOT_YOUR_JOB');
  });
});
