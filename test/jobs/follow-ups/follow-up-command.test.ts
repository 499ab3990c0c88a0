import { expect } from 'chai';
import { crmUpdated } from '../../../src/domain/crm/crm.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { eventsOf } from '../../support/scenarios/commands.ts';
import { environmentOf } from '../../support/processes/environment.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { type Desk, openDesk, opening, uuid } from '../../projections/desk.ts';

describe('npm run followup', () => {
  let desk: Desk;
  before(async () => {
    // Nobody keeps the read tables: the command brings them up to date itself.
    desk = await openDesk({ start: false });
    const about = { ticketId: uuid(7), division: 'savi' as const };
    const at = '2026-07-01T03:00:00.000Z';
    const changes = [{ field: 'crm_stage', from: 'Lead', to: 'Proposal' }];
    await desk.append(...opening(about.ticketId, 'savi'), { at });
    const updated = crmUpdated(about, changes, { source: 'agent', confidence: null, at });
    await desk.append(ticketStream(about.ticketId), updated, { at });
  });
  after(() => desk.close());

  const followup = (...args: string[]) => runScript('followup', args, environmentOf(desk.url));

  it('makes the recommendations of a night, once', async function () {
    this.timeout(60_000);
    for (let time = 0; time < 2; time += 1) {
      const { stdout, stderr } = await followup('--date', '2026-07-05');
      expect(stdout.trim().split('\n')).to.deep.equal(['sari: 0', 'savi: 1', 'safia: 0'], stderr);
    }
    expect(await eventsOf(desk.store, 'followup-savi-2026-07-05')).to.have.length(2);
    expect(await desk.rows('select ticket_id, rule from read.followup_recs')).to.deep.equal([
      { ticket_id: uuid(7), rule: 'proposal_idle' },
    ]);
  });

  it('says so when the night is yet to come, or is no day', async function () {
    this.timeout(60_000);
    for (const [date, said] of [
      ['2126-07-05', 'yet to come'],
      ['2026-02-31', 'usage'],
    ] as const) {
      const { code, stderr } = await followup('--date', date);
      expect(code).to.equal(1);
      expect(stderr).to.include(said);
    }
  });
});
