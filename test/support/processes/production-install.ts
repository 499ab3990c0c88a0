/** What a server has: the build, migrations and the packages that are not for development. No src, no tsx. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

interface Lock {
  readonly packages: Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>;
}

/** A path such as `node_modules/express`, and none inside another package. */
const isTopLevel = (path: string): boolean => path.lastIndexOf('node_modules/') === 0;

/** `npm ci --omit=dev` in effect: links to what is installed here, and npm's own record of what there is. */
function installPackages(folder: string): void {
  const lock = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8')) as Lock;
  const kept = Object.entries(lock.packages).filter(([, { dev, devOptional }]) => !dev && !devOptional);
  for (const [path] of kept.filter(([name]) => isTopLevel(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(path), join(folder, path));
  }
  writeFileSync(
    join(folder, 'node_modules/.package-lock.json'),
    JSON.stringify({ ...lock, packages: Object.fromEntries(kept) }),
  );
}

/** @returns a folder of its own, to be removed with `remove` */
export function productionInstall(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'saga-production-'));
  chmodSync(folder, 0o755);
  const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', join(folder, 'dist')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build failed:\n${stderr}`);
  for (const file of ['package.json', 'package-lock.json']) copyFileSync(file, join(folder, file));
  cpSync('migrations', join(folder, 'migrations'), { recursive: true });
  cpSync('content', join(folder, 'content'), { recursive: true });
  mkdirSync(join(folder, 'scripts'));
  for (const file of ['run.mjs', 'installed.mjs']) cpSync(`scripts/${file}`, join(folder, 'scripts', file));
  installPackages(folder);
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
