/** Every decider has a spec, and every refusal occurs in one. */
import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const filesIn = (folder: string, end: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));

const SPECS = [...filesIn('test/commands', '.test.ts'), ...filesIn('test/domain', '.test.ts')]
  .filter((file) => file !== 'test/commands/coverage.test.ts')
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** `src/commands/<area>/<file>.ts decideX` of every decider that a spec imports; not those under another name only. */
const importedDeciders = new Set(
  SPECS.flatMap(({ file, text }) =>
    [...text.matchAll(/^import\s*\{([^}]*)\}\s*from\s*'(\.[^']+)'/gms)].flatMap(([, names = '', path = '']) =>
      names
        .split(',')
        .map((name) => name.trim().split(/\s+as\s+/)[0] ?? '')
        .filter((name) => name.startsWith('decide'))
        .map((name) => `${normalize(join(dirname(file), path))} ${name}`),
    ),
  ),
);

const DECIDERS = filesIn('src/commands', '.ts').flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^export (?:async )?(?:function|const) (decide\w*)/gm)].map(
    ([, name = '']) => ({ file, name }),
  ),
);

const CODES = [...readFileSync('src/domain/refusals.ts', 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(
  ([, code = '']) => code,
);

describe('the specs', () => {
  it('import every decider', () => {
    expect(DECIDERS.length).to.be.at.least(64);
    const missing = DECIDERS.map(({ file, name }) => `${file} ${name}`).filter(
      (one) => !importedDeciders.has(one),
    );
    expect(missing).to.deep.equal([]);
  });

  it('can tell deciders apart: no two have one name, and none is called `decide` alone', () => {
    const names = DECIDERS.map(({ name }) => name);
    expect(names.filter((name, n) => name === 'decide' || names.indexOf(name) !== n)).to.deep.equal([]);
  });

  it('stand at the place of their command', () => {
    const places = new Set(SPECS.map(({ file }) => file));
    const missing = DECIDERS.map(({ file }) =>
      file.replace('src/', 'test/').replace(/\.ts$/, '.test.ts'),
    ).filter((file) => !places.has(file));
    expect([...new Set(missing)]).to.deep.equal([]);
  });

  it('hold every refusal', () => {
    expect(CODES.length).to.be.at.least(33);
    // Named in a spec means asserted: a spec has no other use for a code.
    const missing = CODES.filter((code) => !SPECS.some(({ text }) => text.includes(`'${code}'`)));
    expect(missing).to.deep.equal([]);
  });
});
