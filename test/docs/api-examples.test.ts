/** A dashboard developer reads the examples first: each route has some, and each satisfies its schema. */
import { expect } from 'chai';
import type { SchemaObject } from 'openapi3-ts/oas31';
import { createSampler } from '../../src/http/framework/openapi/examples.ts';
import { missingExamples, openApiOf } from '../../src/http/framework/openapi/openapi.ts';
import { route } from '../../src/http/framework/route.ts';
import { routes } from '../../src/http/routes.ts';
import { z } from 'zod';

interface Media {
  readonly example?: unknown;
}
interface Parameter {
  readonly name?: string;
  readonly in?: string;
  readonly example?: unknown;
  readonly description?: string;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

const operationsOf = (document: ReturnType<typeof openApiOf>): readonly Operation[] =>
  Object.values(document.paths ?? {}).flatMap((path) => Object.values(path as object) as Operation[]);

const problemsOf = (schema: z.ZodType, example: unknown): string | null => {
  const parsed = schema.safeParse(example);
  return parsed.success ? null : z.prettifyError(parsed.error);
};

describe('the examples of the API documentation', () => {
  const operations = operationsOf(openApiOf(routes, '1'));
  const operation = (name: string): Operation => {
    const found = operations.find(({ operationId }) => operationId === name);
    if (!found) throw new Error(`no operation ${name}`);
    return found;
  };

  for (const of of routes) {
    it(`${of.name}: request and response, as its schemas want them`, () => {
      const { parameters, requestBody, responses } = operation(of.name);
      const given = (place: string) =>
        Object.fromEntries(
          parameters.flatMap((one) =>
            one.in === place && 'example' in one ? [[one.name, one.example]] : [],
          ),
        );
      expect(problemsOf(of.params, given('path')), 'path').to.equal(null);
      expect(problemsOf(of.query, given('query')), 'query').to.equal(null);
      if (of.body) {
        expect(problemsOf(of.body, requestBody?.content['application/json'].example), 'request').to.equal(
          null,
        );
      }
      const content = responses[String(of.status)]?.content;
      if (of.stream) {
        const text = String(content?.['text/event-stream']?.example);
        const [, name = '', data = ''] = /event: (.+)\ndata: (.+)/.exec(text) ?? [];
        expect(problemsOf(of.stream.events[name] ?? z.never(), JSON.parse(data)), name).to.equal(null);
      } else if (of.data) {
        const { data, meta } = content?.['application/json']?.example as { data: unknown; meta?: unknown };
        expect(problemsOf(of.data, data), 'response').to.equal(null);
        if (meta !== undefined) expect(problemsOf(of.meta, meta), 'meta').to.equal(null);
      }
    });
  }

  it('has one for every member: declare it in the schema, in the route, or in http/framework/openapi/example-values.ts', () => {
    expect(missingExamples(routes)).to.deep.equal([]);
  });

  it('names what has none', () => {
    const sampler = createSampler({});
    const schema = z.toJSONSchema(z.strictObject({ nobodyKnows: z.string(), limit: z.int() }));
    expect(sampler.exampleOf(schema as SchemaObject, { name: 'x' })).to.deep.equal({ limit: 50 });
    expect([...sampler.missing]).to.deep.equal(['x.nobodyKnows']);
  });

  it('are taken from the declaration before the common words', () => {
    const made = openApiOf(
      [
        route({
          method: 'post',
          path: '/api/x',
          name: 'x',
          tag: 'X',
          summary: 'Does x',
          description: 'It does.',
          access: 'assign',
          body: z.strictObject({ name: z.string().meta({ example: 'Nama lain' }), limit: z.int() }),
          status: 200,
          data: z.strictObject({ kinds: z.array(z.enum(['a', 'b'])) }),
          errors: [],
          handle: () => Promise.resolve({ data: { kinds: [] } }),
        }),
      ],
      '1',
    );
    const [{ requestBody, responses } = expect.fail('no operation')] = operationsOf(made);
    expect(requestBody?.content['application/json'].example).to.deep.equal({ name: 'Nama lain', limit: 50 });
    expect(responses['200']?.content?.['application/json']?.example).to.deep.equal({
      success: true,
      data: { kinds: ['a'] },
    });
  });
});
