/** The dashboard's build: static files that the API process serves at `/app` (docs/design/dashboard.md#serving). */
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { serviceWorker } from './service-worker.plugin.ts';

/** Where `npm run web:dev` finds the API. */
const API = 'http://127.0.0.1:3000';

/**
 * Vite's own helper of `import()` looks for styles and scripts to load beside a chunk. Here is one style, and nothing is loaded
 * ahead: what is left of it is the call (docs/design/dashboard.md#first-load).
 */
const bareImports = (): Plugin => ({
  name: 'bare-imports',
  enforce: 'pre',
  apply: 'build',
  load: (id) =>
    id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : undefined,
});

export default defineConfig({
  base: '/app/',
  resolve: {
    alias: [
      {
        find: /^use-sync-external-store\/shim\/with-selector(?:\.js)?$/,
        replacement: fileURLToPath(new URL('src/lib/with-selector.ts', import.meta.url)),
      },
      {
        find: /^\.\.\/createLucideIcon\.mjs$/,
        replacement: fileURLToPath(new URL('src/ui/lucide-icon.ts', import.meta.url)),
      },
    ],
  },
  plugins: [bareImports(), react(), tailwindcss(), serviceWorker()],
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: false,
    cssCodeSplit: false,
    // No file becomes a data: address, which the content security policy would need a hole for.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
  },
  server: { host: '127.0.0.1', port: 5173, strictPort: true, proxy: { '/api': API } },
});
