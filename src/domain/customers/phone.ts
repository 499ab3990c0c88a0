/** One person's number in the many ways that people, bots and libraries write it (docs/design/channels.md#numbers). */

export const isPhone = (digits: string): boolean => /^\d{5,20}$/.test(digits);

/** WhatsApp's business-scoped user id: two letters of a country, a dot, letters and digits (docs/design/whatsapp.md#business-scoped-user-ids). */
export const isScopedId = (name: string): boolean => /^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$/.test(name);

/** Digits of every script as 0-9: full-width, Arabic-Indic, Devanagari, ... */
export function plainDigits(text: string): string {
  return text.normalize('NFKC').replaceAll(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    if (code <= 0x39) return digit;
    // The digits of each script stand together, from 0 to 9.
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String(code - zero);
  });
}

/** What libraries of WhatsApp put around a number: `whatsapp:+62...`, `628...:12@s.whatsapp.net`, `628...@c.us`. */
const WRAPPING = /^(?:whatsapp:)?([^@]*?)(?::\d+)?(?:@(?:c\.us|s\.whatsapp\.net))?$/i;

/**
 * `+62 812-345`, `0812345`, `62812345@c.us` and `６２８１２３４５` are one number, which Meta writes `62812345`. A
 * number that begins with 0 is Indonesian. What is no number stays as it is.
 */
export function phoneDigits(name: string): string {
  const plain = plainDigits(name)
    .replaceAll(/[\p{Cf}\p{Zs}]/gu, ' ')
    .trim();
  const inner = WRAPPING.exec(plain)?.[1] ?? plain;
  if (!/^\+?[\d\s.()\p{Pd}/]+$/u.test(inner)) return name;
  const digits = inner.replaceAll(/\D/g, '');
  if (digits === '') return name;
  if (/^\s*\+/.test(inner)) return digits.replace(/^620(?=8)/, '62');
  if (digits.startsWith('00')) return digits.slice(2);
  if (digits.startsWith('0')) return `62${digits.slice(1)}`;
  return digits.replace(/^620(?=8)/, '62');
}
