/**
 * `npm run build`: what production runs. `dist/main.js`, the operator's command lines in `dist/scripts`, the worker threads in
 * `dist/workers`, each with its source map. Packages stay in node_modules, migrations in `migrations`.
 *
 *   node scripts/build.mjs [folder] [more programs]     default: dist; tests add programs of their own
 */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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
  'webhook-replay',
];
/** Named by src/adapters/files/run-in-worker.ts. */
const WORKERS = ['excel', 'pdf'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , target = join(root, 'dist'), ...more] = process.argv;
const folder = resolve(target);
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

// A build that fails, or is cut off, leaves the one before as it was.
const unfinished = join(dirname(folder), `.${basename(folder)}.${String(process.pid)}`);
try {
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'src/main.ts', out: 'main' },
      ...COMMANDS.map((name) => ({ in: `scripts/${name}.ts`, out: `scripts/${name}` })),
      ...WORKERS.map((name) => ({ in: `src/adapters/${name}/worker.ts`, out: `workers/${name}` })),
      ...more.map((file) => ({ in: file, out: file.replace(/\.ts$/, '') })),
    ],
    outdir: unfinished,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    // What the entries share is there once.
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: `node${engines.node.replace('>=', '')}`,
    // As tsx does: tests and production see the same names.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
  const replaced = existsSync(folder);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  console.log(`${replaced ? 'Rebuilt' : 'Built'} ${folder}`);
} finally {
  rmSync(unfinished, { recursive: true, force: true });
}
