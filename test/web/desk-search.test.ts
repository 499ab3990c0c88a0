import { expect } from 'chai';
import type { Me, Privilege } from '../../web/src/lib/api.ts';
import {
  deskSearch,
  firstTab,
  queryOf,
  tabsOf,
  withoutLayer,
} from '../../web/src/tickets/inbox/desk-search.ts';

const person = (role: Me['role'], privileges: readonly Privilege[]): Me => ({
  id: 'me',
  name: 'Ani',
  email: 'ani@example.com',
  role,
  division: role === 'sales_agent' || role === 'viewer' ? 'sari' : 'all',
  status: 'online',
  privileges: [...privileges],
  must_change_password: false,
});
const agent = person('sales_agent', ['inbox_read', 'reply', 'self_takeover']);
const lead = person('team_lead', ['inbox_read', 'reply', 'assign']);
const viewer = person('viewer', ['inbox_read']);

describe('the inbox in the address', () => {
  it('takes the words of the API, and nothing else', () => {
    const search = {
      tab: 'free',
      channel: 'telegram',
      status: 'open',
      q: ' ',
      tag: 'b2b',
      layer: 'L1',
      other: 'x',
    };
    expect(deskSearch(search)).to.deep.equal({ tab: 'free', channel: 'telegram', tag: 'b2b' });
  });

  it('shows a viewer no tab of work', () => {
    expect(tabsOf(viewer)).to.deep.equal(['all']);
    expect(tabsOf(agent)).to.deep.equal(['mine', 'waiting', 'free', 'queue', 'all', 'snoozed']);
    expect([firstTab(agent), firstTab(lead), firstTab(viewer)]).to.deep.equal(['mine', 'all', 'all']);
  });

  it('asks for the tab, narrowed by the filters', () => {
    expect(queryOf({ channel: 'whatsapp', tag: 'b2b' }, agent)).to.deep.equal({
      limit: '50',
      assigned_to: 'me',
      open: 'true',
      channel: 'whatsapp',
      tags: 'b2b',
    });
  });

  it('lets leads see all divisions, or the one that they choose', () => {
    expect(queryOf({ tab: 'free' }, lead)).to.include({ division: 'all', queue_status: 'free' });
    expect(queryOf({ tab: 'free', division: 'savi' }, lead)).to.include({ division: 'savi' });
    expect(queryOf({ tab: 'free' }, agent)).not.to.have.property('division');
  });

  it('opens another ticket at the talk, never at the notes', () => {
    expect(withoutLayer({ tab: 'mine', layer: 'L2' })).to.deep.equal({ tab: 'mine' });
  });
});
