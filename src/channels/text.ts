import { isWithin, type TextLimit } from '../domain/outbound/text-limit.ts';
import type { OutboundMessage, SendOutcome } from '../ports.ts';

/** The text as the customer reads it. A channel shows one name per account, so another sender is named in the text. */
export function textOf({ text, signedAs }: OutboundMessage, limit: TextLimit): string {
  const signed = signedAs === null ? text : `${signedAs}:\n${text}`;
  return isWithin(signed, limit) ? signed : text;
}

/** A text that is too long is refused, not cut or split: a person shortens it. */
export const tooLong = (text: string, limit: TextLimit): SendOutcome | undefined =>
  isWithin(text, limit)
    ? undefined
    : {
        kind: 'refused',
        code: 'too_long',
        reason: `longer than ${String(limit.most)} ${limit.unit}`,
        retryAfterMs: null,
        isTransient: false,
      };
