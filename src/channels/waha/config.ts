/** The variables of WAHA. A line is one of its sessions, by its name. */
import { DIVISIONS, type Division } from '../../domain/vocabulary.ts';
import {
  anyText,
  divisionNamed,
  each,
  hidden,
  optional,
  secret,
  splitList,
  text,
  withDefault,
} from '../settings.ts';
import { quietHoursIn } from './quiet.ts';

export interface WahaSession {
  readonly session: string;
  readonly division: Division;
  readonly name: string;
}

/** `cs-sari:sari:Saga Kargo` */
const sessionMap = text(
  `must look like session:division:display name, separated by commas; a session is not called like a division (${DIVISIONS.join(', ')})`,
  (value) => {
    const sessions = each<WahaSession>(splitList(value), (part) => {
      const [, session, named, name] = /^([A-Za-z0-9_-]{1,54}):([a-z]+):(.+)$/.exec(part) ?? [];
      const division = divisionNamed(named);
      // A division names its line of the web chat.
      return session !== undefined && division && name !== undefined && !divisionNamed(session)
        ? { session, division, name: name.trim() }
        : undefined;
    });
    return sessions && new Set(sessions.map(({ session }) => session)).size === sessions.length
      ? sessions
      : undefined;
  },
);

/** It is never on a public network, and has no certificate of its own there. @returns without a slash at the end */
const wahaUrl = text('must be an address that begins with http:// or https://', (value) =>
  /^https?:\/\/[^/\s?#]+(\/[^\s?#]*)?$/.test(value) ? value.replace(/\/+$/, '') : undefined,
);

const staffGroup = text('must look like 1203...@g.us', (value) =>
  /^[\d-]{5,40}@g\.us$/.test(value) ? value : undefined,
);

export const WAHA_VARIABLES = {
  WAHA_URL: optional(wahaUrl, 'WAHA: where its API is, in a private network. Unset: no WAHA.'),
  WAHA_API_KEY: hidden(anyText, 'WAHA: the key of its API.'),
  WAHA_HMAC_KEY: hidden(
    secret(16),
    'WAHA: signs its webhooks (hmac.key of the session). Without it WAHA signs nothing.',
  ),
  WAHA_SESSION_MAP: withDefault(
    sessionMap,
    '',
    'WAHA sessions as session:division:display name,... Such a line only answers: no blasts and no first messages.',
  ),
  WAHA_QUIET_HOURS: optional(
    text('must look like 22:00-06:00', quietHoursIn),
    'WAHA: when its sessions write to nobody, in BUSINESS_TIMEZONE (22:00-06:00); messages wait until after. Unset: never.',
  ),
  WAHA_STAFF_GROUP: optional(
    staffGroup,
    'WAHA: group of staff that is told of customers who wait, with masked names (...@g.us). Unset: nobody is.',
  ),
} as const;

export interface WahaConfig {
  readonly WAHA_URL?: string | undefined;
  readonly WAHA_API_KEY?: string | undefined;
  readonly WAHA_HMAC_KEY?: string | undefined;
  /** Unset: what stands there cannot be read. */
  readonly WAHA_SESSION_MAP?: readonly WahaSession[] | undefined;
  readonly WAHA_STAFF_GROUP?: string | undefined;
}

/** What is missing beside the sessions. */
export function wahaContradictions(
  values: WahaConfig,
): readonly { readonly variable: keyof WahaConfig; readonly expected: string }[] {
  const { WAHA_SESSION_MAP: sessions = [], WAHA_STAFF_GROUP: group } = values;
  if (sessions.length === 0)
    return group === undefined
      ? []
      : [{ variable: 'WAHA_STAFF_GROUP', expected: 'needs a session in WAHA_SESSION_MAP' }];
  return (['WAHA_URL', 'WAHA_API_KEY', 'WAHA_HMAC_KEY'] as const).flatMap((variable) =>
    values[variable] === undefined ? [{ variable, expected: 'must be set with WAHA_SESSION_MAP' }] : [],
  );
}

/** @returns null: WAHA is not configured */
export function wahaApiOf({
  WAHA_URL: url,
  WAHA_API_KEY: key,
}: WahaConfig): { readonly url: string; readonly headers: { readonly 'x-api-key': string } } | null {
  return url === undefined || key === undefined ? null : { url, headers: { 'x-api-key': key } };
}
export type WahaApi = ReturnType<typeof wahaApiOf>;
