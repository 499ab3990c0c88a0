/** A rating from a browser in which the technician is signed in (docs/design/field-service.md#ratings). */
import { expect } from 'chai';
import { ratings, rateJob } from '../../../src/http/ratings/ratings.ts';
import { linkTokenOf } from '../../../src/commands/invoices/issue-invoice.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { billingOf } from '../../support/http/billing.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { posting } from '../../support/http/http.ts';

interface Shown {
  readonly job_id: string;
  readonly by_technician: boolean;
  readonly service: number;
}
interface Figures {
  readonly technician: { readonly id: string; readonly average: number | null };
  readonly rated: number;
}

describe('a rating of the technician by themselves', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let link = '';
  let jobId = '';
  before(async () => {
    app = await startTestProgram({ PUBLIC_URL: 'https://saga.example' });
    const [ticketId = ''] = await app.openTickets('sari', 1);
    const shown = await app.get(`/api/admin/ticket/${ticketId}`, 'sa');
    const { customer_id: customerId } = shown.json.data['ticket'] as { customer_id: string };
    jobId = await billingOf(app, { ticketId, customerId }).completedJob();
    link = `/r/${linkTokenOf(createBlindIndex(app.secrets.BLIND_INDEX_KEY), 'rating-link', jobId)}`;
    await eventually('the link is good', async () =>
      (await app.call(link)).status === 200 ? true : undefined,
    );
  });
  after(() => app.close());

  /** The cookies of a sign-in by a browser, as it sends them back to `/r`. */
  async function signedIn(as: string): Promise<string> {
    const body = { email: app.person(as).email, password: STAFF_PASSWORD, transport: 'cookie' };
    const reply = await app.call('/api/auth/login', posting(body));
    return reply.headers
      .getSetCookie()
      .filter((one) => one.includes('Path=/r;'))
      .map((one) => one.split(';')[0] ?? '')
      .join('; ');
  }
  const rate = async (service: number, cookie?: string) => {
    const reply = await app.call(
      link,
      posting({ technician: 5, service }, undefined, cookie === undefined ? {} : { cookie }),
    );
    expectDocumented(rateJob, reply);
    return reply;
  };
  async function known(count: number): Promise<{ own: Shown | undefined; of: Figures | undefined }> {
    const today = new Date();
    const day = (n: number) => new Date(today.getTime() + n * 86_400_000).toISOString().slice(0, 10);
    const { id } = app.person('technician.sari');
    return eventually('the views know it', async () => {
      const reply = await app.get(`/api/admin/ratings?from=${day(-1)}&to=${day(1)}`, 'dispatcher.sari');
      expectDocumented(ratings, reply);
      const all = reply.json.data as unknown as { ratings: Shown[]; technicians: Figures[] };
      const own = all.ratings.find((one) => one.job_id === jobId && one.service === count);
      return own && { own, of: all.technicians.find(({ technician }) => technician.id === id) };
    });
  }

  it('is kept and not counted, and the customer still has their turn', async () => {
    const cookie = await signedIn('technician.sari');
    expect(cookie).to.match(/^__Secure-saga-technician=/);
    expect(await signedIn('dispatcher.sari')).to.equal('');
    expect((await rate(5, cookie)).status).to.equal(201);
    const first = await known(5);
    expect(first.own?.by_technician).to.equal(true);
    expect(first.of).to.deep.include({ rated: 0, service: null });
    expect(first.of?.technician.average).to.equal(null);
    expect((await rate(4, cookie)).json.error.code).to.equal('ALREADY_RATED');
    // A cookie that somebody wrote themselves says nothing.
    const forged = `__Secure-saga-technician=${app.person('technician.sari').id}.forged`;
    expect((await rate(2, forged)).status).to.equal(201);
    const second = await known(2);
    expect(second.own?.by_technician).to.equal(false);
    expect(second.of).to.deep.include({ rated: 1, service: 2 });
    expect((await rate(1)).json.error.code).to.equal('ALREADY_RATED');
  });
});
