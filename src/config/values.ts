/** How the text of a variable becomes a value. An error says what is expected and never shows the value. */
import { isIP } from 'node:net';
import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { type Division, DIVISIONS } from '../domain/vocabulary.ts';

type ValueReader<T> = z.ZodType<T, string>;

/** @param read returns undefined for a text that is not a value */
function text<T>(expected: string, read: (value: string) => T | undefined): ValueReader<T> {
  return z.string().transform((value, context) => {
    const result = read(value.trim());
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const splitList = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** @returns undefined when one of the values cannot be read */
function each<T>(values: readonly string[], read: (value: string) => T | undefined): T[] | undefined {
  const results = values.map(read);
  return results.every((result) => result !== undefined) ? results : undefined;
}

export const anyText = text('must not be empty', (value) => value || undefined);

export const integer = (from: number, to: number): ValueReader<number> =>
  text(`must be a whole number from ${String(from)} to ${String(to)}`, (value) => {
    const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    return number >= from && number <= to ? number : undefined;
  });

export const positive = text('must be a number above 0', (value) => {
  const number = Number(value);
  return value !== '' && Number.isFinite(number) && number > 0 ? number : undefined;
});

export const flag = text('must be true or false', (value) =>
  value === 'true' ? true : value === 'false' ? false : undefined,
);

export const oneOf = <const T extends string>(...words: readonly T[]): ValueReader<T> =>
  text(`must be one of ${words.join(', ')}`, (value) => words.find((word) => word === value));

export const someOf = <const T extends string>(...words: readonly T[]): ValueReader<ReadonlySet<T>> =>
  text(`must name one or more of ${words.join(', ')}, separated by commas`, (value) => {
    const found = each(splitList(value), (part) => words.find((word) => word === part));
    return found && found.length > 0 ? new Set(found) : undefined;
  });

export const address = (...schemes: readonly string[]): ValueReader<string> =>
  text(
    `must be an address that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    (value) =>
      schemes.some((scheme) => value.startsWith(`${scheme}://`)) && /:\/\/[^/]/.test(value)
        ? value
        : undefined,
  );

export const path = text('must be a path like /api/webhook/external-bot', (value) =>
  /^(\/[A-Za-z0-9._~-]+)+$/.test(value) ? value : undefined,
);

export const timezone = text('must be a time zone name such as Asia/Jakarta', (value) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return value || undefined;
  } catch {
    return undefined;
  }
});

export const cron = text('must be five fields such as 0 1 * * *', (value) =>
  value.split(/\s+/).length === 5 && isCron(value) ? value : undefined,
);

/**
 * As a browser sends them: scheme, host and port. No wildcard: with credentials it would let every page act as who is signed
 * in. http only on this machine.
 */
export const origins = text(
  'must list origins such as https://dashboard.example (http:// only on this machine), separated by commas, without a path',
  (value) =>
    each(splitList(value), (part) => {
      const url = URL.canParse(part) ? new URL(part) : null;
      const isSafe =
        url?.protocol === 'https:' ||
        (url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname));
      return isSafe && !part.includes('*') && url.origin === part.toLowerCase() ? url.origin : undefined;
    }),
);

const NAMED_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

/** Only addresses and the names that Express knows: `true` or a number of hops would let clients fake their address. */
export const proxies = text(
  `must list addresses or subnets of your proxies (or ${NAMED_NETWORKS.join(', ')}), separated by commas`,
  (value) =>
    each(splitList(value), (part) => {
      const [ip = '', bits, more] = part.split('/');
      const most = isIP(ip) === 4 ? 32 : 128;
      const subnet = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
      return NAMED_NETWORKS.includes(part) || (isIP(ip) !== 0 && subnet && more === undefined)
        ? part
        : undefined;
    }),
);

/** At least `shortest` characters; no word from the examples, and not a few letters repeated. */
export const secret = (shortest: number): ValueReader<string> =>
  text(
    `must be a random text of at least ${String(shortest)} characters, for example from: openssl rand -hex 32`,
    (value) =>
      value.length >= shortest && new Set(value).size >= 6 && !/change.?(me|it)|example|password/i.test(value)
        ? value
        : undefined,
  );

const division = (value: string | undefined): Division | undefined =>
  DIVISIONS.find((name) => name === value);

export interface WaPhone {
  readonly division: Division;
  readonly displayName: string;
}

/** `PHONE_ID_001:sari:Saga Kargo,PHONE_ID_002:savi:Saga Mobil` */
export const waPhoneMap = text(
  `must look like PHONE_ID:division:display name, separated by commas; divisions: ${DIVISIONS.join(', ')}`,
  (value) => {
    const entries = each(splitList(value), (part) => {
      const [, id, name, displayName] = /^([^:\s]+):([a-z]+):(.+)$/.exec(part) ?? [];
      const found = division(name);
      return id !== undefined && found && displayName !== undefined
        ? ([id, { division: found, displayName: displayName.trim() }] as const)
        : undefined;
    });
    const map: ReadonlyMap<string, WaPhone> | undefined = entries && new Map(entries);
    return map?.size === entries?.length ? map : undefined; // one number cannot have two divisions
  },
);

/** `instagram:17841400000000000:safia,facebook:1029384756:sari` */
export const pageMap = text(
  `must look like instagram:<account id>:division or facebook:<page id>:division, separated by commas`,
  (value) => {
    const entries = each(splitList(value), (part) => {
      const [, id, name] = /^(?:instagram|facebook):([^:\s]+):([a-z]+)$/.exec(part) ?? [];
      const found = division(name);
      return id !== undefined && found ? ([id, found] as const) : undefined;
    });
    const map: ReadonlyMap<string, Division> | undefined = entries && new Map(entries);
    return map?.size === entries?.length ? map : undefined;
  },
);

/** `sari:first-token,savi:second-token`: one bot per division, each with its own `secret_token`. */
/** `sari:3f...,savi:9a...` */
export const botSecrets = text(
  'must look like division:secret, separated by commas; a secret has 16 to 256 letters, digits, _ or -, and is of one division only',
  (value) => {
    const all = each(splitList(value), (part) => {
      const [, name, secret] = /^([a-z]+):([A-Za-z0-9_-]{16,256})$/.exec(part) ?? [];
      const found = division(name);
      return found && secret !== undefined ? { division: found, secret } : undefined;
    });
    return all && new Set(all.map(({ secret }) => secret)).size === all.length ? all : undefined;
  },
);

export const telegramTokens = text(
  'must look like division:token, separated by commas; a token has 16 to 256 letters, digits, _ or -',
  (value) =>
    each(splitList(value), (part) => {
      const [, name, token] = /^([a-z]+):([A-Za-z0-9_-]{16,256})$/.exec(part) ?? [];
      const found = division(name);
      return found && token !== undefined ? { division: found, token } : undefined;
    }),
);

/** Tokens are sent there, so only over TLS or to this machine (a simulator). @returns without a slash at the end */
export const serviceUrl = text(
  'must be an address that begins with https:// (http:// only to this machine)',
  (value) =>
    /^https:\/\/[^/\s]+/.test(value) ||
    /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?(\/|$)/.test(value)
      ? value.replace(/\/+$/, '')
      : undefined,
);

/** `instagram:17841400000000000:EAAB...,facebook:1029384756:EAAC...` */
export const pageTokens = text(
  'must look like instagram:<account id>:<token> or facebook:<page id>:<token>, separated by commas',
  (value) =>
    each(splitList(value), (part) => {
      const [, channel, id, token] = /^(instagram|facebook):([^:\s]+):([^:\s]{8,})$/.exec(part) ?? [];
      return (channel === 'instagram' || channel === 'facebook') && id !== undefined && token !== undefined
        ? ({ channel, id, token } as const)
        : undefined;
    }),
);

/** `sari:123456:ABC-DEF...`: the token of each bot, as BotFather gave it. */
export const telegramBots = text('must look like division:<bot id>:<token>, separated by commas', (value) =>
  each(splitList(value), (part) => {
    const [, name, token] = /^([a-z]+):(\d+:[A-Za-z0-9_-]{8,})$/.exec(part) ?? [];
    const found = division(name);
    return found && token !== undefined ? { division: found, token } : undefined;
  }),
);

/** base64url of so many bytes, as `npx web-push generate-vapid-keys` prints it. */
export const vapidKey = (bytes: number): ValueReader<string> =>
  text('must be a VAPID key as web-push generate-vapid-keys prints it', (value) =>
    /^[\w-]+$/.test(value) && Buffer.from(value, 'base64url').length === bytes ? value : undefined,
  );

/** Ed25519 public keys, 32 bytes each in base64url, as `npm run audit:seal -- --public-key` prints them. */
export const publicKeys = text(
  'must list public keys as npm run audit:seal -- --public-key prints them, separated by commas',
  (value) =>
    each(splitList(value), (part) =>
      /^[\w-]{43}$/.test(part) && Buffer.from(part, 'base64url').length === 32 ? part : undefined,
    ),
);

/** The contact that a push service can write to. */
export const contact = text('must begin with mailto: or https://', (value) =>
  /^(mailto:[^@\s]+@[^@\s]+|https:\/\/\S+)$/.test(value) ? value : undefined,
);

/** Host names; a name that begins with a dot means all its subdomains. */
export const hosts = text('must be names of machines, separated by commas', (value) =>
  each(splitList(value), (part) => (/^[a-z0-9.:[\]-]+$/i.test(part) ? part.toLowerCase() : undefined)),
);
