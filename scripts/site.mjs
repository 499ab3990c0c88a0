/**
 * The company site and the chat widget, `site/dist`: pages with their style inside, the widget's loader and panel, the font and
 * the pictures. What has its content in its name is in `assets`.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, transform } from 'esbuild';
import { buildOnce, filesIn, root } from './static-files.mjs';

const site = join(root, 'site');
const widget = join(root, 'web', 'widget');
const dist = join(site, 'dist');
const FONT = '@fontsource-variable/plus-jakarta-sans/files/plus-jakarta-sans-latin-wght-normal.woff2';

const write = (name, content) => {
  mkdirSync(dirname(join(dist, name)), { recursive: true });
  writeFileSync(join(dist, name), content);
  return `/${name}`;
};
/** @returns the address, which no other content will ever have */
const asset = (name, extension, content) =>
  write(
    `assets/${name}-${createHash('sha256').update(content).digest('base64url').slice(0, 10)}.${extension}`,
    content,
  );

/** @returns the text of one bundled script of the widget, with values in the place of names */
async function script(entry, format, define) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(widget, 'src', entry)],
    bundle: true,
    minify: true,
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    format,
    define,
    plugins: [smallStyles],
    write: false,
  });
  return outputFiles[0].text;
}

const minified = async (css) =>
  (await transform(css, { loader: 'css', minify: true, target: 'es2022' })).code.trim();

/** A style sheet that a script carries is a text, as small as the build makes others. */
const smallStyles = {
  name: 'small styles',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => ({
      contents: await minified(readFileSync(path, 'utf8')),
      loader: 'text',
    }));
  },
};

/** The pages are made by a program of their own, which needs no browser. */
async function pageProgram() {
  const program = join(dist, '.pages.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [join(site, 'src/build.tsx')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'warning',
  });
  const made = await import(`${pathToFileURL(program).href}?${Date.now()}`);
  rmSync(program);
  return made;
}

async function buildAll() {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  cpSync(join(site, 'public'), dist, { recursive: true });
  const font = asset('jakarta', 'woff2', readFileSync(createRequire(import.meta.url).resolve(FONT)));
  const css = (await minified(readFileSync(join(site, 'src/styles.css'), 'utf8'))).replace(
    'FONT_ADDRESS',
    font,
  );
  const { siteFiles, CONSENT_TEXT } = await pageProgram();
  const panel = asset(
    'panel',
    'js',
    await script('panel.tsx', 'esm', { CONSENT: JSON.stringify(CONSENT_TEXT.text) }),
  );
  const address = { PANEL: JSON.stringify(panel) };
  const frame = asset('frame', 'js', await script('frame.ts', 'esm', address));
  write('widget.js', await script('loader.ts', 'iife', address));
  for (const [name, text] of Object.entries(siteFiles(root, { css, font, frame }))) write(name, text);
}

/** @returns whether something was built */
export const buildSite = ({ force = false } = {}) =>
  buildOnce({
    name: 'the company site',
    dist,
    files: [
      ...filesIn(join(site, 'src')),
      ...filesIn(join(site, 'public')),
      ...filesIn(join(widget, 'src')),
      ...filesIn(join(root, 'content')),
      ...['scripts/site.mjs', 'src/domain/chat/consent.ts'].map((name) => join(root, name)),
    ],
    // Pages are finished by the server, which knows their address, and made smaller there.
    texts: /\.(?:js|css|svg)$/,
    force,
    build: buildAll,
  });
