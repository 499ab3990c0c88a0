/**
 * `npm test`: makes one build of all tests, of the runner and of what they import, and runs the runner of that build. From
 * the TypeScript each process of the run would compile and resolve some thousand modules again.
 */
import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, root, workers } from '../../../scripts/bundle.mjs';

const PREFIX = 'test-run-';
const temporary = join(root, '.tmp');
const folder = join(temporary, `${PREFIX}${String(process.pid)}`);

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const remove = (path) => rmSync(path, { recursive: true, force: true });

mkdirSync(folder, { recursive: true });
process.once('exit', () => remove(folder));
// Of runs that were killed.
for (const name of readdirSync(temporary))
  if (name.startsWith(PREFIX) && !isAlive(Number(name.slice(PREFIX.length)))) remove(join(temporary, name));

// As an installation: the product finds its migrations, its content, its pages and its worker threads from package.json.
copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
// A test copies the migrations.
for (const name of ['migrations', 'content'])
  cpSync(join(root, name), join(folder, name), { recursive: true });
for (const name of ['site', 'web']) symlinkSync(join(root, name), join(folder, name));

process.chdir(root);
const RUNNER = 'test/support/runner';
const entryOf = (file) => ({ in: file, out: file.replace(/\.ts$/, '') });
const built = (name) => import(pathToFileURL(join(folder, RUNNER, `${name}.js`)).href);

await bundle([entryOf(`${RUNNER}/selection.ts`)], folder);
const { selectionOf, UsageError } = await built('selection');
let selection;
try {
  selection = selectionOf(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exit(2);
}
const parts = ['run', 'worker'].map((name) => `${RUNNER}/${name}.ts`);
await bundle([...[...selection.files, ...parts].map(entryOf), ...workers('dist/workers')], folder);
const { runSelection } = await built('run');
await runSelection(selection, folder);
