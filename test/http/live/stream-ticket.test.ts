import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { rejection } from '../../support/rejection.ts';

describe('a ticket for the live stream', function () {
  this.timeout(60_000);
  let app: TestProgram;
  before(async () => {
    app = await startTestProgram();
  });
  after(() => app.close());

  async function ticketOf(key: string): Promise<string> {
    const { status, json } = await app.post('/api/stream/ticket', {}, key);
    expect(status, JSON.stringify(json)).to.equal(200);
    expect(json.data).to.have.property('expires_in', 30);
    return json.data['ticket'] as string;
  }
  const ended = new AbortController();
  after(() => {
    ended.abort();
  });
  /** Opens the stream and reads no further than its headers. */
  const opened = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${app.url}/api/stream?${query}`, { headers, signal: ended.signal });
    return { status: answer.status, type: answer.headers.get('content-type'), answer };
  };

  it('opens one stream without a header, of who asked for it', async () => {
    const ticket = await ticketOf('agent.sari');
    const { status, type, answer } = await opened(`ticket=${ticket}`);
    expect([status, type]).to.deep.equal([200, 'text/event-stream; charset=utf-8']);
    const [seen, hidden] = [await app.openTickets('sari', 1), await app.openTickets('savi', 1)];
    const [mark = ''] = await app.openTickets('sari', 1);
    let text = '';
    for await (const bytes of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      if (text.includes(mark)) break;
    }
    expect(text).to.include(seen[0]);
    expect(text).not.to.include(hidden[0]);
    expect((await opened(`ticket=${ticket}`)).status, 'a second time').to.equal(401);
  });

  it('is taken by one of many who come with it at once', async () => {
    const ticket = await ticketOf('agent.sari');
    const answers = await Promise.all(Array.from({ length: 8 }, () => opened(`ticket=${ticket}`)));
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([
      200,
      ...Array<number>(7).fill(401),
    ]);
  });

  it('that is none, is cut, or opens something else is no ticket', async () => {
    const ticket = await ticketOf('agent.sari');
    const wrong = ['ticket=', `ticket=${ticket.slice(1)}`, `ticket=${'a'.repeat(43)}`, 'ticket=a&ticket=b'];
    for (const query of wrong) expect((await opened(query)).status, query).to.equal(401);
    expect((await app.call(`/api/admin/inbox?ticket=${ticket}`)).status).to.equal(401);
    const header = { authorization: `Bearer ${'x'.repeat(40)}` };
    expect((await opened(`ticket=${ticket}`, header)).status, 'the header goes first').to.equal(401);
    expect((await opened(`ticket=${ticket}`)).status, 'and did not use it up').to.equal(200);
  });

  it('ends with the session that asked', async () => {
    const ticket = await ticketOf('other.sari');
    await app.post('/api/auth/logout', {}, 'other.sari');
    expect((await opened(`ticket=${ticket}`)).status).to.equal(401);
  });

  it('takes the place in the stream from the query too', async () => {
    const ticket = await ticketOf('agent.sari');
    const { answer } = await opened(`ticket=${ticket}&last_event_id=tidak-ada`);
    const { value } = await answer.body!.pipeThrough(new TextDecoderStream()).getReader().read();
    expect(value).to.include('event: reset').and.to.include('unknown');
  });

  it('ends with the program, like every stream', async () => {
    const { answer } = await opened(`ticket=${await ticketOf('agent.sari')}`);
    ended.abort();
    expect((await rejection(answer.text())).name).to.equal('AbortError');
  });
});
