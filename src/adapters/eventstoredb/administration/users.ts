/** The users of EventStoreDB, over its gRPC service: the client has no functions for them. */
import { readFileSync } from 'node:fs';
import type { ChannelCredentials } from '@grpc/grpc-js';
import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import services from '@eventstore/db-client/generated/users_grpc_pb.js';
import messages from '@eventstore/db-client/generated/users_pb.js';
import { StoreRefused, StoreUnavailable } from '../../../ports.ts';
import type { Credentials, ServerAddress } from '../address.ts';
import { EXPLANATIONS } from '../causes.ts';
import { causeOf } from '../grpc-errors.ts';

const TIMEOUT_MS = 10_000;
const HOPS = 5;

export interface ServerUser {
  readonly groups: readonly string[];
  readonly disabled: boolean;
}

/** Every function throws StoreRefused without the rights of an administrator, StoreUnavailable without an answer. */
export interface Users {
  /** Null: there is no such user. */
  find(login: string): Promise<ServerUser | null>;
  create(user: Credentials): Promise<void>;
  resetPassword(user: Credentials): Promise<void>;
  enable(login: string): Promise<void>;
  leaveAllGroups(login: string): Promise<void>;
}

type Client = InstanceType<typeof services.UsersClient>;
type Reply<T> = (error: ServiceError | null, answer: T) => void;
interface Host {
  readonly host: string;
  readonly port: number;
}

/** @param address with the credentials of an administrator */
export function usersOf(address: ServerAddress): Users {
  const channel: ChannelCredentials = address.secure
    ? credentials.createSsl(address.caFile === undefined ? null : readFileSync(address.caFile))
    : credentials.createInsecure();
  const { username, password } = address.credentials;
  const metadata = new Metadata();
  if (address.secure) {
    metadata.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
    metadata.set('requires-leader', 'true');
  }

  async function at<T>({ host, port }: Host, call: (client: Client) => Promise<T>): Promise<T> {
    const target = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
    const client = new services.UsersClient(target, channel);
    try {
      return await call(client);
    } finally {
      client.close();
    }
  }

  /** Asks one node after the other, and the leader where a node names it. */
  async function onLeader<T>(call: (client: Client) => Promise<T>): Promise<T> {
    let failure: unknown;
    const open: Host[] = [...address.hosts];
    for (let hop = 0; hop < HOPS; hop += 1) {
      const host = open.shift();
      if (!host) break;
      try {
        return await at(host, call);
      } catch (error) {
        failure = error;
        if (codeOf(error) === status.PERMISSION_DENIED || codeOf(error) === status.UNAUTHENTICATED) break;
        const leader = leaderOf(error);
        if (leader) open.unshift(leader);
        else if (codeOf(error) !== status.UNAVAILABLE && codeOf(error) !== status.DEADLINE_EXCEEDED)
          throw error;
      }
    }
    const cause = causeOf(failure);
    const because = cause && EXPLANATIONS[cause].says;
    if (cause === 'wrong password' || cause === 'no right')
      throw new StoreRefused('events', { cause: failure, because });
    throw new StoreUnavailable('events', { cause: failure, because });
  }

  const options = () => ({ deadline: Date.now() + TIMEOUT_MS });
  const unary = <T>(send: (client: Client, reply: Reply<T>) => void): Promise<T> =>
    onLeader(
      (client) =>
        new Promise((resolve, reject) => {
          send(client, (error, answer) => {
            if (error) reject(error);
            else resolve(answer);
          });
        }),
    );

  return {
    find: (login) =>
      onLeader(async (client) => {
        const wanted = new messages.DetailsReq().setOptions(
          new messages.DetailsReq.Options().setLoginName(login),
        );
        try {
          for await (const answer of client.details(wanted, metadata, options())) {
            const user = (answer as InstanceType<typeof messages.DetailsResp>).getUserDetails();
            if (user?.getLoginName() === login)
              return { groups: user.getGroupsList(), disabled: user.getDisabled() };
          }
          return null;
        } catch (error) {
          if (codeOf(error) === status.NOT_FOUND) return null;
          throw error;
        }
      }),
    create: async ({ username: login, password: secret }) => {
      const user = new messages.CreateReq.Options()
        .setLoginName(login)
        .setPassword(secret)
        .setFullName('saga-backend');
      await unary<unknown>((client, reply) =>
        client.create(new messages.CreateReq().setOptions(user), metadata, options(), reply),
      );
    },
    resetPassword: async ({ username: login, password: secret }) => {
      const change = new messages.ResetPasswordReq.Options().setLoginName(login).setNewPassword(secret);
      await unary<unknown>((client, reply) =>
        client.resetPassword(new messages.ResetPasswordReq().setOptions(change), metadata, options(), reply),
      );
    },
    enable: async (login) => {
      const user = new messages.EnableReq.Options().setLoginName(login);
      await unary<unknown>((client, reply) =>
        client.enable(new messages.EnableReq().setOptions(user), metadata, options(), reply),
      );
    },
    leaveAllGroups: async (login) => {
      const user = new messages.UpdateReq.Options().setLoginName(login).setFullName('saga-backend');
      await unary<unknown>((client, reply) =>
        client.update(new messages.UpdateReq().setOptions(user), metadata, options(), reply),
      );
    },
  };
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | null)?.code;

function leaderOf(error: unknown): Host | undefined {
  const named = (error as { readonly metadata?: unknown } | null)?.metadata;
  if (!(named instanceof Metadata)) return undefined;
  const [host] = named.get('leader-endpoint-host');
  const [port] = named.get('leader-endpoint-port');
  return typeof host === 'string' && Number(port) > 0 ? { host, port: Number(port) } : undefined;
}
