/**
 * Examples of the API documentation, made from the schemas themselves, so that a route cannot be without one and
 * none can differ from what is accepted (`test/docs/api-examples.test.ts` parses each by its own schema).
 */
import { type SchemaObject } from 'openapi3-ts/oas31';
import { EXAMPLE_VALUES } from './example-values.ts';

type Node = Readonly<Record<string, unknown>>;
export type Components = Readonly<Record<string, SchemaObject>>;

const AT = '2026-07-03T10:30:00.000Z';
const FORMATS: Readonly<Record<string, unknown>> = {
  uuid: '019a9d1e-7c00-7000-8000-000000000001',
  'date-time': AT,
  date: AT.slice(0, 10),
};

/** A figure for which nothing was said: its name tells what kind it is. */
const figure = (name: string, { minimum }: Node): number =>
  Math.max(/_pct$/.test(name) ? 37.5 : 12, typeof minimum === 'number' ? minimum : 0);

export interface Sampler {
  /**
   * @param owner the route, whose own words come before those that hold everywhere
   * @param name of the member that the schema describes, where it is one
   */
  exampleOf(schema: SchemaObject, owner: string, name?: string): unknown;
  /** Members for which neither their schema nor `EXAMPLE_WORDS` has an example: `owner.member`. */
  readonly missing: ReadonlySet<string>;
}

/** @param components what `$ref` points at; may grow while it is used */
export function createSampler(components: Components): Sampler {
  const missing = new Set<string>();

  /** The word of the nearest owner: the member or component it stands in, then the route. */
  function wordOf(keys: readonly string[], node: Node): { readonly word: unknown } | undefined {
    const key = keys.find((one) => one in EXAMPLE_VALUES);
    if (key === undefined) return undefined;
    const word = EXAMPLE_VALUES[key];
    // A query holds text.
    if (typeof word === 'number' && node['type'] === 'string') return { word: String(word) };
    return fits(word, node) ? { word } : undefined;
  }

  function membersOf(node: Node, owners: readonly string[]): object {
    const examples = Object.entries((node['properties'] ?? {}) as Record<string, Node>).map(
      ([name, property]) => [name, sample(property, owners, name)] as const,
    );
    // A word that is undefined means: leave this one out.
    return Object.fromEntries(examples.filter(([, example]) => example !== undefined));
  }

  function leaf(node: Node, owners: readonly string[], name: string): unknown {
    const { format, type } = node;
    if (typeof format === 'string' && format in FORMATS) return FORMATS[format];
    const kinds = [type].flat();
    if (kinds.includes('boolean')) return false;
    if (kinds.includes('integer') || kinds.includes('number')) return figure(name, node);
    missing.add(`${owners.at(-1) ?? ''}.${name}`);
    return undefined;
  }

  function sample(node: Node, owners: readonly string[], name: string): unknown {
    const route = owners.at(-1) ?? '';
    const own = wordOf(
      owners.flatMap((owner) => [`${route}/${owner}.${name}`, `${owner}.${name}`]),
      node,
    );
    if (own) return own.word;
    const ref = node['$ref'];
    if (typeof ref === 'string') {
      const component = ref.slice(ref.lastIndexOf('/') + 1);
      return sample((components[component] ?? {}) as Node, [component, ...owners], '');
    }
    if ('example' in node) return node['example'];
    const common = wordOf([name], node);
    if (common) return common.word;
    if ('const' in node) return node['const'];
    const choices = (node['anyOf'] ?? node['oneOf']) as Node[] | undefined;
    if (choices) return sample(choices.find(({ type }) => type !== 'null') ?? {}, owners, name);
    if (Array.isArray(node['enum'])) return (node['enum'] as unknown[])[0];
    if ('properties' in node) return membersOf(node, name === '' ? owners : [name, ...owners]);
    if (node['type'] === 'array') {
      const one = sample((node['items'] ?? {}) as Node, owners, `${name}[]`);
      return Array.from({ length: Math.max(1, Number(node['minItems'] ?? 1)) }, () => one);
    }
    if (node['type'] === 'object') return {};
    return leaf(node, owners, name);
  }

  return {
    exampleOf: (schema, owner, name = '') => sample(schema as Node, [owner], name),
    missing,
  };
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
};

/** A word is for a name; a schema of that name may want another kind of thing. */
function fits(word: unknown, node: Node): boolean {
  if (word === undefined) return true;
  if ('$ref' in node) return typeof word === 'object' && !Array.isArray(word);
  if ('const' in node) return word === node['const'];
  const { type, enum: closed } = node;
  if (Array.isArray(closed)) return closed.includes(word);
  const choices = (node['anyOf'] ?? node['oneOf']) as Node[] | undefined;
  if (choices) return choices.some((choice) => fits(word, choice));
  if (type === undefined) return true;
  const kinds = [type].flat();
  if (Array.isArray(word) && !word.every((one) => fits(one, (node['items'] ?? {}) as Node))) return false;
  const kind = word === null ? 'null' : Array.isArray(word) ? 'array' : (JSON_TYPES[typeof word] ?? '');
  return kinds.includes(kind) || (kinds.includes('integer') && Number.isInteger(word));
}
