/**
 * Builds the service worker as `sw.js` beside the app and tells it which files the shell is made of
 * (docs/design/dashboard-app.md#the-app-on-a-phone). Not vite-plugin-pwa: of it one list of files would be used, and it brings
 * some three hundred packages.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const ENTRY = 'src/app/worker/service-worker.ts';
/** In the source of the worker; replaced by the list, and by a word that changes with it. */
const FILES = '__SHELL_FILES__';
const VERSION = '__SHELL_VERSION__';

/** Files of `public/`: they keep their names. */
function publicFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

export function serviceWorker(): Plugin {
  let root = '';
  let base = '/';
  return {
    name: 'saga:service-worker',
    apply: 'build',
    enforce: 'post',
    config: () => ({
      build: {
        rolldownOptions: {
          input: { index: 'index.html', sw: ENTRY },
          output: {
            entryFileNames: ({ name }: { readonly name: string }) =>
              name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js',
          },
        },
      },
    }),
    configResolved(config) {
      root = config.root;
      base = config.base;
    },
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') throw new Error('the build has no sw.js');
      if (worker.imports.length > 0)
        throw new Error(`sw.js imports ${worker.imports.join(', ')}: it must stand alone`);
      const open = publicFiles(join(root, 'public'));
      const built = Object.keys(bundle).filter((name) => name.startsWith('assets/'));
      const files = ['index.html', ...built.sort(), ...open].map((name) => base + name);
      const hash = createHash('sha256').update(files.join('\n'));
      for (const name of open) hash.update(readFileSync(join(root, 'public', name)));
      const html = bundle['index.html'];
      if (html?.type === 'asset') hash.update(html.source);
      worker.code = worker.code
        .replace(FILES, files.join('\\n'))
        .replace(VERSION, hash.digest('hex').slice(0, 16));
    },
  };
}
