import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SystemAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';
import { isAlive } from './postmaster.ts';

/** Written when a cluster is complete, with its passwords. A cluster without it is broken. */
const MARKER = 'saga-cluster.json';

export const SUPERUSER = 'postgres';
/** The program's role, as in production: no superuser, so that nothing relies on being one. */
export const OWNER = 'saga';
export const DATABASE = 'saga';

export interface RolePasswords {
  readonly superuserPassword: string;
  readonly ownerPassword: string;
}

function run(
  program: string,
  args: string[],
  input: string,
  account: SystemAccount | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', 'pipe', 'pipe'],
      ...account,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-2000);
      });
    }
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new EmbeddedPostgresError(`${program} ended with code ${String(code)}: ${output.trim()}`));
    });
    child.stdin.on('error', () => undefined); // the exit code is the better message than EPIPE
    child.stdin.end(input);
  });
}

/** The folder of an initdb that did not finish has its process id in the name. */
function removeUnfinished(folder: string): void {
  const prefix = `${basename(folder)}.new-`;
  for (const name of readdirSync(dirname(folder))) {
    const pid = Number.parseInt(name.slice(prefix.length), 10);
    if (name.startsWith(prefix) && (pid === process.pid || !isAlive(pid))) {
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
    }
  }
}

async function create(
  folder: string,
  binaries: Binaries,
  account: SystemAccount | undefined,
): Promise<RolePasswords> {
  const passwords = {
    superuserPassword: randomBytes(24).toString('hex'),
    ownerPassword: randomBytes(24).toString('hex'),
  };
  // Made under another name and renamed at the end: a folder with the final name is complete.
  const unfinished = `${folder}.new-${String(process.pid)}`;
  removeUnfinished(folder);
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = `${unfinished}.password`;
  writeFileSync(passwordFile, passwords.superuserPassword, { mode: 0o600 });
  if (account) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    // The built-in provider sorts alike on every operating system and lets prefix searches use plain indexes.
    const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    const access = ['--username', SUPERUSER, '--auth=scram-sha-256', '--pwfile', passwordFile];
    await run(binaries.initdb, ['-D', unfinished, ...locale, ...access, '--no-instructions'], '', account);
    const sql =
      `CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD '${passwords.ownerPassword}';\n` +
      `CREATE DATABASE ${DATABASE} OWNER ${OWNER};\n`;
    await run(binaries.postgres, ['--single', '-D', unfinished, 'postgres'], sql, account);
    const marker = join(unfinished, MARKER);
    writeFileSync(marker, JSON.stringify({ ...passwords, createdAt: new Date().toISOString() }), {
      mode: 0o600,
    });
    if (account) chownSync(marker, account.uid, account.gid);
    if (!existsSync(folder)) renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have finished first: then its cluster is used and ours is removed.
    if (!existsSync(join(folder, MARKER))) throw error;
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
  return openCluster(folder, binaries, account);
}

/**
 * Makes the cluster if the folder does not exist, else checks that it is one of ours.
 * @throws EmbeddedPostgresError a broken or foreign folder (nothing is deleted), or another major version
 */
export async function openCluster(
  folder: string,
  binaries: Binaries,
  account: SystemAccount | undefined,
): Promise<RolePasswords> {
  if (!existsSync(folder)) return create(folder, binaries, account);
  const remedy = `Nothing was deleted. Move ${folder} away to start with an empty database, or set DATA_DIR to another folder.`;
  let content: readonly string[];
  let marker: string;
  try {
    content = readdirSync(folder);
    if (content.length === 0) {
      rmSync(folder, { recursive: true });
      return await create(folder, binaries, account);
    }
    if (!content.includes(MARKER) || !content.includes('PG_VERSION') || !content.includes('global')) {
      throw new EmbeddedPostgresError(`${folder} is not a complete database of this product. ${remedy}`);
    }
    marker = readFileSync(join(folder, MARKER), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EACCES') throw cause;
    throw new EmbeddedPostgresError(
      `${folder} belongs to another user: start as the user that made it, or set DATA_DIR to another folder.`,
      { cause },
    );
  }
  const major = Number(readFileSync(join(folder, 'PG_VERSION'), 'utf8'));
  if (major !== binaries.major) {
    throw new EmbeddedPostgresError(
      `${folder} was made by Postgres ${String(major)}, this version brings ${String(binaries.major)}. ${remedy}`,
    );
  }
  const { superuserPassword, ownerPassword } = JSON.parse(marker) as Partial<RolePasswords>;
  if (!superuserPassword || !ownerPassword) {
    throw new EmbeddedPostgresError(`${join(folder, MARKER)} holds no passwords. ${remedy}`);
  }
  return { superuserPassword, ownerPassword };
}
