import { expect } from 'chai';
import { DEFAULT_PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { DIVISIONS, type Division, type Role, ROLES } from '../../../src/domain/vocabulary.ts';
import { readFaqFile } from '../../../src/adapters/chat/faq-files.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import { routes } from '../../../src/http/routes.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { EXPECTED } from './reviewed-roles.ts';
import { no } from './role-rows.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, posting, type Reply } from '../../support/http/http.ts';

const WHO: Readonly<Record<Role, string>> = {
  super_admin: 'sa',
  team_lead: 'tl',
  sales_agent: 'agent.sari',
  dispatcher: 'dispatcher.sari',
  technician: 'technician.sari',
  viewer: 'viewer.sari',
};

describe('every route for every role and division', () => {
  let app: TestProgram;
  const free = new Map<Division, string[]>();
  const customers = new Map<Division, string>();
  /** By what is done to them. */
  const jobs = new Map<Division, { planned: string; cancelled: string; pooled: string }>();
  let made = 0;
  let template = '';
  /** Templates that are each taken out once. */
  const spare: string[] = [];
  /** Pending, each to be used once. */
  const pending = new Map<Division, string[]>();

  before(async function () {
    this.timeout(120_000);
    app = await startTestProgram();
    const onTickets = routes.filter(({ path }) => path.includes('/ticket/:id')).length;
    for (const division of DIVISIONS) {
      const ids = await app.openTickets(division, onTickets * ROLES.length + 1);
      free.set(division, ids);
      const { json } = await app.get(`/api/admin/ticket/${ids[0] ?? ''}`, 'sa');
      customers.set(division, (json.data['ticket'] as { customer_id: string }).customer_id);
      const [planned = '', cancelled = '', pooled = ''] = await Promise.all(
        ['2030-02-01', '2030-02-02', '2030-02-03'].map(async (day) => {
          const opened = await app.post('/api/admin/jobs', jobBody(division, day), 'sa');
          return opened.json.data['job_id'] as string;
        }),
      );
      jobs.set(division, { planned, cancelled, pooled });
    }
    const words = { name: 'tanya kabar', body: 'Halo {{name}}', whatsapp_template_name: 'tanya_kabar' };
    template = (await app.post('/api/admin/templates', words, 'sa')).json.data['id'] as string;
    for (const n of DIVISIONS.flatMap((_, at) => ROLES.map((role) => `${role} ${String(at)}`))) {
      const { json } = await app.post('/api/admin/templates', { name: `cadangan ${n}`, body: 'Halo' }, 'sa');
      spare.push(json.data['id'] as string);
    }
    const onBlasts = routes.filter(({ path }) => path.includes('/blast/:id')).length;
    for (const division of DIVISIONS) {
      const blast = { recipients: free.get(division)?.slice(0, 1), template_id: template, message: 'Halo' };
      const ids: string[] = [];
      for (let n = 0; n < onBlasts * ROLES.length; n += 1) {
        const { json } = await app.post('/api/admin/blast/create', blast, `other.${division}`);
        ids.push(json.data['blast_id'] as string);
      }
      pending.set(division, ids);
    }
  });
  after(() => app.close());

  const windowOn = (day: string) => ({ from: `${day}T02:00:00.000Z`, to: `${day}T04:00:00.000Z` });
  const jobBody = (division: Division, day: string) => ({
    customer_id: customers.get(division),
    kind: { sari: 'survei_kargo', savi: 'cek_mobil', safia: 'survei_pindahan' }[division],
    problem: 'Survei',
    place: { address: 'Jalan Melati 7', district: 'Tebet', city: 'Jakarta Selatan' },
    window: windowOn(day),
    base_price: 100_000,
  });

  /** A body that the route accepts. */
  const bodyOf = (route: Route, division: Division): unknown => {
    made += 1;
    const bodies: Record<string, unknown> = {
      login: { email: app.person(`agent.${division}`).email, password: STAFF_PASSWORD },
      refresh: { refresh_token: 'never issued' },
      loginTotp: { challenge: 'never given', code: '000000' },
      enrolTotp: { password: STAFF_PASSWORD },
      confirmTotp: { challenge: 'never given', code: '000000' },
      changePassword: { current_password: 'bukan kata sandi saya', new_password: 'kata sandi yang baru' },
      disableTotp: { password: STAFF_PASSWORD, code: '000000' },
      assign: { assign_to: app.person('other.sari').id },
      reassign: { from_agent: app.person('agent.sari').id, to_agent: app.person('other.sari').id },
      tagTicket: { action: 'add', tag: 'penting' },
      updateCrm: { crm_stage: 'Qualified', origin_city: 'Batam' },
      releaseTicket: { to: 'queue' },
      snoozeTicket: { until: new Date(Date.now() + 3_600_000).toISOString() },
      bulkTickets: {
        ticket_ids: free.get(division)?.slice(0, 1),
        action: { kind: 'tag', action: 'add', tag: 'penting' },
      },
      sayTyping: { layer: 'L1' },
      reply: { message: 'Selamat siang' },
      replyAsSa: { message: 'Selamat siang' },
      sendFollowup: { message: 'Apakah masih berminat?' },
      previewFollowup: { message: 'Apakah masih berminat?' },
      editCustomer: { notes: 'minta ditelepon sore' },
      registerCustomer: { division, name: 'Baru', phone: `62877${String(100_000 + made)}` },
      correctCustomer: { notes: 'minta ditelepon sore' },
      mergeCustomers: { customer_id: customers.get(division) },
      optOutCustomer: { reason: 'minta lewat telepon' },
      optInCustomer: { reason: 'minta lewat telepon' },
      patchTag: { color: '#00AA88' },
      postInternalMessage: { content: 'catatan' },
      createUser: {
        name: 'Baru',
        email: `baru${String(made)}@test.saga`,
        password: STAFF_PASSWORD,
        role: 'sales_agent',
        division,
      },
      readNotifications: { all: true },
      changeNotificationPreferences: { preferences: { idle_ticket: { push: false } } },
      replyToConversation: { conversation_id: free.get(division)?.at(-1), message: 'Halo' },
      testLine: { to: '+6281200000001' },
      setOwnPresence: { status: 'offline' },
      setPresence: { status: 'offline' },
      setOfficeHours: { schedules: [] },
      putOfficeHours: { schedules: [] },
      resetPassword: { password: `kata sandi baru ${String(made)}` },
      patchUser: { name: `Nama ${String(made)}` },
      setPrivileges: { privileges: DEFAULT_PRIVILEGES.viewer },
      subscribePush: {
        endpoint: 'https://updates.push.services.mozilla.com/wpush/v2/x',
        keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
      },
      registerDevice: { platform: 'android', token: 'a'.repeat(40) },
      exportExcel: { division, date_range: { start: '2026-07-01', end: '2026-07-31' } },
      exportInvoices: { division, date_range: { start: '2026-07-01', end: '2026-07-31' } },
      exportJobs: { division, date_range: { start: '2026-07-01', end: '2026-07-31' } },
      exportPdf: {
        division,
        report_type: 'division_summary',
        date_range: { start: '2026-07-01', end: '2026-07-31' },
      },
      previewBlast: { filter: { division }, template_id: template, message: 'Halo {{name}}' },
      createBlast: {
        recipients: free.get(division)?.slice(0, 1),
        template_id: template,
        message: 'Halo {{name}}',
      },
      startChat: { site_key: 'sari' },
      claimChat: { session_id: app.person('sa').id },
      sendChat: { session_id: app.person('sa').id, message: 'Selamat siang' },
      putFaq: readFaqFile(division),
      rollbackFaq: { version: 0 },
      tryFaq: { text: 'biaya' },
      rejectBlast: { reason: 'Belum perlu' },
      defineTemplate: { name: `template ${String(made)}`, body: 'Halo' },
      patchTemplate: { body: `Halo ${String(made)}` },
      defineQuickReply: {
        ...{ shortcut: `k${String(made)}`, title: 'Ongkir', body: 'Halo', personal: true },
      },
      setChannelCost: { month: '2026-07', channel: 'web', amount: made },
      approveInvoice: { revision: 1, hash: '0'.repeat(64) },
      rejectInvoice: { reason: 'Tidak' },
      recordPayment: { amount: 1, at: '2026-07-10' },
      voidInvoice: { reason: 'Tidak' },
      recordTaxNumber: { nsfp: '0'.repeat(17) },
      rateJob: { technician: 5, service: 5 },
      setCapacity: { slots: 10 },
      openJob: jobBody(division, '2030-02-04'),
      openJobOfTicket: { ...jobBody(division, '2030-02-05'), customer_id: undefined },
      assignJob: { technician_id: app.person(`technician.${division}`).id },
      rescheduleJob: { window: windowOn('2030-02-01') },
      cancelJob: { reason: 'Batal' },
      continueJob: { minutes: 30, reason: 'Macet' },
      replaceTechnician: { to: app.person(`technician.${division}`).id, reason: 'Tukar' },
      giveJobBack: { reason: 'Sakit' },
      rejectReport: { reason: 'Belum lengkap' },
      setTechnician: { skills: null, max_jobs_per_day: 4 },
      setTechnicianLeave: { from: '2030-12-24', to: '2030-12-31' },
      defineTag: { name: `tag ${String(made)}`, color: '#00AA88' },
    };
    return bodies[route.name] ?? {};
  };

  function idFor({ path, name }: Route, division: Division): string {
    if (path.includes('/ticket/:id')) return free.get(division)?.pop() ?? 'no ticket left';
    const job = jobs.get(division);
    if (job && path.startsWith('/api/admin/jobs/:id'))
      return name === 'cancelJob' ? job.cancelled : job.planned;
    if (job && path.startsWith('/api/jobs/:id')) return job.pooled;
    if (path.includes('/blast/:id')) return pending.get(division)?.pop() ?? 'no blast left';
    if (name === 'deleteTemplate') return spare.pop() ?? 'no template left';
    if (path.includes('/technicians/:id')) return app.person(`technician.${division}`).id;
    if (path.includes('/templates/:id')) return template;
    if (path.includes('/channels/:id')) return `PHONE_ID_00${String(DIVISIONS.indexOf(division) + 1)}`;
    if (path.includes('/customer/:id') || path.includes('/customers/:id'))
      return customers.get(division) ?? 'no customer';
    // Of one who takes no part: it ends their sessions.
    if (name === 'resetPassword') return app.person(`other.${division}`).id;
    const ofAgent = name === 'setPresence' || name === 'getAgentAnalytics';
    return app.person(ofAgent ? `agent.${division}` : `viewer.${division}`).id;
  }

  function pathOf(route: Route, division: Division): string {
    const path = route.path
      .replace(':id', idFor(route, division))
      .replace(':role', 'viewer')
      .replace(':div', division)
      .replace(':day', '2030-01-01')
      .replace(':document', route.method === 'put' ? 'bukti' : app.person('sa').id)
      .replace(':order_id', 'SP-1')
      .replace(':intent', 'HARGA')
      .replace(':attachment_id', `${app.person('sa').id}-0`)
      .replace(':message_id', app.person('sa').id);
    if (route.name === 'chatStatus' || route.name === 'chatFaq') return `${path}?site_key=${division}`;
    if (route.name === 'searchMessages') return `${path}?q=halo&division=${division}`;
    if (route.name === 'getCapacity' || route.name === 'getFieldServiceFigures')
      return `${path}?from=2030-01-01&to=2030-01-02&division=${division}`;
    if (route.name === 'listRatings' || route.name === 'getInvoiceFigures')
      return `${path}?from=2026-07-01&to=2026-07-31`;
    if (route.name === 'listCities') return `${path}?q=bat`;
    return ['listInbox', 'countInbox', 'listAgents', 'listAgentAnalytics', 'listJobs'].includes(route.name)
      ? `${path}?division=${division}`
      : path;
  }

  async function request(route: Route, division: Division, token: string | undefined): Promise<Reply> {
    const path = pathOf(route, division);
    if (route.method === 'get') return app.call(path, { headers: bearer(token) });
    return app.call(path, { ...posting(bodyOf(route, division), token), method: route.method.toUpperCase() });
  }

  /** Logging out ends a session: it gets one of its own. */
  async function tokenFor(route: Route, role: Role): Promise<string> {
    const { token, email } = app.person(WHO[role]);
    return route.name === 'logout' ? ((await app.signIn(email)).json.data.token as string) : token;
  }

  it('has a reviewed row for each route, and no row too many', () => {
    expect(Object.keys(EXPECTED).sort()).to.deep.equal(routes.map(({ name }) => name).sort());
    expect(new Set(routes.map(({ method, path }) => `${method} ${path}`)).size).to.equal(routes.length);
  });

  for (const route of routes) {
    it(`${route.name}: ${route.method.toUpperCase()} ${route.path}`, async () => {
      for (const role of ROLES) {
        for (const [at, division] of DIVISIONS.entries()) {
          const token = await tokenFor(route, role);
          // A busy machine is not ready for a moment, and says so: asked again, as a balancer does.
          const reply = await eventually(`${route.name} is answered`, async () => {
            const answer = await request(route, division, token);
            expectDocumented(route, answer);
            if (route.name === 'readyz' && answer.status === 503) return undefined;
            // One person's exports are made one after the other.
            return answer.status === 429 && route.path.startsWith('/api/export/') ? undefined : answer;
          });
          const got = reply.status < 300 ? 'ok' : reply.json.error.code;
          expect(got, `${role} on ${division}`).to.equal((EXPECTED[route.name]?.[role] ?? no)[at]);
        }
      }
    });
  }

  it('asks everybody for a token, except where the document says so', async () => {
    for (const route of routes) {
      if (route.access === 'public') continue;
      const path = route.path
        .replace(':id', app.person('sa').id)
        .replace(':role', 'viewer')
        .replace(':div', 'sari')
        .replace(':day', '2030-01-01')
        .replace(':document', route.method === 'put' ? 'bukti' : app.person('sa').id)
        .replace(':order_id', 'SP-1')
        .replace(':attachment_id', `${app.person('sa').id}-0`)
        .replace(':message_id', app.person('sa').id);
      const init = route.method === 'get' ? {} : { ...posting({}), method: route.method.toUpperCase() };
      const reply = await app.call(path, init);
      expect([route.name, reply.status, reply.json.error.code]).to.deep.equal([
        route.name,
        401,
        'UNAUTHENTICATED',
      ]);
      expectDocumented(route, reply);
    }
  });
});
