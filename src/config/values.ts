/** How the text of a variable becomes a value. An error says what is expected and never shows the value. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { validate as isCron } from 'node-cron';
import { z } from 'zod';
import { each, splitList, text, type ValueReader } from '../channels/settings.ts';

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

/** Of a scanner on this machine or another one, or its socket. */
export type ScannerAddress = { readonly path: string } | { readonly host: string; readonly port: number };

export const scanner = text(
  'must be machine:port (127.0.0.1:3310) or the path of a socket (/run/clamav/clamd.ctl)',
  (value): ScannerAddress | undefined => {
    if (value.startsWith('/')) return { path: value };
    const [, host = '', port = ''] =
      /^(?:([\w.-]+)|\[([\da-f:]+)\]):(\d{1,5})$/i.exec(value)?.filter(Boolean) ?? [];
    return host !== '' && Number(port) > 0 && Number(port) < 65_536
      ? { host, port: Number(port) }
      : undefined;
  },
);

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

const serviceAccountFile = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z0-9:.-]{3,60}$/),
  client_email: z.email(),
  private_key: z.string().refine((pem) => {
    try {
      return createPrivateKey(pem).asymmetricKeyType === 'rsa';
    } catch {
      return false;
    }
  }),
  token_uri: z.url({ protocol: /^https?$/ }).default('https://oauth2.googleapis.com/token'),
});

/** JSON as Google's console gives it out, or the path to a file with it. */
export const serviceAccount = text(
  'must be a service account of Google with an RSA key, as JSON, or the path to a file with it',
  (value) => {
    try {
      const json: unknown = JSON.parse(value.startsWith('{') ? value : readFileSync(value, 'utf8'));
      return serviceAccountFile.safeParse(json).data;
    } catch {
      return undefined;
    }
  },
);
