import { expect } from 'chai';
import { z } from 'zod';
import { ERRORS } from '../../../src/http/framework/errors.ts';
import { unnamedLists } from '../../../src/http/framework/openapi/closed-lists.ts';
import { openApiOf } from '../../../src/http/framework/openapi/openapi.ts';
import { errorsOf, route } from '../../../src/http/framework/route.ts';
import { routes } from '../../../src/http/routes.ts';
import { type HttpTest, httpOn } from '../../support/http/http.ts';

type Content = Record<string, { examples?: Record<string, unknown> }>;

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  security: object[];
  parameters: { name?: string; in?: string; $ref?: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, { description: string; content?: Content; headers?: object }>;
}

describe('the OpenAPI document', () => {
  const document = openApiOf(routes, '1.2.3');
  const text = JSON.stringify(document);
  const operations = Object.values(document.paths ?? {}).flatMap(
    (path) => Object.values(path as object) as Operation[],
  );
  const operation = (name: string): Operation => {
    const found = operations.find(({ operationId }) => operationId === name);
    if (!found) throw new Error(`no operation ${name}`);
    return found;
  };

  it('is of version 3.1 and has an operation for every route', () => {
    expect(document.openapi).to.match(/^3\.1\./);
    expect(document.info.version).to.equal('1.2.3');
    expect(operations.map(({ operationId }) => operationId)).to.have.members(routes.map(({ name }) => name));
    expect(Object.keys(document.paths ?? {}).join(' ')).not.to.include(':');
  });

  it('says nothing of the webhook but where dead letters are read', () => {
    expect(text).not.to.match(/external-bot|hub\.|X-Hub/i);
  });

  it('resolves every reference', () => {
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
    expect(references).to.include('#/components/schemas/Ticket');
    for (const reference of new Set(references)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(found, reference).to.be.an('object');
    }
    expect(text).not.to.include('$defs');
  });

  it('tells for every route what it does, who may, and each error with its Indonesian sentence', () => {
    for (const one of routes) {
      const { summary, description, responses } = operation(one.name);
      expect(summary, one.name).to.have.length.above(5);
      expect(description, one.name).to.include('Who may').and.have.length.above(60);
      for (const code of errorsOf(one)) {
        const answer = responses[String(ERRORS[code].status)];
        expect(answer?.description, `${one.name} ${code}`).to.include(code);
        const examples = answer?.content?.['application/json']?.examples?.[code];
        expect(examples, `${one.name} ${code}`).to.deep.equal({ $ref: `#/components/examples/${code}` });
        expect(JSON.stringify(document.components?.examples?.[code])).to.include(ERRORS[code].message);
      }
      expect(responses, one.name).to.have.property(String(one.status));
    }
  });

  it('has one type for each closed list, and for the objects that several routes give', () => {
    expect(unnamedLists(document)).to.deep.equal([]);
    expect(document.components?.schemas).to.include.all.keys(
      ...['Division', 'Role', 'Channel', 'TicketStatus', 'QueueStatus', 'CrmStage', 'Privilege', 'ErrorCode'],
      ...['Ticket', 'Message', 'ApiError', 'AppNotification', 'StreamEvents', 'VehicleTypeMotor'],
    );
    expect(text).to.include(
      '"QueueStatus":{"type":"string","enum":["free","queued","assigned","off_hours"]}',
    );
  });

  it('types numbers, booleans and days of a query, and shows no pattern beside a format', () => {
    const inbox = operation('listInbox').parameters;
    const typeOf = (name: string) => inbox.find((one) => one.name === name)?.schema;
    expect(typeOf('limit')).to.include({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
    expect(typeOf('is_idle')).to.deep.equal({ type: 'boolean' });
    expect(typeOf('unread')).to.include({ type: 'boolean', const: true });
    for (const [, schema = ''] of text.matchAll(/(\{[^{}]*"format":"[^{}]*\})/g))
      expect(schema).not.to.include('"pattern"');
    expect(text).not.to.include('inQuery');
    const words = operations.flatMap(({ parameters }) =>
      parameters.filter(({ in: place }) => place === 'query').map((one) => JSON.stringify(one)),
    );
    expect(
      words.filter((one) => one.includes('["true","false"]') || one.includes('^\\\\d{1,9}$')),
    ).to.deep.equal([]);
  });

  it('lets answers have more members one day, and requests none', () => {
    const answers = operations.map(({ responses }) => JSON.stringify(responses)).join('');
    expect(answers).not.to.include('"additionalProperties":false');
    const { properties = {} } = document.components?.schemas?.['Ticket'] as { properties?: object };
    expect(properties).to.have.property('id');
    expect(document.components?.schemas?.['Ticket']).not.to.have.property('additionalProperties');
    expect(JSON.stringify(operation('assign').requestBody)).to.include('"additionalProperties":false');
  });

  it('takes privilege, parameters and body from the declaration', () => {
    const made = openApiOf(
      [
        route({
          method: 'post',
          path: '/api/x/:id',
          name: 'x',
          tag: 'X',
          summary: 'Does x',
          description: 'It does.',
          access: 'assign',
          params: { id: z.uuid() },
          query: { limit: z.string().optional() },
          body: z.strictObject({ n: z.int() }),
          status: 201,
          data: z.strictObject({ at: z.string() }),
          errors: ['TICKET_CLOSED'],
          handle: () => Promise.resolve({ data: { at: '' } }),
        }),
      ],
      '1',
    );
    const { parameters, requestBody, security, description, responses } = (
      made.paths as unknown as Record<string, { post: Operation }>
    )['/api/x/{id}']!.post;
    expect(
      parameters.map(({ name, in: place, required }) => [name, place, required]),
    ).to.deep.include.members([
      ['id', 'path', true],
      ['limit', 'query', false],
    ]);
    expect(parameters.at(-1)).to.deep.equal({ $ref: '#/components/parameters/IdempotencyKey' });
    expect(requestBody?.content['application/json']?.schema).to.include({ additionalProperties: false });
    expect(security).to.deep.equal([{ bearer: [] }]);
    expect(description).to.include('`assign`');
    expect(responses).to.have.all.keys('201', '400', '401', '403', '409', '413', '429', '500', '503');
    expect(responses['429']?.headers).to.have.property('Retry-After');
  });

  it('names the members of a record over a closed list', () => {
    const data = z.record(z.enum(['a', 'b']), z.int());
    const declared = {
      method: 'get',
      path: '/api/x',
      name: 'x',
      tag: 'X',
      summary: 'Does x',
      description: 'It does.',
      access: 'public',
      status: 200,
      errors: [],
    } as const;
    const handle = () => Promise.resolve({ data: { a: 1, b: 2 } });
    const made = JSON.stringify(openApiOf([route({ ...declared, data, handle })], '1'));
    expect(made)
      .to.include('"required":["a","b"],"properties":{"a":{"type":"integer"')
      .and.not.include('propertyNames');
  });

  describe('over HTTP', () => {
    let http: HttpTest;
    before(async () => {
      http = await httpOn(routes);
    });
    after(() => http.close());

    it('is what the server gives, without a token', async () => {
      const { status, text: served } = await http.ask('/api/openapi.json');
      expect(status).to.equal(200);
      expect((JSON.parse(served) as { paths: object }).paths).to.have.all.keys(
        Object.keys(document.paths ?? {}),
      );
    });

    it('is shown by Swagger UI, from files of our own and under a policy that lets nothing else in', async () => {
      const page = await http.ask('/api/docs');
      expect(page.status).to.equal(200);
      expect(page.headers.get('content-security-policy'))
        .to.include("script-src 'self'")
        .and.not.include('unsafe-eval');
      const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
      expect(assets).to.have.length.above(2);
      for (const path of assets) {
        expect(path).to.match(/^\/api\/docs\//);
        expect((await http.ask(path)).status, path).to.equal(200);
      }
      expect((await http.ask('/api/docs/assets/..%2fpackage.json')).status).to.be.oneOf([400, 403, 404]);
      expect((await http.ask('/api/docs/assets/nothing.js')).status).to.equal(404);
    });
  });
});
