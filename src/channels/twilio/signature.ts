/**
 * Twilio's signature: over the address as it is configured there and every parameter of the form
 * (docs/design/channels.md#twilio).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { parse, stringify } from 'node:querystring';

const HEADER = 'x-twilio-signature';
const SETTINGS = 'x-twilio-webhooks-signature-settings';

/** @returns undefined: none, or one by a rule that we know no key for */
export function twilioSignatureOf(headers: IncomingHttpHeaders): Buffer | undefined {
  const { [HEADER]: header, [SETTINGS]: settings } = headers;
  // A rule of the account may name another algorithm, with another key: it must not lower what is configured.
  const [, algorithm = 'HMAC_SHA1'] =
    /(?:^|,)\s*algorithm\s*=\s*([^,\s]+)/i.exec(String(settings ?? '')) ?? [];
  if (typeof header !== 'string' || algorithm.toUpperCase() !== 'HMAC_SHA1') return undefined;
  return /^[A-Za-z0-9+/]{27}=$/.test(header) ? Buffer.from(header, 'base64') : undefined;
}

/** What is signed of a form: names and values in the order of the names, of a name that repeats each value once. */
function signedParameters(form: string): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(form))
    values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value))
    .join('');
}

function withPort(url: string, port: 'none' | 'standard'): string {
  const [, scheme = '', host = '', own = '', rest = ''] =
    /^(https?:\/\/)(\[[^\]]*\]|[^/?#:]*)(:\d+)?(.*)$/s.exec(url) ?? [];
  if (scheme === '') return url;
  if (port === 'none') return scheme + host + rest;
  return scheme + host + (own || (scheme === 'https://' ? ':443' : ':80')) + rest;
}

const legacyQuery = (url: string): string => {
  const [path = '', ...query] = url.split('?');
  return query.length === 0 ? url : `${path}?${stringify(parse(query.join('?')))}`;
};

/** Twilio itself is not of one mind about ports and escaping: each of these may be what it signed. */
function spellingsOf(url: string): readonly string[] {
  const plain = URL.canParse(url) ? new URL(url).toString() : url;
  const [bare, full] = [withPort(plain, 'none'), withPort(plain, 'standard')];
  return [
    ...new Set([
      withPort(url, 'none'),
      withPort(url, 'standard'),
      bare,
      full,
      legacyQuery(bare),
      legacyQuery(full),
    ]),
  ];
}

const hmac = (token: string, text: string): Buffer => createHmac('sha1', token).update(text, 'utf8').digest();

/** As Twilio signs; base64. @param url the address as it is configured, with its query */
export const twilioSignature = (token: string, url: string, form: string): string =>
  hmac(token, url + signedParameters(form)).toString('base64');

/** Every token and spelling is compared, so that the time does not show which one came close. */
export function signedByTwilio(
  tokens: readonly string[],
  url: string,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const parameters = signedParameters(bytes.toString('utf8'));
  const good = spellingsOf(url).flatMap((spelled) =>
    tokens.filter((token) => token !== '' && timingSafeEqual(hmac(token, spelled + parameters), signature)),
  );
  return good.length > 0;
}
