/**
 * A seal: an auditor keeps it out of reach of those with access to the store. It shows a history that was cut off,
 * or rewritten with all its hashes.
 */
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import type { Position } from '../../ports.ts';

export interface SealedStream {
  readonly revision: bigint;
  /** Digest over the links of all its events up to there. */
  readonly sealed: string;
}

export interface Seal {
  readonly storeId: string;
  readonly events: number;
  readonly position: Position;
  /** Over the links of all events in the order of the store. */
  readonly digest: string;
  readonly streams: ReadonlyMap<string, SealedStream>;
}

/** @returns the digest of a stream that had `before` and got an event with `link` */
export const sealedWith = (before: string, link: string): string =>
  hash('sha256', `${before}\n${link}`, 'base64url');

const KIND = 'saga-seal-1';
const first = z.strictObject({
  kind: z.literal(KIND),
  at: z.iso.datetime(),
  storeId: z.string(),
  events: z.int().nonnegative(),
  streams: z.int().nonnegative(),
  position: z.string(),
  digest: z.string(),
});
const line = z.tuple([z.string(), z.string().regex(/^\d+$/), z.string()]);

/** Writes one JSON value per line: the store, then each stream. @throws Error the file exists, or cannot be written */
export async function writeSeal(path: string, seal: Seal, at: Date): Promise<void> {
  const { streams, ...store } = seal;
  const file = createWriteStream(path, { flags: 'wx' });
  await once(file, 'open');
  const head = { kind: KIND, at: at.toISOString(), ...store, streams: streams.size };
  file.write(`${JSON.stringify(head)}\n`);
  for (const [name, { revision, sealed }] of streams) {
    if (!file.write(`${JSON.stringify([name, String(revision), sealed])}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
}

/** @throws Error the file is missing, is no seal, or is not complete */
export async function readSeal(path: string): Promise<Seal> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let store: z.infer<typeof first> | undefined;
  const streams = new Map<string, SealedStream>();
  try {
    for await (const text of lines) {
      if (store === undefined) {
        store = first.parse(JSON.parse(text));
        continue;
      }
      const [name, revision, sealed] = line.parse(JSON.parse(text));
      streams.set(name, { revision: BigInt(revision), sealed });
    }
  } catch (cause) {
    if (cause instanceof z.ZodError || cause instanceof SyntaxError) {
      throw new Error(`${path} is no seal of audit:verify.`, { cause });
    }
    throw cause;
  }
  if (store?.streams !== streams.size) throw new Error(`${path} is not a whole seal of audit:verify.`);
  const { storeId, events, position, digest } = store;
  return { storeId, events, position, digest, streams };
}
