import type { OutboundMessage, SendOutcome } from '../ports.ts';

/** Characters as our API counts them (`reply.ts`): an emoji is one, so a text that the API accepts is not too long here. */
const lengthOf = (text: string): number => [...text].length;

/** The text as the customer reads it. A channel shows one name per account, so another sender is named in the text. */
export function textOf({ text, signedAs }: OutboundMessage, most: number): string {
  const signed = signedAs === null ? text : `${signedAs}:\n${text}`;
  return lengthOf(signed) <= most ? signed : text;
}

/** A text that is too long is refused, not cut or split: a person shortens it. */
export const tooLong = (text: string, most: number): SendOutcome | undefined =>
  lengthOf(text) <= most
    ? undefined
    : {
        kind: 'refused',
        code: 'too_long',
        reason: `longer than ${String(most)} characters`,
        retryAfterMs: null,
        isTransient: false,
      };
