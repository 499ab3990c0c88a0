/**
 * Whoever sees one division changes nothing of another, whatever single privilege they were granted
 * (docs/design/reliability.md#divisions-bind-writes).
 */
import { expect } from 'chai';
import pLimit from 'p-limit';
import { NEVER_GRANTED, PRIVILEGES, type Privilege } from '../../src/domain/staff/privileges.ts';
import type { Role } from '../../src/domain/vocabulary.ts';
import type { Route } from '../../src/http/framework/route.ts';
import { routes } from '../../src/http/routes.ts';
import { eventually } from '../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';
import {
  INVOICE_REFUSALS,
  invoiceAttacks,
  visitAttacks,
  visitWish,
  invoiceOfSavi,
} from '../support/scenarios/field-service/attacks.ts';
import { readFaqFile } from '../../src/adapters/chat/faq-files.ts';
import { visit } from '../support/http/chat.ts';
import { bearer, posting, type Reply } from '../support/http/http.ts';
import { WITHOUT_DIVISION } from '../support/http/without-division.ts';

/** What a person of one division may hear about another: that it is not theirs, and nothing of how things stand there. */
const REFUSALS = [
  'FORBIDDEN',
  'DIVISION_FORBIDDEN',
  'BLAST_NOT_FOUND',
  'CUSTOMER_NOT_FOUND',
  'JOB_NOT_FOUND',
  'INVOICE_NOT_FOUND',
];
/** What a super admin hears of the same requests: they were understood, and only the state says no. */
const OF_THE_STATE = [
  ...INVOICE_REFUSALS,
  'SECOND_FACTOR_MISSING',
  'NOT_ASSIGNEE',
  'NOT_ASSIGNED',
  'ASSIGNEE_CHANGED',
  'CUSTOMER_HAS_OPEN_TICKET',
  'CUSTOMER_HAS_OPEN_WORK',
  'BLAST_NOT_PENDING',
  'BLAST_NOT_SENDING',
  'BLAST_NOT_PAUSED',
  'BLAST_OVER',
  'MESSAGE_NOT_FOUND',
  'LINE_CANNOT',
  'JOB_NOT_ASSIGNED',
  'JOB_NOT_DONE',
  'JOB_CLOSED',
];

interface Bound {
  readonly what: string;
  readonly id: string;
  readonly token: string;
}

describe('attack: a grant that reaches into another division', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let bound: readonly Bound[] = [];
  let template = '';
  let blast = '';
  let ours = '';
  let theirs = '';
  let [customer, visitOfTheirs] = ['', ''];
  let invoice = '';
  /** Session of somebody who chats with savi. */
  let visitor = '';
  const writes = routes.filter(({ method }) => method !== 'get');

  /** A person of sari of that role, with these privileges on top. */
  async function hire(role: Role, granted: readonly Privilege[], what: string): Promise<Bound> {
    const email = `${what}@test.saga`.replaceAll(' ', '.');
    const wanted = { name: what, email, password: STAFF_PASSWORD, role, division: 'sari' };
    const made = await app.post('/api/admin/users', wanted, 'sa');
    expect(made.status, made.text).to.equal(201);
    const id = made.json.data['user_id'] as string;
    const patched = await app.patch(`/api/admin/users/${id}`, { privileges: { granted, revoked: [] } }, 'sa');
    expect(patched.status, patched.text).to.equal(200);
    const signedIn = await app.signIn(email);
    return { what, id, token: signedIn.json.data['token'] as string };
  }

  before(async () => {
    app = await startTestProgram();
    [ours = ''] = await app.openTickets('sari', 1);
    [theirs = ''] = await app.openTickets('savi', 1);
    const chat = await visit(app.url, 'savi');
    await chat.say('halo');
    visitor = chat.sessionId;
    const shown = await app.get(`/api/admin/ticket/${theirs}`, 'sa');
    customer = (shown.json.data['ticket'] as { customer_id: string }).customer_id;
    const wish = { ...visitWish, customer_id: customer };
    const opened = await app.post('/api/admin/jobs', wish, 'dispatcher.savi');
    visitOfTheirs = opened.json.data['job_id'] as string;
    invoice = await invoiceOfSavi(app.program.commands.handler);
    const words = { name: 'tanya kabar', body: 'Halo {{name}}', whatsapp_template_name: 'tanya_kabar' };
    template = (await app.post('/api/admin/templates', words, 'sa')).json.data['id'] as string;
    const wanted = { recipients: [theirs], template_id: template, message: 'Halo' };
    blast = (await app.post('/api/admin/blast/create', wanted, 'other.savi')).json.data['blast_id'] as string;
    const wishes = (['sales_agent', 'viewer'] as const).flatMap((role) => [
      ...PRIVILEGES.filter((one) => !NEVER_GRANTED[role].includes(one)).map(
        (one) => [role, [one], one] as const,
      ),
      [role, PRIVILEGES.filter((one) => !NEVER_GRANTED[role].includes(one)), 'everything'] as const,
    ]);
    // Each of them is hashed a password twice: all at once they would wait longer than the store is waited for.
    const few = pLimit(6);
    bound = await Promise.all(
      wishes.map(([role, granted, what]) => few(() => hire(role, granted, `${role} ${what}`))),
    );
  });
  after(() => app.close());

  /** Requests that would change something of savi, each with a body that the route accepts. */
  function attemptsOn({
    name,
  }: Route): readonly { readonly about?: string; readonly body?: object }[] | undefined {
    const agent = app.person('agent.savi').id;
    const own = app.person('agent.sari').id;
    const start = { start: '2026-07-01', end: '2026-07-31' };
    const anybody = { email: 'baru.savi@test.saga', name: 'Baru', password: STAFF_PASSWORD };
    const attempts: Readonly<Record<string, readonly { about?: string; body?: object }[]>> = {
      selfTakeover: [{ about: theirs }],
      assign: [
        { about: theirs, body: { assign_to: own } },
        { about: ours, body: { assign_to: agent } },
      ],
      reassign: [
        { about: theirs, body: { from_agent: agent, to_agent: own } },
        { about: ours, body: { from_agent: own, to_agent: agent } },
      ],
      tagTicket: [{ about: theirs, body: { action: 'add', tag: 'penting' } }],
      updateCrm: [{ about: theirs, body: { crm_stage: 'Qualified', origin_city: 'Batam' } }],
      closeTicket: [{ about: theirs }],
      reopenTicket: [{ about: theirs }],
      releaseTicket: [{ about: theirs, body: { to: 'queue' } }],
      snoozeTicket: [{ about: theirs, body: { until: new Date(Date.now() + 3_600_000).toISOString() } }],
      unsnoozeTicket: [{ about: theirs }],
      markTicketRead: [{ about: theirs }],
      sayTyping: [
        { about: theirs, body: { layer: 'L1' } },
        { about: theirs, body: { layer: 'L2' } },
      ],
      sayViewing: [{ about: theirs }],
      reply: [{ about: theirs, body: { message: 'Selamat siang' } }],
      uploadMedia: [{ about: theirs }],
      replyAsSa: [{ about: theirs, body: { message: 'Selamat siang' } }],
      replyToConversation: [{ body: { conversation_id: theirs, message: 'Selamat siang' } }],
      restartLine: [{ about: 'PHONE_ID_002' }],
      testLine: [{ about: 'PHONE_ID_002', body: { to: '+6281200000001' } }],
      ['sendFollowup']: [{ about: theirs, body: { message: 'Apakah masih berminat?' } }],
      ['previewFollowup']: [{ about: theirs, body: { message: 'Apakah masih berminat?' } }],
      resendMessage: [{ about: theirs }],
      editCustomer: [{ about: customer, body: { notes: 'catatan' } }],
      mergeCustomers: [{ about: customer, body: { customer_id: customer } }],
      optOutCustomer: [{ about: customer, body: { reason: 'minta' } }],
      optInCustomer: [{ about: customer, body: { reason: 'minta' } }],
      postInternalMessage: [{ about: theirs, body: { content: 'catatan' } }],
      eraseCustomer: [{ about: customer }],
      registerCustomer: [{ body: { division: 'savi', name: 'Baru', phone: '62877000001' } }],
      correctCustomer: [{ about: customer, body: { notes: 'catatan' } }],
      archiveCustomer: [{ about: customer }],
      unarchiveCustomer: [{ about: customer }],
      deleteCustomer: [{ about: customer }],
      replayDeadLetters: [{}],
      previewBlast: [
        { body: { recipients: [ours, theirs], template_id: template, message: 'Halo' } },
        { body: { filter: { division: 'savi' }, template_id: template, message: 'Halo' } },
      ],
      createBlast: [
        { body: { filter: { division: 'savi' }, template_id: template, message: 'Halo' } },
        { body: { recipients: [theirs], template_id: template, message: 'Halo' } },
        { body: { recipients: [ours, theirs], template_id: template, message: 'Halo' } },
      ],
      approveBlast: [{ about: blast }],
      rejectBlast: [{ about: blast, body: { reason: 'Belum perlu' } }],
      pauseBlast: [{ about: blast }],
      resumeBlast: [{ about: blast }],
      cancelBlast: [{ about: blast }],
      exportExcel: [
        { body: { division: 'savi', date_range: start } },
        { body: { division: 'all', date_range: start } },
      ],
      exportInvoices: [{ body: { division: 'savi', date_range: start } }],
      exportJobs: [{ body: { division: 'savi', date_range: start } }],
      exportPdf: [{ body: { division: 'savi', report_type: 'division_summary', date_range: start } }],
      setPresence: [{ about: agent, body: { status: 'offline' } }],
      createUser: [
        { body: { ...anybody, role: 'sales_agent', division: 'savi' } },
        { body: { ...anybody, email: 'baru.all@test.saga', role: 'viewer', division: 'all' } },
      ],
      patchUser: [
        { about: agent, body: { name: 'Nama lain' } },
        { about: own, body: { division: 'savi' } },
      ],
      resetPassword: [{ about: agent, body: { password: 'kata sandi orang lain' } }],
      resetTotp: [{ about: agent }],
      issueTelegramCode: [{ about: agent }],
      unlinkTelegram: [{ about: agent }],
      setPrivileges: [{ about: 'viewer', body: { privileges: ['inbox_read', 'messages_read'] } }],
      setOfficeHours: [{ about: 'savi', body: { schedules: [] } }],
      putOfficeHours: [{ about: 'savi', body: { schedules: [] } }],
      ...visitAttacks({
        theirs,
        customer,
        visit: visitOfTheirs,
        technician: app.person('technician.savi').id,
      }),
      ...invoiceAttacks(invoice, visitOfTheirs),
      claimChat: [{ body: { session_id: visitor } }],
      sendChat: [{ body: { session_id: visitor, message: 'Selamat siang' } }],
      putFaq: [{ about: 'savi', body: readFaqFile('savi') }],
      rollbackFaq: [{ about: 'savi', body: { version: 0 } }],
      tryFaq: [{ about: 'savi', body: { text: 'biaya' } }],
    };
    return attempts[name];
  }

  const send = (route: Route, attempt: { about?: string; body?: object }, token: string): Promise<Reply> =>
    app.call(
      route.path
        .replace(/:(id|role|div)/, attempt.about ?? '')
        .replace(':message_id', theirs)
        .replace(':day', '2030-01-09')
        .replace(':document', route.method === 'put' ? 'bukti' : theirs),
      {
        ...posting(attempt.body ?? {}, token),
        method: route.method.toUpperCase(),
      },
    );

  it('knows every route that writes', () => {
    for (const route of writes) {
      const known = attemptsOn(route) !== undefined || WITHOUT_DIVISION[route.name] !== undefined;
      expect(known, `${route.name}: attack it, or say why it has no division`).to.equal(true);
    }
  });

  for (const route of writes.filter(({ name }) => WITHOUT_DIVISION[name] === undefined))
    it(`${route.name}: ${route.method.toUpperCase()} ${route.path}`, async () => {
      for (const attempt of attemptsOn(route) ?? []) {
        for (const { what, token } of bound) {
          const reply = await send(route, attempt, token);
          const got = reply.status < 300 ? 'done' : reply.json.error.code;
          expect(REFUSALS, `${what}: ${JSON.stringify(attempt)} -> ${got}`).to.include(got);
        }
      }
    });

  it('bulkTickets does nothing to a ticket of another division', async () => {
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const actions = [
      { kind: 'assign', to: app.person('agent.sari').id },
      { kind: 'tag', action: 'add', tag: 'penting' },
      { kind: 'close' },
      { kind: 'snooze', until },
    ];
    for (const action of actions) {
      for (const { what, token } of bound) {
        const body = { ticket_ids: [theirs], action };
        const reply = await app.call('/api/admin/tickets/bulk', posting(body, token));
        const [result] = (reply.json.data?.['results'] ?? []) as { ok: boolean; code?: string }[];
        const got = result === undefined ? reply.json.error.code : (result.code ?? 'done');
        expect(REFUSALS, `${what}: ${action.kind} -> ${got}`).to.include(got);
      }
    }
  });

  const getAs = (privilege: Privilege | 'everything', path: string): Promise<Reply> => {
    const person = bound.find(({ what }) => what === `sales_agent ${privilege}`);
    return app.call(path, { headers: bearer(person?.token) });
  };

  it('shows people, presence and their records of the own division only', async () => {
    const staff = (await getAs('manage_users', '/api/admin/users')).json.data['users'] as {
      division: string;
    }[];
    const desks = (await getAs('presence_read', '/api/agent/status/all')).json.data['agents'] as {
      division: string;
    }[];
    for (const people of [staff, desks]) {
      expect(people).not.to.have.length(0);
      expect(new Set(people.map(({ division }) => division))).to.deep.equal(new Set(['sari']));
    }
    const changed = await app.patch(
      `/api/admin/users/${app.person('other.savi').id}`,
      { name: 'Lain' },
      'sa',
    );
    expect(changed.status).to.equal(200);
    await app.signIn(app.person('other.savi').email);
    const hidden = app.person('other.savi').id;
    for (const [privilege, path] of [
      ['audit_read', '/api/admin/audit/access?limit=200'],
      ['manage_users', '/api/admin/audit-log?limit=200'],
    ] as const) {
      await eventually('the super admin reads of it', async () =>
        (await app.get(path, 'sa')).text.includes(hidden) ? true : undefined,
      );
      const reply = await getAs(privilege, path);
      expect(reply.status).to.equal(200);
      expect(reply.text).not.to.include(hidden);
      expect(reply.json.data['events']).not.to.have.length(0);
    }
  });

  it('shows no dead letter of another division, and none that names no division', async () => {
    const broken = { event: 'message', sender: 'customer', channel: 'whatsapp', message: 'Halo' };
    for (const division of ['sari', 'savi'])
      await app.webhook({ ...broken, division, user_id: `of ${division}`, timestamp: 'never' });
    await app.webhook({ ...broken, user_id: 'of nobody', message: '"division":"sari"' });
    const path = '/api/admin/webhook/dead-letters';
    const all = await eventually('three dead letters', async () => {
      const reply = await app.get(path, 'sa');
      return (reply.json.data['dead_letters'] as unknown[]).length === 3 ? reply : undefined;
    });
    expect(all.text).to.include('of savi').and.to.include('of nobody');
    const seen = (await getAs('dead_letters_read', path)).json.data['dead_letters'] as {
      payload: { user_id: string };
    }[];
    expect(seen.map(({ payload }) => payload.user_id)).to.deep.equal(['of sari']);
  });

  it('shows a blast to who may approve it only where all of its recipients are of their division', async () => {
    const approver = bound.find(({ what }) => what === 'sales_agent blast_approve');
    const wanted = { recipients: [ours], template_id: template, message: 'Halo' };
    const made = await app.post('/api/admin/blast/create', wanted, 'other.sari');
    const mixed = await app.post('/api/admin/blast/create', { ...wanted, recipients: [ours, theirs] }, 'tl');
    expect([made.status, mixed.status], made.text + mixed.text).to.deep.equal([201, 201]);
    const id = made.json.data['blast_id'] as string;
    const shown = await eventually('their own', async () => {
      const reply = await getAs('blast_approve', '/api/admin/blast');
      return reply.text.includes(id) ? reply : undefined;
    });
    for (const other of [blast, mixed.json.data['blast_id'] as string]) {
      expect(shown.text).not.to.include(other);
      expect((await getAs('blast_approve', `/api/admin/blast/${other}`)).status).to.equal(404);
      expect((await getAs('blast_approve', `/api/admin/blast/${other}/status`)).status).to.equal(404);
    }
    const reply = await app.call(`/api/admin/blast/${id}/approve`, posting({}, approver?.token));
    expect(reply.status, reply.text).to.equal(200);
    const notified = await app.get('/api/notifications', 'sa');
    expect(notified.status).to.equal(200);
  });

  it('was understood each time: a super admin is refused nothing but by the state', async () => {
    for (const route of writes) {
      const [attempt] = WITHOUT_DIVISION[route.name] === undefined ? (attemptsOn(route) ?? []) : [];
      if (!attempt) continue;
      const ofAgents = ['selfTakeover', 'claimChat'].includes(route.name);
      const ofTechnicians = ['job_pool', 'job_own', 'job_report'].includes(route.access);
      const as = ofAgents ? 'agent.savi' : ofTechnicians ? 'technician.savi' : 'sa';
      const reply = await send(route, attempt, app.person(as).token);
      if (reply.status >= 300)
        expect(OF_THE_STATE, `${route.name}: ${reply.text}`).to.include(reply.json.error.code);
    }
  });
});
