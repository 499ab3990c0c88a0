import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import type { DomainEvent, Recorded } from '../../../src/domain/codec.ts';
import type { Scope } from '../../../src/ports.ts';
import { agentFigures } from '../../../src/projections/analytics/agent-figures.ts';
import { divisionFigures } from '../../../src/projections/analytics/division-figures.ts';
import { analyticsView } from '../../../src/projections/analytics/view.ts';
import { usersView } from '../../../src/projections/staff/users.ts';
import { type TestDatabase, testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { uuid } from './history.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const TIMEZONE = 'Asia/Jakarta';
const AGENT = uuid(1, 0);
const ALL: Scope = { kind: 'all', userId: AGENT };
const PERIOD = { from: '2026-07-01', to: '2026-07-31' };
const OPENED = Date.parse('2026-07-10T03:00:00Z');
const NOW = Date.parse('2026-08-01T00:00:00Z');
const SLA_MINUTES = 5;

describe('figures at their edges', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let view = analyticsView(TIMEZONE);
  let made = 0;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger(), poolSize: 2 });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  function recordedAs(event: DomainEvent, at: number): Recorded {
    made += 1;
    const id = uuid(9, made);
    const actor = { kind: 'system', process: 'test' } as const;
    const when = new Date(at).toISOString();
    const metadata = { actor, correlationId: id, causationId: id, requestId: id, at: when, schemaVersion: 1 };
    return { ...event, id, stream: '-', revision: 0n, position: id, metadata };
  }
  /** One batch. */
  async function happen(events: readonly Recorded[]): Promise<void> {
    const users = usersView();
    await postgres.writes.transaction(async (sql) => {
      await users.apply(
        sql,
        events.filter(({ type }) => type === 'UserRegistered'),
      );
      (await view.apply(sql, events))?.();
    });
  }
  /** One event, one batch. */
  const happens = (event: DomainEvent, at: number): Promise<void> => happen([recordedAs(event, at)]);
  const ticket = { ticketId: uuid(2, 1), division: 'sari' as const };
  function opened(of: { readonly ticketId: string; readonly division: 'sari' }): DomainEvent {
    const who = { customerId: uuid(3, 1), customerKey: 'k', customerName: null, customerPhone: null };
    const from = { botId: null, waPhoneId: null, waDisplayName: null, isOffHours: false };
    const before = { isReturningCustomer: false, previousAgentId: null };
    return { type: 'TicketOpened', data: { ...of, channel: 'whatsapp', ...who, ...from, ...before } };
  }
  const crmUpdated = (
    of: { readonly ticketId: string; readonly division: 'sari' },
    changes: Readonly<Record<string, string | number | null>>,
    at: number,
  ): DomainEvent => ({
    type: 'CrmUpdated',
    data: {
      ...of,
      changes: Object.entries(changes).map(([field, to]) => ({ field, from: null, to })),
      words: [],
      source: 'agent',
      confidence: null,
      at: new Date(at).toISOString(),
    },
  });
  const crm = (changes: Readonly<Record<string, string | number | null>>, at: number): Promise<void> =>
    happens(crmUpdated(ticket, changes, at), at);
  const replies = (after: number): Promise<void> => {
    const sentAt = new Date(OPENED + after).toISOString();
    const data = { ...ticket, messageId: uuid(4, made), content: 'Siap', sentAt, agentId: AGENT };
    return happens({ type: 'AgentReplied', data }, OPENED + after);
  };
  const settings = (now = NOW) => ({
    now: new Date(now),
    slaMinutes: SLA_MINUTES,
    idleAfterHours: 4,
    timezone: TIMEZONE,
  });
  const agent = async (now?: number) => {
    const query = { agentId: AGENT, period: PERIOD, settings: settings(now) };
    return (await agentFigures(postgres.reads, ALL, query))!;
  };
  const division = () =>
    divisionFigures(postgres.reads, ALL, { division: 'sari', period: PERIOD, settings: settings() });

  /** A ticket that the agent took the moment it was opened. */
  beforeEach(async () => {
    view = analyticsView(TIMEZONE);
    const tables = [...view.tables, ...usersView().tables].map((name) => `read.${name}`);
    await postgres.writes.query(unchecked({ text: `truncate ${tables.join(', ')}`, values: [] }));
    const person = { userId: AGENT, name: 'Sari', email: 'a@test.saga', passwordHash: '-' };
    await happens(
      { type: 'UserRegistered', data: { ...person, role: 'sales_agent', division: 'sari' } },
      OPENED - 1,
    );
    await happens(opened(ticket), OPENED);
    await happens(
      { type: 'TicketTakenOver', data: { ...ticket, agentId: AGENT, agentDivision: 'sari' } },
      OPENED,
    );
  });

  it('a reply exactly at the limit keeps it', async () => {
    await replies(SLA_MINUTES * 60_000);
    expect((await agent()).sla_compliance_pct).to.equal(100);
  });
  it('a reply a millisecond after the limit misses it', async () => {
    await replies(SLA_MINUTES * 60_000 + 1);
    expect((await agent()).sla_compliance_pct).to.equal(0);
  });
  it('a wait that goes on counts once the limit is past, not at it', async () => {
    expect((await agent(OPENED + SLA_MINUTES * 60_000)).sla_compliance_pct).to.equal(null);
    expect((await agent(OPENED + SLA_MINUTES * 60_000 + 1)).sla_compliance_pct).to.equal(0);
  });
  it('a wait that ends without a reply counts when it was longer than the limit, not at it', async () => {
    const queued = { ...ticket, label: 'waiting_agent', waitingFor: null } as const;
    await happens({ type: 'TicketQueued', data: queued }, OPENED + SLA_MINUTES * 60_000);
    expect((await agent()).sla_compliance_pct).to.equal(null);
    const again = { ...ticket, agentId: AGENT, agentDivision: 'sari' } as const;
    await happens({ type: 'TicketTakenOver', data: again }, OPENED + 3_600_000);
    await happens({ type: 'TicketQueued', data: queued }, OPENED + 3_600_000 + SLA_MINUTES * 60_000 + 1);
    expect((await agent()).sla_compliance_pct).to.equal(0);
  });

  it('a quote corrected after Won, and nothing else, changes the discount rate', async () => {
    await crm({ crm_stage: 'Won', deal_value: 900, quote_value: 1_000, discount_given: 100 }, OPENED + 1_000);
    expect((await agent()).discount_rate_pct).to.equal(10);
    await crm({ quote_value: 2_000 }, OPENED + 2_000);
    expect((await agent()).discount_rate_pct).to.equal(5);
  });
  it('a discount corrected after Won, and nothing else, changes the discount rate', async () => {
    await crm({ crm_stage: 'Won', deal_value: 900, quote_value: 1_000, discount_given: 100 }, OPENED + 1_000);
    await crm({ discount_given: 250 }, OPENED + 2_000);
    const { discount_rate_pct, deal_value_avg } = await agent();
    expect({ discount_rate_pct, deal_value_avg }).to.deep.equal({
      discount_rate_pct: 25,
      deal_value_avg: 900,
    });
  });
  it('a reason corrected after Lost, and nothing else, moves to the new one', async () => {
    await crm({ crm_stage: 'Lost', lost_reason: 'price' }, OPENED + 1_000);
    expect((await division()).lost_reasons).to.include({ price: 1, competitor: 0 });
    await crm({ lost_reason: 'competitor' }, OPENED + 2_000);
    expect((await division()).lost_reasons).to.include({ price: 0, competitor: 1 });
    expect((await agent()).lost_reasons).to.include({ price: 0, competitor: 1 });
  });
  it('Won straight from Lost is won on its own day, valid, and lost no more', async () => {
    await crm(
      { crm_stage: 'Lost', lost_reason: 'price', deal_value: 700 },
      Date.parse('2026-06-30T03:00:00Z'),
    );
    expect((await division()).leads).to.deep.equal({ total: 1, valid: 0, won: 0, lost: 0 });
    await crm({ crm_stage: 'Won' }, OPENED + 86_400_000);
    const { leads, lost_reasons, revenue, cycle_time_avg } = await division();
    expect(leads).to.deep.equal({ total: 1, valid: 1, won: 1, lost: 0 });
    expect(lost_reasons).to.include({ price: 0 });
    expect([revenue, cycle_time_avg]).to.deep.equal([700, 1]);
    const before = await divisionFigures(postgres.reads, ALL, {
      division: 'sari',
      period: { from: '2026-06-01', to: '2026-06-30' },
      settings: settings(),
    });
    expect(before.leads).to.deep.equal({ total: 0, valid: 0, won: 0, lost: 0 });
  });
  it('sums of money are exact, also where one batch brings more than a number holds', async () => {
    const more = [3, 4, 5].map((n) => ({ ticketId: uuid(2, n), division: 'sari' as const }));
    const deals = [Number.MAX_SAFE_INTEGER, 3, Number.MAX_SAFE_INTEGER];
    await happen([
      ...more.map((one) => recordedAs(opened(one), OPENED)),
      ...more.map((one, n) =>
        recordedAs(crmUpdated(one, { crm_stage: 'Won', deal_value: deals[n] ?? 0 }, OPENED), OPENED),
      ),
    ]);
    const revenue = async (): Promise<unknown> => {
      const text = `select revenue::text from read.analytics_days where division = 'sari' and span = 'day'`;
      return (await postgres.writes.query(unchecked<{ revenue: string }>({ text, values: [] })))[0]?.revenue;
    };
    expect(await revenue()).to.equal(String(2n * BigInt(Number.MAX_SAFE_INTEGER) + 3n));
    await happen(
      more.map((one, n) => recordedAs(crmUpdated(one, { deal_value: n }, OPENED + 1_000), OPENED + 1_000)),
    );
    expect(await revenue()).to.equal('3');
  });
});
