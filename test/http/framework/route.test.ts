import { expect } from 'chai';
import { z } from 'zod';
import { Refusal } from '../../../src/domain/refusals.ts';
import { login } from '../../../src/http/staff/auth.ts';
import { route } from '../../../src/http/framework/route.ts';
import { EventTooLarge, StoreUnavailable } from '../../../src/ports.ts';
import { bearer, type HttpTest, httpOn, posting } from '../../support/http/http.ts';

const base = {
  tag: 'Test',
  summary: 'A route of the test',
  description: 'Does what the test wants.',
  errors: [],
} as const;

/** Fails as its body says. */
const failing = route({
  ...base,
  method: 'post',
  path: '/fail',
  name: 'fail',
  access: 'public',
  body: z.strictObject({ how: z.string() }),
  status: 200,
  data: z.strictObject({}),
  handle({ body }) {
    if (body.how === 'refusal') throw new Refusal('TICKET_ALREADY_TAKEN');
    if (body.how === 'busy') throw new Refusal('BUSY');
    if (body.how === 'away') throw new StoreUnavailable('events');
    if (body.how === 'large') throw new EventTooLarge('512 KiB');
    throw new Error('secret 6281234567890');
  },
});

const echo = route({
  ...base,
  method: 'post',
  path: '/echo/:id',
  name: 'echo',
  access: 'public',
  params: { id: z.uuid() },
  query: { limit: z.string().regex(/^\d+$/).optional(), tags: z.array(z.string()).optional() },
  body: z.strictObject({ text: z.string().min(1), nested: z.strictObject({ n: z.int() }).optional() }),
  status: 201,
  data: z.strictObject({ text: z.string(), id: z.string() }),
  handle: ({ body, params }) => Promise.resolve({ data: { text: body.text, id: params.id } }),
});

const raw = route({
  ...base,
  method: 'get',
  path: '/raw',
  name: 'raw',
  access: 'inbox_read',
  status: 200,
  data: z.strictObject({ tickets: z.array(z.int()) }),
  meta: { total: z.int() },
  handle: () => Promise.resolve({ data: { json: '{"tickets":[1, 2]}' }, meta: { total: 2 } }),
});

const ID = '01900000-0000-7000-8000-000000000001';

describe('a route', () => {
  let http: HttpTest;
  let stale = false;
  let token: string;
  before(async () => {
    http = await httpOn([login, failing, echo, raw], {
      readYourWrites: { wrote: () => Promise.resolve(), ready: () => Promise.resolve({ stale }) },
    });
    await http.member('ani@demo.saga');
    token = (await http.login('ani@demo.saga')).json.data.token as string;
  });
  after(() => http.close());

  const codeOf = async (path: string, init?: RequestInit): Promise<[number, string]> => {
    const { status, json } = await http.ask(path, init);
    expect(json.success).to.equal(false);
    expect(json.error.message).to.be.a('string').that.is.not.empty;
    return [status, json.error.code];
  };

  it('answers in the envelope, with the status it declares', async () => {
    const { status, json, headers } = await http.ask(`/echo/${ID}?limit=3&tags[]=a`, posting({ text: 'ya' }));
    expect([status, json]).to.deep.equal([201, { success: true, data: { text: 'ya', id: ID } }]);
    expect(headers.get('content-type')).to.equal('application/json; charset=utf-8');
  });

  it('embeds JSON text as it is, next to the meta', async () => {
    const { text } = await http.ask('/raw', { headers: bearer(token) });
    expect(text).to.equal('{"success":true,"data":{"tickets":[1, 2]},"meta":{"total":2}}');
  });

  it('says when the read tables lag behind what the caller wrote', async () => {
    stale = true;
    const { json } = await http.ask('/raw', { headers: bearer(token) });
    stale = false;
    expect(json.meta).to.deep.equal({ total: 2, stale: true });
  });

  it('turns each kind of failure into its code and status', async () => {
    const failures = {
      refusal: [409, 'TICKET_ALREADY_TAKEN'],
      busy: [503, 'BUSY'],
      away: [503, 'STORE_UNAVAILABLE'],
      large: [413, 'PAYLOAD_TOO_LARGE'],
      surprise: [500, 'INTERNAL_ERROR'],
    };
    for (const [how, expected] of Object.entries(failures)) {
      expect(await codeOf('/fail', posting({ how }))).to.deep.equal(expected);
    }
    const away = await http.ask('/fail', posting({ how: 'away' }));
    expect(Number(away.headers.get('retry-after'))).to.be.greaterThan(0);
  });

  it('keeps to itself what nobody foresaw, and logs it once', async () => {
    http.log.lines.length = 0;
    const { text } = await http.ask('/fail', posting({ how: 'surprise' }));
    expect(text).not.to.match(/secret|Error|\.ts/);
    expect(http.log.lines.filter(({ level }) => level === 'error')).to.have.length(1);
  });

  it('asks for a token before it looks at anything, and for the privilege before the body', async () => {
    const guarded = route({
      ...base,
      method: 'post',
      path: '/guarded',
      name: 'guarded',
      access: 'manage_users',
      body: z.strictObject({ n: z.int() }),
      status: 200,
      data: z.strictObject({}),
      handle: () => Promise.resolve({ data: {} }),
    });
    const other = await httpOn([login, guarded]);
    try {
      await other.member('ani@demo.saga');
      await other.member('rina@demo.saga', 'super_admin', 'all');
      const tokenOf = async (email: string): Promise<string> =>
        (await other.login(email)).json.data.token as string;
      const wrong = '{"n":';
      expect((await other.ask('/guarded', posting(wrong))).status).to.equal(401);
      expect((await other.ask('/guarded', posting(wrong, await tokenOf('ani@demo.saga')))).status).to.equal(
        403,
      );
      const rina = await tokenOf('rina@demo.saga');
      expect((await other.ask('/guarded', posting(wrong, rina))).status).to.equal(400);
      expect((await other.ask('/guarded', posting({ n: 1 }, rina))).status).to.equal(200);
    } finally {
      await other.close();
    }
  });

  it('names every bad field, without repeating what was sent', async () => {
    const { json, text } = await http.ask(
      `/echo/${ID}`,
      posting({ text: 7, nested: { n: 'x6281', more: 1 }, extra: 1 }),
    );
    expect(json.error.code).to.equal('VALIDATION_FAILED');
    expect(json.error.details?.map(({ path }) => path)).to.have.members([
      'text',
      'nested.n',
      'nested.more',
      'extra',
    ]);
    expect(text).not.to.include('x6281');
  });

  const bad: Record<string, [path: string, init: RequestInit, code: string]> = {
    'an id that is no UUID': ['/echo/7', posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'an id with NUL': ['/echo/%00', posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'a broken percent-encoding': ['/echo/%E0%A4%A', posting({ text: 'a' }), 'BAD_REQUEST'],
    'an unknown parameter': [`/echo/${ID}?x=1`, posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'a forbidden parameter': [`/echo/${ID}?__proto__=1`, posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'a repeated parameter': [`/echo/${ID}?limit=1&limit=2`, posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'a negative limit': [`/echo/${ID}?limit=-1`, posting({ text: 'a' }), 'VALIDATION_FAILED'],
    'no body': [`/echo/${ID}`, { method: 'POST' }, 'VALIDATION_FAILED'],
    'broken JSON': [`/echo/${ID}`, posting('{"text":'), 'MALFORMED_JSON'],
    'JSON that is no object': [`/echo/${ID}`, posting('[1]'), 'VALIDATION_FAILED'],
    null: [`/echo/${ID}`, posting('null'), 'VALIDATION_FAILED'],
    'a member __proto__': [
      `/echo/${ID}`,
      posting('{"text":"a","nested":{"__proto__":{"polluted":1}}}'),
      'VALIDATION_FAILED',
    ],
    'a member constructor': [
      `/echo/${ID}`,
      posting('{"constructor":{"prototype":{"polluted":1}}}'),
      'VALIDATION_FAILED',
    ],
    'NUL in a text': [`/echo/${ID}`, posting('{"text":"a\\u0000"}'), 'VALIDATION_FAILED'],
    'half a surrogate pair': [`/echo/${ID}`, posting('{"text":"a\\ud800"}'), 'VALIDATION_FAILED'],
    'depth 1,000': [
      `/echo/${ID}`,
      posting(`{"text":${'['.repeat(1000)}${']'.repeat(1000)}}`),
      'MALFORMED_JSON',
    ],
    'depth 30,000': [`/echo/${ID}`, posting('['.repeat(30_000) + ']'.repeat(30_000)), 'MALFORMED_JSON'],
    'a body of another type': [
      `/echo/${ID}`,
      posting('text=a', undefined, { 'content-type': 'application/x-www-form-urlencoded' }),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    'another charset': [
      `/echo/${ID}`,
      posting('{"text":"a"}', undefined, { 'content-type': 'application/json; charset=utf-16' }),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    'a compressed body': [
      `/echo/${ID}`,
      posting('{"text":"a"}', undefined, { 'content-encoding': 'gzip' }),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    'a key for repeats that is none': [
      '/echo/7',
      posting({ text: 'a' }, undefined, { 'idempotency-key': 'x'.repeat(300) }),
      'VALIDATION_FAILED',
    ],
  };
  for (const [what, [path, init, code]] of Object.entries(bad)) {
    it(`refuses ${what}`, async () => {
      expect(await codeOf(path, init)).to.deep.equal([400, code]);
      expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    });
  }

  it('refuses bytes that are not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    expect(await codeOf(`/echo/${ID}`, { ...posting(''), body })).to.deep.equal([400, 'MALFORMED_JSON']);
  });

  it('refuses a body over 64 KiB, whether it says so or not, and goes on', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(128 * 1024) });
    expect(await codeOf(`/echo/${ID}`, posting(large))).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
    const chunks = async function* () {
      for (let at = 0; at < large.length; at += 8_192) yield Buffer.from(large.slice(at, at + 8_192));
      await Promise.resolve();
    };
    const streamed = { ...posting(''), body: chunks(), duplex: 'half' } as unknown as RequestInit;
    expect(await codeOf(`/echo/${ID}`, streamed)).to.deep.equal([413, 'PAYLOAD_TOO_LARGE']);
    expect((await http.ask(`/echo/${ID}`, posting({ text: 'x'.repeat(65_000) }))).status).to.equal(201);
  });

  it('is not there under another name or method', async () => {
    expect(await codeOf('/nowhere')).to.deep.equal([404, 'NOT_FOUND']);
    expect(await codeOf('/echo')).to.deep.equal([404, 'NOT_FOUND']);
    expect(await codeOf('/raw', { method: 'DELETE' })).to.deep.equal([404, 'NOT_FOUND']);
  });

  it('names each request by an id of its own, and keeps a sound one of the client next to it', async () => {
    const idsOf = async (given: string): Promise<(string | null)[]> => {
      const { headers } = await http.ask('/nowhere', { headers: { 'x-request-id': given } });
      return [headers.get('x-request-id'), headers.get('x-client-request-id')];
    };
    http.log.lines.length = 0;
    const [own, theirs] = await idsOf('trace-1');
    expect(own).to.match(/^[0-9a-f-]{36}$/);
    expect(theirs).to.equal('trace-1');
    const [line] = http.log.lines.filter(({ message }) => message === 'request');
    expect(line?.fields).to.include({ requestId: own, client_request_id: 'trace-1', correlationId: own });
    for (const unsound of ['x'.repeat(129), 'a b']) {
      const [ours, none] = await idsOf(unsound);
      expect([ours?.length, none]).to.deep.equal([36, null]);
    }
  });

  it('logs pattern, status and person of a request, never its address, query or body', async () => {
    http.log.lines.length = 0;
    await http.ask(`/echo/${ID}?limit=62812345`, posting({ text: 'rahasia' }));
    const lines = http.log.lines.filter(({ message }) => message === 'request');
    expect(lines.map(({ fields }) => fields)).to.have.length(1);
    expect(lines[0]?.fields).to.include({ method: 'POST', route: '/echo/:id', status: 201, userId: null });
    expect(JSON.stringify(http.log.lines)).not.to.match(new RegExp(`${ID}|62812345|rahasia`));
  });

  it('counts by pattern, and unknown addresses as one', async () => {
    await http.ask('/nowhere/6281234567890');
    const { text, headers } = await http.ask('/metrics');
    expect(headers.get('content-type')).to.match(/^text\/plain/);
    expect(text).to.match(
      /http_request_duration_seconds_count\{method="POST",route="\/echo\/:id",status="201"\} \d/,
    );
    expect(text).to.include('route="unmatched"');
    expect(text).not.to.include('6281234567890');
  });

  it('gives every answer the headers of an API', async () => {
    const { headers } = await http.ask('/nowhere');
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('content-security-policy')).to.include("default-src 'none'");
    expect(headers.get('x-powered-by')).to.equal(null);
    expect(headers.get('etag')).to.equal(null);
  });

  it('limits each person on their own, and says when to come again', async () => {
    const config = { ...http.deps.config, rateLimitPerMinute: 3 };
    const limited = await httpOn([login, raw], { config });
    try {
      await limited.member('ani@demo.saga');
      await limited.member('budi@demo.saga');
      const [ani, budi] = await Promise.all(
        ['ani@demo.saga', 'budi@demo.saga'].map(
          async (email) => (await limited.login(email)).json.data.token as string,
        ),
      );
      const statuses: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        statuses.push(
          (await limited.ask('/raw', { headers: { ...bearer(ani), 'x-forwarded-for': String(n) } })).status,
        );
      }
      expect(statuses).to.deep.equal([200, 200, 200, 429]);
      const over = await limited.ask('/raw', { headers: bearer(ani) });
      expect([over.json.error.code, Number(over.headers.get('retry-after')) > 0]).to.deep.equal([
        'RATE_LIMITED',
        true,
      ]);
      expect((await limited.ask('/raw', { headers: bearer(budi) })).status).to.equal(200);
    } finally {
      await limited.close();
    }
  });
});
