/** Users and rights of the test server, as EventStoreDB 23.10 has them: by group or name, from `$settings` and metadata. */
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Log } from './log.ts';

export interface TestUser {
  password: string;
  groups: string[];
  disabled: boolean;
}

export type Right = 'read' | 'write' | 'delete';
type Acl = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Access {
  /** By login. `admin` and `ops` are there from the start, both with the password `changeit`. */
  readonly users: Map<string, TestUser>;
  /** @returns the refusal, as the server words it; undefined: the caller may */
  refusal(metadata: Metadata, right: Right, stream: string): ServiceError | undefined;
  /** The same for what only administrators may. */
  administratorRefusal(metadata: Metadata): ServiceError | undefined;
}

const ADMINS = '$admins';
const KEY: Readonly<Record<Right | 'metadataRead' | 'metadataWrite', string>> = {
  read: '$r',
  write: '$w',
  delete: '$d',
  metadataRead: '$mr',
  metadataWrite: '$mw',
};

/** @param enforced false: without TLS the server checks nobody */
export function createAccess(log: Log, enforced: boolean): Access {
  const users = new Map<string, TestUser>(
    ['admin', 'ops'].map((login) => [login, { password: 'changeit', groups: [ADMINS], disabled: false }]),
  );

  function rolesOf(metadata: Metadata): ReadonlySet<string> | ServiceError {
    const [header] = metadata.get('authorization');
    const [, encoded = ''] = /^Basic (.*)$/.exec(String(header ?? '')) ?? [];
    const text = Buffer.from(encoded, 'base64').toString();
    const login = text.slice(0, text.indexOf(':'));
    const user = users.get(login);
    if (!user || user.disabled || user.password !== text.slice(text.indexOf(':') + 1))
      return failure(status.UNAUTHENTICATED, 'Unauthenticated');
    return new Set([login, ...user.groups]);
  }

  function lastJson(stream: string): Readonly<Record<string, unknown>> {
    const last = log.stream(stream).at(-1);
    return last ? (JSON.parse(Buffer.from(last.data).toString()) as Record<string, unknown>) : {};
  }

  /** Who may: of the stream itself, else the default of the server's or of all other streams, else of the product. */
  function allowed(stream: string, key: string): readonly string[] {
    const own = (lastJson(`$$${stream}`)['$acl'] ?? {}) as Acl;
    const settings = lastJson('$settings');
    const isServers = stream.startsWith('$');
    const shared = (settings[isServers ? '$systemStreamAcl' : '$userStreamAcl'] ?? {}) as Acl;
    const roles = own[key] ?? shared[key] ?? (isServers ? ADMINS : '$all');
    return typeof roles === 'string' ? [roles] : roles;
  }

  return {
    users,
    refusal: (metadata, right, stream) => {
      if (!enforced) return undefined;
      const roles = rolesOf(metadata);
      if (!(roles instanceof Set)) return roles as ServiceError;
      if (roles.has(ADMINS)) return undefined;
      const isMetadata = stream.startsWith('$$');
      const key = isMetadata ? KEY[right === 'read' ? 'metadataRead' : 'metadataWrite'] : KEY[right];
      const may = allowed(isMetadata ? stream.slice(2) : stream, key);
      return may.includes('$all') || may.some((role) => roles.has(role)) ? undefined : denied();
    },
    administratorRefusal: (metadata) => {
      if (!enforced) return undefined;
      const roles = rolesOf(metadata);
      if (!(roles instanceof Set)) return roles as ServiceError;
      return roles.has(ADMINS) ? undefined : denied();
    },
  };
}

function denied(): ServiceError {
  return failure(status.PERMISSION_DENIED, 'Access Denied.', { exception: 'access-denied' });
}

/** @param trailers how the server names the failure for its clients */
export function failure(
  code: status,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): ServiceError {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value);
  return Object.assign(new Error(details), { code, details, metadata });
}
