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
import { install, isProduction, root } from './installed.mjs';

const [program = '', ...args] = process.argv.slice(2);

/** `src/main.ts` -> `dist/main.js`, `scripts/doctor.ts` -> `dist/scripts/doctor.js` */
const builtOf = (source) => join(root, 'dist', source.replace(/^src\//, '').replace(/\.ts$/, '.js'));

/** In this process: signals, input and the exit code are the program's own. */
const start = async (file) => {
  process.argv = [process.execPath, file, ...args];
  await import(pathToFileURL(file).href);
};

install();
if (!/\.m?[jt]s$/.test(program)) {
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
  console.error(
    `${builtOf(program)} is not there, and this is a production installation, which runs the build. ` +
      'Where the development packages are installed: npm run build (docs/deployment.md). ' +
      'Commands for developers are not part of it.',
  );
  process.exitCode = 1;
}
