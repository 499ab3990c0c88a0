import { accessSync, constants } from 'node:fs';

/** Credentials. On an insecure channel the client drops it again, but see `serverAddress`. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ServerAddress {
  readonly connectionString: string;
  readonly credentials: Credentials;
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** Hosts are names in DNS that stand for a whole cluster (`esdb+discover`). */
  readonly discover: boolean;
  readonly secure: boolean;
  readonly caFile: string | undefined;
}

/** An address that cannot be used. The message says what to do, and repeats no password. */
export class WrongAddress extends Error {
  override readonly name = 'WrongAddress';
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const DEFAULT_PORT = 2113;

/** The client prints the whole address, with its password, when it meets another one. */
const OPTIONS: ReadonlySet<string> = new Set(
  [
    ...[
      'tls',
      'tlsCAFile',
      'userCertFile',
      'userKeyFile',
      'connectionName',
      'defaultDeadline',
      'nodePreference',
    ],
    ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'throwOnAppendFailure'],
    ...['keepAliveInterval', 'keepAliveTimeout'],
  ].map((name) => name.toLowerCase()),
);

/**
 * Reads the parts of an `esdb://` address that the client does not expose.
 *
 * Credentials go with every call, also where the server ignores them: they make the client use the plain
 * Append. Its BatchAppend can leave a promise pending for ever (docs/design/reliability.md#plain-appends-only).
 *
 * @param variable where the address comes from, for messages
 * @throws WrongAddress no esdb address; an option or a percent-encoding that the client cannot read; a file that is
 *   not there; TLS without user and password; no TLS to another machine unless allowed
 */
export function serverAddress(
  connectionString: string,
  options: { readonly allowInsecure: boolean; readonly variable?: string },
): ServerAddress {
  const { variable = 'EVENTSTORE_URL', allowInsecure } = options;
  const parts = /^esdb(\+discover)?:\/\/(?:([^:@/]+):([^@/]*)@)?([^/?@]+)\/?(?:\?(.*))?$/.exec(
    connectionString,
  );
  if (!parts)
    throw new WrongAddress(
      `${variable} must look like esdb://user:password@host:2113?tls=true, with the signs @ : / ? # % of a password ` +
        `percent-encoded (%40 %3A %2F %3F %23 %25)`,
    );
  const [, discover, username, password, hostList = '', query = ''] = parts;
  const settings = settingsOf(query, variable);
  const secure = settings.get('tls')?.toLowerCase() !== 'false';
  const hosts = hostList.split(',').map((one) => hostOf(one, variable));
  const remote = hosts.filter(({ host }) => !LOOPBACK.test(host));
  if (!secure && remote.length > 0 && !allowInsecure) {
    throw new WrongAddress(
      `${variable} has tls=false, and ${remote.map(({ host }) => host).join(', ')} is another machine: without TLS there is no authentication`,
    );
  }
  if (secure && (username === undefined || password === undefined || password === '')) {
    throw new WrongAddress(`${variable} needs user:password@ when TLS is on`);
  }
  for (const name of ['tlsCAFile', 'userCertFile', 'userKeyFile'])
    if (secure) assertReadable(settings.get(name.toLowerCase()), name, variable);
  return {
    connectionString,
    credentials: {
      username: decoded(username ?? 'anonymous', variable),
      password: decoded(password ?? 'anonymous', variable),
    },
    hosts: hosts.map(({ host, port }) => ({ host: host.replace(/^\[|\]$/g, ''), port })),
    discover: discover !== undefined,
    secure,
    caFile: settings.get('tlscafile'),
  };
}

/** By name in small letters. */
function settingsOf(query: string, variable: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const setting of query === '' ? [] : query.split('&')) {
    const [name = '', ...rest] = setting.split('=');
    // The client takes all three ways of writing a name.
    const plain = name.trim().toLowerCase().replace(/[_-]/g, '');
    if (plain === 'tlsverifycert')
      throw new WrongAddress(
        `${variable} has tlsVerifyCert: certificates are always checked. Set tlsCAFile.`,
      );
    if (!OPTIONS.has(plain) || rest.length !== 1)
      throw new WrongAddress(`${variable} has an option that is not known: ${name.slice(0, 40)}`);
    settings.set(plain, decoded((rest[0] ?? '').trim(), variable));
  }
  return settings;
}

function hostOf(text: string, variable: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = String(DEFAULT_PORT)] = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (host === '' || Number(port) < 1 || Number(port) > 65_535)
    throw new WrongAddress(`${variable} has a host or a port that cannot be`);
  return { host, port: Number(port) };
}

function decoded(text: string, variable: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new WrongAddress(
      `${variable} has a % that is no percent-encoding: write % as %25, also in a password`,
    );
  }
}

function assertReadable(file: string | undefined, option: string, variable: string): void {
  if (file === undefined) return;
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    const is =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'not there' : 'not readable for this user';
    throw new WrongAddress(`${variable} names a file that is ${is} (${option}): ${file}`, { cause });
  }
}
