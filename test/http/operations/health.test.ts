import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { decode } from '../../../src/domain/codec.ts';
import { healthz, readyz } from '../../../src/http/operations/health.ts';
import { operations } from '../../../src/http/operations/operations.ts';
import type { OperationsLook } from '../../../src/http/operations/operations-look.ts';
import type { ReadinessCheck } from '../../../src/http/framework/dependencies.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { ask, type HttpTest, httpOn } from '../../support/http/http.ts';

describe('what operators ask', () => {
  describe('readiness', () => {
    let http: HttpTest;
    let checks: ReadinessCheck[] = [];
    before(async () => {
      http = await httpOn([healthz, readyz], { readiness: () => Promise.resolve(checks) });
    });
    after(() => http.close());

    it('is there when nothing is missing', async () => {
      checks = [{ name: 'event store', problem: null }];
      const reply = await http.ask('/readyz');
      expectDocumented(readyz, reply);
      expect(reply.json.data).to.deep.equal({ status: 'ready', checks: ['event store'] });
    });

    it('is a 503 that names what is missing, while the process is still up', async () => {
      checks = [
        { name: 'event store', problem: null },
        { name: 'view inbox', problem: 'stopped at event 7' },
      ];
      const reply = await http.ask('/readyz');
      expectDocumented(readyz, reply);
      expect([reply.status, reply.json.error.code]).to.deep.equal([503, 'NOT_READY']);
      expect(reply.json.error.details).to.deep.equal([
        { path: 'view inbox', message: 'stopped at event 7', code: 'NOT_READY', params: {} },
      ]);
      expect((await http.ask('/healthz')).status).to.equal(200);
    });

    it('tells strangers the status only, and has no metrics for them; a proxy is no loopback', async () => {
      Object.assign(http.deps.config, { opsToken: 'a token of operators' });
      checks = [{ name: 'view inbox', problem: 'stopped at event 7' }];
      const asking = (headers: Record<string, string>) => (path: string) => http.ask(path, { headers });
      for (const headers of [
        { 'x-forwarded-for': '127.0.0.1' },
        { forwarded: 'for=127.0.0.1' },
        { 'x-real-ip': '203.0.113.7', authorization: 'Bearer a token of nobody' },
      ]) {
        const stranger = asking(headers);
        const reply = await stranger('/readyz');
        expectDocumented(readyz, reply);
        expect([reply.status, reply.json.error.code, reply.json.error.details]).to.deep.equal([
          503,
          'NOT_READY',
          undefined,
        ]);
        const { status, json } = await stranger('/metrics');
        expect([status, json.error.code]).to.deep.equal([404, 'NOT_FOUND']);
      }
      const operator = asking({
        'x-forwarded-for': '203.0.113.7',
        authorization: 'Bearer a-token-of-operators',
      });
      expect((await operator('/metrics')).status, 'another token').to.equal(404);
      Object.assign(http.deps.config, { opsToken: 'a-token-of-operators' });
      // What strangers hear is a second old at most.
      checks = [{ name: 'event store', problem: null }];
      expect((await operator('/metrics')).status).to.equal(200);
      expect((await operator('/readyz')).json.data['checks']).to.deep.equal(['event store']);
      const ready = await eventually('strangers hear it', async () => {
        const reply = await asking({ 'x-forwarded-for': '203.0.113.7' })('/readyz');
        return reply.status === 200 ? reply : undefined;
      });
      expect(ready.json.data).to.deep.equal({ status: 'ready' });
    });

    it('names a warning, and is ready all the same; what is missing comes first', async () => {
      const warning = { name: 'job routing skipped events', problem: null, warning: '1, the last one 7' };
      const shown = { path: 'job routing skipped events', message: '1, the last one 7' };
      checks = [warning];
      const ready = await http.ask('/readyz');
      expectDocumented(readyz, ready);
      expect([ready.status, ready.json.data['warnings']]).to.deep.equal([200, [shown]]);
      checks = [warning, { name: 'view inbox', problem: 'stopped at event 7' }];
      const missing = await http.ask('/readyz');
      expectDocumented(readyz, missing);
      expect(missing.json.error.details?.map(({ path, message }) => ({ path, message }))).to.deep.equal([
        { path: 'view inbox', message: 'stopped at event 7' },
        shown,
      ]);
    });
  });

  describe('of a running program', () => {
    let app: TestProgram;
    before(async function () {
      this.timeout(60_000);
      app = await startTestProgram();
    });
    after(() => app.close());

    it('metrics tell requests by route, appends by category, and how the views follow', async () => {
      const [ticket = ''] = await app.openTickets('sari', 1);
      await app.post(`/api/admin/ticket/${ticket}/self-takeover`, {}, 'agent.sari');
      const { status, text } = await app.call('/metrics');
      expect(status).to.equal(200);
      expect(text).to.match(
        /http_request_duration_seconds_count\{method="POST",route="\/api\/admin\/ticket\/:id\/self-takeover",status="200"\} 1/,
      );
      expect(text).to.match(
        /http_request_duration_seconds_count\{method="POST",route="webhook",status="200"\} 1/,
      );
      expect(text).to.match(/event_append_duration_seconds_count\{category="ticket"\} \d/);
      expect(text).to.match(/projection_lag_seconds\{view="\w+"\} \d/);
      expect(text).to.match(/projection_running\{view="\w+"\} 1/);
      expect(text).not.to.include(ticket);
    });

    it('tells people who look after it how views, jobs, lines and webhooks do, and nobody else', async () => {
      await app.webhook({
        event: 'message',
        sender: 'customer',
        channel: 'whatsapp',
        message: 'Halo',
        timestamp: 'never',
      });
      const reply = await eventually('a webhook that was not understood', async () => {
        const one = await app.get('/api/admin/operations', 'sa');
        return one.status === 200 && (one.json.data['webhooks'] as { dead: number }).dead > 0
          ? one
          : undefined;
      });
      expectDocumented(operations, reply);
      const { views, jobs, lines } = operations.data?.parse(reply.json.data) as OperationsLook;
      expect(views.map(({ view }) => view)).to.include.members(['inbox', 'users']);
      expect(views.every(({ state, parked }) => state === 'running' && parked === null)).to.equal(true);
      expect(jobs.map(({ job }) => job)).to.not.be.empty;
      expect(lines.every(({ state }) => state !== 'stopped')).to.equal(true);
      for (const person of ['tl', 'agent.sari', 'viewer.sari'])
        expect((await app.get('/api/admin/operations', person)).status, person).to.equal(403);
    });

    it('no log line or metric holds a phone number, a name, a text, a token or a password', async () => {
      const [ticket = ''] = await app.openTickets('savi', 1);
      await app.post(`/api/admin/ticket/${ticket}/self-takeover`, {}, 'agent.savi');
      await app.post(`/api/admin/ticket/${ticket}/reply`, { message: 'kenari-l1' }, 'agent.savi');
      await app.post(`/api/admin/ticket/${ticket}/internal-message`, { content: 'kenari-l2' }, 'agent.savi');
      await app.get('/api/admin/inbox?q=62899000100', 'agent.savi');
      await app.signIn('agent.savi@test.saga', 'kenari-sandi');
      const { token } = app.person('agent.savi');
      const said = [
        ...app.log.lines.map((line) => inspect(line, { depth: 10, maxStringLength: null })),
        ...(await app.call('/metrics')).text.split('\n'),
      ];
      // The digits after the prefix of a customer's number: five digits alone also stand in an identifier or a time, and any number of
      // them behind the point of a measured second.
      expect(
        said.filter((line) => /(?<!\.\d*)62899\d{6}|Pelanggan|kenari|@test\.saga/.test(line)),
      ).to.deep.equal([]);
      expect(said.filter((line) => line.includes(token.slice(-20)))).to.deep.equal([]);
    });

    it('an event that a job cannot read is counted, and named by readyz', async () => {
      // Its jobs run elsewhere: it hears of it.
      const second = await app.another();
      const [broken = ''] = await app.openTickets('sari', 1);
      const eventId = randomUUID();
      const store = await createPostgresEventStore({ connection: app.databaseUrl, logger: silentLogger() });
      try {
        const [first] = await store.read(`ticket-${broken}`);
        const { metadata } = decode(first!);
        const event = { id: eventId, type: 'FromTheFuture', data: {}, metadata };
        await store.append(`ticket-${broken}`, [event], { expected: 'any' });
      } finally {
        await store.close();
      }
      const named = (url: string) => async () => {
        const { json } = await ask(url, '/readyz');
        const all = [...(json.error?.details ?? []), ...((json.data?.['warnings'] ?? []) as object[])];
        return all.find((one) => (one as { path: string }).path === 'job routing skipped events');
      };
      for (const url of [app.url, second])
        expect(await eventually('readyz names it', named(url))).to.deep.equal({
          path: 'job routing skipped events',
          message: `events it could not read since this process started: 1, the last one ${eventId}`,
        });
      expect((await app.call('/metrics')).text).to.match(
        /^saga_job_skipped_events_total\{job="routing"\} 1$/m,
      );
    });
  });
});
