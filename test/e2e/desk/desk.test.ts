/**
 * A working day of a desk through `client/` only. SCALE: how many people work, 11 of the staff at least; 30 for a long run.
 */
import { expect } from 'chai';
import { createServer } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import type { AddressInfo } from 'node:net';
import { DIVISIONS, type Division } from '../../../src/domain/vocabulary.ts';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { type Answers, dataOf, openScreen, type Screen } from './desk-screen.ts';

const STAFF = 11;
const PEOPLE = Math.max(STAFF, Number(process.env['SCALE'] ?? STAFF));
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** WhatsApp on loopback: it takes files and messages. */
async function whatsapp() {
  const sent: string[] = [];
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const isFile = req.url?.endsWith('/media') === true;
      if (!isFile) sent.push(Buffer.concat(chunks).toString('utf8'));
      const id = `wamid.desk${String(sent.length)}`;
      const body = isFile
        ? { id: 'file-1' }
        : { messaging_product: 'whatsapp', contacts: [], messages: [{ id }] };
      res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    sent,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
/** The smallest parts that are not the same, each with its path. */
function differencesOf(one: unknown, other: unknown, path = ''): readonly string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isObject(one) || !isObject(other))
    return [`${path}: ${JSON.stringify(one) ?? 'nothing'} | ${JSON.stringify(other) ?? 'nothing'}`];
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return names.flatMap((name) => differencesOf(one[name], other[name], `${path}.${name}`));
}

describe(`a working day of ${String(PEOPLE)} people`, function () {
  this.timeout(PEOPLE > STAFF ? 1_200_000 : 300_000);
  let app: TestProgram;
  let channel: Awaited<ReturnType<typeof whatsapp>>;
  const answers: Answers = { broken: [], count: 0 };
  const screens = new Map<string, Screen>();
  const agentsOf = new Map<Division, string[]>();
  const at = (key: string): Screen => {
    const screen = screens.get(key);
    if (!screen) throw new Error(`${key} is not at the desk`);
    return screen;
  };

  before(async () => {
    channel = await whatsapp();
    app = await startTestProgram({
      WHATSAPP_API_URL: `${channel.url}/v25.0`,
      META_GRAPH_URL: `${channel.url}/v25.0`,
      WHATSAPP_TOKEN: 'token-of-the-desk',
    });
    for (const division of DIVISIONS) agentsOf.set(division, [`agent.${division}`, `other.${division}`]);
    const keys = ['sa', 'tl', ...DIVISIONS.flatMap((one) => [...(agentsOf.get(one) ?? []), `viewer.${one}`])];
    for (const key of keys)
      screens.set(key, await openScreen(app.url, app.person(key).email, STAFF_PASSWORD, answers));
    for (let n = STAFF; n < PEOPLE; n += 1) {
      const division = DIVISIONS[n % 3] ?? 'sari';
      const email = `more${String(n)}.${division}@test.saga`;
      const person = { name: `Orang ${String(n)}`, email, password: STAFF_PASSWORD };
      dataOf(
        await at('sa').api.POST('/api/admin/users', { body: { ...person, role: 'sales_agent', division } }),
      );
      screens.set(email, await openScreen(app.url, email, STAFF_PASSWORD, answers));
      agentsOf.get(division)?.push(email);
    }
  });
  after(async () => {
    for (const screen of screens.values()) screen.close();
    await app.close();
    await channel.close();
  });

  /** What somebody writes to whom they wrote before. */
  const writes = async (division: Division, phone: string, message: string): Promise<void> =>
    app.webhook({
      ...{
        event: 'message',
        sender: 'customer',
        user_id: `wa_${phone.replace(/\D/g, '')}`,
        channel: 'whatsapp',
      },
      ...{ division, bot_id: division, message, timestamp: new Date().toISOString() },
      ...{ message_id: `desk-${message}`, is_office_hours: true },
    });

  /** Two people who want a customer, and what the one who gets them does all day. */
  async function workIn(division: Division): Promise<string[]> {
    const agents = agentsOf.get(division) ?? [];
    for (const key of agents)
      dataOf(await at(key).api.POST('/api/agent/status', { body: { status: 'online' } }));
    const tickets = await app.openTickets(division, agents.length + 1);
    for (const [n, id] of tickets.slice(0, agents.length).entries()) {
      const path = { id };
      const rivals = [agents[n] ?? '', agents[(n + 1) % agents.length] ?? ''];
      const tries = await Promise.all(
        rivals.map((key) =>
          at(key).api.POST('/api/admin/ticket/{id}/self-takeover', { params: { path }, body: {} }),
        ),
      );
      const won = tries.findIndex(({ data }) => data !== undefined);
      expect(tries.map(({ error }) => error?.error.code).filter((code) => code !== undefined)).to.deep.equal([
        'TICKET_ALREADY_TAKEN',
      ]);
      await serve(division, at(rivals[won] ?? ''), id, n);
    }
    // The bot gives the last one up: somebody who is there gets it.
    const [last = ''] = tickets.slice(-1);
    await app.handoff(last);
    await eventually('the router gave it to somebody', async () => {
      const { ticket } = dataOf(
        await at('tl').api.GET('/api/admin/ticket/{id}', { params: { path: { id: last } } }),
      );
      return ticket.assigned_to !== null;
    });
    return tickets;
  }

  async function serve(division: Division, agent: Screen, id: string, n: number): Promise<void> {
    const { api } = agent;
    const path = { id };
    await agent.open(id);
    const { ticket } = dataOf(await api.GET('/api/admin/ticket/{id}', { params: { path } }));
    const form = new FormData();
    form.append('file', new Blob([PNG], { type: 'image/png' }), 'peti.png');
    const file = dataOf(
      await api.POST('/api/admin/ticket/{id}/media', {
        params: { path },
        body: { file: '' },
        bodySerializer: () => form,
      }),
    );
    const body = {
      message: `Halo, saya bantu nomor ${String(n)}`,
      media_ids: [file.media_id],
      client_ref: `r${String(n)}`,
    };
    dataOf(await api.POST('/api/admin/ticket/{id}/reply', { params: { path }, body }));
    await writes(division, ticket.customer_phone ?? '', `Ongkir peti ${division} ${String(n)} berapa?`);
    dataOf(await api.POST('/api/admin/ticket/{id}/read', { params: { path }, body: {} }));
    dataOf(
      await api.PATCH('/api/admin/ticket/{id}/crm', {
        params: { path },
        body: {
          crm_stage: 'Qualified',
          origin_city: 'Jakarta',
          destination_city: 'Batam',
          quote_value: 1_000_000,
        },
      }),
    );
    dataOf(
      await api.POST('/api/admin/ticket/{id}/tag', {
        params: { path },
        body: { action: 'add', tag: 'peti' },
      }),
    );
    const until = new Date(Date.now() + 3_600_000).toISOString();
    dataOf(await api.POST('/api/admin/ticket/{id}/snooze', { params: { path }, body: { until } }));
    dataOf(await api.POST('/api/admin/ticket/{id}/unsnooze', { params: { path }, body: {} }));
    dataOf(
      await api.POST('/api/admin/ticket/{id}/followup', {
        params: { path },
        body: { message: 'Halo {{name}}, apakah masih berminat?' },
      }),
    );
    if (n > 0) return;
    const sold = { crm_stage: 'Won' as const, deal_value: 1_000_000 };
    dataOf(await api.PATCH('/api/admin/ticket/{id}/crm', { params: { path }, body: sold }));
  }

  /** What those who lead do: notes, merging, releasing, a blast, figures. */
  async function lead(division: Division, tickets: readonly string[]): Promise<void> {
    const { api } = at('tl');
    const [first = '', second = ''] = tickets;
    const seen = async (id: string) =>
      dataOf(await api.GET('/api/admin/ticket/{id}', { params: { path: { id } } })).ticket;
    const path = { id: second };
    const { assigned_to: has } = await seen(second);
    const note = { content: 'Tolong telepon gudang', ...(has && { tagged_agent_id: has.id }) };
    dataOf(await api.POST('/api/admin/ticket/{id}/internal-message', { params: { path }, body: note }));
    dataOf(await api.POST('/api/admin/ticket/{id}/release', { params: { path }, body: { to: 'bot' } }));
    const [one, other] = [await seen(first), await seen(second)];
    dataOf(
      await api.POST('/api/admin/customer/{id}/merge', {
        params: { path: { id: one.customer_id } },
        body: { customer_id: other.customer_id, join_tickets: true },
      }),
    );
    const found = dataOf(
      await api.GET('/api/admin/search', { params: { query: { q: `peti ${division} ongkir`, division } } }),
    );
    expect(found.hits.length).to.be.greaterThan(0);
    const figures = dataOf(
      await api.GET('/api/admin/analytics/division/{div}', {
        params: { path: { div: division }, query: { granularity: 'day' } },
      }),
    );
    expect(figures.leads.won).to.be.greaterThan(0);
    expect(figures.escalations).to.be.greaterThan(0);
  }

  async function blast(): Promise<void> {
    const template = { name: 'sapa', body: 'Halo {{name}}', language: 'id', whatsapp_template_name: 'sapa' };
    const { id: template_id } = dataOf(await at('sa').api.POST('/api/admin/templates', { body: template }));
    const wanted = {
      filter: { division: 'sari' as const, tags: ['peti'] },
      template_id,
      message: 'Halo {{name}}',
    };
    const plan = dataOf(await at('agent.sari').api.POST('/api/admin/blast/preview', { body: wanted }));
    expect(plan.sendable).to.be.greaterThan(0);
    const made = dataOf(await at('agent.sari').api.POST('/api/admin/blast/create', { body: wanted }));
    const path = { id: made.blast_id };
    const own = await at('agent.sari').api.POST('/api/admin/blast/{id}/approve', {
      params: { path },
      body: {},
    });
    expect(own.error?.error.code).to.equal('FORBIDDEN');
    dataOf(await at('tl').api.POST('/api/admin/blast/{id}/approve', { params: { path }, body: {} }));
    await eventually('the blast is done', async () => {
      const { status } = dataOf(await at('tl').api.GET('/api/admin/blast/{id}/status', { params: { path } }));
      return status === 'done';
    });
  }

  /** @throws with what is different, and only that */
  async function showsWhatIsThere(key: string, { shown, fresh }: Screen): Promise<void> {
    let different: readonly string[] = [];
    await eventually(`${key} sees what is there`, async () => {
      const there = await fresh();
      different = differencesOf(shown(), there);
      return different.length === 0;
    }).catch(() => {
      throw new Error(`${key} shows, and a fresh load:\n${different.slice(0, 6).join('\n')}`);
    });
  }

  it('leaves every list as a fresh load shows it, and no answer of a broken server', async () => {
    const days = await Promise.all(DIVISIONS.map(async (one) => [one, await workIn(one)] as const));
    await blast();
    for (const [division, tickets] of days) await lead(division, tickets);
    for (const screen of screens.values())
      dataOf(await screen.api.POST('/api/notifications/read', { body: { all: true } }));
    for (const [key, screen] of screens) await showsWhatIsThere(key, screen);
    expect(channel.sent.some((text) => text.includes('"type":"image"'))).to.equal(true);
    expect(answers.broken).to.deep.equal([]);
  });
});
