/**
 * One seal as a file: what the store's streams ended with, signed. The format is stored for ever: a program in another
 * language must be able to verify it (docs/audit.md#the-seal-for-a-program-of-your-own).
 *
 * gzip of lines: the head (JSON), one line per entry (JSON, sorted), the signature (JSON). Signed is everything before the
 * line of the signature.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { type PublicKeys, type SealKey, verifySignature } from './seal-key.ts';

const KIND = 'saga-heads-1';

/** One event of a stream. The link of an event holds all events before it, but for those older than the hashes. */
export type SealedEvent = readonly [stream: string, revision: string, link: string];

const revision = z.string().regex(/^\d{1,19}$/);
// As stored with the event: somebody may have put anything there.
const sealedEvent = z.tuple([z.string().min(1), revision, z.string()]).readonly();

const headSchema = z.strictObject({
  kind: z.literal(KIND),
  /** 1, 2, 3 ... */
  number: z.int().positive(),
  /** ISO 8601 UTC. */
  at: z.iso.datetime(),
  /** SHA-256 of the whole text of the seal before, base64url; null for the first. A seal cut out is noticed by it. */
  previous: z.string().length(43).nullable(),
  storeId: z.string(),
  /** The events after `from`, up to and with `to`: positions of the store. */
  from: z.string(),
  to: z.string(),
  /** How many, and SHA-256 over their links in the order of the store, base64url. */
  events: z.int().nonnegative(),
  digest: z.string().length(43),
  /** The store's last event at that time, also when it is of an earlier seal; null in an empty store. */
  last: sealedEvent.nullable(),
  /** Somebody said that the store may differ from the seals before, and why: after a restore. */
  accepted: z.strictObject({ because: z.string().min(1) }).optional(),
});

export type SealHead = z.infer<typeof headSchema>;

export interface ReadSeal {
  readonly head: SealHead;
  readonly entries: readonly SealedEvent[];
  /** What the next seal has as `previous`. */
  readonly hash: string;
  readonly keyId: string;
}

const signatureSchema = z.strictObject({ key: z.string(), signature: z.string() });

/** The file is no seal, or not as it was signed. The message says why, without the file's name. */
export class AlteredSeal extends Error {
  override readonly name = 'AlteredSeal';
}

const hashOf = (text: Buffer): string => createHash('sha256').update(text).digest('base64url');
const packed = promisify<Buffer, Buffer>(gzip);
const unpacked = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip);
/** A seal has at most some ten thousand entries. A file that grows beyond this is no seal. */
const MOST_BYTES = 256 * 1024 * 1024;

/** @param entries sorted, see `sorted` */
export async function encodeSeal(
  head: Omit<SealHead, 'kind'>,
  entries: readonly SealedEvent[],
  key: SealKey,
): Promise<{ readonly bytes: Buffer; readonly hash: string }> {
  const { number, at, previous, storeId, from, to, events, digest, last, accepted } = head;
  const ordered = {
    ...{ kind: KIND, number, at, previous, storeId, from, to, events, digest, last },
    ...(accepted && { accepted }),
  };
  const body = Buffer.from([ordered, ...entries].map((line) => `${JSON.stringify(line)}\n`).join(''));
  const signature = `${JSON.stringify({ key: key.id, signature: key.sign(body) })}\n`;
  const text = Buffer.concat([body, Buffer.from(signature)]);
  return { bytes: await packed(text), hash: hashOf(text) };
}

const textOf = (bytes: Buffer): Promise<Buffer> =>
  unpacked(bytes, { maxOutputLength: MOST_BYTES }).catch((cause: unknown) => {
    throw new AlteredSeal('is damaged: it cannot be unpacked', { cause });
  });

/** When it says that it was made, in milliseconds since 1970; its signature is not verified. NaN: it is no seal. */
export async function timeOfSeal(bytes: Buffer): Promise<number> {
  try {
    const text = await textOf(bytes);
    return Date.parse(parsed(headSchema, text.subarray(0, text.indexOf('\n')).toString()).at);
  } catch (error) {
    if (error instanceof AlteredSeal) return Number.NaN;
    throw error;
  }
}

/** @throws AlteredSeal */
export async function decodeSeal(bytes: Buffer, keys: PublicKeys): Promise<ReadSeal> {
  const text = await textOf(bytes);
  const end = text.lastIndexOf('\n', -2) + 1;
  const signed = text.subarray(0, end);
  const { key, signature } = parsed(signatureSchema, text.subarray(end).toString());
  const good = verifySignature(keys, { id: key, signature }, signed);
  if (good === null)
    throw new AlteredSeal(
      `is signed with key ${key}, which is neither SEAL_KEY nor in SEAL_PUBLIC_KEYS: forged, or the key is missing`,
    );
  if (!good) throw new AlteredSeal('was altered: its signature does not hold');
  const [first = '', ...lines] = signed.toString().slice(0, -1).split('\n');
  return {
    head: parsed(headSchema, first),
    entries: lines.map((line) => parsed(sealedEvent, line)),
    hash: hashOf(text),
    keyId: key,
  };
}

/** @throws AlteredSeal */
function parsed<T>(schema: z.ZodType<T>, line: string): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new AlteredSeal('is no seal: a line cannot be read', { cause });
  }
}
