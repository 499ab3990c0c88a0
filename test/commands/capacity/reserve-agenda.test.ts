import {
  type AgendaLimits,
  decideReleaseAgenda,
  decideReserveAgenda,
} from '../../../src/commands/capacity/reserve-agenda.ts';
import { agenda, type Agenda, type AgendaEvent } from '../../../src/domain/capacity/agenda.ts';
import { technician, type Technician } from '../../../src/domain/capacity/technician.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(agenda);
const technicianId = uuidOf(0x91);
const DAY = '2026-12-02';
/** Hours of Jakarta. */
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 11, 2, hour - 7, minute)).toISOString();
const job = (n: number, from: string, to: string, skill: string | null = null) => ({
  id: uuidOf(0x70 + n),
  from,
  to,
  skill,
});
const reserved = ({ id: jobId, from, to }: ReturnType<typeof job>): AgendaEvent => ({
  type: 'AgendaReserved',
  data: { technicianId, day: DAY, jobId, from, to },
});
const released = (n: number): AgendaEvent => ({
  type: 'AgendaReleased',
  data: { technicianId, day: DAY, jobId: uuidOf(0x70 + n) },
});
const limits = (changed: Partial<Technician> = {}, neighbours: AgendaLimits['neighbours'] = []) => ({
  technician: { ...technician.initial, ...changed },
  neighbours,
});
const reserve =
  (wanted: ReturnType<typeof job>, within: AgendaLimits | null = limits()) =>
  (state: Agenda) =>
    decideReserveAgenda(state, technicianId, wanted, within);

const morning = job(1, at(9), at(11));
const noon = job(2, at(11, 30), at(12, 30));

describe('the time of a technician', () => {
  it('is reserved once for a job', () => given().when(reserve(morning)).thenOnce(reserved(morning)));
  it('leaves 30 minutes for the way to the next customer', () => {
    given(reserved(morning)).when(reserve(noon)).thenOnce(reserved(noon));
    given(reserved(noon)).when(reserve(morning)).thenOnce(reserved(morning));
    given(reserved(morning))
      .when(reserve(job(2, at(11, 29), at(12, 30))))
      .thenRefused('OVERLAP');
    given(reserved(noon))
      .when(reserve(job(1, at(9), at(11, 1))))
      .thenRefused('OVERLAP');
    given(reserved(morning))
      .when(reserve(job(2, at(8), at(13))))
      .thenRefused('OVERLAP');
  });
  it('also to a job of the day before or after', () => {
    const late = job(3, at(23), at(24));
    const early = { from: at(24, 29), to: at(26) };
    given()
      .when(reserve(late, limits({}, [early])))
      .thenRefused('OVERLAP');
    given()
      .when(reserve(late, limits({}, [{ ...early, from: at(24, 30) }])))
      .then(reserved(late));
  });
  it('has room for so many jobs a day', () => {
    given(reserved(morning))
      .when(reserve(noon, limits({ maxJobsPerDay: 1 })))
      .thenRefused('AGENDA_FULL');
    given(reserved(morning), released(1))
      .when(reserve(noon, limits({ maxJobsPerDay: 1 })))
      .then(reserved(noon));
  });
  it('is not there while they are away', () => {
    const away = (from: string, to: string) => reserve(morning, limits({ leave: { from, to } }));
    given().when(away('2026-12-01', DAY)).thenRefused('ON_LEAVE');
    given().when(away(DAY, '2026-12-09')).thenRefused('ON_LEAVE');
    given().when(away('2026-12-03', '2026-12-09')).then(reserved(morning));
  });
  it('wants the skill of the service, where anybody said what they can', () => {
    const wiring = job(1, at(9), at(11), 'listrik');
    given()
      .when(reserve(wiring, limits({ skills: ['ac'] })))
      .thenRefused('SKILL_MISSING');
    given()
      .when(reserve(wiring, limits({ skills: ['ac', 'listrik'] })))
      .then(reserved(wiring));
    given().when(reserve(wiring)).then(reserved(wiring));
    given()
      .when(reserve(morning, limits({ skills: [] })))
      .then(reserved(morning));
  });
  it('moves with the window of its job, which is not in its own way', () => {
    const later = job(1, at(10), at(12));
    given(reserved(morning))
      .when(reserve(later, limits({ maxJobsPerDay: 1 })))
      .thenOnce(reserved(later));
    given(reserved(morning), reserved(later)).when(reserve(noon)).thenRefused('OVERLAP');
  });
  it('comes back to a job that is theirs, without a question of it', () =>
    given(reserved(noon))
      .when(reserve(job(1, at(9), at(13)), null))
      .thenOnce(reserved(job(1, at(9), at(13)))));
  it('is given back once', () => {
    const release = (state: Agenda) => decideReleaseAgenda(state, technicianId, DAY, uuidOf(0x71));
    given(reserved(morning)).when(release).thenOnce(released(1));
    given(reserved(noon)).when(release).then();
  });
});
