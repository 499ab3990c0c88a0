/** Takes out of a text what identifies a person, before it is listed, logged or leaves the house (docs/design/chat.md#redaction). */

/** In this order: a longer number is not half of it something else. */
const PERSONAL: readonly (readonly [RegExp, string])[] = [
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/gu, '[email]'],
  [/\b\d{2}[. ]\d{3}[. ]\d{3}[. ]\d[-. ]\d{3}[. ]\d{3}\b/g, '[npwp]'],
  // Cards, NIK and NPWP: 13 to 19 digits, however they are grouped.
  [/(?<![\d+])\d(?:[ .-]?\d){12,18}(?!\d)/g, '[nomor]'],
  [/(?<!\d)(?:\+?62|0)(?:[ .()-]{0,2}\d){7,13}(?!\d)/g, '[telepon]'],
  [/(?<!\d)\d(?:[ -]?\d){8,11}(?!\d)/g, '[nomor]'],
];

/** @returns the text with words in place of e-mail addresses, phone, card, NIK and NPWP numbers */
export const redacted = (text: string): string =>
  PERSONAL.reduce((left, [what, word]) => left.replace(what, word), text);

/** @returns the text without them: what is left is what it is about */
export const withoutPersonal = (text: string): string =>
  PERSONAL.reduce((left, [what]) => left.replace(what, ' '), text);
