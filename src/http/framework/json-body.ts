/** Reads a JSON body: bounded, UTF-8, and free of what could hurt further in. */
import { isUtf8 } from 'node:buffer';
import { problem, shorten } from '../../domain/problems.ts';
import type { IncomingMessage } from 'node:http';
import type { ByteAccount } from './body-budget.ts';
import { refuseShape } from './body-shape.ts';
import { HttpError } from './errors.ts';

/** How large a body may be (docs/design/api.md#request-bodies): over this, 413. */
export interface BodyLimits {
  readonly bytes: number;
  /** Members and items of the whole body together. */
  readonly members: number;
}

/** The largest command without limits of its own is 70 office hours of 4 members, or a text of 4,096 characters. */
export const COMMAND_BODY: BodyLimits = { bytes: 64 * 1024, members: 1_000 };

/** The deepest body of the contract has 4 levels; a deeper one wants to exhaust something. */
const MAX_DEPTH = 20;
/** Keys that reach prototypes when an object is copied carelessly (docs/design/reliability.md#unsafe-names). */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
/** Postgres stores neither U+0000 nor half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;
const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i;

export interface Body {
  /** As it came, for the fingerprint of an `Idempotency-Key`. */
  readonly bytes: Buffer;
  readonly value: unknown;
}

/**
 * @returns the parsed body; `{}` when there is none
 * @throws HttpError PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, MALFORMED_JSON, VALIDATION_FAILED
 */
export async function readJson(
  req: IncomingMessage,
  limits: BodyLimits,
  account?: ByteAccount,
): Promise<Body> {
  const bytes = await readBytes(req, limits.bytes, account);
  if (bytes.length === 0) return { bytes, value: {} };
  const encoding = req.headers['content-encoding'];
  // A compressed body could be a bomb, and no client of ours sends one.
  if (encoding !== undefined && encoding !== 'identity') throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
  if (!JSON_TYPE.test(req.headers['content-type'] ?? '')) throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
  refuseShape(bytes, { members: limits.members, depth: MAX_DEPTH });
  const value = parse(bytes);
  refuseUnsafe(value);
  return { bytes, value };
}

/** @throws HttpError VALIDATION_FAILED when `text` holds what no store of ours can keep */
export function refuseUnstorable(path: string, text: string): void {
  if (!UNSTORABLE.test(text)) return;
  throw new HttpError('VALIDATION_FAILED', [
    problem(shorten(path), 'FORBIDDEN_CHARACTER', 'Ada karakter yang tidak diizinkan'),
  ]);
}

/**
 * The raw body, at most `limit` bytes. Checked while it comes in, and kept in one piece: a sender of single bytes
 * would else cost a hundred times what was sent.
 * @param account of a sender without an account; every byte that is kept counts
 * @throws HttpError PAYLOAD_TOO_LARGE; BAD_REQUEST when the client goes away in the middle; what `account` throws
 */
export function readBytes(req: IncomingMessage, limit: number, account?: ByteAccount): Promise<Buffer> {
  if (Number(req.headers['content-length'] ?? 0) > limit) {
    return Promise.reject(new HttpError('PAYLOAD_TOO_LARGE'));
  }
  return new Promise((resolve, reject) => {
    let kept: Buffer = Buffer.alloc(0);
    let size = 0;
    let refused = false;
    // The rest is read and forgotten, so that the client gets its answer and not a broken pipe.
    const refuse = (error: Error): void => {
      refused = true;
      kept = Buffer.alloc(0);
      account?.release();
      reject(error);
    };
    const keep = (chunk: Buffer): void => {
      const end = size + chunk.length;
      if (end > limit) throw new HttpError('PAYLOAD_TOO_LARGE');
      if (size === 0) {
        account?.holds(end);
        kept = chunk;
      } else {
        if (end > kept.length) {
          const room = Math.min(limit, Math.max(end, 2 * kept.length));
          account?.holds(room);
          const larger = Buffer.allocUnsafeSlow(room);
          kept.copy(larger, 0, 0, size);
          kept = larger;
        }
        chunk.copy(kept, size);
      }
      size = end;
    };
    req.on('data', (chunk: Buffer) => {
      if (refused) return;
      try {
        keep(chunk);
      } catch (error) {
        refuse(error as HttpError);
      }
    });
    req.once('end', () => {
      resolve(kept.subarray(0, size));
    });
    req.once('error', () => {
      reject(new HttpError('BAD_REQUEST'));
    });
    req.once('close', () => {
      // Every request closes: an error, with its stack, is made only for one that broke off.
      if (!req.readableEnded) reject(new HttpError('BAD_REQUEST'));
    });
  });
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new HttpError('MALFORMED_JSON');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new HttpError('MALFORMED_JSON');
  }
}

/** Level by level, not recursively: depth is what an attacker would choose. */
function refuseUnsafe(root: unknown): void {
  let level: [path: string, value: unknown][] = [['', root]];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw new HttpError('MALFORMED_JSON');
    const below: typeof level = [];
    for (const [path, value] of level) {
      if (typeof value === 'string') refuseUnstorable(path, value);
      if (typeof value !== 'object' || value === null) continue;
      for (const [key, member] of Object.entries(value)) {
        const at = path === '' ? key : `${path}.${key}`;
        if (FORBIDDEN_KEYS.has(key)) {
          throw new HttpError('VALIDATION_FAILED', [
            problem(shorten(at), 'UNKNOWN_FIELD', 'Nama isian tidak diizinkan'),
          ]);
        }
        refuseUnstorable(at, key);
        if (typeof member === 'string' || (typeof member === 'object' && member !== null)) {
          below.push([at, member]);
        }
      }
    }
    level = below;
  }
}
