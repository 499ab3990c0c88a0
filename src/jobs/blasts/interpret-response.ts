/** What the channel's answer means for one recipient, and for the whole blast (whatsapp.md 8, by the sender's table). */
import { OPTED_OUT_CODE } from '../../commands/customers/opt-out.ts';
import type { RecipientOutcome } from '../../commands/blasts/record-blast.ts';
import type { BlastForm } from '../../domain/blasts/blast.ts';
import type { SendOutcome } from '../../ports.ts';
import { actionOn } from '../outbound/error-policy.ts';

/** Milliseconds. */
export interface Backoff {
  readonly first: number;
  readonly longest: number;
  /** A recipient who is refused so often is given up. */
  readonly attempts: number;
}
export const BACKOFF: Backoff = { first: 4_000, longest: 600_000, attempts: 8 };

export interface InterpretedResponse {
  readonly outcome: RecipientOutcome;
  /** The blast is paused, and people are told. */
  readonly stops: string | null;
  /** Nobody on this number is tried for so long, in milliseconds. */
  readonly holds: number;
  /** Everything slows down for good: quality and spam limits. */
  readonly slows: boolean;
  readonly optsOut: boolean;
}

/** Meta thinks ill of what is sent: the whole job goes slower (whatsapp.md 8). */
const SLOWS: ReadonlySet<string> = new Set(['131048', '368', '131064']);
/** The template itself cannot be used any more: the next recipient would only hear the same. */
const TEMPLATE_GONE: ReadonlySet<string> = new Set(['132015', '132016']);

const QUIET = { stops: null, holds: 0, slows: false, optsOut: false };

const growing = ({ first, longest }: Backoff, factor: number, times: number): number =>
  Math.min(first * factor ** Math.min(times, 20), longest);

/**
 * @param tried how often this recipient was tried, this time included
 * @param failures of the number in a row
 */
export function interpretResponse(
  sent: SendOutcome,
  {
    form,
    mayTemplate,
    tried,
    failures,
    now,
    backoff,
  }: {
    readonly form: BlastForm;
    /** There is a template to fall back to. */
    readonly mayTemplate: boolean;
    readonly tried: number;
    readonly failures: number;
    readonly now: number;
    readonly backoff: Backoff;
  },
): InterpretedResponse {
  const failed = (code: string): RecipientOutcome => ({ kind: 'failed', code });
  const later = (code: string, wait: number, needsTemplate = false): RecipientOutcome =>
    tried >= backoff.attempts
      ? failed(code)
      : { kind: 'deferred', code, retryAt: new Date(now + wait).toISOString(), needsTemplate };
  switch (sent.kind) {
    case 'accepted':
    case 'unknown':
      return { ...QUIET, outcome: sent };
    case 'not_sent': {
      const wait = growing(backoff, 2, failures);
      // It was never asked: that is no try.
      const retryAt = new Date(now + wait).toISOString();
      return {
        ...QUIET,
        outcome: { kind: 'deferred', code: sent.code, retryAt, needsTemplate: form === 'template' },
        holds: wait,
      };
    }
    case 'refused':
      break;
  }
  const { code, retryAfterMs } = sent;
  const action = actionOn(code);
  // Once in the template form, always: the message on the talk is that one.
  const stays = form === 'template';
  switch (action.kind) {
    case 'stop':
      return {
        ...QUIET,
        outcome: { kind: 'deferred', code, retryAt: new Date(now).toISOString(), needsTemplate: stays },
        stops: code,
      };
    case 'retry': {
      const grown = growing(
        backoff,
        action.slows === 'line' ? 2 : 4,
        action.slows === 'line' ? failures : tried - 1,
      );
      const wait = Math.max(grown, retryAfterMs ?? 0);
      return {
        ...QUIET,
        outcome: later(code, wait, stays),
        holds: action.slows === 'line' ? wait : 0,
        slows: SLOWS.has(code),
      };
    }
    case 'give_up':
      if (action.because === 'template' && form === 'text' && mayTemplate)
        return { ...QUIET, outcome: later(code, 0, true) };
      return {
        ...QUIET,
        outcome: failed(code),
        stops: TEMPLATE_GONE.has(code) ? code : null,
        optsOut: code === OPTED_OUT_CODE,
      };
  }
}
