/** docs/generated/events.md: every event type there is, from its schema, and the stream it belongs to. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EVENTS } from '../../src/domain/codec.ts';
import type { EventDefinition } from '../../src/domain/event.ts';
import { code, document, table } from './markdown.ts';

const FOLDER = 'src/domain';
type Json = Readonly<Record<string, unknown>>;

interface Home {
  readonly file: string;
  readonly streams: readonly string[];
}

const eventsAmong = (value: unknown): readonly EventDefinition[] =>
  Array.isArray(value) ? (value as EventDefinition[]).filter(({ type }) => EVENTS.has(type)) : [];

/** `ticket-{ticketId}`: the function itself says how the stream's id is called. */
function shapeOf(stream: (id: string) => string): string {
  // A bundler numbers a name that another scope has as well.
  const [, parameter = 'id'] = /^\(?(\w+?)\d*\b/.exec(stream.toString()) ?? [];
  return stream(`{${parameter}}`);
}

/** Where each event type is declared: the list `<name>Events` belongs to `<name>Stream`, else to all of its file. */
async function homes(): Promise<ReadonlyMap<string, Home>> {
  const found = new Map<string, Home>();
  for (const file of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    // The pattern is written out: the build of the tests bundles what fits it.
    const name = file.slice(0, -'.ts'.length);
    const exported = (await import(`../../src/domain/${name}.ts`)) as Record<string, unknown>;
    const streams = Object.entries(exported).filter(([name]) => name.endsWith('Stream')) as [
      string,
      (id: string) => string,
    ][];
    if (streams.length === 0) continue;
    for (const [name, value] of Object.entries(exported)) {
      const own = streams.filter(([stream]) => stream === name.replace(/Events$/, 'Stream'));
      const of = (own.length > 0 ? own : streams).map(([, stream]) => shapeOf(stream));
      for (const { type } of eventsAmong(value)) found.set(type, { file, streams: [...new Set(of)] });
    }
  }
  return found;
}

/** A type as a person reads it. */
function typeOf(schema: Json): string {
  const { type, format, enum: closed, properties } = schema;
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(closed)) return closed.map((one) => JSON.stringify(one)).join(' \\| ');
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  if (choices) return choices.map(typeOf).join(' \\| ');
  if (type === 'array') return `${typeOf((schema['items'] ?? {}) as Json)}[]`;
  if (properties) {
    const members = Object.entries(properties as Record<string, Json>);
    return `{ ${members.map(([name, one]) => `${name}: ${typeOf(one)}`).join(', ')} }`;
  }
  if (type === 'object') return 'object';
  return [type ?? 'anything'].flat().join(' \\| ') + (typeof format === 'string' ? ` (${format})` : '');
}

/** The docstring above the declaration, where there is one. */
function aboutOf(type: string, { file }: Home): string {
  const source = readFileSync(join(FOLDER, file), 'utf8');
  const found = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*(?:export )?const ${type} = `).exec(source);
  return (found?.[1] ?? '').replaceAll(/\s*\n\s*\* ?/g, ' ').trim();
}

function sectionOf(definition: EventDefinition, home: Home): string {
  const { type, version, data, personal, secret } = definition;
  const schema = z.toJSONSchema(data, { io: 'output' }) as Json;
  const required = new Set(schema['required'] as string[] | undefined);
  const kindOf = (name: string) =>
    [personal.includes(name) ? 'personal' : '', secret.includes(name) ? 'secret' : '']
      .filter(Boolean)
      .join(', ');
  const rows = Object.entries((schema['properties'] ?? {}) as Record<string, Json>).map(([name, one]) => [
    code(name) + (required.has(name) ? '' : ' (optional)'),
    typeOf(one).replaceAll('\\|', '/'),
    kindOf(name),
  ]);
  const upcast = Object.keys(definition.upcasters).map((from) => `${from} → ${String(Number(from) + 1)}`);
  return [
    `### ${type}`,
    `Version ${String(version)}${upcast.length > 0 ? ` (upcast ${upcast.join(', ')})` : ''}, in ${home.streams.map(code).join(' or ')}. ${aboutOf(type, home)}`,
    table(['field', 'type', 'personal or secret'], rows),
  ].join('\n\n');
}

export async function events(path: string): Promise<string> {
  const at = await homes();
  const byFile = new Map<string, string[]>();
  for (const [type, definition] of EVENTS) {
    const home = at.get(type);
    if (!home) throw new Error(`${type} is in no list of a file of ${FOLDER} that has a stream`);
    byFile.set(home.file, [...(byFile.get(home.file) ?? []), sectionOf(definition, home)]);
  }
  const people = [...EVENTS.values()].filter(({ personal }) => personal.length > 0).length;
  return document(path, [
    '# Event catalogue',
    `${String(EVENTS.size)} event types; ${String(people)} of them hold personal data. Stored format: it changes by a new version and an upcaster, never ` +
      'in place ([how](../../CONTRIBUTING.md#an-event-or-a-new-version-of-one)). *Personal* fields name a person or hold their words: ' +
      'erasing a customer makes exactly these unreadable. *Secret* fields never leave the store.',
    'In addition to its data, every event has metadata: `actor` (a user with role and division, the customer, the bot, or a process of the ' +
      'system), `at`, `correlationId`, `causationId`, `requestId`, `schemaVersion`.',
    ...[...byFile].flatMap(([file, sections]) => [
      `## ${file.replace('.ts', '')}`,
      `Declared in \`${FOLDER}/${file}\`.`,
      ...sections,
    ]),
  ]);
}
