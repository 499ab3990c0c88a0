/** The client that a dashboard would use, driving the walk of the README against the whole program. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { createClient } from '../../client/client.ts';
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
    const signedIn: { token?: string } = {};
    const api = createClient(program.url, () => signedIn.token);

    const refused = await api.GET('/api/auth/me');
    expect(refused.error?.error.code).to.equal('UNAUTHENTICATED');
    const { email } = program.person('agent.sari');
    const session = dataOf(await api.POST('/api/auth/login', { body: { email, password: STAFF_PASSWORD } }));
    if ('challenge' in session) throw new Error('this account has a second factor');
    signedIn.token = session.token;

    const { tickets } = dataOf(
      await api.GET('/api/admin/inbox', { params: { query: { queue_status: 'free', limit: '10' } } }),
    );
    expect(tickets.map(({ id, queue_status }) => [id, queue_status])).to.deep.equal([[ticketId, 'free']]);

    const path = { id: ticketId };
    const taken = dataOf(
      await api.POST('/api/admin/ticket/{id}/self-takeover', { params: { path }, body: {} }),
    );
    expect(taken.assigned_to).to.deep.equal({ id: session.user.id, name: session.user.name });
    const again = await api.POST('/api/admin/ticket/{id}/assign', {
      params: { path },
      body: { assign_to: session.user.id },
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

    signedIn.token = program.person('sa').token;
    const { events } = dataOf(await api.GET('/api/admin/ticket/{id}/audit-log', { params: { path } }));
    expect(events.map(({ event }) => event)).to.include('self_takeover');
    expect(events.find(({ event }) => event === 'self_takeover')?.actor?.id).to.equal(session.user.id);
  });

  it('does not compile with a path, a member or a word that the API does not know', () => {
    const api = createClient(program.url, () => undefined);
    // Never called: the compiler is what is tested (`npm run typecheck`).
    const wrong = [
      // @ts-expect-error no such path
      () => api.GET('/api/admin/inboxes'),
      // @ts-expect-error no such status
      () => api.GET('/api/admin/inbox', { params: { query: { queue_status: 'gratis' } } }),
      // @ts-expect-error a reply needs its message
      () => api.POST('/api/admin/ticket/{id}/reply', { params: { path: { id: 'x' } }, body: {} }),
    ];
    expect(wrong).to.have.length(3);
  });
});
