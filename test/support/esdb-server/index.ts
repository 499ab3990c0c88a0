import { status, Server, ServerCredentials } from '@grpc/grpc-js';
import type { sendUnaryData, ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featuresMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { handleAppend } from './append.ts';
import type { Faults } from './faults.ts';
import { noFaults } from './faults.ts';
import type { Log, LogCopy, Proposed } from './log.ts';
import { createLog } from './log.ts';
import type { ReadCall } from './read.ts';
import { handleRead } from './read.ts';

export interface EsdbServer {
  /** For `createEventStoreDb`. */
  readonly url: string;
  readonly log: Log;
  readonly faults: Faults;
  /** Calls of BatchAppend: must stay 0, our adapter has reasons not to use it. */
  batchAppends(): number;
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
export async function startEsdbServer(): Promise<EsdbServer> {
  const log = createLog();
  const faults = noFaults();
  const subscribers = new Set<ReadCall>();
  let batchAppends = 0;
  let server: Server;

  const streamsHandlers: UntypedServiceImplementation = {
    append: handleAppend(log, faults),
    read: handleRead(log, faults, subscribers),
    batchAppend: () => {
      batchAppends += 1;
    },
    delete: () => undefined,
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

  async function listen(port: number): Promise<number> {
    server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(streams.StreamsService, streamsHandlers);
    server.addService(features.ServerFeaturesService, featureHandlers);
    return new Promise((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${String(port)}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
  }

  const port = await listen(0);
  return {
    url: `esdb://127.0.0.1:${String(port)}?tls=false`,
    log,
    faults,
    batchAppends: () => batchAppends,
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
