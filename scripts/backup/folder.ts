/** A backup on disk: two folders, because the one with personal data has to be thrown away sooner. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readFile } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { z } from 'zod';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import type { Config } from '../../src/config.ts';
import type { BackupKey } from './seal.ts';

export const PARTS = ['events', 'personal'] as const;
/**
 * `events`: what may be kept for years, where personal fields are encrypted. `personal`: customers' keys, raw webhooks,
 * files: to be kept no longer than it takes to notice that a restore is needed
 * (docs/design/reliability.md#personal-data).
 */
export type Part = (typeof PARTS)[number];

/** What a manifest names stays in its folder, and where it is put. Columns and tables become SQL. */
const pathWithin = z
  .string()
  .min(1)
  .refine(
    (path) =>
      !isAbsolute(path) &&
      normalize(path) === path &&
      !/[\\\0]/.test(path) &&
      !path.split('/').includes('..'),
    'leaves its folder',
  );
const column = z.string().regex(/^[a-z_0-9]+$/);

const tableSchema = z.strictObject({
  table: z.string().regex(/^(es|ops)\.[a-z_0-9]+$/),
  columns: z.array(column),
  rows: z.number(),
  file: pathWithin,
  sha256: z.string(),
});
export type TableFile = z.infer<typeof tableSchema>;

const manifestSchema = z.strictObject({
  /** 1: not signed and not encrypted (0.2.0). */
  format: z.literal([1, 2]),
  part: z.enum(PARTS),
  /** The same in both parts of one backup. */
  id: z.uuid(),
  at: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.string().regex(/^[0-9a-z_]+\.sql$/)),
  storeId: z.string(),
  head: z.string(),
  /** Of the secrets that must be the same again: enough to recognise them, nothing to guess from. */
  fingerprints: z.record(z.string(), z.string()),
  tables: z.array(tableSchema),
  sequences: z.array(z.strictObject({ sequence: z.string(), last: z.string() })),
  files: z.array(z.strictObject({ path: pathWithin, sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST = 'manifest.json';
/** HMAC of the manifest's bytes, with BACKUP_KEY. */
export const SIGNATURE = 'manifest.hmac';

export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no manifest, as the schema says then
  }
}

const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(`saga backup ${secret}`).digest('hex').slice(0, 12);

/** Of the secrets without which the data is no use; of MASTER_KEY, which may be several: the newest first. */
export function fingerprintsOf(config: Config): Readonly<Record<string, readonly string[]>> {
  const { BLIND_INDEX_KEY, MASTER_KEY } = secretsFor(config);
  const of = (text: string): string[] => text.split(',').map((one) => fingerprintOf(one.trim()));
  return { BLIND_INDEX_KEY: of(BLIND_INDEX_KEY), MASTER_KEY: of(MASTER_KEY) };
}

/** What an encrypted file of a backup is bound to. */
export const placeOf = ({ id, part }: Pick<Manifest, 'id' | 'part'>, path: string): string =>
  `${id}/${part}/${path}`;

/**
 * Reads what a part says of itself and checks every byte of it.
 * @param unsigned the operator vouches for a backup of 0.2.0, which is not signed
 * @throws BackupError
 */
export async function readPart(
  folder: string,
  part: Part,
  key: Pick<BackupKey, 'verify'>,
  unsigned: boolean,
): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new BackupError(`${folder} is no backup: it has no ${MANIFEST}.`, { cause });
  });
  const signature = await readFile(join(folder, SIGNATURE), 'utf8').catch(() => '');
  if (!unsigned && !key.verify(text, signature.trim()))
    throw new BackupError(
      signature === ''
        ? `${folder} is not signed. If it is a backup of 0.2.0 that nobody could change: --unsigned.`
        : `${join(folder, MANIFEST)} was changed, or BACKUP_KEY is not the one of this backup: put the secrets back first (DATA_DIR/secrets.json or the environment).`,
    );
  const parsed = manifestSchema.safeParse(jsonOf(text));
  if (!parsed.success || (unsigned && parsed.data.format !== 1))
    throw new BackupError(
      `${join(folder, MANIFEST)} cannot be used: ${parsed.success ? 'it must be signed' : z.prettifyError(parsed.error)}`,
    );
  const manifest = parsed.data;
  if (manifest.part !== part)
    throw new BackupError(`${folder} is the part '${manifest.part}' of a backup, not '${part}'.`);
  const files = [
    ...manifest.tables.map(({ file, sha256 }) => ({ path: file, sha256 })),
    ...manifest.files.map(({ path, sha256 }) => ({ path: join('files', path), sha256 })),
  ];
  for (const { path, sha256 } of files) {
    // A link could lead anywhere.
    const regular = await lstat(join(folder, path)).then(
      (about) => about.isFile(),
      () => false,
    );
    const found = regular ? await sha256Of(join(folder, path)) : 'missing';
    if (found !== sha256)
      throw new BackupError(`${join(folder, path)} is missing or damaged. Take another backup.`);
  }
  return manifest;
}
