/**
 * Every `npm run ...` of this project: makes sure that the packages are there, then runs
 *
 *   node scripts/run.mjs scripts/doctor.ts [arguments]   a program of ours, or
 *   node scripts/run.mjs eslint .                        a tool from node_modules.
 *
 * A program of ours runs from its TypeScript; in a production installation, which has no tsx, from the build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { install, isProduction, root, withoutDevelopment } from './installed.mjs';

const [program = '', ...args] = process.argv.slice(2);

/** `src/main.ts` -> `dist/main.js`, `scripts/doctor.ts` -> `dist/scripts/doctor.js` */
const builtOf = (source) => join(root, 'dist', source.replace(/^src\//, '').replace(/\.ts$/, '.js'));

/** In this process: signals, input and the exit code are the program's own. */
const start = async (file) => {
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

install();
const isTool = !/\.m?[jt]s$/.test(program);
if (withoutDevelopment() && (isTool || program.endsWith('.mjs'))) {
  refuse(program);
} else if (isTool) {
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (error) throw error;
  process.exitCode = status ?? 1;
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
