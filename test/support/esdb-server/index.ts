import { readFileSync } from 'node:fs';
import { type Metadata, status, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import users from '@eventstore/db-client/generated/users_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Access, createAccess, failure, type Right } from './access.ts';
import { handleAppend } from './append.ts';
import type { Certificates } from './certificates.ts';
import { handleDelete } from './delete.ts';
import type { Faults } from './faults.ts';
import { noFaults } from './faults.ts';
import { type Cluster, gossipHandlers } from './gossip.ts';
import type { Log, LogCopy, Proposed } from './log.ts';
import { createLog } from './log.ts';
import type { ReadCall } from './read.ts';
import { handleRead, streamOf } from './read.ts';
import { userHandlers } from './users.ts';

export interface EsdbServer {
  /** For `createEventStoreDb`; with TLS the test makes its own. */
  readonly url: string;
  readonly port: number;
  readonly log: Log;
  readonly access: Access;
  readonly faults: Faults;
  /** Calls of BatchAppend: must stay 0, our adapter has reasons not to use it. */
  batchAppends(): number;
  /** Pages that were read of all streams, and of one; subscriptions not counted. */
  readonly reads: { all(): number; streams(): number };
  subscribers(): number;
  /** Drops every connection and stops listening; the log stays. */
  kill(): void;
  /** Listens again on the same port, with the log as it was. */
  restart(): Promise<void>;
  /** Another data folder under the same address: every connection breaks, and what answers next holds this. */
  swap(copy: LogCopy): Promise<void>;
  /** Ends every live subscription: with OK, or as the server does with a consumer that is too slow. */
  endSubscriptions(how: 'ok' | 'slow-consumer'): void;
  /** Writes events as no client of ours would. */
  inject(stream: string, ...events: readonly Proposed[]): void;
  stop(): void;
}

/**
 * A server that speaks the EventStoreDB protocol on loopback, built on the service definitions that the
 * official client ships.
 *
 * It proves OUR USE of the client and of the wire format, and how we handle faults. It does NOT prove what
 * the real server means by its answers: for that run the contract suite against one (EVENTSTORE_TEST_URL,
 * compose.yaml).
 */
export async function startEsdbServer(
  options: {
    /** With these the server speaks TLS, and checks who calls. */
    readonly tls?: Pick<Certificates, 'cert' | 'key'>;
    readonly log?: Log;
    readonly cluster?: Cluster;
  } = {},
): Promise<EsdbServer> {
  const { tls, log = createLog(), cluster } = options;
  const access = createAccess(log, tls !== undefined);
  const faults = noFaults();
  const subscribers = new Set<ReadCall>();
  let batchAppends = 0;
  let readsOfAll = 0;
  let readsOfStreams = 0;
  let server: Server;

  /** Why the server does not do what a call asks for. */
  function refusal(metadata: Metadata, right: Right, stream: string): ServiceError | undefined {
    const leader = cluster?.leader();
    if (leader !== undefined && leader !== port && metadata.get('requires-leader')[0] === 'true') {
      // Without a leader the real server says nothing until the caller's time is over.
      const at = { 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': String(leader) };
      return leader === null
        ? failure(status.UNAVAILABLE, 'Server Is Not Ready')
        : failure(status.NOT_FOUND, 'Leader info available', { exception: 'not-leader', ...at });
    }
    return access.refusal(metadata, right, stream);
  }

  const reading = handleRead(log, faults, subscribers);
  const streamsHandlers: UntypedServiceImplementation = {
    append: handleAppend(log, faults, refusal),
    read: (call: ReadCall) => {
      const refused = faults.blackHole ? undefined : refusal(call.metadata, 'read', streamOf(call));
      if (call.request.getOptions()?.hasSubscription() === false) {
        if (streamOf(call) === '$all') readsOfAll += 1;
        else readsOfStreams += 1;
      }
      if (refused) call.emit('error', refused);
      else reading(call);
    },
    batchAppend: () => {
      batchAppends += 1;
    },
    delete: handleDelete(log, refusal),
    tombstone: () => undefined,
  };
  const featureHandlers: UntypedServiceImplementation = {
    getSupportedMethods: (_: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => {
      if (faults.blackHole) return;
      if (faults.featuresFail) {
        reply({ code: status.INTERNAL, details: 'features are broken' });
        return;
      }
      const batchAppend = new featuresMessages.SupportedMethod()
        .setServiceName('event_store.client.streams.streams')
        .setMethodName('batchappend');
      reply(null, new featuresMessages.SupportedMethods().setMethodsList([batchAppend]));
    },
  };

  const channel = tls
    ? ServerCredentials.createSsl(null, [
        { cert_chain: readFileSync(tls.cert), private_key: readFileSync(tls.key) },
      ])
    : ServerCredentials.createInsecure();

  async function listen(at: number): Promise<number> {
    server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(streams.StreamsService, streamsHandlers);
    server.addService(features.ServerFeaturesService, featureHandlers);
    server.addService(users.UsersService, userHandlers(access));
    if (cluster) server.addService(gossip.GossipService, gossipHandlers(cluster, faults));
    return new Promise((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${String(at)}`, channel, (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
  }

  const port = await listen(0);
  return {
    url: `esdb://127.0.0.1:${String(port)}?tls=false`,
    port,
    log,
    access,
    faults,
    batchAppends: () => batchAppends,
    reads: { all: () => readsOfAll, streams: () => readsOfStreams },
    subscribers: () => subscribers.size,
    kill: () => {
      subscribers.clear();
      server.forceShutdown();
    },
    restart: async () => {
      await listen(port);
    },
    swap: async (copy) => {
      subscribers.clear();
      server.forceShutdown();
      log.become(copy);
      await listen(port);
    },
    endSubscriptions: (how) => {
      for (const call of subscribers) {
        if (how === 'ok') call.end();
        else {
          const details = 'Consumer too slow to handle event while live. Client resubscription required.';
          call.emit('error', { code: status.ABORTED, details });
        }
      }
      subscribers.clear();
    },
    inject: (stream, ...events) => {
      log.append(stream, 'any', events);
    },
    stop: () => {
      server.forceShutdown();
    },
  };
}
