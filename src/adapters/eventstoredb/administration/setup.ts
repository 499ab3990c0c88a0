/**
 * What an EventStoreDB must know of us before we run on it: a user without the rights of an administrator, who may
 * read everything and append, and no more (docs/design/reliability.md#rights).
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Logger } from '../../../ports.ts';
import { StoreRefused } from '../../../ports.ts';
import type { Credentials, ServerAddress } from '../address.ts';
import { type Clients, createClients } from '../clients.ts';
import { causeOf, failureOf, isNotLeader } from '../grpc-errors.ts';
import { usersOf } from './users.ts';

const ADMINS = '$admins';
const TIMEOUT_MS = 5_000;
const MOST_MOVES = 4;
const SETTINGS = '$settings';
/** The metadata of the stream of all events. */
const ALL_METADATA = '$$$all';

/** What a role may do with a stream, in the server's own words: read, write, delete, read and write metadata. */
interface Acl {
  readonly $r?: string | readonly string[];
  readonly $w?: string | readonly string[];
  readonly $d?: string | readonly string[];
  readonly $mr?: string | readonly string[];
  readonly $mw?: string | readonly string[];
}

/** For every stream that is not the server's: the server is ours alone. Administrators may do everything anyway. */
const ourStreams = (user: string): Acl => ({
  $r: [user],
  $w: [user],
  $d: [ADMINS],
  $mr: [user],
  $mw: [ADMINS],
});
const serversStreams: Acl = { $r: [ADMINS], $w: [ADMINS], $d: [ADMINS], $mr: [ADMINS], $mw: [ADMINS] };

/** The product must not run as one of these. */
export const ADMINISTRATORS: ReadonlySet<string> = new Set(['admin', 'ops']);

/**
 * Makes `user` and gives it its rights. Does nothing where all is as it should be, so it may run any number of times.
 * @param admin the server, with the credentials of an administrator
 * @returns what was done, a sentence each; empty: nothing was missing
 * @throws StoreRefused `admin` is no administrator; StoreUnavailable
 */
export async function setUpEventStore(
  admin: ServerAddress,
  user: Credentials,
  logger: Logger,
): Promise<readonly string[]> {
  const clients = createClients(admin, logger);
  try {
    const done = await setUpUser(admin, user, logger);
    done.push(...(await setUpReading(clients, user.username)));
    done.push(...(await setUpStreams(clients, user.username)));
    return done;
  } finally {
    await clients.close();
  }
}

async function setUpUser(admin: ServerAddress, user: Credentials, logger: Logger): Promise<string[]> {
  const { username: login } = user;
  const users = usersOf(admin);
  const found = await users.find(login);
  if (!found) {
    await users.create(user);
    return [`The user ${login} was made, in no group.`];
  }
  const done: string[] = [];
  if (found.disabled) {
    await users.enable(login);
    done.push(`The user ${login} was disabled, and is enabled now.`);
  }
  if (found.groups.length > 0) {
    await users.leaveAllGroups(login);
    done.push(`The user ${login} was in ${found.groups.join(', ')}, and is in no group now.`);
  }
  if (!(await isKnown({ ...admin, credentials: user }, logger))) {
    await users.resetPassword(user);
    done.push(`The user ${login} has the password of EVENTSTORE_URL now.`);
  }
  return done;
}

/** Whether the server knows this user with this password; what it may do does not count. */
async function isKnown(address: ServerAddress, logger: Logger): Promise<boolean> {
  const clients = createClients(address, logger);
  try {
    await lastOf(clients, 'saga-store');
    return true;
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    return causeOf(error.cause) !== 'wrong password';
  } finally {
    await clients.close();
  }
}

async function setUpReading(clients: Clients, login: string): Promise<string[]> {
  const metadata = (await lastOf(clients, ALL_METADATA)) ?? {};
  const acl = (metadata['$acl'] ?? {}) as Acl;
  const readers = listOf(acl.$r);
  const wanted = [...new Set([...readers, ADMINS, login])];
  if (readers.length === wanted.length) return [];
  await write(clients, ALL_METADATA, '$metadata', { ...metadata, $acl: { ...acl, $r: wanted } });
  return [`The user ${login} may read all events ($all).`];
}

async function setUpStreams(clients: Clients, login: string): Promise<string[]> {
  const settings = (await lastOf(clients, SETTINGS)) ?? {};
  const wanted = { $userStreamAcl: ourStreams(login), $systemStreamAcl: serversStreams };
  if (isDeepStrictEqual({ ...settings, ...wanted }, settings)) return [];
  await write(clients, SETTINGS, SETTINGS, { ...settings, ...wanted });
  const before = settings['$userStreamAcl'];
  return [
    `Streams: the user ${login} reads and appends; only administrators delete and change metadata.`,
    ...(before === undefined ? [] : [`The rights before were ${JSON.stringify(before)}.`]),
  ];
}

/** A follower names the leader, and the client moves there: what it was asked meanwhile is asked again. */
async function onLeader<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === MOST_MOVES || !isNotLeader(error)) throw error;
    }
  }
}

const listOf = (roles: string | readonly string[] | undefined): readonly string[] =>
  roles === undefined ? [] : typeof roles === 'string' ? [roles] : roles;

/** @returns the data of the stream's last event; undefined for an empty stream */
async function lastOf(clients: Clients, stream: string): Promise<Record<string, unknown> | undefined> {
  let events: unknown[] = [];
  const read = (): Promise<void> =>
    clients.call(TIMEOUT_MS, async (client) => {
      events = [];
      const reading = client.readStream(stream, {
        ...clients.callOptions,
        direction: 'backwards',
        fromRevision: 'end',
        maxCount: 1,
      });
      for await (const { event } of reading) events.push(event?.data);
    });
  try {
    await onLeader(read);
  } catch (error) {
    if (failureOf(error) !== 'not-found') throw clients.unavailable(error);
  }
  const [data] = events;
  return typeof data === 'object' && data !== null ? (data as Record<string, unknown>) : undefined;
}

async function write(clients: Clients, stream: string, type: string, data: object): Promise<void> {
  const event = { id: randomUUID(), contentType: 'application/json', type, data: { ...data } } as const;
  try {
    await onLeader(() =>
      clients.call(TIMEOUT_MS, (client) =>
        client.appendToStream(stream, [event as never], { ...clients.callOptions, expectedRevision: 'any' }),
      ),
    );
  } catch (error) {
    throw clients.unavailable(error);
  }
}
