/** Credentials. On an insecure channel the client drops it again, but see `addressOf`. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ServerAddress {
  readonly connectionString: string;
  readonly credentials: Credentials;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Reads the parts of an `esdb://` address that the client does not expose.
 *
 * Credentials go with every call, also where the server ignores them: they make the client use the plain
 * Append. Its BatchAppend can leave a promise pending for ever (docs/design/reliability.md#plain-appends-only).
 *
 * @throws Error no esdb address; TLS without user and password; no TLS to another machine unless allowed
 */
export function serverAddress(
  connectionString: string,
  options: { readonly allowInsecure: boolean },
): ServerAddress {
  const parts = /^esdb(?:\+discover)?:\/\/(?:([^:@/]+):([^@/]*)@)?([^/?]+)\/?(?:\?(.*))?$/.exec(
    connectionString,
  );
  if (!parts) throw new Error('EVENTSTORE_URL must look like esdb://user:password@host:2113?tls=true');
  const [, username, password, hosts = '', query = ''] = parts;
  const settings = new Map(
    [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value.toLowerCase()]),
  );
  const secure = settings.get('tls') !== 'false';
  const remote = hosts.split(',').filter((host) => !LOOPBACK.test(host.replace(/:\d+$/, '')));
  if (!secure && remote.length > 0 && !options.allowInsecure) {
    throw new Error(
      `EVENTSTORE_URL has tls=false, and ${remote.join(', ')} is another machine: without TLS there is no authentication`,
    );
  }
  if (secure && (username === undefined || password === undefined)) {
    throw new Error('EVENTSTORE_URL needs user:password@ when TLS is on');
  }
  return {
    connectionString,
    credentials: {
      username: decodeURIComponent(username ?? 'anonymous'),
      password: decodeURIComponent(password ?? 'anonymous'),
    },
  };
}
