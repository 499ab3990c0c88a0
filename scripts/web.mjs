/**
 * `npm run web:build`: the static files of the dashboard, `web/dist`, and of the company site, `site/dist`. Does nothing, quickly,
 * when they are what the sources say (`npm run demo` asks before each start). `--force` builds all the same.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from './site.mjs';
import { buildOnce, filesIn, root } from './static-files.mjs';

const web = join(root, 'web');

/** @returns whether something was built */
export const buildWeb = ({ force = false } = {}) =>
  buildOnce({
    name: 'the dashboard',
    dist: join(web, 'dist'),
    files: [
      ...filesIn(join(web, 'src')),
      ...filesIn(join(web, 'public')),
      ...['index.html', 'vite.config.ts', 'service-worker.plugin.ts', 'package.json'].map((name) =>
        join(web, name),
      ),
    ],
    texts: /\.(?:js|css|html|svg|json|webmanifest)$/,
    force,
    build: async () => {
      const { build } = await import('vite');
      await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
    },
  });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const force = process.argv.includes('--force');
  for (const [folder, build] of [
    ['web/dist', buildWeb],
    ['site/dist', buildSite],
  ])
    console.log((await build({ force })) ? `Built ${folder}` : `${folder} is up to date`);
}
