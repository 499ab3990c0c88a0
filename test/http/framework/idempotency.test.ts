import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { z } from 'zod';
import { Refusal } from '../../../src/domain/refusals.ts';
import { login } from '../../../src/http/staff/auth.ts';
import { route } from '../../../src/http/framework/route.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { type HttpTest, httpOn, posting, type Reply } from '../../support/http/http.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

describe('Idempotency-Key', () => {
  let http: HttpTest;
  let ani: string;
  let budi: string;
  /** Operation ids in the order in which the work was done. */
  let runs: (string | undefined)[];
  let work: (n: number) => Promise<void>;

  const count = route({
    method: 'post',
    path: '/count/:name',
    name: 'count',
    tag: 'Test',
    summary: 'Counts',
    description: 'Counts how often it ran.',
    access: 'authenticated',
    params: { name: z.string() },
    body: z.strictObject({ n: z.int() }),
    status: 201,
    data: z.strictObject({ run: z.int(), n: z.int() }),
    errors: ['TICKET_CLOSED'],
    async handle({ body, command }) {
      const run = runs.push(command.key);
      await work(run);
      return { data: { run, n: body.n } };
    },
  });

  before(async () => {
    http = await httpOn([login, count]);
    await http.member('ani@demo.saga');
    await http.member('budi@demo.saga');
    ani = (await http.login('ani@demo.saga')).json.data.token as string;
    budi = (await http.login('budi@demo.saga')).json.data.token as string;
  });
  after(() => http.close());
  beforeEach(async () => {
    runs = [];
    work = () => Promise.resolve();
    await http.sql.query(unchecked({ text: 'delete from ops.idempotency_keys', values: [] }));
  });

  const post = (key: string, n = 1, token = ani, path = '/count/a'): Promise<Reply> =>
    http.ask(path, posting({ n }, token, { 'idempotency-key': key }));

  it('gives the first answer again, status and body, without doing it again', async () => {
    const first = await post('k');
    const again = await post('k');
    expect([first.status, again.status, runs.length]).to.deep.equal([201, 201, 1]);
    expect(again.text).to.equal(first.text);
  });

  it('does it each time without a key', async () => {
    await http.ask('/count/a', posting({ n: 1 }, ani));
    await http.ask('/count/a', posting({ n: 1 }, ani));
    expect(runs).to.deep.equal([undefined, undefined]);
  });

  it('refuses the key with another body or path', async () => {
    await post('k');
    for (const other of [await post('k', 2), await post('k', 1, ani, '/count/b')]) {
      expect([other.status, other.json.error.code]).to.deep.equal([409, 'IDEMPOTENCY_KEY_REUSED']);
    }
    expect(runs).to.have.length(1);
  });

  it('asks again after a 403: who was given the right meanwhile is not refused by an old answer', async () => {
    work = (run) => (run === 1 ? Promise.reject(new Refusal('DIVISION_FORBIDDEN')) : Promise.resolve());
    const refused = await post('k');
    expect([refused.status, refused.json.error.code]).to.deep.equal([403, 'DIVISION_FORBIDDEN']);
    expect((await post('k')).status).to.equal(201);
    expect(new Set(runs).size, 'the same operation').to.equal(1);
  });

  it('keeps no plain hash of the body: who has the table would guess what was in it', async () => {
    const reply = await http.ask('/count/guessed', posting({ n: 7 }, ani, { 'idempotency-key': 'guess' }));
    expect(reply.status, reply.text).to.equal(201);
    const text = `select encode(fingerprint, 'hex') as print from ops.idempotency_keys`;
    const rows = await http.sql.query(unchecked<{ print: string }>({ text, values: [] }));
    const plain = createHash('sha256').update('POST /count/guessed\n').update('{"n":7}').digest('hex');
    expect(rows).to.have.length(1);
    expect(rows[0]?.print)
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.equal(plain);
  });

  it('is one per caller', async () => {
    await post('k');
    expect((await post('k', 1, budi)).json.data).to.deep.equal({ run: 2, n: 1 });
  });

  it('lets those who come meanwhile wait for the first answer', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((open) => (finish = open));
    work = () => gate;
    const all = Promise.all(Array.from({ length: 10 }, () => post('k')));
    while (runs.length === 0) await new Promise((later) => setTimeout(later, 5));
    finish();
    const replies = await all;
    expect(runs).to.have.length(1);
    expect(new Set(replies.map(({ status, text }) => `${String(status)} ${text}`)).size).to.equal(1);
  });

  it('keeps a refusal: it is an answer', async () => {
    work = () => Promise.reject(new Refusal('TICKET_CLOSED'));
    const first = await post('k');
    work = () => Promise.resolve();
    const again = await post('k');
    expect([first.status, again.status, runs.length]).to.deep.equal([409, 409, 1]);
    expect(again.text).to.equal(first.text);
  });

  for (const [what, failure, status] of [
    ['a store that was away', new StoreUnavailable('events'), 503],
    ['a surprise', new Error('surprise'), 500],
  ] as const) {
    it(`does it again after ${what}, as the same operation`, async () => {
      work = () => Promise.reject(failure);
      expect((await post('k')).status).to.equal(status);
      work = () => Promise.resolve();
      expect((await post('k')).status).to.equal(201);
      expect(runs).to.have.length(2);
      expect(runs[1]).to.be.a('string').and.equal(runs[0]);
    });
  }

  it('takes a claim over whose process died, as the same operation', async () => {
    const rows = () =>
      http.sql.query(
        unchecked<{ operation_id: string }>({
          text: 'select operation_id from ops.idempotency_keys',
          values: [],
        }),
      );
    await post('k');
    const [{ operation_id } = { operation_id: '' }] = await rows();
    await http.sql.query(
      unchecked({ text: 'update ops.idempotency_keys set status = null, body = null', values: [] }),
    );
    http.time.now = new Date(http.time.now.getTime() + 15_000);
    expect((await post('k')).status).to.equal(201);
    expect(runs).to.deep.equal([operation_id, operation_id]);
  });

  it('is forgotten after 24 hours, and then is another operation', async () => {
    await post('k');
    http.time.now = new Date(http.time.now.getTime() + 24 * 3_600_000);
    // The session of the test lives longer than its access token.
    ani = (await http.login('ani@demo.saga')).json.data.token as string;
    budi = (await http.login('budi@demo.saga')).json.data.token as string;
    expect(await http.deps.idempotencyKeys.purge()).to.equal(1);
    expect((await post('k', 2)).json.data).to.deep.equal({ run: 2, n: 2 });
    expect(runs[1]).not.to.equal(runs[0]);
  });

  it('must be 1 to 255 visible ASCII characters', async () => {
    for (const key of ['x'.repeat(256), 'a b']) {
      const reply = await post(key);
      expect([reply.status, reply.json.error.code]).to.deep.equal([400, 'VALIDATION_FAILED']);
    }
    expect((await post('x'.repeat(255))).status).to.equal(201);
  });
});
