/** How esbuild makes the programs that Node runs from this project's TypeScript: the build of production, and that of the tests. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Named by src/adapters/files/run-in-worker.ts. */
const WORKERS = ['excel', 'pdf'];

/** The worker threads, as entries: they lie in `workers` of the folder `dist`. */
export const workers = (folder = 'workers') =>
  WORKERS.map((name) => ({ in: `src/adapters/${name}/worker.ts`, out: `${folder}/${name}` }));

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
  // The client of this repository, which is TypeScript: tests of the dashboard load it.
  '@saga',
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

/** @param entries `{ in, out }`: a TypeScript file of this project, and its place below `folder`, without `.js` */
export const bundle = (entries, folder) =>
  build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: folder,
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
