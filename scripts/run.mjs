/**
 * Every `npm run ...` of this project: makes sure that the packages are there, then runs
 *
 *   node scripts/run.mjs scripts/doctor.ts [arguments]   a program of ours, or
 *   node scripts/run.mjs eslint .                        a tool from node_modules.
 *
 * A program of ours runs from its TypeScript; in a production installation, which has no tsx, from the build.
 *
 * npm runs `sh -c "node scripts/run.mjs ..."` and passes a signal on to the shell, which ends of it and tells nobody. So where
 * npm started this, the end of the shell counts as SIGTERM: no server and no Postgres goes on after `kill <npm>`.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install, isProduction, root, withoutDevelopment } from './installed.mjs';

const [program = '', ...args] = process.argv.slice(2);

/** `src/main.ts` -> `dist/main.js`, `scripts/doctor.ts` -> `dist/scripts/doctor.js` */
const builtOf = (source) => join(root, 'dist', source.replace(/^src\//, '').replace(/\.ts$/, '.js'));

/** In this process: signals, input and the exit code are the program's own. */
const start = async (file) => {
  endWithParent(() => process.kill(process.pid, 'SIGTERM'));
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
};

const refuse = (missing) => {
  console.error(
    `${missing} is not there, and this is a production installation, which has the build and the commands of an operator. ` +
      'What develops or builds runs where the packages for development are installed (docs/deployment.md).',
  );
  process.exitCode = 1;
};

const LOOK_EVERY_MS = 250;

const endWithParent = (end) => {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    end();
  }, LOOK_EVERY_MS);
  looking.unref();
};

/** Runs a tool; a signal to this process is one to the tool. */
const runTool = (file) =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    endWithParent(() => child.kill('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });

install();
const isTool = !/\.m?[jt]s$/.test(program);
if (withoutDevelopment() && (isTool || program.endsWith('.mjs'))) {
  refuse(program);
} else if (isTool) {
  process.exitCode = await runTool(join(root, 'node_modules', '.bin', program));
} else if (program.endsWith('.mjs')) {
  await start(join(root, program));
} else if (!isProduction()) {
  await import('tsx');
  await start(join(root, program));
} else if (existsSync(builtOf(program))) {
  process.setSourceMapsEnabled(true);
  await start(builtOf(program));
} else {
  refuse(builtOf(program));
}
