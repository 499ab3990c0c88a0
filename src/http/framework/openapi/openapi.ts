/** The OpenAPI 3.1 document, made from the list of routes. Webhooks are not in the list, so they stay out of it. */
import { STATUS_CODES } from 'node:http';
import {
  OpenApiBuilder,
  type OpenAPIObject,
  type OperationObject,
  type ParameterObject,
  type RequestBodyObject,
  type SchemaObject,
} from 'openapi3-ts/oas31';
import { z } from 'zod';
import { type ErrorCode, ERRORS } from '../errors.ts';
import { withNamedLists } from './closed-lists.ts';
import { createSampler, type Sampler, withoutMemberExamples } from './examples.ts';
import { errorsOf, type EventStream, type Route } from '../route.ts';
import { API_TAGS } from './tags.ts';

type Schemas = Record<string, SchemaObject>;

type JsonSchema = z.core.JSONSchema.BaseSchema;

const withRefs = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;

/** A record over a closed list of keys is an object with these members: linters and clients then know them. */
function named(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(named);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { propertyNames, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, named(value)]),
  );
  const keys = (propertyNames as { enum?: readonly string[] } | undefined)?.enum;
  // A name is a text in any case.
  const saysMore = Object.keys(propertyNames ?? {}).some((word) => word !== 'type');
  if (keys === undefined) return saysMore ? { ...rest, propertyNames } : rest;
  const properties = Object.fromEntries(keys.map((key) => [key, rest['additionalProperties']]));
  return { ...rest, properties, additionalProperties: false };
}

/**
 * What a reader of the document needs: a `format` says more than its pattern, and an answer may get more members one day, so a client
 * must not refuse those it does not know. A request has no others.
 */
function published(schema: unknown, io: 'input' | 'output'): unknown {
  if (Array.isArray(schema)) return schema.map((one: unknown) => published(one, io));
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(
    ([key, value]) =>
      !(key === 'pattern' && 'format' in schema) &&
      !(io === 'output' && key === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, published(value as unknown, io)]));
}

/** Schemas with a `meta({ id })` become components; everything else stays where it is used. */
function createTranslator(components: Schemas) {
  return (schema: z.ZodType, io: 'input' | 'output'): SchemaObject => {
    const plain = published(named(withRefs(z.toJSONSchema(schema, { io }))), io) as JsonSchema;
    for (const [name, definition] of Object.entries(plain.$defs ?? {})) {
      delete definition.id;
      // What answers have, too, is as it is in answers.
      if (io === 'input' && name in components) continue;
      components[name] = definition as SchemaObject;
    }
    delete plain.$schema;
    delete plain.$defs;
    return plain as SchemaObject;
  };
}

type Translate = ReturnType<typeof createTranslator>;

/** What every part of the document is made with: schemas that are shared, and examples. */
interface DocumentTools {
  readonly translate: Translate;
  readonly sampler: Sampler;
}

/** A query holds text. Its schema says in `meta({ inQuery })` what is written in it: a number, a boolean, a day. */
function typed(text: SchemaObject): SchemaObject {
  const { inQuery, description, example } = text as {
    readonly inQuery?: SchemaObject;
    readonly description?: string;
    readonly example?: unknown;
  };
  if (inQuery === undefined) return text;
  return {
    ...inQuery,
    ...(description !== undefined && { description }),
    ...(example !== undefined && { example }),
  };
}

function parametersOf(of: Route, { translate, sampler }: DocumentTools): ParameterObject[] {
  const from = (place: 'path' | 'query', schema: z.ZodObject): ParameterObject[] => {
    const { properties = {}, required = [] } = translate(schema, 'input');
    return Object.entries(properties).map(([name, text]) => {
      const property = typed(text as SchemaObject);
      const example = sampler.exampleOf(property, of, name);
      const needed = required.includes(name);
      const { description = '' } = property;
      // Swagger UI sends an `example` along unless somebody deletes it: of a filter the description names it.
      const exampleOrDescription = needed
        ? { example }
        : { description: `${description} Example: \`${[example].flat().join(',')}\``.trim() };
      return { name, in: place, required: needed, schema: property, ...exampleOrDescription };
    });
  };
  const parameters = [...from('path', of.params), ...from('query', of.query)];
  if (of.stream)
    parameters.push({ $ref: '#/components/parameters/LastEventId' } as unknown as ParameterObject);
  if (of.method === 'post' && of.access !== 'public') {
    parameters.push({ $ref: '#/components/parameters/IdempotencyKey' } as unknown as ParameterObject);
  }
  if (of.versioned === 'checked') {
    parameters.push({ $ref: '#/components/parameters/IfMatch' } as unknown as ParameterObject);
  }
  return parameters;
}

/** A stream is text to OpenAPI; what its events hold, by name, is the component `StreamEvents`. */
function streamOf(of: string, { events }: EventStream, { translate, sampler }: DocumentTools): object {
  const component = of === 'stream' ? 'StreamEvents' : `${of[0]?.toUpperCase() ?? ''}${of.slice(1)}Events`;
  const named = z.strictObject(events).meta({
    id: component,
    description: 'What `data:` of an event of the live stream holds, by the name of the event.',
  });
  const { properties = {} } = translate(z.strictObject({ events: named }), 'output');
  const schema = {
    type: 'string',
    description: `Server-Sent Events: lines of \`id:\`, \`event:\`, \`data:\`. \`data\` is JSON: the member of \`${component}\` with the name of the event.`,
    contentMediaType: 'application/json',
    contentSchema: properties['events'],
  };
  const [[name, first] = ['', z.null()]] = Object.entries(events);
  const example = `id: 00000000000000000042\nevent: ${name}\ndata: ${JSON.stringify(sampler.exampleOf(translate(first, 'output'), { name }))}\n\n`;
  return { description: 'Success.', content: { 'text/event-stream': { schema, example } } };
}

function successOf(of: Route, tools: DocumentTools): object {
  const { translate, sampler } = tools;
  if (of.stream) return streamOf(of.name, of.stream, tools);
  if (of.file) return { description: 'The file.', content: { 'application/octet-stream': {} } };
  if (of.data === null) return { description: 'Done, nothing to say.' };
  const properties = {
    success: { const: true },
    data: translate(of.data, 'output'),
    meta: translate(of.meta, 'output'),
  };
  const schema = { type: 'object', properties, required: ['success', 'data'] };
  const meta = sampler.exampleOf(properties.meta, of) as object;
  const example = {
    success: true,
    data: sampler.exampleOf(properties.data, of),
    ...(Object.keys(meta).length > 0 && { meta }),
  };
  return {
    description: 'Success.',
    ...(of.versioned === undefined ? {} : { headers: { ETag: { $ref: '#/components/headers/ETag' } } }),
    content: { 'application/json': { schema, example } },
  };
}

/** Codes of one status share an answer; a client tells them apart by `error.code`. */
function failuresOf(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      String(status),
      {
        description: of.map((code) => `\`${code}\`: ${ERRORS[code].meaning}`).join('\n\n'),
        ...(status === 429 || status === 503
          ? { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }
          : {}),
        content: {
          'application/json': {
            schema: { $ref: '#/components/schemas/ApiError' },
            examples: Object.fromEntries(of.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
          },
        },
      },
    ]),
  );
}

const whoMay = ({ access }: Route): string =>
  access === 'public'
    ? 'Who may: anybody, no token.'
    : access === 'authenticated'
      ? 'Who may: every signed-in user.'
      : `Who may: users with the privilege \`${access}\`.`;

function bodyOf(of: Route, body: z.ZodType, { translate, sampler }: DocumentTools): RequestBodyObject {
  const schema = translate(body, 'input');
  return { content: { 'application/json': { schema, example: sampler.exampleOf(schema, of) } } };
}

const UPLOAD_BODIES: Readonly<Record<NonNullable<Route['upload']>, RequestBodyObject>> = {
  form: {
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: { file: { type: 'string', format: 'binary', description: 'One file, with its name.' } },
          required: ['file'],
          additionalProperties: false,
        },
      },
    },
  },
  raw: {
    required: true,
    description: 'The bytes of the file. Their type is what they are, whatever the header says.',
    content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
  },
};

function operationOf(of: Route, tools: DocumentTools): OperationObject {
  return {
    operationId: of.name,
    tags: [of.tag],
    summary: of.summary,
    description: `${of.description}\n\n${whoMay(of)}`,
    security: of.access === 'public' ? [] : [{ bearer: [] }],
    parameters: parametersOf(of, tools),
    ...(of.body === null ? {} : { requestBody: bodyOf(of, of.body, tools) }),
    ...(of.upload && { requestBody: UPLOAD_BODIES[of.upload] }),
    responses: {
      [String(of.status)]: successOf(of, tools),
      ...failuresOf(errorsOf(of)),
    },
  };
}

const components = {
  securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  headers: {
    ETag: {
      description: 'Version of the CRM data of the ticket, for `If-Match`.',
      schema: { type: 'string' },
    },
    RetryAfter: { description: 'Whole seconds until another try makes sense.', schema: { type: 'integer' } },
  },
  parameters: {
    IfMatch: {
      name: 'If-Match',
      in: 'header',
      required: false,
      description:
        'The `ETag` you have: if somebody changed it since, nothing is stored and the answer is 409.',
      schema: { type: 'string' },
    },
    LastEventId: {
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      description: 'The last `id` you got: the stream goes on behind it.',
      schema: { type: 'string' },
    },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: 'The same key and request get the first answer again for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
  },
} as const;

const errorSchema = z
  .strictObject({
    success: z.literal(false),
    error: z.strictObject({
      code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
      message: z.string().meta({ description: 'Indonesian; can be shown as it is.' }),
      details: z
        .array(
          z.strictObject({
            path: z
              .string()
              .meta({ description: 'Of the field: `schedules.3.open_time`. Empty: the whole body.' }),
            message: z.string().meta({ description: 'Indonesian; can be shown next to the field.' }),
            code: z.string().meta({ description: 'Stable: the code of a problem, or that of the error.' }),
            params: z.record(z.string(), z.unknown()).meta({
              description: 'What the message names: `minimum`, `maximum`, `choices`, `fields` and so on.',
            }),
          }),
        )
        .optional(),
    }),
  })
  .meta({ description: 'Every answer that is no success.' });

/** `{id}` as OpenAPI writes it, from Express' `:id`. */
const templated = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}');

/** The answers that are errors, once each, for the routes to point at. */
const examplesOf = (routes: readonly Route[]): Record<string, object> =>
  Object.fromEntries(
    [...new Set(routes.flatMap(errorsOf))].map((code) => [
      code,
      { value: { success: false, error: { code, message: ERRORS[code].message } } },
    ]),
  );

/** @returns the whole document. Schemas, privileges and error codes come from the routes themselves. */
export const openApiOf = (routes: readonly Route[], version: string): OpenAPIObject =>
  build(routes, version).document;

/** @returns members of requests and answers that no schema, route or shared value has an example for: `route.member` */
export const missingExamples = (routes: readonly Route[]): readonly string[] => [
  ...build(routes, '').sampler.missing,
];

function build(routes: readonly Route[], version: string) {
  const schemas: Schemas = {};
  const tools = { translate: createTranslator(schemas), sampler: createSampler(schemas) };
  const builder = OpenApiBuilder.create({
    openapi: '3.1.0',
    info: {
      title: 'saga-backend',
      version,
      description:
        `Omnichannel sales inbox. Every answer is an envelope; times are ISO 8601 UTC, ids UUID v7. ` +
        `Statuses: ${[200, 201, 202, 204, 400, 401, 403, 404, 409, 410, 413, 429, 500, 503]
          .map((status) => `${String(status)} ${STATUS_CODES[status] ?? ''}`)
          .join(', ')}.`,
      license: { name: 'UNLICENSED', identifier: 'LicenseRef-UNLICENSED' },
    },
    servers: [{ url: '/' }],
    paths: {},
    components: structuredClone(components),
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({
      name,
      description: API_TAGS[name] ?? '',
    })),
  });
  for (const one of routes) {
    builder.addPath(templated(one.path), { [one.method]: operationOf(one, tools) });
  }
  const document = builder.getSpec();
  document.components = {
    ...document.components,
    examples: examplesOf(routes),
    schemas: { ApiError: tools.translate(errorSchema, 'output'), ...schemas },
  };
  const { document: named, lists } = withNamedLists(withoutMemberExamples(document));
  named.components = { ...named.components, schemas: { ...named.components?.schemas, ...lists } };
  return { document: named, sampler: tools.sampler };
}
