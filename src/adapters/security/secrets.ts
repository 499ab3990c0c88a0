import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { GENERATED_SECRETS, type Config, type GeneratedSecret } from '../../config.ts';

export type Secrets = Readonly<Record<GeneratedSecret, string>>;

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

/**
 * The secrets of the environment, and for those that are not set the ones kept in DATA_DIR/secrets.json, made at
 * the first start. With DATABASE_URL `config.ts` requires all of them, and no file is used.
 */
export function secretsFor(config: Config): Secrets {
  const missing = GENERATED_SECRETS.filter((name) => config[name] === undefined);
  const file = join(config.DATA_DIR, 'secrets.json');
  let kept: Readonly<Record<string, string>> = {};
  if (missing.length > 0) {
    mkdirSync(config.DATA_DIR, { recursive: true });
    kept = readStored(file);
    const toMake = missing.filter((name) => kept[name] === undefined);
    if (toMake.length > 0) {
      const made = Object.fromEntries(toMake.map((name) => [name, randomBytes(32).toString('hex')]));
      create(file, { ...kept, ...made }, Object.keys(kept).length > 0);
      kept = readStored(file);
    }
  }
  const entries = GENERATED_SECRETS.map((name) => {
    const value = config[name] ?? kept[name];
    if (value === undefined) throw new Error(`${name} could not be made; is ${file} writable?`);
    return [name, value] as const;
  });
  return Object.fromEntries(entries) as Secrets;
}
