/** The house rules a machine can check (architecture.md 1, style.md). */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const files = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));

/** The room a file stands in: `domain`, `http`, or its own name for files directly in src. */
const roomOf = (file: string): string => relative('src', file).split('/')[0]?.replace('.ts', '') ?? '';

const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^'"]*?from\s+'(\.[^']+)'/gms)].map(
    ([, path = '']) => normalize(join(dirname(file), path)),
  );

/** Who may import whom. `main` sees every room. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: ['domain', 'ports'],
  ports: ['ports'],
  config: ['config', 'domain'],
  engine: ['engine', 'domain', 'ports'],
  commands: ['commands', 'engine', 'domain', 'ports'],
  projections: ['projections', 'engine', 'domain', 'ports'],
  adapters: ['adapters', 'engine', 'domain', 'ports', 'config'],
  http: ['http', 'commands', 'projections', 'engine', 'domain', 'ports'],
  jobs: ['jobs', 'commands', 'projections', 'engine', 'domain', 'ports'],
};

/** What the engine may know of the domain: how an event is declared, stored and refused, and nothing of the product. */
const ENGINE_MAY_KNOW = ['event', 'codec', 'refusals', 'projection-events'].map(
  (name) => `src/domain/${name}.ts`,
);

describe('the house', () => {
  const sources = files('src');

  it('has its sources', () => expect(sources.length).to.be.greaterThan(50));

  it('imports run one way', () => {
    const wrong = sources
      .filter((file) => roomOf(file) !== 'main')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('src/'))
          .filter((target) => !(MAY_IMPORT[roomOf(file)] ?? []).includes(roomOf(target)))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('the engine knows no product', () => {
    const wrong = sources
      .filter((file) => roomOf(file) === 'engine')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => roomOf(target) === 'domain' && !ENGINE_MAY_KNOW.includes(target))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('adapters use the SQL of the engine and nothing else of it', () => {
    const wrong = sources
      .filter((file) => roomOf(file) === 'adapters')
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => roomOf(target) === 'engine' && !target.startsWith('src/engine/sql/'))
          .map((target) => `${file} -> ${target}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('packages that speak to the outside are imported by adapters only', () => {
    const sockets = /from '(pg|redis|got|@eventstore\/db-client|rate-limiter-flexible|@node-rs\/argon2)'/;
    const wrong = sources.filter(
      (file) => roomOf(file) !== 'adapters' && sockets.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('the rows of a statement have the type that the statement carries, and no other', () => {
    // These hold a connection of pg themselves: what they run does not go through ReadStore or WriteStore.
    const holdsConnection =
      /^src\/adapters\/(postgres|postgres-event-store|cluster)\/|^src\/adapters\/(migrations|operational\/webhook-inbox)\.ts$/;
    const wrong = sources.filter(
      (file) => !holdsConnection.test(file) && /\.query\s*</.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('deciders see no clock, no chance and no environment', () => {
    const impure = /\b(Date\.now|new Date\(\)|Math\.random|randomUUID|process\.env|setTimeout)\b/;
    const wrong = sources
      .filter((file) => ['domain', 'commands'].includes(roomOf(file)))
      .filter((file) => impure.test(readFileSync(file, 'utf8')));
    expect(wrong).to.deep.equal([]);
  });

  it('only the configuration reads the environment', () => {
    const wrong = sources.filter(
      (file) => roomOf(file) !== 'config' && /process\.env\b/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('no file is longer than 400 lines, nine in ten are under 250, and half of them about 60', () => {
    const lengths = sources
      .map((file) => readFileSync(file, 'utf8').split('\n').length)
      .sort((a, b) => a - b);
    const at = (share: number): number => lengths[Math.floor(lengths.length * share)] ?? 0;
    expect(lengths.at(-1)).to.be.at.most(400);
    expect(at(0.9)).to.be.below(250);
    expect(at(0.5)).to.be.below(90);
  });

  it('names say what is inside', () => {
    const loose = /(^|\/)(utils?|helpers?|common|misc|core|services)(\.ts|\/)/;
    expect(sources.filter((file) => loose.test(file))).to.deep.equal([]);
  });
});
