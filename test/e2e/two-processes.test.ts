import { expect } from 'chai';
import { aCustomer, aText, login, ok, type Session } from '../support/http/client.ts';
import { ask, posting } from '../support/http/http.ts';
import type { Program } from '../support/processes/program.ts';
import { type Installation, openInstallation, PASSWORD } from './installation.ts';

describe('two API processes on one database', function () {
  this.timeout(60_000);
  let installation: Installation;
  let other: Program;
  let sa: Session;
  const acknowledged: string[] = [];

  before(async () => {
    installation = await openInstallation();
    other = await installation.another();
    sa = await installation.as('sa@demo.saga');
  });
  after(() => installation.close());

  /** A ticket in this agent's hands. */
  const ticketOf = async (agent: Session): Promise<string> => {
    const customer = aCustomer();
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    acknowledged.push(text);
    const id = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${id}/self-takeover`));
    return id;
  };

  /** Asks in both processes at once, so that none gets time to hear of a change. */
  const everywhere = (session: Session, path = '/api/auth/me') =>
    Promise.all([installation.main().url, other.url].map((url) => session.at(url).get(path)));

  it('shows each user what they wrote on one of them in their next read on the other', async () => {
    const [agent] = await installation.agents(1);
    const id = await ticketOf(agent!);
    const urls = [installation.main().url, other.url];
    for (let n = 0; n < 24; n += 1) {
      const [writing, reading] = n % 2 === 0 ? urls : urls.toReversed();
      const message = aText(`Balasan ${String(n)}`);
      await ok(agent!.at(writing!).post(`/api/admin/ticket/${id}/reply`, { message }));
      acknowledged.push(message);
      const page = await ok(agent!.at(reading!).get(`/api/admin/ticket/${id}/messages?limit=1`));
      expect((page.data.messages as { content: string }[])[0]?.content, `reply ${String(n)}`).to.equal(
        message,
      );
      expect(page.meta?.stale).to.equal(undefined);

      const tag = `tanda-${String(n)}`;
      await ok(agent!.at(reading!).post(`/api/admin/ticket/${id}/tag`, { action: 'add', tag }));
      const list = await ok(agent!.at(writing!).get(`/api/admin/inbox?tags=${tag}`));
      expect(
        (list.data.tickets as { id: string }[]).map((one) => one.id),
        tag,
      ).to.deep.equal([id]);
      expect(list.meta?.total).to.equal(1);
    }
  });

  it('shuts a deactivated user out of both at the next request', async () => {
    for (const agent of await installation.agents(4)) {
      expect((await everywhere(agent)).map(({ status }) => status)).to.deep.equal([200, 200]);
      await ok(sa.patch(`/api/admin/users/${agent.userId}`, { is_active: false }));
      const answers = await everywhere(agent);
      expect(answers.map(({ status }) => status)).to.deep.equal([401, 401]);
      const refreshed = posting({ refresh_token: agent.refreshToken });
      expect((await ask(other.url, '/api/auth/refresh', refreshed)).status).to.equal(401);
    }
  });

  it('gives a changed role, division or grant at the next request, in both', async () => {
    for (let agent of await installation.agents(2)) {
      const { email } = (await ok(agent.get('/api/auth/me'))).data.user as { email: string };
      const id = await ticketOf(agent);
      /** A change of rights ends the session, in both; what holds after it shows in the next one. */
      const again = async (): Promise<void> => {
        expect((await everywhere(agent)).map(({ status }) => status)).to.deep.equal([401, 401]);
        agent = await login(other.url, email, PASSWORD);
      };
      await everywhere(agent);
      const path = `/api/admin/ticket/${id}/audit-log`;
      expect((await everywhere(agent, path)).map(({ status }) => status)).to.deep.equal([403, 403]);
      await ok(
        sa.patch(`/api/admin/users/${agent.userId}`, {
          privileges: { granted: ['audit_read'], revoked: [] },
        }),
      );
      await again();
      expect((await everywhere(agent, path)).map(({ status }) => status)).to.deep.equal([200, 200]);
      await ok(sa.patch(`/api/admin/users/${agent.userId}`, { division: 'savi' }));
      await again();
      const inbox = '/api/admin/inbox?division=sari';
      expect((await everywhere(agent, inbox)).map(({ status }) => status)).to.deep.equal([403, 403]);
      await ok(sa.at(other.url).patch(`/api/admin/users/${agent.userId}`, { role: 'viewer' }));
      await again();
      const notes = await everywhere(agent, `/api/admin/ticket/${id}/internal-messages`);
      expect(notes.map(({ status }) => status)).to.deep.equal([403, 403]);
      const roles = (await everywhere(agent)).map(({ json }) => (json.data.user as { role: string }).role);
      expect(roles).to.deep.equal(['viewer', 'viewer']);
    }
  });

  it('gives what a role may at the next request, in both', async () => {
    const viewer = await installation.as('viewer.sari@demo.saga');
    const [agent] = await installation.agents(1);
    const path = `/api/admin/ticket/${await ticketOf(agent!)}/audit-log`;
    const before = (await ok(sa.get('/api/admin/privileges/viewer'))).data.privileges as string[];
    for (let round = 0; round < 2; round += 1) {
      expect((await everywhere(viewer, path)).map(({ status }) => status)).to.deep.equal([403, 403]);
      await ok(sa.post('/api/admin/privileges/viewer', { privileges: [...before, 'audit_read'] }));
      expect((await everywhere(viewer, path)).map(({ status }) => status)).to.deep.equal([200, 200]);
      await ok(sa.at(other.url).post('/api/admin/privileges/viewer', { privileges: before }));
    }
  });

  it('ends every session of a person whose password changed, in both', async () => {
    for (const agent of await installation.agents(2)) {
      const { email } = (await ok(agent.get('/api/auth/me'))).data.user as { email: string };
      const second = await login(other.url, email, PASSWORD);
      await Promise.all([everywhere(agent), everywhere(second)]);
      const password = `${PASSWORD}-baru`;
      await ok(sa.patch(`/api/admin/users/${agent.userId}`, { password }));
      const answers = [...(await everywhere(agent)), ...(await everywhere(second))];
      expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 401, 401]);
      const refreshed = posting({ refresh_token: second.refreshToken });
      expect((await ask(installation.main().url, '/api/auth/refresh', refreshed)).status).to.equal(401);
      const again = await login(installation.main().url, email, password);
      expect((await everywhere(again)).map(({ status }) => status)).to.deep.equal([200, 200]);
    }
  });

  it('signs out of both', async () => {
    for (const agent of await installation.agents(2)) {
      await everywhere(agent);
      expect((await agent.post('/api/auth/logout')).status).to.equal(204);
      expect((await everywhere(agent)).map(({ status }) => status)).to.deep.equal([401, 401]);
    }
  });

  it('leaves a store and views that agree', () => installation.ledger({ acknowledged }));
});
