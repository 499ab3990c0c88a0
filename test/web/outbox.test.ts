/** What is said goes out once, in order, and never on the other layer (docs/design/dashboard.md#drafts-and-the-outbox). */
import { expect } from 'chai';
import type * as Outbox from '../../web/src/lib/outbox.ts';
import { eventually } from '../support/eventually.ts';

interface Sent {
  readonly path: string;
  readonly key: string | null;
  readonly body: unknown;
}

/** A browser as far as the outbox needs one: no storage, and a network that can go away. */
const page = {
  sent: [] as Sent[],
  answer: (path: string): Response | Error => new Error(`nothing answers ${path}`),
};
const TICKET = '019a9d1e-7c00-7000-8000-000000000101';

const created = (id: string): Response =>
  Response.json(
    { success: true, data: { message_id: id, sent_at: new Date().toISOString() } },
    { status: 201 },
  );
const refused = (code: string, message: string): Response =>
  Response.json({ success: false, error: { code, message } }, { status: 409 });

describe('the outbox', () => {
  let box: typeof Outbox;
  const before_ = {
    fetch: globalThis.fetch,
    location: Reflect.get(globalThis, 'location') as unknown,
    add: Reflect.get(globalThis, 'addEventListener') as unknown,
  };

  before(async () => {
    Object.assign(globalThis, {
      location: { origin: 'http://dashboard.test' },
      addEventListener: () => undefined,
      fetch: async (request: Request) => {
        const path = new URL(request.url).pathname.replace(`/api/admin/ticket/${TICKET}/`, '');
        const body: unknown = await request.clone().json();
        page.sent.push({ path, key: request.headers.get('idempotency-key'), body });
        const answer = page.answer(path);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    box = await import('../../web/src/lib/outbox.ts');
  });
  after(() =>
    Object.assign(globalThis, {
      fetch: before_.fetch,
      location: before_.location,
      addEventListener: before_.add,
    }),
  );
  beforeEach(async () => {
    page.sent = [];
    for (const item of box.outbox.get()) box.takeBack(item);
    await eventually('nothing waits', () => box.outbox.get().length === 0);
  });
  const isEmpty = (): boolean => box.outbox.get().length === 0;

  it('sends what is said on one ticket in its order, each with a key of its own', async () => {
    page.answer = () => created('m');
    box.say('me', TICKET, { kind: 'reply', text: 'satu' });
    box.say('me', TICKET, { kind: 'reply', text: 'dua' });
    await eventually('both are sent', isEmpty);
    expect(page.sent.map(({ body }) => body)).to.deep.equal(
      ['satu', 'dua'].map((message, n) => ({ message, client_ref: page.sent[n]?.key })),
    );
    expect(new Set(page.sent.map(({ key }) => key)).size).to.equal(2);
  });

  it('sends a note to the notes, whatever else is said', async () => {
    page.answer = () => created('m');
    box.say('me', TICKET, { kind: 'note', text: 'rahasia', taggedId: 'tuti' });
    box.say('me', TICKET, { kind: 'reply', text: 'halo' });
    box.say('me', TICKET, { kind: 'team-reply', text: 'dari tim' });
    await eventually('all are sent', isEmpty);
    expect(page.sent.map(({ path, body }) => [path, body])).to.deep.equal([
      ['internal-message', { content: 'rahasia', tagged_agent_id: 'tuti' }],
      ['reply', { message: 'halo', client_ref: page.sent[1]?.key }],
      ['reply-as-sa', { message: 'dari tim' }],
    ]);
  });

  it('sends files and a quote with the reply that they belong to', async () => {
    page.answer = () => created('m');
    const file = { mediaId: 'berkas', name: 'foto.jpg', kind: 'image', size: 3 } as const;
    const quoted = { id: 'kutipan', preview: 'Berapa?' };
    box.say('me', TICKET, { kind: 'reply', text: '', files: [file], quoted });
    await eventually('it is sent', isEmpty);
    expect(page.sent[0]?.body).to.deep.equal({
      client_ref: page.sent[0]?.key,
      media_ids: ['berkas'],
      reply_to: 'kutipan',
    });
  });

  it('takes tags and CRM data, too, each to its own call', async () => {
    page.answer = () => Response.json({ success: true, data: {} });
    box.say('me', TICKET, { kind: 'tag', action: 'add', tag: 'b2b' });
    box.say('me', TICKET, { kind: 'crm', body: { crm_stage: 'Qualified' } });
    await eventually('both are sent', isEmpty);
    expect(page.sent.map(({ path, body }) => [path, body])).to.deep.equal([
      ['tag', { action: 'add', tag: 'b2b' }],
      ['crm', { crm_stage: 'Qualified' }],
    ]);
  });

  it('holds what may still be taken back, and what is said after it; then all goes, in order', async () => {
    page.answer = () => created('m');
    box.say('me', TICKET, { kind: 'reply', text: 'salah' }, 60_000);
    box.say('me', TICKET, { kind: 'reply', text: 'ditahan' }, 60_000);
    box.say('me', TICKET, { kind: 'note', text: 'sesudahnya', taggedId: null });
    const [first] = box.outbox.get();
    if (first !== undefined) box.takeBack(first);
    expect(page.sent).to.deep.equal([]);
    await box.sendHeld();
    expect(isEmpty()).to.equal(true);
    expect(page.sent.map(({ path, body }) => [path, body])).to.deep.equal([
      ['reply', { message: 'ditahan', client_ref: page.sent[0]?.key }],
      ['internal-message', { content: 'sesudahnya' }],
    ]);
  });

  it('lets go by itself when the time is over', async () => {
    page.answer = () => created('m');
    box.say('me', TICKET, { kind: 'reply', text: 'sebentar' }, 30);
    expect(page.sent).to.deep.equal([]);
    await eventually('it is sent', isEmpty);
    expect(page.sent).to.have.length(1);
  });

  it('keeps what could not be sent, and sends it once with the same key', async function () {
    this.timeout(90_000);
    page.answer = () => new TypeError('fetch failed');
    box.say('me', TICKET, { kind: 'reply', text: 'satu' });
    await eventually(
      'it waits',
      () => page.sent.length > 0 && box.outbox.get()[0]?.state === 'waiting',
      60_000,
    );
    const keys = new Set(page.sent.map(({ key }) => key));
    page.answer = () => created('m');
    box.sendWaiting();
    await eventually('it is sent', isEmpty);
    expect(new Set(page.sent.map(({ key }) => key))).to.deep.equal(keys);
    expect(keys.size).to.equal(1);
  });

  it('shows what was refused with the words of the API, and goes on with the next', async () => {
    page.answer = () =>
      page.sent.length === 1 ? refused('TICKET_CLOSED', 'Tiket sudah ditutup') : created('m');
    box.say('me', TICKET, { kind: 'reply', text: 'terlambat' });
    box.say('me', TICKET, { kind: 'note', text: 'catatan', taggedId: null });
    await eventually('the note is there', () => page.sent.length === 2 && box.outbox.get().length === 1);
    expect(box.outbox.get()[0]).to.include({ state: 'failed', problem: 'Tiket sudah ditutup' });
  });

  it('does not send by itself what is older than a quarter of an hour', async () => {
    page.answer = () => created('m');
    const old = new Date(Date.now() - 16 * 60_000).toISOString();
    box.outbox.set([
      {
        id: 'k',
        userId: 'me',
        ticketId: TICKET,
        work: { kind: 'reply', text: 'kemarin' },
        createdAt: old,
        state: 'waiting',
        problem: null,
      },
    ]);
    box.sendWaiting();
    await eventually('it is given up', () => box.outbox.get()[0]?.state === 'failed');
    expect(page.sent).to.deep.equal([]);
  });
});
