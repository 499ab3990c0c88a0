import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GENERATED_SECRETS, type Config, type GeneratedSecret } from '../../config.ts';

export type Secrets = Readonly<Record<GeneratedSecret, string>>;

/** The data is there and its secrets are not. New ones would be wrong for it. */
export class LostSecrets extends Error {
  override readonly name = 'LostSecrets';
}

/** Without these the data is no use; the others may be made again. */
const BOUND_TO_DATA: readonly GeneratedSecret[] = ['BLIND_INDEX_KEY', 'MASTER_KEY'];
/** An embedded Postgres has started in this folder. */
const DATABASE_FILES = ['postgres/data/PG_VERSION', 'postgres.location'];

/**
 * A new key next to old data finds nobody and reads nothing (docs/design/reliability.md#keys-and-clocks). A file of 0.1.0
 * without MASTER_KEY may get one: whether the data has another is compared when the stores are opened.
 * @throws LostSecrets
 */
function refuseToRefill(
  config: Config,
  file: string,
  toMake: readonly string[],
  kept: Readonly<Record<string, string>>,
): void {
  if (!DATABASE_FILES.some((name) => existsSync(join(config.DATA_DIR, name)))) return;
  const wholeFile = Object.keys(kept).length === 0;
  const lost = BOUND_TO_DATA.filter(
    (name) => toMake.includes(name) && (wholeFile || name === 'BLIND_INDEX_KEY'),
  );
  if (lost.length === 0) return;
  throw new LostSecrets(
    `${config.DATA_DIR} has a database, and ${wholeFile ? `${file} is not there` : `${file} lacks ${lost.join(', ')}`}. ` +
      `Put it back from its backup, or set ${lost.join(' and ')} of this installation in the environment: ` +
      'with new ones no customer and no account is found or read. Nothing was changed.',
  );
}

const stored = z.record(z.string(), z.string());

/** @throws Error a file that is there and cannot be read: new secrets would lock everybody out */
function readStored(file: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${file} is damaged. Put it back from a backup: with new secrets customers are not found again.`,
    );
  }
}

/** Writes the whole file or nothing, and never replaces a file that another process has made. */
function create(file: string, secrets: Readonly<Record<string, string>>, replace: boolean): void {
  const unfinished = `${file}.${String(process.pid)}`;
  writeFileSync(unfinished, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  chmodSync(unfinished, 0o600);
  if (replace) {
    renameSync(unfinished, file);
    return;
  }
  try {
    linkSync(unfinished, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(unfinished);
  }
}

/** Made together with the others; a program with DATABASE_URL runs without the last two. */
const MADE = [...GENERATED_SECRETS, 'BACKUP_KEY', 'SEAL_KEY'] as const;

/**
 * Signs and encrypts backups.
 * @throws Error it is not set, with DATABASE_URL
 */
export function backupKeyOf(config: Config): string {
  const key =
    config.BACKUP_KEY ?? (config.DATABASE_URL === undefined ? keptOrMade(config)['BACKUP_KEY'] : undefined);
  if (key === undefined)
    throw new Error(
      'BACKUP_KEY is not set: backups are signed and encrypted with it (openssl rand -hex 32; docs/backup.md).',
    );
  return key;
}

/** Signs seals (docs/design/reliability.md#seals). @returns null: it is not set, with DATABASE_URL: nothing is sealed */
export function sealKeyOf(config: Config): string | null {
  return config.SEAL_KEY ?? keptOrMade(config)['SEAL_KEY'] ?? null;
}

/** The same, and none is made: for the doctor, who changes nothing. @throws Error the file is damaged */
export function sealKeyIfMade(config: Config): string | null {
  if (config.SEAL_KEY !== undefined || config.DATABASE_URL !== undefined) return config.SEAL_KEY ?? null;
  return readStored(join(config.DATA_DIR, 'secrets.json'))['SEAL_KEY'] ?? null;
}

/**
 * The secrets of the environment, and for those that are not set the ones kept in DATA_DIR/secrets.json, made at
 * the first start. With DATABASE_URL `config.ts` requires all of them, and no file is used.
 * @throws LostSecrets the file is gone and the data is there
 */
export function secretsFor(config: Config): Secrets {
  const kept = keptOrMade(config);
  const entries = GENERATED_SECRETS.map((name) => {
    const value = config[name] ?? kept[name];
    if (value === undefined)
      throw new Error(`${name} could not be made; is ${join(config.DATA_DIR, 'secrets.json')} writable?`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries) as Secrets;
}

/** What is in DATA_DIR/secrets.json, after what the environment does not set was made. */
function keptOrMade(config: Config): Readonly<Record<string, string>> {
  if (config.DATABASE_URL !== undefined) return {};
  const missing = MADE.filter((name) => config[name] === undefined);
  if (missing.length === 0) return {};
  const file = join(config.DATA_DIR, 'secrets.json');
  mkdirSync(config.DATA_DIR, { recursive: true });
  const kept = readStored(file);
  const toMake = missing.filter((name) => kept[name] === undefined);
  if (toMake.length === 0) return kept;
  refuseToRefill(config, file, toMake, kept);
  const made = Object.fromEntries(toMake.map((name) => [name, randomBytes(32).toString('hex')]));
  create(file, { ...kept, ...made }, Object.keys(kept).length > 0);
  return readStored(file);
}
