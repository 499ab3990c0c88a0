/**
 * Programs that tests start run from a build, as in production: a start from TypeScript takes three times the
 * processor time. The build is made once, when the first test asks: by the runner for all its workers, else by this process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../../src/adapters/embedded-postgres/postmaster.ts';
import { processState } from '../process-state.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
/** Below the project, so that packages are found. */
const TEMPORARY = join(ROOT, '.tmp');
const PREFIX = 'test-build-';

/** Not part of a production build: the command lines of developers, and what only tests start. */
const OF_TESTS = [
  'test/support/processes/exporting-process.ts',
  'test/support/processes/ingesting-process.ts',
  'test/support/processes/jobs-process.ts',
  'test/support/processes/sending-process.ts',
  'test/support/stores/embedded-postgres-owner.ts',
];

interface State {
  provide: () => Promise<string>;
  folder?: Promise<string>;
}

const state = processState<State>('built programs', { provide: buildForThisProcess });

/** From now on the build comes from `provider`: the runner makes one for all its workers. */
export function useBuild(provider: () => Promise<string>): void {
  state.provide = provider;
}

/** Removes builds of runs that were killed. */
function sweep(): void {
  for (const name of readdirSync(TEMPORARY)) {
    const pid = Number(name.slice(PREFIX.length));
    if (name.startsWith(PREFIX) && Number.isInteger(pid) && !isAlive(pid))
      rmSync(join(TEMPORARY, name), { recursive: true, force: true });
  }
}

/** @returns the folder of a build that is deleted when this process ends */
export async function buildForThisProcess(): Promise<string> {
  mkdirSync(TEMPORARY, { recursive: true });
  sweep();
  const folder = join(TEMPORARY, `${PREFIX}${String(process.pid)}`);
  // As an installation lies on a server: the program finds its workers and migrations from package.json.
  mkdirSync(folder);
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  copyFileSync(join(ROOT, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(ROOT, 'migrations'), join(folder, 'migrations'));
  symlinkSync(join(ROOT, 'content'), join(folder, 'content'));
  const build = [join(ROOT, 'scripts/build.mjs'), join(folder, 'dist'), ...OF_TESTS];
  const child = spawn(process.execPath, build, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the build of the programs failed:\n${errors}`);
  return folder;
}

/**
 * With SAGA_TEST_STACKS=1 stacks of programs name lines of the TypeScript, as in production. Else not: to read the maps is an
 * eighth of a start, and the tests start some two hundred programs.
 */
export const NODE_ARGS: readonly string[] =
  process.env['SAGA_TEST_STACKS'] === undefined ? [] : ['--enable-source-maps'];

/**
 * @param source as `src/main.ts`, `scripts/doctor.ts`, `test/support/processes/jobs-process.ts`
 * @returns its file in the build, to be started with `NODE_ARGS`
 */
export async function builtProgram(source: string): Promise<string> {
  const folder = await (state.folder ??= state.provide());
  return join(folder, 'dist', source.replace(/^src\//, '').replace(/\.ts$/, '.js'));
}
