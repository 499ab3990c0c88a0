/** One event that nobody can read, in one ticket: everybody else goes on, and a person lets the views go on without it. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import type { EventStore } from '../../src/ports.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';
import { eventually } from '../support/eventually.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { someMetadata } from '../support/scenarios/events.ts';

describe('an unreadable event in one ticket', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let store: EventStore;
  let ticketId = '';
  const bad = randomUUID();
  let alsoBad = '';
  before(async () => {
    app = await startTestProgram();
    store = await createPostgresEventStore({ connection: app.databaseUrl, logger: silentLogger() });
    [ticketId = ''] = await app.openTickets('sari', 1);
    await store.append(
      `ticket-${ticketId}`,
      [{ id: bad, type: 'TicketFromTheFuture', data: {}, metadata: someMetadata(bad) }],
      { expected: 'any' },
    );
    await eventually('it is parked', async () => (await warnings()).length > 0, 10_000);
  });
  after(async () => {
    await store.close();
    await app.close();
  });

  interface Ready {
    readonly status: string;
    readonly warnings?: readonly { readonly path: string; readonly message: string }[];
  }
  interface Gap {
    readonly because: string;
    readonly skipped: { readonly by: string; readonly reason: string } | null;
  }
  const readyz = async (): Promise<{ status: number; data: Ready }> => {
    const { status, json } = await app.call('/readyz');
    return { status, data: json.data as unknown as Ready };
  };
  const warnings = async () =>
    (((await readyz()).data as Ready | undefined)?.warnings ?? []).filter(({ message }) =>
      message.startsWith('parked:'),
    );

  it('is said: 200, degraded, with the view, how many and the first event; and by a metric', async () => {
    const { status, data } = await readyz();
    expect([status, data.status]).to.deep.equal([200, 'degraded']);
    const inbox = (await warnings()).find(({ path }) => path === 'view inbox');
    expect(inbox?.message).to.equal(`parked: 1 events of 1 streams, first event ${bad} (undecodable event)`);
    const { text } = await app.call('/metrics');
    expect(text).to.match(/^saga_projection_parked_events\{view="inbox"\} 1$/m);
    expect(text).to.match(/^saga_projection_parked_events\{view="users"\} 0$/m);
    expect(text).to.match(/^projection_running\{view="inbox"\} 1$/m);
  });

  it('is told to super admins, and to nobody else', async () => {
    const toldTo = async (who: string): Promise<string[]> => {
      const { json } = await app.get('/api/notifications?limit=200', who);
      const all = json.data['notifications'] as { kind: string; text: string; resolved_at: string | null }[];
      return all
        .filter(({ kind, resolved_at }) => kind === 'projection_parked' && resolved_at === null)
        .map(({ text }) => text);
    };
    const told = await eventually(
      'within a minute',
      async () => {
        const texts = await toldTo('sa');
        return texts.some((text) => text.includes('tampilan inbox')) ? texts : undefined;
      },
      75_000,
    );
    expect(told.some((text) => text.includes(`ticket-${ticketId}`))).to.equal(true);
    expect(await toldTo('tl')).to.deep.equal([]);
  });

  it('holds up nobody else: tickets are opened, routed, answered and counted', async () => {
    const [other = ''] = await app.openTickets('savi', 1);
    const reply = await app.post('/api/agent/status', { status: 'online' }, 'agent.savi');
    expect(reply.status, reply.text).to.equal(200);
    await app.handoff(other);
    await eventually('it is routed', async () => {
      const { json } = await app.get(`/api/admin/ticket/${other}`, 'sa');
      const { assigned_to: agent } = json.data['ticket'] as { assigned_to: { id: string } | null };
      return agent?.id === app.person('agent.savi').id;
    });
    const answered = await app.post(
      `/api/admin/ticket/${other}/reply`,
      { message: 'Halo juga' },
      'agent.savi',
    );
    expect(answered.status, answered.text).to.be.lessThan(300);
    await app.openTickets('sari', 1);
    const { meta } = (await app.get(`/api/admin/ticket/${other}`, 'agent.savi')).json;
    expect(meta?.stale, 'another ticket is as it is').to.equal(undefined);
  });

  it('of the ticket itself, reads say that they are stale and commands are refused with 409, each time', async () => {
    const read = await app.get(`/api/admin/ticket/${ticketId}`, 'agent.sari');
    expect([read.status, read.json.meta?.stale]).to.deep.equal([200, true]);
    const headers = { 'idempotency-key': randomUUID() };
    for (const [path, body] of [
      ['self-takeover', undefined],
      ['self-takeover', undefined],
      ['tag', { action: 'add', tag: 'penting' }],
      ['close', {}],
    ] as const) {
      const answer = await app.post(`/api/admin/ticket/${ticketId}/${path}`, body, 'agent.sari', {
        ...(path === 'self-takeover' && headers),
      });
      expect([answer.status, answer.json.error?.code], `${path}: ${answer.text}`).to.deep.equal([
        409,
        'TICKET_NEEDS_ATTENTION',
      ]);
    }
  });

  it('its customer writes again: no other customer waits for it, and it waits too', async () => {
    const { json } = await app.get(`/api/admin/ticket/${ticketId}`, 'sa');
    const { customer_phone: phone } = json.data['ticket'] as { customer_phone: string };
    await app.webhook({
      event: 'message',
      sender: 'customer',
      user_id: `wa_${phone.replace(/\D/g, '')}`,
      channel: 'whatsapp',
      division: 'sari',
      bot_id: 'sari',
      message: 'Halo lagi',
      user_name: 'Pelanggan',
      timestamp: new Date().toISOString(),
      message_id: `again-${randomUUID()}`,
      is_office_hours: true,
    });
    await app.openTickets('safia', 1);
    await app.openTickets('sari', 1);
    const { text } = await app.call('/metrics');
    expect(text).to.match(/^webhook_inbox_items\{state="pending"\} 1$/m);
  });

  it('a customer of another such ticket can be erased, before anybody skips anything', async () => {
    const [other = ''] = await app.openTickets('savi', 1);
    const read = async () =>
      (await app.get(`/api/admin/ticket/${other}`, 'sa')).json.data['ticket'] as { customer_id: string };
    const { customer_id: customerId } = await read();
    const erase = () => app.post(`/api/admin/customer/${customerId}/erase`, { reason: 'uji' }, 'sa');
    expect((await erase()).json.error?.code, 'somebody may be talking with them').to.equal(
      'CUSTOMER_HAS_OPEN_TICKET',
    );
    alsoBad = randomUUID();
    await store.append(
      `ticket-${other}`,
      [{ id: alsoBad, type: 'TicketFromTheFuture', data: {}, metadata: someMetadata(alsoBad) }],
      { expected: 'any' },
    );
    const erased = await erase();
    expect(erased.status, erased.text).to.equal(202);
    await eventually('nothing of them is left', async () => {
      const { text } = await app.get(`/api/admin/ticket/${other}/messages`, 'sa');
      return !text.includes('Halo');
    });
    const list = await app.get('/api/admin/inbox?division=savi&limit=200', 'sa');
    expect(list.status).to.equal(200);
    const hits = await app.get(`/api/admin/inbox?division=savi&q=Pelanggan`, 'sa');
    expect(hits.text).not.to.include(other);
  });

  it('a super admin skips it once: every view goes on, and each row is what the events say', async () => {
    const env = {
      ...app.environment,
      OPERATOR_EMAIL: app.person('sa').email,
      OPERATOR_PASSWORD: STAFF_PASSWORD,
    };
    const args = ['skip', '--event', bad, '--reason', 'versi ditarik'];
    const agent = await runScript('projections', args, { ...env, OPERATOR_EMAIL: app.person('tl').email });
    expect(agent.code, 'a super admin only').to.equal(1);
    for (const event of [bad, alsoBad]) {
      const skipped = await runScript('projections', args.with(2, event), env);
      expect(skipped.code, skipped.output).to.equal(0);
    }
    await eventually('nothing is parked', async () => (await warnings()).length === 0, 10_000);
    // Also of jobs, which passed it over: a person has looked now.
    const { status, data } = await readyz();
    expect([status, data.status, data.warnings ?? []]).to.deep.equal([200, 'ready', []]);
    const read = await app.get(`/api/admin/ticket/${ticketId}`, 'agent.sari');
    expect([read.status, read.json.meta?.stale]).to.deep.equal([200, undefined]);
    const verified = await runScript('projections', ['verify'], app.environment);
    expect(verified.code, verified.output).to.equal(0);
  });

  it('the history has the gap as an event of its own, with who skipped it and why, and everything else', async () => {
    const { status, text, json } = await app.get(`/api/admin/ticket/${ticketId}/history`, 'sa');
    expect(status, text).to.equal(200);
    const events = json.data['events'] as { id: string; type: string; data: object; unreadable?: Gap }[];
    expect(events.map(({ type }) => type)).to.include.members(['TicketOpened', 'MessageReceived']);
    const gap = events.find(({ id }) => id === bad);
    expect(gap).to.deep.include({ type: 'TicketFromTheFuture', data: {} });
    expect(gap?.unreadable?.because).to.equal('unknown type');
    expect(gap?.unreadable?.skipped).to.include({ reason: 'versi ditarik' });
    expect(events.filter(({ unreadable }) => unreadable !== undefined)).to.have.length(1);
    const replayed = await runScript('replay', ['ticket', ticketId], app.environment);
    expect(replayed.code, replayed.output).to.equal(0);
    expect(replayed.output).to.match(/cannot read it \(unknown type\); skipped by .+: versi ditarik/);
  });

  it('then what the customer wrote meanwhile comes, and the ticket can be worked on', async () => {
    await eventually(
      'the message',
      async () => {
        const { text } = await app.get(`/api/admin/ticket/${ticketId}/messages`, 'agent.sari');
        return text.includes('Halo lagi');
      },
      40_000,
    );
    const taken = await app.post(`/api/admin/ticket/${ticketId}/self-takeover`, {}, 'agent.sari');
    expect(taken.status, taken.text).to.equal(200);
    const closed = await app.post(`/api/admin/ticket/${ticketId}/close`, {}, 'agent.sari');
    expect(closed.status, closed.text).to.equal(200);
  });

  it('and the customer can be erased', async () => {
    const { json } = await app.get(`/api/admin/ticket/${ticketId}`, 'sa');
    const { customer_id: customerId } = json.data['ticket'] as { customer_id: string };
    const erased = await app.post(`/api/admin/customer/${customerId}/erase`, { reason: 'uji' }, 'sa');
    expect(erased.status, erased.text).to.equal(202);
    await eventually('nothing of them is left', async () => {
      const { text } = await app.get(`/api/admin/ticket/${ticketId}/messages`, 'sa');
      return !text.includes('Halo');
    });
  });
});
