/** The client that a dashboard would use, driving the walk of the README against the whole program. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { changeSale, follow, readInbox, resumeInBrowser, signIn, takeOver } from '../../client/examples.ts';
import { createClient } from '../../client/index.ts';
import { eventually } from '../support/eventually.ts';
import { openApiFiles } from '../../scripts/docs/openapi-files.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';

/** @throws with the answer's error, so that a test tells more than `undefined` */
function dataOf<D>(answer: {
  readonly data?: { readonly data: D } | undefined;
  readonly error?: unknown;
}): D {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data.data;
}

/** The lines between `// example: <title>` and `// end`, without their indentation. */
const shown = [
  ...readFileSync('client/examples.ts', 'utf8').matchAll(/^ {2}\/\/ example: (.+)\n([^]*?)^ {2}\/\/ end$/gm),
].map(([, title = '', lines = '']) => ({ title, lines: lines.replaceAll(/^ {2}/gm, '') }));

describe('the typed client', function () {
  this.timeout(60_000);
  let program: TestProgram;
  before(async () => {
    program = await startTestProgram();
  });
  after(() => program.close());

  it('and openapi.json are what the routes say: npm run openapi', async () => {
    for (const [path, text] of Object.entries(await openApiFiles())) {
      // Not compared by chai, whose difference of so long texts takes minutes.
      expect(readFileSync(path, 'utf8') === text, `${path} is up to date`).to.equal(true);
    }
  });

  it('walks: sign in, inbox, take over, reply, CRM, audit log', async () => {
    const [ticketId = ''] = await program.openTickets('sari', 1);
    const { api, session: own } = createClient({ baseUrl: program.url, transport: 'body' });

    const refused = await api.GET('/api/auth/me');
    expect(refused.error?.error.code).to.equal('UNAUTHENTICATED');
    const { email } = program.person('agent.sari');
    const signedIn = await own.login(email, STAFF_PASSWORD);
    if (!signedIn.ok || 'challenge' in signedIn.data) throw new Error(JSON.stringify(signedIn));
    const user = signedIn.data;

    const { tickets } = dataOf(
      await api.GET('/api/admin/inbox', { params: { query: { queue_status: 'free', limit: 10 } } }),
    );
    expect(tickets.map(({ id, queue_status }) => [id, queue_status])).to.deep.equal([[ticketId, 'free']]);

    const path = { id: ticketId };
    const taken = dataOf(
      await api.POST('/api/admin/ticket/{id}/self-takeover', { params: { path }, body: {} }),
    );
    expect(taken.assigned_to).to.deep.equal({ id: user.id, name: user.name });
    const again = await api.POST('/api/admin/ticket/{id}/assign', {
      params: { path },
      body: { assign_to: user.id },
    });
    expect(again.error?.error.code).to.equal('FORBIDDEN');

    const message = 'Selamat siang, saya siapkan penawarannya.';
    const sent = dataOf(
      await api.POST('/api/admin/ticket/{id}/reply', { params: { path }, body: { message } }),
    );
    const { messages } = dataOf(await api.GET('/api/admin/ticket/{id}/messages', { params: { path } }));
    expect(messages.find(({ id }) => id === sent.message_id)?.content).to.equal(message);

    await api.PATCH('/api/admin/ticket/{id}/crm', {
      params: { path },
      body: { crm_stage: 'Proposal', quote_value: 3_750_000, crm_fields: { cargo_weight_kg: 250 } },
    });
    const { ticket, crm } = dataOf(await api.GET('/api/admin/ticket/{id}', { params: { path } }));
    expect([ticket.crm_stage, crm.quote_value]).to.deep.equal(['Proposal', 3_750_000]);

    const sa = createClient({ baseUrl: program.url, transport: 'body' });
    await sa.session.login(program.person('sa').email, STAFF_PASSWORD);
    const { events } = dataOf(await sa.api.GET('/api/admin/ticket/{id}/audit-log', { params: { path } }));
    expect(events.map(({ event }) => event)).to.include('self_takeover');
    expect(events.find(({ event }) => event === 'self_takeover')?.actor?.id).to.equal(user.id);
  });

  it('does what its README shows, and the README shows what it does', async () => {
    const text = readFileSync('client/README.md', 'utf8');
    expect(shown.map(({ title }) => title)).to.have.length(6);
    for (const { title, lines } of shown) {
      // Less indented, they may fit on fewer lines.
      const pretty = await format(lines, {
        ...(await resolveConfig('client/README.md')),
        parser: 'typescript',
      });
      expect(text.includes(`\`\`\`ts\n${pretty}\`\`\``), title).to.equal(true);
    }

    const [ticketId = ''] = await program.openTickets('savi', 1);
    const said: string[] = [];
    const show = (one: string): void => void said.push(one);
    const andi = await signIn(program.url, program.person('agent.savi').email, STAFF_PASSWORD, show);
    expect(said.splice(0)).to.deep.equal(['Selamat datang, agent.savi']);
    let loads = 0;
    const stream = follow(andi, { show, loadEverything: () => (loads += 1) });
    await eventually('the stream is open', () => loads === 1);

    expect((await readInbox(andi, show)).map(({ id }) => id)).to.include(ticketId);
    await takeOver(andi, ticketId, show);
    expect(said).to.include('Diambil oleh agent.savi');
    const ayu = await signIn(program.url, program.person('other.savi').email, STAFF_PASSWORD, show);
    await takeOver(ayu, ticketId, show);
    expect(said.at(-1)).to.equal('Sudah diambil rekan lain');
    await eventually('the stream tells of it', () => said.find((one) => one.endsWith(': in_progress')));
    await changeSale(andi, ticketId, show);
    const path = { id: ticketId };
    const { crm } = dataOf(await andi.api.GET('/api/admin/ticket/{id}', { params: { path } }));
    expect(crm.crm_stage).to.equal('Proposal');

    expect((await andi.session.logout()).ok).to.equal(true);
    expect((await andi.session.resume()).ok, 'after signing out').to.equal(false);
    stream.close();
  });

  it('of a page belongs to the origin of the page', async () => {
    const globals = globalThis as { location?: { readonly origin: string } };
    globals.location = { origin: program.url };
    try {
      const said: string[] = [];
      const client = await resumeInBrowser((one) => said.push(one));
      expect(said).to.deep.equal(['Silakan masuk']);
      client.close();
    } finally {
      delete globals.location;
    }
    expect(() => createClient({ transport: 'cookie' })).to.throw(TypeError, 'baseUrl');
  });

  it('does not compile with a path, a member or a word that the API does not know', () => {
    const { api } = createClient({ baseUrl: program.url, transport: 'body' });
    // Never called: the compiler is what is tested (`npm run typecheck`).
    const wrong = [
      // @ts-expect-error no such path
      () => api.GET('/api/admin/inboxes'),
      // @ts-expect-error no such status
      () => api.GET('/api/admin/inbox', { params: { query: { queue_status: 'gratis' } } }),
    ];
    expect(wrong).to.have.length(2);
  });
});
