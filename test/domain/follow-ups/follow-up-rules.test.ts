import { expect } from 'chai';
import { adviceFor, type Lead, RULES } from '../../../src/domain/follow-ups/follow-up-rules.ts';
import { dueOn, lastDue } from '../../../src/jobs/follow-ups/follow-up-job.ts';

const JAKARTA = 'Asia/Jakarta';
const at = '2026-07-20T18:00:00.000Z';
/** 01:00 of the 21st in Jakarta. */
const NIGHT = { at, day: '2026-07-21' };

/** A lead whose last activity was so long before the night. */
function lead(over: Partial<Lead> & { days?: number; minutes?: number } = {}): Lead {
  const { days = 0, minutes = 0, ...rest } = over;
  const lastActivityAt = new Date(Date.parse(at) - days * 86_400_000 - minutes * 60_000).toISOString();
  return { division: 'sari', open: true, stage: 'Lead', values: {}, lastActivityAt, ...rest };
}
const advice = (of: Lead): string | null => {
  const found = adviceFor(of, NIGHT);
  return found && `${found.category}: ${found.reason}`;
};

describe('a follow-up rule', () => {
  it('is one of the six of docs/design/business-rules.md#follow-up-recommendations, in their order', () => {
    expect(RULES.map(({ name, category }) => `${category} ${name}`)).to.deep.equal([
      'PANAS proposal_idle',
      'PANAS survey_idle',
      'HANGAT qualified_idle',
      'HANGAT recurring',
      'DINGIN cancelled_plan',
      'DINGIN moving_soon',
    ]);
  });

  it('Proposal: idle for 3 days; 2 days, 23 hours and 59 minutes are not 3', () => {
    const stage = 'Proposal';
    expect(advice(lead({ stage, days: 2, minutes: 23 * 60 + 59 }))).to.equal(null);
    expect(advice(lead({ stage, days: 3 }))).to.equal('PANAS: Proposal sudah 3 hari tanpa respons');
    expect(advice(lead({ stage, days: 11, minutes: 1439 }))).to.equal(
      'PANAS: Proposal sudah 11 hari tanpa respons',
    );
    // Written to after the night was due.
    expect(advice(lead({ stage, days: -1 }))).to.equal(null);
  });

  it('safia, Qualified, survey done: idle for 5 days, before the rule for Qualified', () => {
    const done = { division: 'safia', stage: 'Qualified', values: { survey_show_up: true } } as const;
    expect(advice(lead({ ...done, days: 4, minutes: 1439 }))).to.equal(null);
    expect(advice(lead({ ...done, days: 5 }))).to.equal(
      'PANAS: Survei sudah selesai, 5 hari tanpa keputusan',
    );
    const missed = { ...done, values: { survey_show_up: false } };
    expect(advice(lead({ ...missed, days: 5 }))).to.match(/^HANGAT: Lead qualified/);
  });

  it('Qualified: idle for 5 days', () => {
    const stage = 'Qualified';
    expect(advice(lead({ stage, days: 4, minutes: 1439 }))).to.equal(null);
    expect(advice(lead({ stage, days: 5 }))).to.equal(
      'HANGAT: Lead qualified sudah 5 hari tidak ada aktivitas',
    );
  });

  it('sari, recurring: last order 30 calendar days ago', () => {
    const recurring = (last_order_date: string, over: Partial<Lead> = {}) =>
      advice(lead({ values: { is_recurring: true, last_order_date }, ...over }));
    expect(recurring('2026-06-22')).to.equal(null);
    expect(recurring('2026-06-21')).to.equal('HANGAT: Pelanggan rutin, order terakhir 30 hari lalu');
    expect(recurring('2026-06-21', { division: 'savi' })).to.equal(null);
    expect(recurring('2026-06-21', { values: { last_order_date: '2026-06-21' } })).to.equal(null);
    expect(recurring('2026-06-21', { values: { is_recurring: true } })).to.equal(null);
  });

  it('cancelled plan: also of closed tickets', () => {
    const cancelled = { stage: 'Lost', values: { lost_reason: 'cancelled_plan' } } as const;
    expect(advice(lead({ ...cancelled, open: false }))).to.equal(
      'DINGIN: Rencana dibatalkan, layak dihubungi ulang',
    );
    expect(advice(lead({ stage: 'Lost', values: { lost_reason: 'price' }, open: false }))).to.equal(null);
  });

  it('safia: moves within 14 days, today included, and not past', () => {
    const moving = (desired_move_date: string, over: Partial<Lead> = {}) =>
      advice(lead({ division: 'safia', values: { desired_move_date }, ...over }));
    expect(moving('2026-08-04')).to.equal('DINGIN: Rencana pindah dalam 14 hari, belum konfirmasi');
    expect(moving('2026-08-05')).to.equal(null);
    expect(moving('2026-07-21')).to.equal('DINGIN: Rencana pindah dalam 0 hari, belum konfirmasi');
    expect(moving('2026-07-20')).to.equal(null);
    expect(moving('2026-08-04', { stage: 'Won' })).to.equal(null);
    expect(moving('2026-08-04', { division: 'sari' })).to.equal(null);
  });

  it('but for a cancelled plan looks at open tickets only, and the first that matches wins', () => {
    for (const stage of ['Proposal', 'Qualified'] as const)
      expect(advice(lead({ stage, days: 30, open: false }))).to.equal(null);
    const all = {
      values: { survey_show_up: true, desired_move_date: '2026-07-22', lost_reason: 'cancelled_plan' },
    };
    expect(advice(lead({ ...all, division: 'safia', stage: 'Proposal', days: 9 }))).to.match(
      /^PANAS: Proposal/,
    );
    expect(advice(lead({ ...all, division: 'safia', stage: 'Qualified', days: 9 }))).to.match(
      /^PANAS: Survei/,
    );
    expect(advice(lead({ ...all, division: 'safia', days: 9 }))).to.match(/^DINGIN: Rencana dibatalkan/);
  });
});

describe('a night', () => {
  it('is due at 01:00 in the business’ time zone', () => {
    expect(dueOn('2026-07-21', JAKARTA).toISOString()).to.equal(at);
    expect(dueOn('2026-07-21', 'UTC').toISOString()).to.equal('2026-07-21T01:00:00.000Z');
  });
  it('is the one of yesterday until then', () => {
    expect(lastDue(new Date('2026-07-20T17:59:00Z'), JAKARTA)).to.deep.equal(dueOn('2026-07-20', JAKARTA));
    expect(lastDue(new Date('2026-07-20T18:00:00Z'), JAKARTA)).to.deep.equal(dueOn('2026-07-21', JAKARTA));
  });
});
