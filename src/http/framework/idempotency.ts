/**
 * `Idempotency-Key` on a POST: the same caller, key and request get the first answer again
 * (docs/design/architecture.md#idempotency-key).
 */
import { createHash } from 'node:crypto';
import { problem } from '../../domain/problems.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IdempotencyKeys } from '../../ports.ts';
import { type Envelope, failure } from './envelope.ts';
import { type ErrorCode, ERRORS, HttpError, toHttpError } from './errors.ts';

const SOUND_KEY = /^[\x21-\x7e]{1,255}$/;
/** A second request waits this long for the first one's answer, then gets the answer to come again. */
const PATIENCE_MS = 5000;
const LOOK_EVERY_MS = 50;
/** Refusals that say nothing of the next try with the same key. */
const SOON_OVER: ReadonlySet<number> = new Set([401, 403, 429]);

/** @returns the key, or undefined when there is none. @throws HttpError VALIDATION_FAILED */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && SOUND_KEY.test(header)) return header;
  throw new HttpError('VALIDATION_FAILED', [
    problem('Idempotency-Key', 'BAD_FORMAT', 'Isi 1 sampai 255 karakter ASCII tanpa spasi'),
  ]);
}

/** A no for now, which rights, time or an update of the program may turn into a yes: not kept as the answer. */
const mayPass = (code: ErrorCode): boolean =>
  ERRORS[code].status >= 500 ||
  SOON_OVER.has(ERRORS[code].status) ||
  code === 'TICKET_NEEDS_ATTENTION' ||
  code === 'RECORD_NEEDS_ATTENTION';

/** What makes two requests the same request. */
export function fingerprintOf(method: string, path: string, body: Buffer): string {
  return createHash('sha256').update(`${method} ${path}\n`).update(body).digest('hex');
}

/**
 * Runs `run` once for this caller and key. A refusal is an answer and is kept; a failure that a retry may solve
 * (`mayPass`) is not, and the retry gets the same `operationId`, so that what was already appended is found.
 * @throws HttpError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE, and what `run` throws
 */
export async function once(
  keys: IdempotencyKeys,
  request: {
    readonly callerId: string;
    readonly key: string;
    readonly fingerprint: string;
    readonly ticketId: string | null;
  },
  run: (operationId: string) => Promise<Envelope>,
): Promise<Envelope> {
  const claim = await claimWithin(keys, request);
  if (claim.state === 'done') return { status: claim.status, body: claim.body };
  const answer = await run(claim.operationId).catch(async (error: unknown) => {
    const refused = toHttpError(error);
    if (!mayPass(refused.code)) return failure(refused);
    // When even this fails the claim is taken for abandoned soon; what went wrong first is what counts.
    await keys.release(claim.operationId).catch(() => undefined);
    throw error;
  });
  await keys.finish(claim.operationId, answer);
  return answer;
}

async function claimWithin(
  keys: IdempotencyKeys,
  { callerId, key, fingerprint, ticketId }: Parameters<typeof once>[1],
) {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const claim = await keys.claim(callerId, key, fingerprint, ticketId);
    if (claim.state === 'mine' || claim.state === 'done') return claim;
    if (claim.state === 'other') throw new HttpError('IDEMPOTENCY_KEY_REUSED');
    if (performance.now() > deadline) throw new HttpError('IDEMPOTENCY_KEY_IN_USE', [], 1);
    await sleep(LOOK_EVERY_MS);
  }
}
