import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';
import { collectSpans, type FinishedSpan } from '../../support/observe/spans.ts';

describe('spans', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let collected: ReturnType<typeof collectSpans>;

  before(async () => {
    collected = collectSpans();
    app = await startTestProgram();
  });
  after(async () => {
    await app.close();
    collected.stop();
  });

  const named = (name: string): readonly FinishedSpan[] => collected.spans.filter((one) => one.name === name);

  it('stand around the request, the append that it made, and the batch that the views took in', async () => {
    const [ticket = ''] = await app.openTickets('sari', 1);
    const path = `/api/admin/ticket/${ticket}/self-takeover`;
    expect((await app.post(path, {}, 'agent.sari')).status).to.equal(200);
    const request = await eventually('the request has its span', () =>
      named('POST /api/admin/ticket/:id/self-takeover').at(-1),
    );
    expect(request.attributes).to.include({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
    });
    const append = named('append').find(({ parentId }) => parentId === request.spanId);
    expect(append?.attributes).to.deep.equal({ 'saga.category': 'ticket', 'saga.events': 1 });
    expect(append?.traceId).to.equal(request.traceId);
    const [batch] = named('projection batch');
    expect(batch?.attributes['saga.events']).to.be.greaterThan(0);
    expect(batch?.failed).to.equal(false);
  });

  it('say nothing of anybody', () => {
    const all = JSON.stringify(collected.spans.map(({ name, attributes }) => [name, attributes]));
    expect(all).not.to.match(/62899|Pelanggan|@|[0-9a-f]{8}-[0-9a-f]{4}-/);
  });
});
