import { expect } from 'chai';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { decode, type Recorded } from '../../../src/domain/codec.ts';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { agentAnalytics, agentsAnalytics, divisionAnalytics } from '../../../src/http/analytics/analytics.ts';
import { setChannelCost } from '../../../src/http/analytics/channel-costs.ts';
import { dayAt, monthBack, oracleOf } from '../../projections/analytics/oracle.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { START } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { openedStore } from '../../support/stores/opened-store.ts';
import { posting, type Reply } from '../../support/http/http.ts';

type Data = Record<string, unknown>;
const PATH = '/api/admin/analytics';
const codeOf = ({ status, json }: Reply): string => (status < 300 ? 'ok' : json.error.code);

/** All that are stored, readable. */
async function storedEvents({ databaseUrl, secrets }: TestProgram): Promise<readonly Recorded[]> {
  const store = openedStore(
    await createPostgresEventStore({ connection: databaseUrl, logger: silentLogger() }),
    { databaseUrl: () => databaseUrl, secrets: () => secrets },
  );
  try {
    const [end, found] = [await store.head(), [] as Recorded[]];
    for await (const { events, checkpoint } of store.subscribe({
      after: START,
      signal: new AbortController().signal,
    })) {
      found.push(...events.map((event) => decode(event)));
      if (checkpoint >= end) break;
    }
    return found;
  } finally {
    await store.close();
  }
}

describe('analytics over HTTP', () => {
  let app: TestProgram;
  const tickets: Record<string, string> = {};
  /** When the tickets were opened: minutes after this file was loaded, which may be tomorrow. */
  let today = '';
  let month = '';

  async function ok(reply: Promise<Reply>): Promise<Reply> {
    const answer = await reply;
    expect(answer.status, answer.text).to.be.below(300);
    return answer;
  }
  const crm = (name: string, body: object, as: string): Promise<Reply> =>
    ok(app.patch(`/api/admin/ticket/${tickets[name] ?? ''}/crm`, body, as));
  const on = (name: string, verb: string, body: object, as: string): Promise<Reply> =>
    ok(app.post(`/api/admin/ticket/${tickets[name] ?? ''}/${verb}`, body, as));

  async function division(as: string, query = ''): Promise<Data> {
    const reply = await app.get(`${PATH}/division/${query}`, as);
    expectDocumented(divisionAnalytics, reply);
    expect(reply.status, reply.text).to.equal(200);
    return reply.json.data;
  }
  async function agent(of: string, as: string, query = ''): Promise<Data> {
    const reply = await app.get(`${PATH}/agent/${app.person(of).id}${query}`, as);
    expectDocumented(agentAnalytics, reply);
    expect(reply.status, reply.text).to.equal(200);
    return reply.json.data;
  }

  before(async function () {
    this.timeout(90_000);
    // Idle at once: half a second is enough.
    app = await startTestProgram({ IDLE_AFTER_HOURS: '0.00001' });
    const [won = '', lost = '', left = ''] = await app.openTickets('sari', 3);
    const [far = ''] = await app.openTickets('savi', 1);
    Object.assign(tickets, { won, lost, left, far });
    const opened = (await ok(app.get(`/api/admin/ticket/${won}`, 'sa'))).json.data['ticket'] as Data;
    today = dayAt(Date.parse(String(opened['created_at'])));
    month = today.slice(0, 7);
    await ok(app.post('/api/agent/status', { status: 'online' }, 'agent.sari'));
    await on('won', 'self-takeover', {}, 'agent.sari');
    await on('won', 'reply', { message: 'Selamat siang' }, 'agent.sari');
    await crm(
      'won',
      { crm_stage: 'Qualified', origin_city: 'Jakarta', destination_city: 'Batam' },
      'agent.sari',
    );
    await crm(
      'won',
      { quote_value: 1_250_000, deal_value: 1_000_000, discount_given: 250_000 },
      'agent.sari',
    );
    await crm('won', { crm_stage: 'Won' }, 'agent.sari');
    await on('lost', 'self-takeover', {}, 'other.sari');
    await crm('lost', { crm_stage: 'Lost', lost_reason: 'price' }, 'other.sari');
    // Across divisions.
    await on('far', 'assign', { assign_to: app.person('agent.sari').id }, 'tl');
    // Each sees at once what they did themselves, and soon what others did.
    await eventually('all of it in the figures', async () => {
      const { leads } = await division('sa', 'sari');
      const { idle_tickets: idle } = await agent('agent.sari', 'sa');
      return (leads as Data)['lost'] === 1 && (idle as unknown[]).length === 1;
    });
  });
  after(() => app.close());

  it('a division: what was opened, won and lost, by channel, route and reason', async () => {
    const data = await division('agent.sari', 'sari');
    expect(data).to.deep.include({
      leads: { total: 3, valid: 1, won: 1, lost: 1 },
      closing_rate: 50,
      revenue: 1_000_000,
      bot_resolution_rate: 0,
      cycle_time_avg: 0,
      top_routes: [{ origin: 'Jakarta', destination: 'Batam', count: 1 }],
    });
    expect(data).to.have.nested.property('lost_reasons.price', 1);
    expect(data).to.have.nested.property('lost_reasons.other', 0);
    expect(data).to.have.deep.nested.property('roi_per_channel.whatsapp', {
      leads: 3,
      won: 1,
      revenue: 1_000_000,
      closing_rate: 50,
      roi_pct: null,
    });
    expect((data['trend_3mo'] as object[]).at(-1)).to.deep.equal({
      month,
      closing_rate: 50,
      won: 1,
      lost: 1,
    });
    expect((data['seasonal_curve'] as object[]).at(-1)).to.deep.equal({ month, leads: 3 });
    expect(data['period']).to.have.property('start', `${month}-01`);
    expect(data).not.to.have.property('series');
    expect(data['previous']).to.deep.include({
      leads: { total: 0, valid: 0, won: 0, lost: 0 },
      closing_rate: null,
      bot_resolution_rate: null,
      cycle_time_avg: null,
    });
    expect(data).to.have.nested.property('previous.period.start', `${monthBack(today, 1)}-01`);
  });

  it('all divisions are the sum of them, for those who see all', async () => {
    const all = (await division('tl', 'all'))['leads'] as Record<string, number>;
    const each = await Promise.all(
      DIVISIONS.map(async (name) => (await division('sa', name))['leads'] as Record<string, number>),
    );
    for (const key of ['total', 'valid', 'won', 'lost'])
      expect(all[key]).to.equal(each.reduce((sum, one) => sum + (one[key] ?? 0), 0));
    expect(all['total']).to.equal(4);
    for (const div of ['savi', 'all'])
      expect(codeOf(await app.get(`${PATH}/division/${div}`, 'agent.sari'))).to.equal('DIVISION_FORBIDDEN');
    expect(codeOf(await app.get(`${PATH}/division/sari`, 'viewer.sari'))).to.equal('FORBIDDEN');
  });

  it('a series has every step of the period', async () => {
    const days = (await division('sa', `sari?period=${month}&granularity=day`))['series'] as {
      start: string;
      leads: { total: number };
    }[];
    expect(days).to.have.length(new Date(Number(month.slice(0, 4)), Number(month.slice(5)), 0).getDate());
    expect(days.filter(({ leads }) => leads.total > 0)).to.have.length(1);
    expect(days.find(({ start }) => start === today)).to.have.nested.property('leads.total', 3);
    const year = `start_date=${month.slice(0, 4)}-01-01&end_date=${month.slice(0, 4)}-12-31`;
    const months = (await division('sa', `sari?${year}&granularity=month`))['series'];
    expect(months).to.have.length(12);
  });

  it('by step also of each channel, and of each agent', async () => {
    const steps = (await division('sa', `sari?period=${month}&granularity=month`))['series'] as Data[];
    expect(steps).to.have.length(1);
    expect(steps[0]).to.have.deep.nested.property('channels.whatsapp', {
      ...{ leads: 3, won: 1, revenue: 1_000_000, closing_rate: 50 },
    });
    const { series } = await agent('agent.sari', 'agent.sari', `?period=${month}&granularity=day`);
    const { series: byMonth } = await agent('agent.sari', 'sa', `?period=${month}&granularity=month`);
    expect(byMonth).to.have.length(1);
    expect((byMonth as Data[])[0]).to.include({ won: 1, lost: 0, revenue: 1_000_000, closing_rate: 100 });
    const day = (series as Data[]).find(({ start }) => start === today);
    expect(day).to.include({ won: 1, revenue: 1_000_000 });
    const table = await app.get(`${PATH}/agents?division=sari&period=${month}&granularity=week`, 'tl');
    expectDocumented(agentsAnalytics, table);
    for (const line of table.json.data['agents'] as Data[]) expect(line['series']).to.have.length.above(3);
  });

  it('what came of what a channel cost: of all, and of a division by its share of the leads', async () => {
    const put = (amount: number, as: string) =>
      app.call('/api/admin/channel-costs', {
        ...posting({ month, channel: 'whatsapp', amount }, app.person(as).token),
        method: 'PUT',
      });
    expect(codeOf(await put(1, 'agent.sari'))).to.equal('FORBIDDEN');
    const set = await put(400_000, 'tl');
    expectDocumented(setChannelCost, set);
    expect(set.json.data).to.deep.equal({ channel_costs: [{ month, channel: 'whatsapp', amount: 400_000 }] });
    expect((await app.get('/api/admin/channel-costs', 'sa')).json.data).to.deep.equal(set.json.data);
    expect(codeOf(await app.get('/api/admin/channel-costs', 'agent.sari'))).to.equal('FORBIDDEN');
    // All four tickets are of WhatsApp, three of them of this division.
    const all = await division('tl', `all?period=${month}`);
    expect(all).to.have.nested.property('channel_costs.whatsapp', 400_000);
    expect(all).to.have.nested.property('roi_per_channel.whatsapp.roi_pct', 150);
    const sari = await division('agent.sari', `sari?period=${month}`);
    expect(sari).to.have.nested.property('channel_costs.whatsapp', 300_000);
    expect(sari).to.have.nested.property('roi_per_channel.whatsapp.roi_pct', 233.3);
    expect(sari).to.have.nested.property('previous.channel_costs.whatsapp', 0);
  });

  it('how soon people had what the bot gave them, and how long it was open', async () => {
    const data = await division('agent.sari', 'sari');
    expect(data).to.include({ escalations: 2, claimed_within_3min_pct: 100, opt_outs: 0 });
    expect(data['resolve_median_min']).to.be.within(0, 5);
  });

  const BAD: readonly (readonly [string, string])[] = [
    ['period=2026-13', 'period'],
    ['period=2026-07&start_date=2026-07-01&end_date=2026-07-02', 'period'],
    ['start_date=2026-07-02&end_date=2026-07-01', 'end_date'],
    ['start_date=2026-07-02', 'end_date'],
    ['start_date=2020-01-01&end_date=2026-01-01', 'end_date'],
    ['start_date=2026-02-30&end_date=2026-03-01', 'start_date'],
  ];
  for (const [query, path] of BAD)
    it(`refuses ${query}`, async () => {
      for (const route of ['division/sari', 'agents', `agent/${app.person('agent.sari').id}`]) {
        const reply = await app.get(`${PATH}/${route}?${query}`, 'sa');
        expect([reply.status, codeOf(reply)]).to.deep.equal([400, 'VALIDATION_FAILED']);
        expect(reply.json.error.details?.map((detail) => detail.path)).to.deep.equal([path]);
      }
    });

  it('refuses a granularity and a member that there is not', async () => {
    expect(codeOf(await app.get(`${PATH}/division/sari?granularity=hour`, 'sa'))).to.equal(
      'VALIDATION_FAILED',
    );
    expect(codeOf(await app.get(`${PATH}/division/sari?bulan=7`, 'sa'))).to.equal('VALIDATION_FAILED');
    expect(codeOf(await app.get(`${PATH}/division/lima`, 'sa'))).to.equal('VALIDATION_FAILED');
  });

  it('an agent: also what they did in another division, and only for themselves and those who lead', async () => {
    const data = await agent('agent.sari', 'agent.sari');
    expect(data['agent']).to.deep.equal({ id: app.person('agent.sari').id, name: 'agent.sari' });
    expect(data).to.deep.include({
      closing_rate: 100,
      deal_value_avg: 1_000_000,
      discount_rate_pct: 20,
      sla_compliance_pct: 100,
    });
    expect(data['pickup_time_avg_min']).to.be.a('number').within(0, 5);
    expect((data['idle_tickets'] as { id: string }[]).map(({ id }) => id)).to.deep.equal([tickets['far']]);
    for (const as of ['sa', 'tl']) expect((await agent('agent.sari', as))['closing_rate']).to.equal(100);
    const other = `${PATH}/agent/${app.person('other.sari').id}`;
    expect(codeOf(await app.get(other, 'agent.sari'))).to.equal('FORBIDDEN');
    const nobody = `${PATH}/agent/019a9d1e-7c00-7000-8000-00000000dead`;
    expect(codeOf(await app.get(nobody, 'sa'))).to.equal('USER_NOT_FOUND');
    expect(codeOf(await app.get(nobody, 'agent.sari'))).to.equal('FORBIDDEN');
  });

  it('the table of agents has their own figures; an agent sees one line', async () => {
    const table = async (as: string, query = ''): Promise<{ agent: { id: string; name: string } }[]> => {
      const reply = await app.get(`${PATH}/agents${query}`, as);
      expectDocumented(agentsAnalytics, reply);
      expect(reply.status, reply.text).to.equal(200);
      return reply.json.data['agents'] as { agent: { id: string; name: string } }[];
    };
    const names = (lines: { agent: { name: string } }[]): string[] => lines.map((line) => line.agent.name);
    const lines = await table('tl', '?division=sari');
    expect(names(lines)).to.deep.equal(['agent.sari', 'other.sari']);
    const single = await agent('agent.sari', 'tl');
    for (const key of ['closing_rate', 'discount_rate_pct', 'lost_reasons', 'trend_3mo'])
      expect(lines[0]).to.have.deep.property(key, single[key]);
    expect(lines[0]).to.include({
      won: 1,
      lost: 0,
      revenue: 1_000_000,
      idle_ticket_count: 1,
      division: 'sari',
    });
    expect(names(await table('sa'))).to.include.members(['agent.savi', 'other.safia']);
    expect(names(await table('agent.sari'))).to.deep.equal(['agent.sari']);
    expect(codeOf(await app.get(`${PATH}/agents?division=savi`, 'agent.sari'))).to.equal(
      'DIVISION_FORBIDDEN',
    );
  });

  it('a deal value that is corrected and a ticket that is opened again change what was counted', async () => {
    await crm('won', { deal_value: 1_500_000 }, 'agent.sari');
    expect((await division('agent.sari', 'sari'))['revenue']).to.equal(1_500_000);
    await on('won', 'reopen', {}, 'agent.sari');
    const reopened = await division('agent.sari', 'sari');
    expect(reopened).to.deep.include({ revenue: 0, closing_rate: 0 });
    await crm('won', { crm_stage: 'Won' }, 'agent.sari');
    expect((await division('agent.sari', 'sari'))['revenue']).to.equal(1_500_000);
  });

  it('answers what plain code makes of the stored events', async () => {
    const oracle = oracleOf(await storedEvents(app), Date.now(), 5, { [`${month} whatsapp`]: 400_000 });
    const expected = (asked: Parameters<typeof oracle.division>[0], { channel_costs }: Data) => ({
      ...oracle.division(asked),
      ...oracle.returns(asked, channel_costs as Record<string, number>),
    });
    for (const name of [...DIVISIONS, 'all'] as const) {
      const { period, previous, ...figures } = await division('sa', name);
      const { start, end } = period as { start: string; end: string };
      const divisions = name === 'all' ? DIVISIONS : [name];
      expect(figures).to.deep.equal(expected({ period: { from: start, to: end }, divisions }, figures));
      const { period: before, ...then } = previous as Data & { period: { start: string; end: string } };
      expect(then).to.deep.equal(
        expected({ period: { from: before.start, to: before.end }, divisions }, then),
      );
    }
    for (const name of ['agent.sari', 'other.sari', 'agent.savi']) {
      const { period, ...found } = await agent(name, 'sa');
      const { start, end } = period as { start: string; end: string };
      // Online for less than a minute: counted by the minute that is nothing.
      const expected: Data = { ...oracle.agent(app.person(name).id, { from: start, to: end }) };
      delete expected['availability_rate_pct'];
      expect(found).to.deep.include(expected);
    }
  });
});
