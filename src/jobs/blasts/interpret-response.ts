/**
 * What the channel's answer means for one recipient, and for the whole blast (docs/design/whatsapp.md#error-codes, by
 * the sender's table).
 */
import { OPTED_OUT_CODES } from '../../commands/customers/opt-out.ts';
import type { RecipientOutcome } from '../../commands/blasts/record-blast.ts';
import type { BlastForm } from '../../domain/blasts/blast.ts';
import type { SendOutcome } from '../../ports.ts';
import { backoffMs, type BackoffOptions } from '../../engine/jobs/backoff.ts';
import { actionOn } from '../../channels/errors.ts';

export interface RetryLimits extends Pick<BackoffOptions, 'firstMs' | 'mostMs'> {
  /** A recipient that was refused so often is given up. */
  readonly attempts: number;
}
export const RETRY_LIMITS: RetryLimits = { firstMs: 4_000, mostMs: 600_000, attempts: 8 };

export interface InterpretedResponse {
  readonly outcome: RecipientOutcome;
  /** Not null: the blast is paused for this code, and people are notified. */
  readonly stops: string | null;
  /** Nothing is sent on this line for so long, in milliseconds. */
  readonly holds: number;
  /** Everything is sent more slowly from now on: quality and spam limits. */
  readonly slows: boolean;
  readonly optsOut: boolean;
}

/** Meta dislikes what is sent: the whole job slows down (docs/design/whatsapp.md#error-codes). */
const SLOWS: ReadonlySet<string> = new Set(['131048', '368', '131064', 'tw_63018']);
/** The template cannot be used any more: every further recipient would be refused, too. */
const TEMPLATE_GONE: ReadonlySet<string> = new Set(['132015', '132016', 'tw_63041', 'tw_63042']);

const NO_EFFECT = { stops: null, holds: 0, slows: false, optsOut: false };

/**
 * @param tried how often this recipient was tried, this time included
 * @param failures of the line, in a row
 */
export function interpretResponse(
  sent: SendOutcome,
  {
    form,
    mayTemplate,
    tried,
    failures,
    now,
    retryLimits,
  }: {
    readonly form: BlastForm;
    /** There is a template to fall back to. */
    readonly mayTemplate: boolean;
    readonly tried: number;
    readonly failures: number;
    readonly now: number;
    readonly retryLimits: RetryLimits;
  },
): InterpretedResponse {
  const failed = (code: string): RecipientOutcome => ({ kind: 'failed', code });
  const later = (code: string, wait: number, needsTemplate = false): RecipientOutcome =>
    tried >= retryLimits.attempts
      ? failed(code)
      : { kind: 'deferred', code, retryAt: new Date(now + wait).toISOString(), needsTemplate };
  switch (sent.kind) {
    case 'accepted':
    case 'unknown':
      return { ...NO_EFFECT, outcome: sent };
    case 'not_sent': {
      const wait = backoffMs(failures, retryLimits);
      // No request reached the channel: it does not count as a try.
      const retryAt = new Date(now + wait).toISOString();
      return {
        ...NO_EFFECT,
        outcome: { kind: 'deferred', code: sent.code, retryAt, needsTemplate: form === 'template' },
        holds: wait,
      };
    }
    case 'refused':
      break;
  }
  const { code, retryAfterMs, isTransient } = sent;
  const action = actionOn(code, isTransient);
  // Once sent as a template, always: that message is in the conversation.
  const staysTemplate = form === 'template';
  switch (action.kind) {
    case 'stop':
      return {
        ...NO_EFFECT,
        outcome: {
          kind: 'deferred',
          code,
          retryAt: new Date(now).toISOString(),
          needsTemplate: staysTemplate,
        },
        stops: code,
      };
    case 'retry': {
      const own =
        action.slows === 'line'
          ? backoffMs(failures, retryLimits)
          : backoffMs(tried - 1, { ...retryLimits, growth: 4 });
      const wait = Math.max(own, retryAfterMs ?? 0);
      return {
        ...NO_EFFECT,
        outcome: later(code, wait, staysTemplate),
        holds: action.slows === 'line' ? wait : 0,
        slows: SLOWS.has(code),
      };
    }
    case 'give_up':
      if (action.because === 'template' && form === 'text' && mayTemplate)
        return { ...NO_EFFECT, outcome: later(code, 0, true) };
      return {
        ...NO_EFFECT,
        outcome: failed(code),
        stops: TEMPLATE_GONE.has(code) ? code : null,
        optsOut: OPTED_OUT_CODES.has(code),
      };
  }
}
