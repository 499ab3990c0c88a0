/**
 * Reads, subscriptions and appends as calls of our own, over the connection of the official client: it finds the leader,
 * follows it, and makes the channel again. Its own commands cost several times as much for each call and each event, and
 * there are several calls for each message of a customer (docs/design/performance.md#calls-to-eventstoredb).
 */
import { type ClientReadableStream, Metadata } from '@grpc/grpc-js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { convertToCommandError, type EventStoreDBClient } from '@eventstore/db-client';
import { type AppendResult, type ExpectedRevision, VersionConflict } from '../../../ports.ts';
import type { EncodedEvent } from '../../event-encoding.ts';
import type { ServerAddress } from '../address.ts';
import { positionOf } from '../position.ts';
import { appendFrames } from './append-request.ts';
import { type ReadMessage, readMessageOf } from './read-response.ts';

type StreamsClient = InstanceType<typeof streamsService.StreamsClient>;

/** What the client's own commands are made with. Only TypeScript protects it. */
interface ClientInternals {
  readonly execute: <T>(
    kind: typeof streamsService.StreamsClient,
    name: string,
    action: (client: StreamsClient) => Promise<T>,
  ) => Promise<T>;
}

const PATHS = {
  read: '/event_store.client.streams.Streams/Read',
  append: '/event_store.client.streams.Streams/Append',
};
const asIs = (bytes: Buffer): Buffer => bytes;

/** What every call carries: who asks, and that only the leader may answer. */
export function callMetadata({ secure, credentials }: ServerAddress): Metadata {
  const metadata = new Metadata();
  metadata.set('requires-leader', 'true');
  const { username, password } = credentials;
  // Without TLS the server checks nobody, and others would read it.
  if (secure)
    metadata.set('authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  return metadata;
}

/** Runs a call on the connection that the client has now. @throws CommandError, ServiceError */
async function run<T>(
  client: EventStoreDBClient,
  name: string,
  action: (grpc: StreamsClient) => Promise<T>,
): Promise<T> {
  try {
    return await (client as unknown as ClientInternals).execute(streamsService.StreamsClient, name, action);
  } catch (error) {
    throw error instanceof Error ? convertToCommandError(error) : error;
  }
}

/** gRPC keeps the place of every call for an error that few calls have, and that names no such place in our logs. */
function withoutStack<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

export interface RunningRead {
  /** Resolves when the server ended it, or it was cancelled. @throws CommandError, ServiceError */
  readonly ended: Promise<void>;
  pause(): void;
  resume(): void;
  cancel(): void;
}

/**
 * Begins a read or a subscription.
 * @param each called with each message in order; must not throw
 */
export function startRead(
  client: EventStoreDBClient,
  metadata: Metadata,
  request: streams.ReadReq,
  each: (message: ReadMessage) => void,
): RunningRead {
  let call: ClientReadableStream<ReadMessage> | undefined;
  let isCancelled = false;
  const ended = run(
    client,
    'read',
    (grpc) =>
      new Promise<void>((resolve, reject) => {
        if (isCancelled) {
          resolve();
          return;
        }
        const bytes = Buffer.from(request.serializeBinary());
        call = withoutStack(() =>
          grpc.makeServerStreamRequest(PATHS.read, asIs, readMessageOf, bytes, metadata, {}),
        );
        call.on('data', each);
        call.on('end', resolve);
        call.on('error', (error) => {
          if (isCancelled) resolve();
          else reject(error);
        });
      }),
  );
  // Who waits for it hears of it all the same.
  ended.catch(() => undefined);
  return {
    ended,
    pause: () => {
      call?.pause();
    },
    resume: () => {
      call?.resume();
    },
    cancel: () => {
      isCancelled = true;
      call?.cancel();
    },
  };
}

/**
 * One append, by the plain call: see docs/design/reliability.md#plain-appends-only.
 * @param timeoutMs after which the server gives it up, in milliseconds
 * @throws VersionConflict, CommandError, ServiceError
 */
export function sendAppend(
  client: EventStoreDBClient,
  metadata: Metadata,
  timeoutMs: number,
  request: {
    readonly stream: string;
    readonly events: readonly EncodedEvent[];
    readonly expected: ExpectedRevision;
  },
): Promise<AppendResult> {
  return run(
    client,
    'append',
    (grpc) =>
      new Promise<AppendResult>((resolve, reject) => {
        const answered = (error: Error | null, answer?: streams.AppendResp): void => {
          if (error) reject(error);
          else if (answer) settle(request, answer, resolve, reject);
          else reject(new Error(`append to ${request.stream}: no answer`));
        };
        const sink = withoutStack(() =>
          grpc.makeClientStreamRequest(
            PATHS.append,
            asIs,
            streams.AppendResp.deserializeBinary,
            metadata,
            { deadline: Date.now() + timeoutMs },
            answered,
          ),
        );
        // A write to a call that is over; the answer says why it is.
        sink.on('error', reject);
        for (const frame of appendFrames(request)) sink.write(frame);
        sink.end();
      }),
  );
}

function settle(
  { stream, expected }: { readonly stream: string; readonly expected: ExpectedRevision },
  answer: streams.AppendResp,
  resolve: (result: AppendResult) => void,
  reject: (error: Error) => void,
): void {
  const refused = answer.getWrongExpectedVersion();
  if (refused) {
    const actual = refused.hasCurrentRevision() ? BigInt(refused.getCurrentRevision()) : -1n;
    reject(new VersionConflict(stream, expected, actual));
    return;
  }
  const done = answer.getSuccess();
  const position = done?.getPosition();
  if (!done || !position) {
    reject(new Error(`append to ${stream}: the server gave no position`));
    return;
  }
  resolve({
    revision: BigInt(done.getCurrentRevision()),
    position: positionOf({
      commit: BigInt(position.getCommitPosition()),
      prepare: BigInt(position.getPreparePosition()),
    }),
  });
}
