import { expect } from 'chai';
import { recommendations, sendFollowUp } from '../../../src/http/follow-ups/follow-ups.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { eventually } from '../../support/eventually.ts';
import type { Reply } from '../../support/http/http.ts';

const PATH = '/api/admin/followup/recommendations';
const text = 'Apakah masih berminat?';

describe('follow-up over HTTP', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
  });
  after(() => app.close());

  async function send(id: string, as: string, body: object = { message: text }): Promise<Reply> {
    const reply = await app.post(`/api/admin/ticket/${id}/followup`, body, as);
    expectDocumented(sendFollowUp, reply);
    return reply;
  }
  async function listed(as: string, query = ''): Promise<string[]> {
    const reply = await app.get(`${PATH}${query}`, as);
    expectDocumented(recommendations, reply);
    expect(reply.status).to.equal(200);
    return (reply.json.data.leads as { ticket_id: string }[]).map((lead) => lead.ticket_id);
  }
  const codeOf = ({ status, json }: Reply): string => (status < 300 ? 'ok' : json.error.code);

  it('is said on L1 like a reply and stands in the audit log as a follow-up', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    expect(codeOf(await send(id, 'agent.sari'))).to.equal('NOT_ASSIGNEE');
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    const reply = await send(id, 'agent.sari');
    expect(reply.status).to.equal(201);
    const { json } = await app.get(`/api/admin/ticket/${id}/messages`, 'agent.sari');
    expect((json.data.messages as object[]).at(-1)).to.deep.include({
      id: reply.json.data['message_id'],
      content: text,
      sender_type: 'agent',
      delivery_status: 'queued',
    });
    const card = (await app.get(`/api/admin/ticket/${id}`, 'agent.sari')).json.data['ticket'];
    expect(card).to.include({
      status: 'awaiting_response',
      last_message_from: 'agent',
      last_message_preview: text,
    });
    expect(card).to.have.property('first_reply_at').that.is.a('string');
    const log = (await app.get(`/api/admin/ticket/${id}/audit-log`, 'tl')).json.data['events'] as {
      event: string;
    }[];
    expect(log.at(-1)?.event).to.equal('followup_sent');
  });

  it('by a lead on a ticket of somebody else is no first reply; on a closed ticket it goes out, too', async () => {
    const [id = ''] = await app.openTickets('savi', 1);
    expect(codeOf(await send(id, 'tl'))).to.equal('ok');
    const card = (await app.get(`/api/admin/ticket/${id}`, 'tl')).json.data['ticket'];
    expect(card).to.include({ first_reply_at: null, last_message_preview: text });
    await app.post(`/api/admin/ticket/${id}/close`, {}, 'tl');
    expect(codeOf(await send(id, 'tl'))).to.equal('ok');
  });

  it('needs a template a day after the customer wrote last, and one that is there', async () => {
    const timestamp = new Date(Date.now() - 25 * 3_600_000).toISOString();
    const [id = ''] = await app.openTickets('safia', 1, { timestamp });
    expect(codeOf(await send(id, 'tl'))).to.equal('SERVICE_WINDOW_CLOSED');
    const template_id = '019a9d1e-7c00-7000-8000-000000000001';
    expect(codeOf(await send(id, 'tl', { message: text, template_id }))).to.equal('TEMPLATE_NOT_FOUND');
  });

  it('lists what the night recommends within the reader’s divisions until somebody acts on it', async () => {
    const [hot = '', cold = '', gone = ''] = await app.openTickets('sari', 3);
    const [other = ''] = await app.openTickets('savi', 1);
    const lead = (ticketId: string, category: 'PANAS' | 'DINGIN') => ({
      ticketId,
      category,
      rule: 'proposal_idle',
      reason: 'Proposal sudah 3 hari tanpa respons',
    });
    const night = '2026-07-21';
    const sari = [lead(cold, 'DINGIN'), lead(hot, 'PANAS'), lead(gone, 'PANAS')];
    await app.program.commands.recommend.night('sari', night, sari);
    await app.program.commands.recommend.night('savi', night, [lead(other, 'PANAS')]);
    await app.post(`/api/admin/ticket/${gone}/close`, {}, 'tl');
    await eventually('three recommendations', async () =>
      (await listed('tl')).length === 3 ? true : undefined,
    );
    expect(await listed('tl'))
      .to.have.members([hot, other, cold])
      .and.to.have.property('2', cold);
    expect(await listed('agent.sari')).to.deep.equal([hot, cold]);
    expect(await listed('agent.safia')).to.deep.equal([]);
    expect(await listed('sa', '?division=all&category=DINGIN')).to.deep.equal([cold]);
    expect(await listed('sa', '?division=savi')).to.deep.equal([other]);
    expect(codeOf(await app.get(`${PATH}?division=savi`, 'agent.sari'))).to.equal('DIVISION_FORBIDDEN');
    expect(codeOf(await app.get(PATH, 'viewer.sari'))).to.equal('FORBIDDEN');
    await send(cold, 'tl');
    expect(await listed('tl', '?division=sari')).to.deep.equal([hot]);
    await app.post(`/api/admin/ticket/${hot}/self-takeover`, {}, 'agent.sari');
    await app.post(`/api/admin/ticket/${hot}/reply`, { message: text }, 'agent.sari');
    expect(await listed('agent.sari')).to.deep.equal([]);
  });
});
