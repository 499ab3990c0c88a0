import type { OutboundMessage, SendOutcome } from '../../ports.ts';

/** Characters as the API counts them (`reply.ts`): an emoji is one, so that what it took is not too long here. */
const lengthOf = (text: string): number => [...text].length;

/** The text as the customer reads it: channels show one name per line, so another name stands in the text. */
export function textOf({ text, signedAs }: OutboundMessage, most: number): string {
  const signed = signedAs === null ? text : `${signedAs}:\n${text}`;
  return lengthOf(signed) <= most ? signed : text;
}

/** A cut message would be half an answer, and two would be two: a person shortens it. */
export const tooLong = (text: string, most: number): SendOutcome | undefined =>
  lengthOf(text) <= most
    ? undefined
    : {
        kind: 'refused',
        code: 'too_long',
        reason: `longer than ${String(most)} characters`,
        retryAfterMs: null,
      };
