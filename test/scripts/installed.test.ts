/** `npm run ...` on a fresh clone, on a clone that is behind its lock file, and on a production installation. */
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

interface Package {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}
type Packages = Readonly<Record<string, Package>>;

const EXPRESS: Packages = { 'node_modules/express': { version: '5.3.0' } };
const TSX: Packages = { 'node_modules/tsx': { version: '4.23.15', dev: true } };

const PRODUCTION = { NODE_ENV: 'production' };
/** In place of tsx: the TypeScript of this test is JavaScript already. */
const TSX_PROGRAM = `
import { register } from 'node:module';
const hooks = 'export const load = async (url, context, next) => next(url, url.endsWith(".ts") ? { ...context, format: "module" } : context);';
register('data:text/javascript,' + encodeURIComponent(hooks));
`;

describe('scripts/run.mjs', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'saga-installed-'));
    for (const folder of ['scripts', 'bin', 'src', 'dist', 'node_modules/tsx', 'node_modules/.bin'])
      mkdirSync(join(root, folder), { recursive: true });
    for (const file of ['run.mjs', 'installed.mjs'])
      copyFileSync(`scripts/${file}`, join(root, 'scripts', file));
    // An npm that only says that it was called.
    writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\necho "$@" >> '${root}/npm.log'\n`, { mode: 0o755 });
    writeFileSync(join(root, 'node_modules/.bin/tool'), '#!/bin/sh\necho "tool $@"\nexit 3\n', {
      mode: 0o755,
    });
    writeFileSync(join(root, 'node_modules/tsx/package.json'), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    writeFileSync(join(root, 'dist/main.js'), `console.log('build', process.argv[2])`);
    writeFileSync(join(root, 'node_modules/tsx/index.js'), TSX_PROGRAM);
    writeFileSync(join(root, 'src/main.ts'), `console.log('source', process.argv[2])`);
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  /** The lock file, and what npm recorded: undefined when nothing was installed. The lock file is newer. */
  const given = (wanted: Packages, installed: Packages | undefined): void => {
    const lock = join(root, 'package-lock.json');
    writeFileSync(lock, JSON.stringify({ packages: { '': {}, ...wanted } }));
    if (!installed) return;
    const record = join(root, 'node_modules/.package-lock.json');
    writeFileSync(record, JSON.stringify({ packages: installed }));
    utimesSync(record, 1, 1);
  };
  const run = (args: readonly string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH ?? ''}`, ...env },
    });
    return { status, stdout, stderr };
  };
  const npmCalls = (): string =>
    existsSync(join(root, 'npm.log')) ? readFileSync(join(root, 'npm.log'), 'utf8') : '';

  it('installs on a fresh clone, then runs the program', () => {
    given({ ...EXPRESS, ...TSX }, undefined);
    const { status, stdout } = run(['src/main.ts', 'hello']);
    expect(npmCalls()).to.equal('ci --no-fund --no-audit\n');
    expect([status, stdout]).to.deep.equal([
      0,
      'Installing packages (npm ci). This happens once and takes about a minute.\nsource hello\n',
    ]);
  });

  it('installs where a package has another version than the lock file names', () => {
    given({ ...EXPRESS, ...TSX }, { ...TSX, 'node_modules/express': { version: '5.2.0' } });
    expect(run(['src/main.ts']).status).to.equal(0);
    expect(npmCalls()).to.equal('ci --no-fund --no-audit\n');
  });

  it('installs where a workspace is not linked', () => {
    const link = { 'node_modules/@saga/client': { resolved: 'client', link: true } };
    given({ ...EXPRESS, ...TSX, ...link }, { ...EXPRESS, ...TSX });
    expect(run(['src/main.ts']).status).to.equal(0);
    expect(npmCalls()).to.equal('ci --no-fund --no-audit\n');
  });

  it('installs nothing where only the date of the lock file is newer', () => {
    given({ ...EXPRESS, ...TSX }, { ...EXPRESS, ...TSX });
    expect(run(['src/main.ts', 'hello']).stdout).to.equal('source hello\n');
    expect(npmCalls()).to.equal('');
  });

  it('runs the build where the packages for development are not installed', () => {
    given({ ...EXPRESS, ...TSX }, EXPRESS);
    const { status, stdout, stderr } = run(['src/main.ts', 'hello']);
    expect([status, stdout, stderr]).to.deep.equal([0, 'build hello\n', '']);
    expect(npmCalls()).to.equal('');
  });

  it('runs the build under NODE_ENV=production', () => {
    given({ ...EXPRESS, ...TSX }, { ...EXPRESS, ...TSX });
    expect(run(['src/main.ts', 'hello'], { NODE_ENV: 'production' }).stdout).to.equal('build hello\n');
  });

  for (const [what, installed, env] of [
    ['whose packages are older', { 'node_modules/express': { version: '5.2.0' } }, {}],
    ['under NODE_ENV=production', { ...TSX, 'node_modules/express': { version: '5.2.0' } }, PRODUCTION],
    ['that has no packages yet', undefined, PRODUCTION],
  ] as const) {
    it(`never installs over a production installation ${what}: it says what to do`, () => {
      given({ ...EXPRESS, ...TSX }, installed);
      const { status, stdout, stderr } = run(['src/main.ts'], env);
      expect([status, stdout, npmCalls()]).to.deep.equal([1, '', '']);
      expect(stderr)
        .to.include('nothing is installed over it')
        .and.include('npm ci --include=dev && npm run build && npm prune --omit=dev');
    });
  }

  it('says what is missing where there is no build', () => {
    given({ ...EXPRESS, ...TSX }, EXPRESS);
    const { status, stderr } = run(['scripts/generate-docs.ts']);
    expect(status).to.equal(1);
    expect(stderr).to.include('dist/scripts/generate-docs.js is not there');
  });

  for (const command of ['tool', 'scripts/build.mjs']) {
    it(`says that ${command} is for developers where their packages are not installed`, () => {
      given({ ...EXPRESS, ...TSX }, EXPRESS);
      const { status, stderr } = run([command]);
      expect(status).to.equal(1);
      expect(stderr).to.include(`${command} is not there`).and.include('docs/deployment.md');
    });
  }

  it('runs a tool of node_modules with its exit code', () => {
    given(TSX, TSX);
    const { status, stdout } = run(['tool', '--check', '.']);
    expect([status, stdout]).to.deep.equal([3, 'tool --check .\n']);
  });
});
