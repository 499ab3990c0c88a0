import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import { history } from '../../../src/http/audit/history.ts';
import type { EventStore, StoredEvent } from '../../../src/ports.ts';
import {
  createProjectionStatus,
  type ProjectionStatus,
} from '../../../src/engine/projections/projection-status.ts';
import { localFanout } from '../../projections/desk.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { eventually } from '../../support/eventually.ts';
import type { Reply } from '../../support/http/http.ts';

/** After a story in which everything happens once. */
const RANDOM_STEPS = 25;
const MOMENTS = 200;
const AGENTS = ['agent.sari', 'other.sari', 'agent.savi'];

/** The same history every time, as far as the machine's clock lets it: chance with a seed. */
function chance(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (low: number, high: number): number => low + Math.floor(next() * (high - low + 1)),
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
  };
}

/** What `GET ticket` showed, and between which moments nothing happened. */
interface Dump {
  readonly id: string;
  readonly shown: Record<string, unknown>;
  /** Where the store ended. */
  readonly position: string;
  readonly from: number;
  /** When the next step began. */
  until: number;
}

const atOf = ({ metadata }: StoredEvent): number => Date.parse((metadata as { at: string }).at);

describe('the history of a ticket over HTTP', () => {
  let app: TestProgram;
  let store: EventStore;
  let postgres: Postgres;
  let projectionStatus: ProjectionStatus;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
    const logger = app.log;
    store = await createPostgresEventStore({ connection: app.databaseUrl, logger });
    postgres = createPostgres({ url: app.databaseUrl, logger, poolSize: 2 });
    const write = postgres.writes;
    projectionStatus = createProjectionStatus({
      store,
      write,
      pubSub: localFanout(),
      clock: systemClock,
      pollMs: 20,
    });
  });
  after(async () => {
    projectionStatus.close();
    await postgres.close();
    await store.close();
    await app.close();
  });

  async function ask(id: string, query = '', as = 'sa'): Promise<Reply> {
    const reply = await app.get(`/api/admin/ticket/${id}/history${query}`, as);
    expectDocumented(history, reply);
    return reply;
  }
  const codeOf = ({ status, json }: Reply): string => (status < 300 ? 'ok' : json.error.code);
  interface Event {
    readonly id: string;
    readonly type: string;
    readonly stream: string;
    readonly timestamp: string;
    readonly actor: { readonly id: string; readonly name: string } | null;
    readonly actor_kind: string;
    readonly actor_role: string | null;
    readonly reason?: string;
    readonly changes: readonly { readonly field: string; readonly from: unknown; readonly to: unknown }[];
    readonly data: Record<string, unknown>;
  }
  const eventsOf = ({ json }: Reply) => json.data['events'] as Event[];

  describe('of a generated talk', () => {
    const pick = chance(20_261_120);
    let dumps: Dump[];
    let everything: StoredEvent[];

    /** The past has no reader: what depends on who asks is not in it. */
    const OF_THE_READER = /^(can|unread_count|previous_ticket_count|last_delivery_status)$/;
    const withoutReader = (ticket: object): object =>
      Object.fromEntries(Object.entries(ticket).filter(([member]) => !OF_THE_READER.test(member)));

    /** The ticket as the read tables show it when they have caught up with a store that stands still meanwhile. */
    const dump = (id: string): Promise<Dump> =>
      eventually(
        'the store stands still',
        async () => {
          const position = await store.head();
          await projectionStatus.waitFor(position, 20_000);
          const from = Date.now();
          const { json } = await app.get(`/api/admin/ticket/${id}`, 'sa');
          if ((await store.head()) !== position) return undefined;
          const { ticket, crm } = json.data as { ticket: object; crm: object };
          return { id, shown: { ticket: withoutReader(ticket), crm }, position, from, until: Date.now() };
        },
        30_000,
      );

    async function says(id: string, what: object): Promise<void> {
      const { json } = await app.get(`/api/admin/ticket/${id}`, 'sa');
      const { customer_phone, division } = json.data['ticket'] as Record<string, string>;
      await app.webhook({
        user_id: `wa_${customer_phone!.replace(/\D/g, '')}`,
        channel: 'whatsapp',
        division,
        timestamp: new Date().toISOString(),
        is_office_hours: true,
        ...what,
      });
    }

    let serial = 0;
    const unique = (word: string): string => `${word}-${String((serial += 1))}`;

    const handoff = (id: string) =>
      says(id, { event: 'handoff', reason: 'minta orang', message_id: unique('h') });

    /** Whatever somebody may do to a ticket, as a story; what is refused changes nothing, which is fine. */
    const actions: readonly ((id: string) => Promise<unknown>)[] = [
      (id) => says(id, { message: unique('halo \u{1F69A} apa kabar'), message_id: unique('m') }),
      (id) => says(id, { message: unique('baik'), message_id: unique('m') }),
      (id) => says(id, { sender: 'bot', message: unique('bot'), message_id: unique('b'), confidence: 0.7 }),
      (id) =>
        says(id, {
          event: 'lead_detected',
          message_id: unique('l'),
          fields: { origin_city: pick.one(['Jakarta', 'Bandung']), deal_value: pick.between(1, 9) * 1_000 },
          confidence: 0.9,
        }),
      (id) => app.post(`/api/admin/ticket/${id}/self-takeover`, {}, pick.one(['agent.sari', 'other.sari'])),
      (id) =>
        app.post(
          `/api/admin/ticket/${id}/assign`,
          {
            assign_to: app.person(pick.one(AGENTS)).id,
            note: unique('n'),
          },
          'tl',
        ),
      async (id) => {
        const { json } = await app.get(`/api/admin/ticket/${id}`, 'sa');
        const { assigned_to } = json.data['ticket'] as { assigned_to: { id: string } | null };
        const [to = ''] = AGENTS.map((key) => app.person(key).id).filter((one) => one !== assigned_to?.id);
        const body = { from_agent: assigned_to?.id ?? to, to_agent: to, reason: 'giliran' };
        await app.post(`/api/admin/ticket/${id}/reassign`, body, 'sa');
      },
      handoff,
      async (id) => {
        for (const as of AGENTS)
          await app.post(`/api/admin/ticket/${id}/reply`, { message: unique('jawaban') }, as);
      },
      (id) => app.post(`/api/admin/ticket/${id}/reply-as-sa`, { message: unique('dari tim') }, 'sa'),
      (id) =>
        app.post(
          `/api/admin/ticket/${id}/tag`,
          { action: pick.one(['add', 'add', 'remove']), tag: pick.one(['vip', 'ulang']) },
          'tl',
        ),
      (id) =>
        app.patch(
          `/api/admin/ticket/${id}/crm`,
          pick.one([
            { crm_stage: 'Qualified', crm_fields: { service_type: 'motor' } },
            { crm_stage: 'Proposal', quote_value: pick.between(1, 9) * 100_000 },
            { origin_city: null, deal_value: pick.between(1, 9) * 100_000 },
            { crm_stage: 'Lost', lost_reason: 'price' },
          ]),
          'tl',
        ),
      (id) => app.post(`/api/admin/ticket/${id}/close`, { reason: 'selesai' }, 'tl'),
      (id) => app.post(`/api/admin/ticket/${id}/reopen`, {}, 'tl'),
      (id) => app.post(`/api/admin/ticket/${id}/internal-message`, { content: unique('catatan') }, 'tl'),
      () =>
        app.patch(
          `/api/admin/users/${app.person(pick.one(['agent.sari', 'other.sari'])).id}`,
          { name: unique('Nama') },
          'sa',
        ),
      () =>
        app.post(
          '/api/agent/status',
          { status: pick.one(['online', 'offline']) },
          pick.one(['agent.sari', 'other.sari']),
        ),
    ];

    before(async function () {
      this.timeout(120_000);
      const ids = await app.openTickets('sari', 3);
      dumps = await Promise.all(ids.map(dump));
      const [story = '', left = ''] = ids;
      const steps = [
        ...actions.map((action) => () => action(story)),
        () => handoff(left),
        ...Array.from({ length: RANDOM_STEPS }, () => () => pick.one(actions)(pick.one(ids))),
      ];
      for (const step of steps) {
        const began = Date.now();
        for (const last of dumps.slice(-ids.length)) last.until = began;
        await step();
        dumps.push(...(await Promise.all(ids.map(dump))));
      }
      everything = [];
      const stop = new AbortController();
      for await (const batch of store.subscribe({ after: '', signal: stop.signal })) {
        everything.push(...batch.events);
        if (batch.caughtUp) stop.abort();
      }
      // Work on its way at the time of a dump (`at` is taken before the append) belongs to the time after it.
      for (const one of dumps) {
        const late = everything.filter(({ position }) => position > one.position).map(atOf);
        one.until = Math.min(one.until, ...late.map((at) => at - 1));
      }
    });

    it(`is, at ${String(MOMENTS)} random moments, what was dumped live at that moment`, async function () {
      this.timeout(60_000);
      const quiet = dumps.filter(({ from, until }) => from <= until);
      expect(quiet.length).to.be.above(dumps.length * 0.8);
      const compare = async ({ id, shown, from, until }: Dump): Promise<void> => {
        const at = new Date(pick.between(from, until)).toISOString();
        const { json, status, text } = await ask(id, `?as_of=${at}&limit=1`);
        expect(status, text).to.equal(200);
        expect({ ticket: json.data['ticket'], crm: json.data['crm'] }, at).to.deep.equal(shown);
        expect(json.meta?.['as_of']).to.equal(at);
      };
      for (let n = 0; n < MOMENTS; n += 4) {
        await Promise.all([1, 2, 3, 4].map(() => compare(pick.one(quiet))));
      }
    });

    it('was eventful', () => {
      const types = new Set(everything.map(({ type }) => type));
      expect([...types]).to.include.members([
        'TicketTakenOver',
        'TicketAssigned',
        'TicketReassigned',
        'TicketQueued',
        'TicketTagged',
        'TicketClosed',
        'TicketReopened',
        'CrmUpdated',
        'AgentReplied',
        'TeamReplied',
        'BotReplied',
        'InternalNotePosted',
        'UserRenamed',
      ]);
    });

    it('is the same by revision, where the last that happened was to the ticket itself', async function () {
      this.timeout(60_000);
      let compared = 0;
      for (const { id, shown, position } of dumps) {
        const then = everything.filter((event) => event.position <= position);
        const own = then.filter(({ stream }) => stream === `ticket-${id}`).at(-1)!;
        const after = then.filter((event) => event.position > own.position);
        if (after.some(({ stream }) => stream.startsWith('user-') || stream === `conversation-${id}`))
          continue;
        compared += 1;
        const { json } = await ask(id, `?revision=${String(own.revision)}&limit=1`);
        expect({ ticket: json.data['ticket'], crm: json.data['crm'] }).to.deep.equal(shown);
        expect(json.meta).to.deep.include({
          revision: Number(own.revision),
          as_of: (own.metadata as { at: string }).at,
        });
      }
      expect(compared).to.be.above(10);
    });

    it('tells every event once, page by page, and what each changed leads to the state', async function () {
      this.timeout(60_000);
      const { id, shown } = dumps.at(-1)!;
      const at = new Date().toISOString();
      const pages: Event[][] = [];
      let cursor: string | undefined;
      do {
        const more = cursor === undefined ? '' : `&cursor=${cursor}`;
        const reply = await ask(id, `?as_of=${at}&limit=7${more}`);
        pages.unshift(eventsOf(reply));
        cursor = reply.json.meta?.['next_cursor'] as string | undefined;
      } while (cursor !== undefined);
      const told = pages.flat();
      const streams = ['ticket', 'conversation', 'internal'].map((kind) => `${kind}-${id}`);
      const stored = everything.filter(({ stream }) => streams.includes(stream));
      const main = told.filter(({ stream }) => streams.includes(stream));
      expect(main.map((event) => event.id)).to.deep.equal(stored.map((event) => event.id));
      const fields: Record<string, unknown> = {};
      for (const { field, to } of main.flatMap(({ changes }) => changes)) fields[field] = to;
      for (const [field, value] of Object.entries(shown['ticket'] as object)) {
        if (field === 'updated_at' || field === 'version') continue;
        expect(fields[field] ?? null, field).to.deep.equal(value);
      }
    });
  });

  it('says who did what and why, and keeps L2 and the words of the talk from who may not read them', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    const agent = app.person('agent.sari');
    const { id: to } = agent;
    await app.post(`/api/admin/ticket/${id}/assign`, { assign_to: to, note: 'kenal pelanggan' }, 'tl');
    await app.post(`/api/admin/ticket/${id}/internal-message`, { content: 'rahasia dapur' }, 'tl');
    const full = await ask(id, '', 'tl');
    expect(full.json.meta).to.include({ internal_notes: true, limit: 100 });
    const assigned = eventsOf(full).find(({ type }) => type === 'TicketAssigned')!;
    expect(assigned).to.deep.include({
      actor_kind: 'user',
      actor_role: 'team_lead',
      reason: 'kenal pelanggan',
    });
    expect(assigned.actor).to.deep.equal({ id: app.person('tl').id, name: 'tl' });
    expect(assigned.changes).to.deep.include({ field: 'status', from: 'new', to: 'in_progress' });
    expect(full.text).to.include('rahasia dapur').and.to.include('Halo dari');

    const patched = await app.patch(
      `/api/admin/users/${app.person('tl').id}`,
      { privileges: { granted: [], revoked: ['internal_read', 'messages_read'] } },
      'sa',
    );
    expect(patched.status, patched.text).to.equal(200);
    await app.signInAgain('tl');
    const less = await ask(id, '', 'tl');
    expect(less.json.meta).to.include({ internal_notes: false });
    expect(JSON.stringify(eventsOf(less).map(({ data }) => data)))
      .to.not.include('Halo dari')
      .and.not.include('rahasia');
    expect(eventsOf(less).map(({ stream }) => stream)).to.not.include(`internal-${id}`);
    await app.patch(
      `/api/admin/users/${app.person('tl').id}`,
      { privileges: { granted: [], revoked: [] } },
      'sa',
    );
    await app.signInAgain('tl');

    // An agent who may audit because a super admin allowed it: the notes only while the ticket is theirs.
    await app.patch(`/api/admin/users/${to}`, { privileges: { granted: ['audit_read'], revoked: [] } }, 'sa');
    await app.signInAgain('agent.sari');
    expect((await ask(id, '', 'agent.sari')).json.meta).to.include({ internal_notes: true });
    const [other = ''] = await app.openTickets('sari', 1);
    expect((await ask(other, '', 'agent.sari')).json.meta).to.include({ internal_notes: false });
    const [foreign = ''] = await app.openTickets('savi', 1);
    expect(codeOf(await ask(foreign, '', 'agent.sari'))).to.equal('DIVISION_FORBIDDEN');
  });

  it('refuses what it cannot answer, with a code that says why', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    const cases: readonly [query: string, code: string][] = [
      ['?as_of=2020-01-01T00:00:00Z', 'NOT_THERE_THEN'],
      ['?as_of=2020-01-01', 'NOT_THERE_THEN'],
      ['?revision=99', 'NOT_THERE_THEN'],
      ['?as_of=2126-01-01T00:00:00Z', 'ok'],
      ['?as_of=2126-01-01', 'ok'],
      ['?revision=0', 'ok'],
      ['?revision=0&as_of=2126-01-01', 'VALIDATION_FAILED'],
      ['?revision=-1', 'VALIDATION_FAILED'],
      ['?as_of=kemarin', 'VALIDATION_FAILED'],
      ['?as_of=2026-02-30', 'VALIDATION_FAILED'],
      ['?cursor=x', 'VALIDATION_FAILED'],
    ];
    for (const [query, code] of cases) {
      const reply = await ask(id, query);
      expect(codeOf(reply), `${query} ${reply.text}`).to.equal(code);
    }
    expect(codeOf(await ask(app.person('sa').id))).to.equal('TICKET_NOT_FOUND');
    const { json } = await ask(id, '?as_of=2126-01-01');
    expect(Date.parse(json.meta?.['as_of'] as string), 'the future is now').to.be.at.most(Date.now());
  });
});
