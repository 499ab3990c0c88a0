/** The variables of Twilio. A line is one of its WhatsApp senders, by its number. */
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import {
  anyText,
  divisionNamed,
  each,
  hidden,
  optional,
  serviceUrl,
  splitList,
  text,
  withDefault,
} from '../settings.ts';

export interface TwilioNumber {
  /** Digits without `+`. */
  readonly number: string;
  readonly division: Division;
  readonly name: string;
}

/** `+6221500100:sari:Saga Kargo` */
const twilioNumbers = text(
  `must look like +62...:division:display name, separated by commas; divisions: ${DIVISIONS.join(', ')}`,
  (value) => {
    const numbers = each<TwilioNumber>(splitList(value), (part) => {
      const [, number, named, name] = /^\+(\d{5,20}):([a-z]+):(.+)$/.exec(part) ?? [];
      const division = divisionNamed(named);
      return number !== undefined && division && name !== undefined
        ? { number, division, name: name.trim() }
        : undefined;
    });
    return numbers && new Set(numbers.map(({ number }) => number)).size === numbers.length
      ? numbers
      : undefined;
  },
);

/** The newest first. */
const authTokens = text('must be an auth token, or the new and the old one as new,old', (value) => {
  const tokens = splitList(value);
  return tokens.length > 0 && tokens.length <= 2 && tokens.every((one) => one.length >= 16)
    ? tokens
    : undefined;
});

export const TWILIO_VARIABLES = {
  TWILIO_ACCOUNT_SID: optional(
    text('must look like AC and 32 hex digits', (value) =>
      /^AC[0-9a-f]{32}$/i.test(value) ? value : undefined,
    ),
    'Twilio: the (sub)account that owns the numbers. Unset: no Twilio.',
  ),
  TWILIO_AUTH_TOKEN: hidden(
    authTokens,
    'Twilio: its primary auth token, by which webhooks are signed (an API key cannot). While it is rotated: new,old.',
  ),
  TWILIO_API_KEY: optional(anyText, 'Twilio: sid of an API key to send with. Unset: the auth token does.'),
  TWILIO_API_SECRET: hidden(anyText, 'Twilio: the secret of TWILIO_API_KEY.'),
  TWILIO_API_URL: withDefault(serviceUrl, 'https://api.twilio.com', 'Twilio REST API.'),
  TWILIO_NUMBERS: withDefault(
    twilioNumbers,
    '',
    'WhatsApp senders at Twilio as +62...:division:display name,... A number belongs to one provider.',
  ),
} as const;

export interface TwilioConfig {
  readonly TWILIO_ACCOUNT_SID?: string | undefined;
  readonly TWILIO_AUTH_TOKEN?: readonly string[] | undefined;
  readonly TWILIO_API_KEY?: string | undefined;
  readonly TWILIO_API_SECRET?: string | undefined;
  readonly TWILIO_API_URL: string;
  /** Unset: what stands there cannot be read. */
  readonly TWILIO_NUMBERS?: readonly TwilioNumber[] | undefined;
}

/** What is missing beside the numbers: without it nothing could be verified, sent or reported. */
export function twilioContradictions(
  values: TwilioConfig & { readonly PUBLIC_URL?: string | undefined },
): readonly { readonly variable: keyof TwilioConfig; readonly expected: string }[] {
  const problems: { readonly variable: keyof TwilioConfig; readonly expected: string }[] = [];
  if (values.TWILIO_NUMBERS !== undefined && values.TWILIO_NUMBERS.length > 0) {
    if (values.TWILIO_ACCOUNT_SID === undefined)
      problems.push({ variable: 'TWILIO_ACCOUNT_SID', expected: 'must be set with TWILIO_NUMBERS' });
    if (values.TWILIO_AUTH_TOKEN === undefined)
      problems.push({ variable: 'TWILIO_AUTH_TOKEN', expected: 'must be set with TWILIO_NUMBERS' });
    if (values.PUBLIC_URL === undefined)
      problems.push({
        variable: 'TWILIO_NUMBERS',
        expected: 'needs PUBLIC_URL: Twilio signs the address that it calls',
      });
  }
  if ((values.TWILIO_API_KEY === undefined) !== (values.TWILIO_API_SECRET === undefined))
    problems.push({
      variable: 'TWILIO_API_SECRET',
      expected: 'must be set with TWILIO_API_KEY, and only with it',
    });
  return problems;
}

/** Where the account is, and who asks. @returns null: Twilio is not configured */
export function accountOf(
  config: TwilioConfig,
): { readonly url: string; readonly headers: { readonly authorization: string } } | null {
  const { TWILIO_ACCOUNT_SID: sid, TWILIO_AUTH_TOKEN: [token] = [] } = config;
  if (sid === undefined || token === undefined) return null;
  const user = config.TWILIO_API_KEY ?? sid;
  const password = config.TWILIO_API_SECRET ?? token;
  return {
    url: `${config.TWILIO_API_URL}/2010-04-01/Accounts/${sid}`,
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  };
}
