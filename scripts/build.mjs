/**
 * `npm run build`: what production runs. `dist/main.js`, the operator's command lines in `dist/scripts`, the worker threads in
 * `dist/workers`, each with its source map. Most packages stay in node_modules, migrations in `migrations`.
 *
 *   node scripts/build.mjs [folder] [more programs]     default: dist; tests add programs of their own
 *
 * Into `dist` it puts the dashboard (`dist/web`) and the company site (`dist/site`) as well; a test's folder has none.
 */
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
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
/** Named by src/adapters/files/run-in-worker.ts. */
const WORKERS = ['excel', 'pdf'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , target = join(root, 'dist'), ...more] = process.argv;
const folder = resolve(target);
const isWhole = process.argv[2] === undefined;
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Packages that every process loads and that are JavaScript alone: read from the build, with all that they need, a start
 * takes half the processor time. All others stay in node_modules: what is native, has files of its own or starts programs.
 */
const BUNDLED = [
  ...[
    '@eventstore',
    '@grpc',
    'kysely',
    'redis',
    'zod',
    'express',
    'pg',
    'pg-copy-streams',
    'prom-client',
    'jose',
  ],
  ...[
    'lru-cache',
    'openapi3-ts',
    'otplib',
    'got',
    'cors',
    'uuid',
    'p-limit',
    'rate-limiter-flexible',
    'pino',
  ],
];
/** CommonJS packages ask for Node's own modules by `require`, which a module of ours does not have. */
const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

const bundled = {
  name: 'bundled packages',
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
      const isInside = kind === 'entry-point' || importer.includes('/node_modules/');
      const isBundled = BUNDLED.some((name) => path === name || path.startsWith(`${name}/`));
      return isInside || isBundled ? undefined : { external: true };
    });
  },
};

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
    plugins: [bundled],
    banner: { js: REQUIRE },
    format: 'esm',
    platform: 'node',
    target: `node${engines.node.replace('>=', '')}`,
    // As tsx does: tests and production see the same names.
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  });
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
