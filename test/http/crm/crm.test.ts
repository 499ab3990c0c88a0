import { expect } from 'chai';
import { updateCrm } from '../../../src/http/crm/crm.ts';
import { ticket } from '../../../src/http/tickets/inbox.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, posting, type Reply } from '../../support/http/http.ts';

interface Crm {
  readonly crm_stage: string;
  readonly deal_value: number | null;
  readonly crm_fields: Record<string, unknown>;
  readonly crm_field_sources: Record<string, unknown>;
}

describe('CRM over HTTP', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
  });
  after(() => app.close());

  const pathOf = (id: string): string => `/api/admin/ticket/${id}`;
  async function patch(id: string, body: unknown, as = 'tl', ifMatch?: string): Promise<Reply> {
    const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    const init = posting(body, app.person(as).token, headers);
    const reply = await app.call(`${pathOf(id)}/crm`, { ...init, method: 'PATCH' });
    expectDocumented(updateCrm, reply);
    return reply;
  }
  async function read(
    id: string,
    as = 'tl',
  ): Promise<{ crm: Crm; ticket: Record<string, unknown>; etag: string }> {
    const reply = await app.call(pathOf(id), { headers: bearer(app.person(as).token) });
    expectDocumented(ticket, reply);
    const { crm, ticket: card } = reply.json.data as { crm: Crm; ticket: Record<string, unknown> };
    return { crm, ticket: card, etag: reply.headers.get('etag') ?? '' };
  }
  const open = async (division: 'sari' | 'savi' | 'safia'): Promise<string> =>
    (await app.openTickets(division, 1))[0] ?? '';

  it('shows an empty form, then what was filled in, on the ticket and in the inbox', async () => {
    const id = await open('savi');
    expect((await read(id)).crm.crm_fields).to.deep.equal({
      vehicle_brand_model: null,
      vehicle_count: 1,
      origin_type: null,
      is_electric_vehicle: null,
      documents: { stnk: null, bpkb: null, ktp: null, ntpn: null, ppftz: null },
      document_complete: false,
    });
    const reply = await patch(
      id,
      { crm_stage: 'Proposal', deal_value: 12, crm_fields: { vehicle_count: 2 } },
      'agent.savi',
    );
    expect(reply.status).to.equal(200);
    const after = await read(id, 'agent.savi');
    expect(after.crm).to.deep.include({ crm_stage: 'Proposal', deal_value: 12 });
    expect(after.crm.crm_fields).to.include({ vehicle_count: 2 });
    expect(after.ticket).to.include({ crm_stage: 'Proposal' });
    const filtered = await app.get('/api/admin/inbox?division=savi&crm_stage=Proposal', 'agent.savi');
    expect((filtered.json.data.tickets as { id: string }[]).map((one) => one.id)).to.deep.equal([id]);
    expect(filtered.json.meta).to.include({ total: 1 });
  });

  it('names each bad field', async () => {
    const id = await open('sari');
    const reply = await patch(id, {
      crm_fields: { vehicle_count: 2, last_order_date: 'kemarin', service_type: 'motor' },
    });
    expect(reply.status).to.equal(400);
    expect(reply.json.error.details?.map(({ path }) => path)).to.have.members([
      'crm_fields.vehicle_count',
      'crm_fields.last_order_date',
    ]);
    const top = await patch(id, { deal_value: -1, quote_value: 0.5, stage: 'Won' });
    expect(top.json.error.details?.map(({ path }) => path)).to.have.members([
      'deal_value',
      'quote_value',
      'stage',
    ]);
    expect((await patch(id, { crm_stage: 'Lost' })).json.error.code).to.equal('LOST_REASON_REQUIRED');
  });

  it('closes on Won, opens again, and the audit log tells the stages but no values', async () => {
    const id = await open('safia');
    await patch(id, { crm_stage: 'Qualified', crm_fields: { competitor_mentioned: 'Rahasia Movers' } });
    await patch(id, { crm_stage: 'Won', deal_value: 7_654_321 });
    expect((await read(id)).ticket).to.include({ status: 'closed', crm_stage: 'Won' });
    expect((await app.post(`${pathOf(id)}/reopen`, {}, 'tl')).status).to.equal(200);
    const again = await read(id);
    expect(again.ticket).to.include({ status: 'new', crm_stage: 'Qualified' });
    expect(again.crm).to.include({ crm_stage: 'Qualified', deal_value: 7_654_321 });
    const log = await app.get(`${pathOf(id)}/audit-log`, 'tl');
    const stages = (
      log.json.data.events as { event: string; from?: string; to?: string; metadata?: object }[]
    )
      .filter(({ event }) => event === 'crm_stage_changed')
      .map(({ from, to, metadata }) => ({ from, to, metadata }));
    expect(stages).to.deep.equal([
      { from: 'Lead', to: 'Qualified', metadata: { source: 'agent', fields: ['competitor_mentioned'] } },
      { from: 'Qualified', to: 'Won', metadata: { source: 'agent', fields: ['deal_value'] } },
      { from: 'Won', to: 'Qualified', metadata: { source: 'agent' } },
    ]);
    expect(log.text).not.to.match(/Rahasia|7654321/);
  });

  it('of many who save what they saw at the same moment one gets through; without If-Match all are merged', async () => {
    const id = await open('sari');
    const { etag } = await read(id);
    const saves = await Promise.all(
      Array.from({ length: 8 }, (_, index) => patch(id, { deal_value: index + 1 }, 'tl', etag)),
    );
    const codes = saves.map(({ status, json }) => (status === 200 ? 'ok' : json.error.code)).sort();
    expect(codes).to.deep.equal([...Array.from({ length: 7 }, () => 'VERSION_CONFLICT'), 'ok']);
    const fresh = (await read(id)).etag;
    expect(fresh).to.equal(saves.find(({ status }) => status === 200)?.headers.get('etag'));
    expect((await patch(id, { deal_value: 100 }, 'tl', `"crm-0", W/${fresh}`)).status).to.equal(200);
    expect((await patch(id, { deal_value: 101 }, 'tl', '"other"')).json.error.code).to.equal(
      'VERSION_CONFLICT',
    );
    expect((await patch(id, { deal_value: 101 }, 'tl', 'no etag')).json.error.code).to.equal(
      'VALIDATION_FAILED',
    );
    expect((await patch(id, { deal_value: 101 }, 'tl', '*')).status).to.equal(200);
    const names = ['origin_city', 'destination_city', 'quote_value', 'discount_given'];
    const merged = names.map((name) => patch(id, { [name]: name.endsWith('city') ? 'Batam' : 3 }));
    for (const { status } of await Promise.all(merged)) expect(status).to.equal(200);
    expect((await read(id)).crm).to.include({
      origin_city: 'Batam',
      destination_city: 'Batam',
      quote_value: 3,
      discount_given: 3,
    });
  });

  it('shows what the bot found as the bot’s, and lets an agent’s word stand', async () => {
    const id = await open('safia');
    const card = (await read(id)).ticket as { customer_phone: string };
    await patch(id, { crm_fields: { move_type: 'kantor' } });
    await app.webhook({
      event: 'lead_detected',
      user_id: `wa_${card.customer_phone.replace(/\D/g, '')}`,
      channel: 'whatsapp',
      division: 'safia',
      message_id: `lead-${id}`,
      fields: { move_type: 'rumah', estimated_cbm: 14.5, origin_city: 'Batam', vehicle_count: 3 },
      confidence: 0.92,
    });
    const { crm } = await eventually('the bot’s fields', async () => {
      const found = await read(id);
      return found.crm.crm_fields['estimated_cbm'] === 14.5 ? found : undefined;
    });
    expect(crm.crm_fields).to.include({ move_type: 'kantor' });
    expect(crm.crm_field_sources['estimated_cbm']).to.include({ source: 'bot', confidence: 0.92 });
    expect(crm.crm_field_sources['move_type']).to.include({ source: 'agent' });
    expect(crm.crm_field_sources).not.to.have.property('vehicle_count');
  });
});
