/** Sends seals to an address of the auditor's, where no one with access to this machine can change them. */
import got from 'got';
import { retry } from '../../engine/jobs/retry.ts';
import type { Logger } from '../../ports.ts';
import type { SealFolder } from './seal-folder.ts';

const ANSWER_MS = 15_000;
/** Then the next seal tries again. */
const PATIENCE_MS = 60_000;

export interface SealPush {
  /**
   * Sends every seal that was not sent yet, in order. Never throws for the other side: what was not taken goes with the
   * next seal.
   * @returns how many wait now
   */
  push(signal: AbortSignal): Promise<number>;
}

export function createSealPush(deps: {
  readonly folder: SealFolder;
  /** May hold user and password; is never logged. */
  readonly url: string;
  readonly log: Logger;
  /** Called for each try that failed. */
  readonly failed: () => void;
  /** How long it tries, in milliseconds. Default one minute. */
  readonly patienceMs?: number;
}): SealPush {
  const { folder, url, log, failed, patienceMs = PATIENCE_MS } = deps;

  async function send(number: number, signal: AbortSignal): Promise<void> {
    const { statusCode } = await got.post(url, {
      body: await folder.read(number),
      headers: { 'content-type': 'application/gzip', 'x-seal-number': String(number) },
      timeout: { request: ANSWER_MS },
      retry: { limit: 0 },
      throwHttpErrors: false,
      followRedirect: false,
      signal,
    });
    if (statusCode < 200 || statusCode >= 300) throw new Error(`answered ${String(statusCode)}`);
  }

  return {
    async push(signal) {
      const pushed = await folder.pushed();
      const waiting = (await folder.numbers()).filter((number) => number > pushed);
      const until = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      let sent = 0;
      for (const number of waiting) {
        const done = await retry(
          async () => {
            await send(number, until);
            return true;
          },
          {
            signal: until,
            firstMs: 1_000,
            mostMs: 30_000,
            failed: (err, backoff) => {
              failed();
              // An error of got has the address, which may hold a password.
              log.warn(
                { seal: number, reason: reasonOf(err), backoff },
                'a seal was not taken, trying again',
              );
            },
          },
        );
        if (done === 'left') break;
        await folder.notePushed(number);
        sent += 1;
      }
      const left = waiting.length - sent;
      if (left > 0) log.warn({ seals: left }, 'seals wait to be pushed: the next one tries again');
      return left;
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : error.message.startsWith('answered ') ? error.message : error.name;
}
