/** The worked example of CONTRIBUTING.md is true for the code as it is: its diffs apply, and their spec passes. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The target of the issue that asked for it: what a new command costs. */
const MOST_FILES = 13;

const diffs = [...readFileSync('CONTRIBUTING.md', 'utf8').matchAll(/^```diff\n([\s\S]*?)^```$/gm)].map(
  ([, diff = '']) => diff,
);
const paths = diffs.map((diff) => /^\+\+\+ b\/(.+)$/m.exec(diff)?.[1] ?? '');
const specs = paths.filter((path) => path.startsWith('test/commands/'));

describe('the worked example', function () {
  this.timeout(180_000);
  let copy: string;
  before(() => {
    copy = mkdtempSync(join(tmpdir(), 'saga-example-'));
    for (const name of [
      'src',
      'migrations',
      'content',
      'docs/design',
      'test',
      'package.json',
      'tsconfig.json',
    ])
      cpSync(name, join(copy, name), { recursive: true });
    symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  });
  after(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  /** @returns nothing when it went well, else what it said */
  function run(program: string, args: readonly string[], input = ''): string {
    // Without a repository around it, `git apply` takes the folder it is in.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() };
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, input, encoding: 'utf8', env });
    return status === 0 ? '' : `${stdout}${stderr}`;
  }

  it(`has a diff of each file, of at most ${String(MOST_FILES)} files`, () => {
    expect(new Set(paths).size).to.equal(diffs.length);
    expect(diffs.length).to.be.within(8, MOST_FILES);
    expect(specs).to.have.length(1);
  });

  it('applies', () => {
    for (const [at, diff] of diffs.entries())
      expect(run('git', ['apply', '--recount'], diff), paths[at]).to.equal('');
    expect(readFileSync(join(copy, specs[0] ?? ''), 'utf8')).to.include('describe(');
  });

  // Types are not checked here: that takes longer than all the rest of `test/docs`.
  it('passes its spec, the one of what is stored, and one that loads every route', () => {
    const tests = [...specs, 'test/domain/stored-format.test.ts', 'test/http/framework/reads.test.ts'];
    expect(run('npx', ['mocha', '--node-option', 'import=tsx', ...tests])).to.equal('');
  });
});
