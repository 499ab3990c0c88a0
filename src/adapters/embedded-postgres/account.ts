import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The account for Postgres when this process is root: Postgres refuses to run as root. */
export interface SystemAccount {
  readonly uid: number;
  readonly gid: number;
}

/** Accounts of a plain Debian, best first: the account of Postgres, else one that owns nothing. */
const CANDIDATES = ['postgres', 'nobody', 'daemon'];

/**
 * @param dataFolder an existing cluster keeps the account it was made with
 * @returns undefined when this process is not root: then Postgres uses its account
 */
export function accountFor(dataFolder: string): SystemAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(dataFolder)) {
    const owner = statSync(dataFolder);
    if (owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  }
  const lines = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const name of CANDIDATES) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':');
    const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return { uid: 65534, gid: 65534 };
}

const READ_AND_EXECUTE = 5;
const EXECUTE = 1;

function allows(path: string, account: SystemAccount, wanted: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

/** Can `account` walk through every folder above `path`? A repository under /root (mode 0700) says no. */
export function canTraverse(path: string, account: SystemAccount): boolean {
  let folder = resolve(path);
  while (folder !== dirname(folder)) {
    folder = dirname(folder);
    if (existsSync(folder) && !allows(folder, account, EXECUTE)) return false;
  }
  return true;
}

/** Can `account` reach and run the program `path`? A strict umask during `npm ci` says no. */
export function canRun(path: string, account: SystemAccount): boolean {
  return canTraverse(path, account) && allows(path, account, READ_AND_EXECUTE);
}
