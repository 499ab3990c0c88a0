/** A backup on disk: two folders, because the one with personal data has to be thrown away sooner. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { secretsFor } from '../../src/adapters/security/secrets.ts';
import type { Config } from '../../src/config.ts';

export const PARTS = ['events', 'personal'] as const;
/**
 * `events`: what may be kept for years, where personal fields are encrypted. `personal`: customers' keys, raw webhooks,
 * files: to be kept no longer than it takes to notice that a restore is needed
 * (docs/design/reliability.md#personal-data).
 */
export type Part = (typeof PARTS)[number];

const tableSchema = z.strictObject({
  table: z.string().regex(/^[a-z_]+\.[a-z_0-9]+$/),
  columns: z.array(z.string()),
  rows: z.number(),
  file: z.string(),
  sha256: z.string(),
});
export type TableFile = z.infer<typeof tableSchema>;

const manifestSchema = z.strictObject({
  format: z.literal(1),
  part: z.enum(PARTS),
  /** The same in both parts of one backup. */
  id: z.uuid(),
  at: z.iso.datetime(),
  postgres: z.string(),
  migrations: z.array(z.string()),
  storeId: z.string(),
  head: z.string(),
  /** Of the secrets that must be the same again: enough to recognise them, nothing to guess from. */
  fingerprints: z.record(z.string(), z.string()),
  tables: z.array(tableSchema),
  sequences: z.array(z.strictObject({ sequence: z.string(), last: z.string() })),
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })),
});
export type Manifest = z.infer<typeof manifestSchema>;

export const MANIFEST = 'manifest.json';

export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const fingerprintOf = (secret: string): string =>
  createHash('sha256').update(`saga backup ${secret}`).digest('hex').slice(0, 12);

/** Of the secrets without which the data is no use; of MASTER_KEY, which may be several: the newest first. */
export function fingerprintsOf(config: Config): Readonly<Record<string, readonly string[]>> {
  const { BLIND_INDEX_KEY, MASTER_KEY } = secretsFor(config);
  const of = (text: string): string[] => text.split(',').map((one) => fingerprintOf(one.trim()));
  return { BLIND_INDEX_KEY: of(BLIND_INDEX_KEY), MASTER_KEY: of(MASTER_KEY) };
}

/** Reads what a part says of itself and checks every byte of it. @throws BackupError */
export async function readPart(folder: string, part: Part): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch((cause: unknown) => {
    throw new BackupError(`${folder} is no backup: it has no ${MANIFEST}.`, { cause });
  });
  const manifest = manifestSchema.parse(JSON.parse(text));
  if (manifest.part !== part)
    throw new BackupError(`${folder} is the part '${manifest.part}' of a backup, not '${part}'.`);
  const files = [
    ...manifest.tables.map(({ file, sha256 }) => ({ path: file, sha256 })),
    ...manifest.files.map(({ path, sha256 }) => ({ path: join('files', path), sha256 })),
  ];
  for (const { path, sha256 } of files) {
    const found = await sha256Of(join(folder, path)).catch(() => 'missing');
    if (found !== sha256)
      throw new BackupError(`${join(folder, path)} is missing or damaged. Take another backup.`);
  }
  return manifest;
}
