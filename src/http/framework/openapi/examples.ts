/**
 * Examples of the API documentation, made from the schemas themselves, so that a route cannot be without one and
 * none can differ from what is accepted (`test/docs/api-examples.test.ts` parses each by its own schema).
 */
import { type SchemaObject } from 'openapi3-ts/oas31';
import { EXAMPLE_VALUES, LEFT_OUT } from './example-values.ts';

type Node = Readonly<Record<string, unknown>>;
type Examples = Readonly<Record<string, unknown>>;
export type Components = Readonly<Record<string, SchemaObject>>;

/** In the `meta` of a schema: examples of its members, by name. Not published: each shows in the example of the whole. */
const MEMBER_EXAMPLES = 'memberExamples';

const AT = '2026-07-03T10:30:00.000Z';
const FORMATS: Readonly<Record<string, unknown>> = {
  uuid: '019a9d1e-7c00-7000-8000-000000000001',
  'date-time': AT,
  date: AT.slice(0, 10),
};

/** A figure without an example: its name says what kind it is. */
const figure = (name: string, { minimum }: Node): number =>
  Math.max(/_pct$/.test(name) ? 37.5 : 12, typeof minimum === 'number' ? minimum : 0);

export interface Sampler {
  /**
   * @param owner the route, whose own examples come before those that hold everywhere
   * @param name of the member that the schema describes, where it is one
   */
  exampleOf(schema: SchemaObject, owner: ExampleOwner, name?: string): unknown;
  /** Members for which neither their schema, their route nor `EXAMPLE_VALUES` has an example: `owner.member`. */
  readonly missing: ReadonlySet<string>;
}

/** A route, or the event of a stream. */
export interface ExampleOwner {
  readonly name: string;
  /** By name of the member; `<schema or outer member>.<member>` where the route shows a schema in a way of its own. */
  readonly examples?: Examples | undefined;
}

/** What a member belongs to: its schema or outer member, and the examples that are declared there. */
interface NamedExamples {
  readonly name: string;
  readonly examples: Examples;
}

const memberExamplesOf = (node: Node): Examples => (node[MEMBER_EXAMPLES] ?? {}) as Examples;

/** The document as it is published: `memberExamples` of its schemas have done their work. */
export function withoutMemberExamples<T>(document: T): T {
  if (Array.isArray(document)) return document.map(withoutMemberExamples) as T;
  if (typeof document !== 'object' || document === null) return document;
  const kept = Object.entries(document).filter(([key]) => key !== MEMBER_EXAMPLES);
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutMemberExamples(value as unknown)])) as T;
}

/** @param components what `$ref` points at; may grow while it is used */
export function createSampler(components: Components): Sampler {
  const missing = new Set<string>();

  function fitting(found: Examples, key: string, node: Node): { readonly example: unknown } | undefined {
    if (!(key in found)) return undefined;
    const example = found[key];
    // A query holds text.
    if (typeof example === 'number' && node['type'] === 'string') return { example: String(example) };
    return fits(example, node) ? { example } : undefined;
  }

  /** What the nearest place says of it: the member or component it is in, then the route. */
  function declaredExample(name: string, places: readonly NamedExamples[], node: Node) {
    const route = places.at(-1)?.examples ?? {};
    for (const { name: place, examples } of places) {
      const key = `${place}.${name}`;
      if (key in route) return fitting(route, key, node);
      if (name in examples) return fitting(examples, name, node);
    }
    return undefined;
  }

  function membersOf(node: Node, places: readonly NamedExamples[]): object {
    const members = Object.entries((node['properties'] ?? {}) as Record<string, Node>).map(
      ([name, property]) => [name, sample(property, places, name)] as const,
    );
    return Object.fromEntries(members.filter(([, example]) => example !== undefined && example !== LEFT_OUT));
  }

  function leaf(node: Node, places: readonly NamedExamples[], name: string): unknown {
    const { format, type } = node;
    if (typeof format === 'string' && format in FORMATS) return FORMATS[format];
    const kinds = [type].flat();
    if (kinds.includes('boolean')) return false;
    if (kinds.includes('integer') || kinds.includes('number')) return figure(name, node);
    missing.add(`${places.at(-1)?.name ?? ''}.${name}`);
    return undefined;
  }

  function sample(node: Node, places: readonly NamedExamples[], name: string): unknown {
    const declared = declaredExample(name, places, node);
    if (declared) return declared.example;
    const ref = node['$ref'];
    if (typeof ref === 'string') {
      const component = ref.slice(ref.lastIndexOf('/') + 1);
      const target = (components[component] ?? {}) as Node;
      return sample(target, [{ name: component, examples: memberExamplesOf(target) }, ...places], '');
    }
    if ('example' in node) return node['example'];
    const shared = fitting(EXAMPLE_VALUES, name, node);
    if (shared) return shared.example;
    if ('const' in node) return node['const'];
    const choices = (node['anyOf'] ?? node['oneOf']) as Node[] | undefined;
    if (choices) return sample(choices.find(({ type }) => type !== 'null') ?? {}, places, name);
    if (Array.isArray(node['enum'])) return (node['enum'] as unknown[])[0];
    if ('properties' in node) {
      const examples = memberExamplesOf(node);
      if (name !== '') return membersOf(node, [{ name, examples }, ...places]);
      const [owner] = places;
      // The answer itself: what its route says of it comes before what its schema says.
      if (places.length > 1 || !owner) return membersOf(node, places);
      return membersOf(node, [{ name: owner.name, examples: { ...examples, ...owner.examples } }]);
    }
    if (node['type'] === 'array') {
      const one = sample((node['items'] ?? {}) as Node, places, `${name}[]`);
      return Array.from({ length: Math.max(1, Number(node['minItems'] ?? 1)) }, () => one);
    }
    if (node['type'] === 'object') return {};
    return leaf(node, places, name);
  }

  return {
    exampleOf: (schema, { name: owner, examples = {} }, name = '') =>
      sample(schema as Node, [{ name: owner, examples }], name),
    missing,
  };
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
};

/** An example is for a name; a schema of that name may want another kind of thing. */
function fits(example: unknown, node: Node): boolean {
  if (example === LEFT_OUT) return true;
  if ('$ref' in node) return typeof example === 'object' && !Array.isArray(example);
  if ('const' in node) return example === node['const'];
  const { type, enum: closed } = node;
  if (Array.isArray(closed)) return closed.includes(example);
  const choices = (node['anyOf'] ?? node['oneOf']) as Node[] | undefined;
  if (choices) return choices.some((choice) => fits(example, choice));
  if (type === undefined) return true;
  const kinds = [type].flat();
  if (Array.isArray(example) && !example.every((one) => fits(one, (node['items'] ?? {}) as Node)))
    return false;
  const kind =
    example === null ? 'null' : Array.isArray(example) ? 'array' : (JSON_TYPES[typeof example] ?? '');
  return kinds.includes(kind) || (kinds.includes('integer') && Number.isInteger(example));
}
