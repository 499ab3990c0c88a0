import { expect } from 'chai';
import {
  DEFAULT_PRIVILEGES,
  effectivePrivileges,
  mayReadNotes,
  maySee,
  NEVER_GRANTED,
  PRIVILEGES,
  visibleDivision,
} from '../../../src/domain/staff/privileges.ts';
import { ROLES } from '../../../src/domain/vocabulary.ts';
import { ani, budi, rina, sena, tono, vera } from '../../support/scenarios/people.ts';

/** The table of docs/design/api.md#roles-and-privileges, one column for each role. */
const TABLE = `
  inbox_read            super_admin team_lead sales_agent viewer dispatcher
  messages_read         super_admin team_lead sales_agent viewer dispatcher
  reply                 super_admin team_lead sales_agent
  reply_as_sa           super_admin
  self_takeover                               sales_agent
  assign                super_admin team_lead
  tag                   super_admin team_lead sales_agent
  crm_update            super_admin team_lead sales_agent dispatcher
  ticket_close          super_admin team_lead sales_agent
  internal_read         super_admin team_lead sales_agent
  internal_write        super_admin team_lead sales_agent
  followup_send         super_admin team_lead sales_agent
  blast_create          super_admin team_lead sales_agent
  blast_approve         super_admin team_lead
  analytics_division    super_admin team_lead sales_agent
  analytics_agent       super_admin team_lead sales_agent
  export                super_admin team_lead
  presence_self         super_admin team_lead sales_agent
  presence_others       super_admin team_lead
  presence_read         super_admin team_lead
  audit_read            super_admin team_lead
  manage_users          super_admin
  manage_privileges     super_admin
  manage_office_hours   super_admin
  manage_tags           super_admin
  manage_templates      super_admin
  manage_faq            super_admin
  dead_letters_read     super_admin
  dead_letters_replay   super_admin
  customer_erase        super_admin
  manage_channels       super_admin
  customers_manage      super_admin team_lead dispatcher
  job_read              super_admin team_lead dispatcher
  job_create            super_admin dispatcher
  job_dispatch          super_admin team_lead dispatcher
  job_document          super_admin dispatcher
  job_pool              technician
  job_own               technician
  job_report            technician
  capacity_manage       super_admin dispatcher
  rating_read           super_admin team_lead dispatcher
  invoice_draft         super_admin dispatcher
  invoice_approve       super_admin team_lead sales_agent
  invoice_settle        super_admin dispatcher`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('privileges', () => {
  it('have the defaults of the contract', () => {
    expect(PRIVILEGES).to.deep.equal(TABLE.map(([name]) => name));
    for (const role of ROLES)
      expect(DEFAULT_PRIVILEGES[role], role).to.deep.equal(
        TABLE.filter((row) => row.includes(role)).map(([name]) => name),
      );
  });
  it('never give a viewer the internal notes, or a technician anything but jobs', () => {
    const { technician, ...others } = NEVER_GRANTED;
    expect(others).to.deep.equal({
      super_admin: [],
      team_lead: [],
      sales_agent: [],
      dispatcher: [],
      viewer: ['internal_read', 'internal_write'],
    });
    expect(PRIVILEGES.filter((one) => !technician.includes(one))).to.deep.equal([
      'job_pool',
      'job_own',
      'job_report',
    ]);
  });
  it('are those of the role, with what was granted and without what was revoked, in the order of the list', () => {
    expect(
      effectivePrivileges('viewer', ['reply', 'inbox_read'], { granted: [], revoked: [] }),
    ).to.deep.equal(['inbox_read', 'reply']);
    expect(
      effectivePrivileges('viewer', ['inbox_read', 'tag'], { granted: ['export', 'tag'], revoked: ['tag'] }),
    ).to.deep.equal(['inbox_read', 'export']);
    expect(
      effectivePrivileges('viewer', ['internal_read'], { granted: ['internal_write'], revoked: [] }),
    ).to.deep.equal([]);
    expect(effectivePrivileges('team_lead', ['internal_read'], { granted: [], revoked: [] })).to.deep.equal([
      'internal_read',
    ]);
  });
});

describe('how far a person reaches', () => {
  it('is everywhere for leads and super admins, else the own division', () => {
    expect([rina, tono, ani, sena, vera].map(visibleDivision)).to.deep.equal([
      'all',
      'all',
      'sari',
      'savi',
      'sari',
    ]);
    expect(visibleDivision({ role: 'viewer', division: 'all' })).to.equal('all');
  });
  it('is as far as the own division, and a ticket they were given', () => {
    const free = { division: 'sari', assignee: null } as const;
    expect([rina, tono, ani, sena, vera].map((one) => maySee(one, free))).to.deep.equal([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(maySee(sena, { division: 'sari', assignee: sena.id })).to.equal(true);
    expect(maySee(sena, { division: 'sari', assignee: ani.id })).to.equal(false);
  });
  it('to internal notes is the own ticket for agents, none for viewers, every one for the others', () => {
    const of = { assignee: ani.id };
    expect([rina, tono, ani, budi, vera].map((one) => mayReadNotes(one, of))).to.deep.equal([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(mayReadNotes(vera, { assignee: vera.id })).to.equal(false);
    expect(mayReadNotes(tono, { assignee: null })).to.equal(true);
  });
});
