/**
 * `npm run build`: what production runs. `dist/main.js`, the operator's command lines in `dist/scripts`, the worker threads in
 * `dist/workers`, each with its source map. Most packages stay in node_modules, migrations in `migrations`.
 *
 *   node scripts/build.mjs [folder] [more programs]     default: dist; tests add programs of their own
 *
 * Into `dist` it puts the dashboard (`dist/web`) and the company site (`dist/site`) as well; a test's folder has none.
 */
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { bundle, root, workers } from './bundle.mjs';
import { buildSite } from './site.mjs';
import { buildWeb } from './web.mjs';

/** The command lines that an operator runs on an installation. The others of scripts/ are for developers. */
const COMMANDS = [
  'audit-seal',
  'audit-verify',
  'backup',
  'create-admin',
  'customer-erase',
  'doctor',
  'eventstore-backup',
  'eventstore-restore',
  'eventstore-setup',
  'events-copy',
  'followup',
  'keys-rewrap',
  'migrate',
  'projections',
  'replay',
  'restore',
  'store-accept',
  'weaknesses',
  'webhook-replay',
];
const [, , target = join(root, 'dist'), ...more] = process.argv;
const folder = resolve(target);
const isWhole = process.argv[2] === undefined;

// A build that fails, or is cut off, leaves the one before as it was.
const unfinished = join(dirname(folder), `.${basename(folder)}.${String(process.pid)}`);
try {
  await bundle(
    [
      { in: 'src/main.ts', out: 'main' },
      ...COMMANDS.map((name) => ({ in: `scripts/${name}.ts`, out: `scripts/${name}` })),
      ...workers(),
      ...more.map((file) => ({ in: file, out: file.replace(/\.ts$/, '') })),
    ],
    unfinished,
  );
  if (isWhole) {
    await buildWeb();
    await buildSite();
    for (const name of ['web', 'site'])
      cpSync(join(root, name, 'dist'), join(unfinished, name), { recursive: true });
  }
  const replaced = existsSync(folder);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  console.log(`${replaced ? 'Rebuilt' : 'Built'} ${folder}`);
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}
