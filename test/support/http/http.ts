/** The HTTP layer with a list of routes of the test's own, on a real database and a real event store. */
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { uuids } from '../../../src/adapters/clock.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { createHub } from '../../../src/adapters/cluster/pub-sub-hub.ts';
import { createChallenges } from '../../../src/adapters/operational/challenges.ts';
import { createStreamTickets } from '../../../src/adapters/operational/stream-tickets.ts';
import { createKeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { secondFactorOf } from '../../../src/main/wiring/second-factor.ts';
import { createIdempotencyKeys } from '../../../src/adapters/operational/idempotency-keys.ts';
import { createPasswords } from '../../../src/adapters/security/passwords.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { createRateLimiter } from '../../../src/adapters/cluster/rate-limiter.ts';
import { createSessions } from '../../../src/adapters/operational/sessions.ts';
import { staffDirectory } from '../../../src/commands/staff/staff-directory.ts';
import { roleAggregate } from '../../../src/domain/staff/role.ts';
import type { Privilege } from '../../../src/domain/staff/privileges.ts';
import { staff, STAFF_ID } from '../../../src/domain/staff/staff.ts';
import { user, type UserEvent } from '../../../src/domain/staff/user.ts';
import { createCommandHandler, createStateCache } from '../../../src/engine/commands/command-handler.ts';
import type { Role, UserDivision } from '../../../src/domain/vocabulary.ts';
import { createApp } from '../../../src/http/app.ts';
import type { Deps } from '../../../src/http/framework/dependencies.ts';
import type { Route } from '../../../src/http/framework/route.ts';
import { createByteBudget } from '../../../src/http/framework/body-budget.ts';
import { createServer } from '../../../src/http/framework/server/server.ts';
import { createProcessMembership } from '../../../src/engine/cluster/process-membership.ts';
import { REFRESH_RULE } from '../stores/refresh-rule.ts';
import { testDatabase } from '../stores/postgres.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export const SECRET = new TextEncoder().encode('a secret for tests only, at least 32 bytes long');
export const PASSWORD = 'a password for tests';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is none. */
  readonly json: {
    readonly success: boolean;
    readonly data: Record<string, unknown>;
    readonly meta?: Record<string, unknown>;
    readonly error: {
      readonly code: string;
      readonly message: string;
      readonly details?: { path: string; message: string; code: string; params: Record<string, unknown> }[];
    };
  };
}

export async function ask(url: string, path: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url + path, { redirect: 'manual', ...init });
  // A stream never ends by itself: only its start is checked.
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (isStream) await response.body?.cancel();
  const text = isStream ? '' : await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (isJson ? JSON.parse(text) : undefined) as Reply['json'],
  };
}

/** A request with a JSON body and, when there is one, a token. */
export const posting = (
  body: unknown,
  token?: string,
  headers: Record<string, string> = {},
): RequestInit => ({
  method: 'POST',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...bearer(token), ...headers },
});

export const bearer = (token?: string): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

const eventContextAt = (now: Date) => ({
  actor: { kind: 'system' as const, process: 'test' },
  correlationId: uuids.next(),
  causationId: 'test',
  requestId: 'test',
  at: now.toISOString(),
});

export async function httpOn(routes: readonly Route[], over: Partial<Deps> = {}) {
  const database = await testDatabase();
  const log = silentLogger();
  const postgres = createPostgres({ url: database.url, logger: log });
  const time = { now: new Date('2026-11-20T03:00:00Z') };
  const clock = { now: () => time.now };
  const hub = createHub(log);
  const pubSub = {
    publish: (topic: string, message: unknown) => {
      hub.deliver({ topic, message });
    },
    subscribe: hub.subscribe,
    close: () => Promise.resolve(),
  };
  const passwords = await createPasswords();
  const sessions = createSessions(postgres.writes, clock, uuids, REFRESH_RULE);
  const passwordHash = await passwords.hash(PASSWORD);
  const store = await createPostgresEventStore({ connection: database.url, logger: log });
  const observer = { appended: () => undefined, conflicted: () => undefined };
  const handler = createCommandHandler({ store, ids: uuids, cache: createStateCache(1_000), observer });
  const blindIndex = createBlindIndex('a key of these tests, 32 bytes or more');
  const deps = {
    config: {
      jwtSecret: SECRET,
      trustProxy: [],
      corsOrigins: [],
      opsToken: null,
      rateLimitPerMinute: 10_000,
      loginLimitPerAccount: 5,
      loginLimitPerAddress: 10_000,
      refreshLimitPerAddress: 10_000,
      totpRequiredRoles: new Set(),
      idleAfterHours: 4,
      slaMinutes: 5,
      responseTimeoutMinutes: null,
      timezone: 'Asia/Jakarta',
      exportWaitMs: 0,
    },
    read: postgres.reads,
    staff: postgres.writes,
    blindIndex,
    directory: staffDirectory({ handler, blindIndex }),
    readYourWrites: { wrote: () => undefined, ready: () => Promise.resolve({ stale: false }) },
    access: {
      read: () => Promise.resolve(),
      signedIn: () => Promise.resolve(),
      signedOut: () => Promise.resolve(),
      signInFailed: () => undefined,
      tokenReused: () => Promise.resolve(),
      refused: () => Promise.resolve(),
      exported: () => Promise.resolve(),
      keyOfNumber: () => null,
    },
    live: { head: () => null, subscribe: () => () => undefined },
    sessions,
    activity: { seen: () => undefined, lastSeen: () => Promise.resolve(new Map()) },
    challenges: createChallenges(postgres.writes, clock),
    streamTickets: createStreamTickets(postgres.writes, clock),
    secondFactor: secondFactorOf({
      commands: { handler },
      stores: { keys: createKeyRing(postgres.writes, 'a master key of these tests, 32 bytes') },
      clock,
      blindIndex,
    }),
    passwords,
    idempotencyKeys: createIdempotencyKeys(postgres.writes, clock, uuids, blindIndex),
    limiter: createRateLimiter(undefined),
    unauthenticatedBytes: createByteBudget(),
    pubSub,
    processes: createProcessMembership(pubSub),
    clock,
    ids: uuids,
    log,
    registry: new Registry(),
    readiness: () => Promise.resolve([]),
    ...over,
    // The routes of these tests give no commands and look at no inbox; a route that does fails at once.
  } as unknown as Deps;
  const server = createServer(createApp(deps, routes));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  return {
    url,
    deps,
    server,
    time,
    log,
    sessions,
    sql: postgres.writes,
    /** Appends to a user's stream what a command would; nobody is told. */
    async change(userId: string, ...events: readonly UserEvent[]): Promise<void> {
      await handler.executeCommand(user, userId, eventContextAt(clock.now()), () => events);
    },
    async setRole(role: Role, privileges: readonly Privilege[]): Promise<void> {
      await handler.executeCommand(roleAggregate, role, eventContextAt(clock.now()), () => [
        { type: 'RolePrivilegesSet', data: { role, privileges: [...privileges] } },
      ]);
      await sessions.roleChanged(role);
    },
    ask: (path: string, init?: RequestInit) => ask(url, path, init),
    /** Registers a member of staff, as `createUser` does. @returns their id */
    async member(
      email: string,
      role: Role = 'sales_agent',
      division: UserDivision = 'sari',
    ): Promise<string> {
      const userId = uuids.next();
      const context = eventContextAt(clock.now());
      const emailKey = blindIndex('email', email.toLowerCase());
      const listed = { userId, emailKey, superAdmin: role === 'super_admin', listedAt: context.at };
      await handler.executeCommand(staff, STAFF_ID, context, () => [{ type: 'StaffListed', data: listed }]);
      const registered = { userId, name: email, email, passwordHash, role, division };
      await handler.executeCommand(user, userId, context, () => [
        { type: 'UserRegistered', data: registered },
      ]);
      return userId;
    },
    login: (email: string, password = PASSWORD) => ask(url, '/api/auth/login', posting({ email, password })),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await store.close();
      await postgres.close();
      await database.drop();
    },
  };
}

export type HttpTest = Awaited<ReturnType<typeof httpOn>>;
