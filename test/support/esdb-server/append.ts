import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { isTombstoned, visibleOf } from './deletions.ts';
import type { Faults } from './faults.ts';
import type { Expected, Log, Proposed } from './log.ts';
import { appendMessage, nameOf } from './messages.ts';

/** `Streams/Append`: options first, then one message per event. */
export function handleAppend(
  log: Log,
  faults: Faults,
  refusal: (metadata: Metadata, right: 'write', stream: string) => ServiceError | undefined,
) {
  /** Appends whose reply is still to come, by the ids of their events. */
  const underWay = new Set<string>();
  return (
    call: ServerReadableStream<streams.AppendReq, streams.AppendResp>,
    reply: sendUnaryData<streams.AppendResp>,
  ): void => {
    let options: streams.AppendReq.Options | undefined;
    const proposed: Proposed[] = [];
    call.on('data', (request: streams.AppendReq) => {
      options ??= request.getOptions();
      const message = request.getProposedMessage();
      if (message) proposed.push(proposedOf(message));
    });
    call.on('end', () => {
      // Of an append that was cancelled on its way only some events are here: nothing of it is written.
      if (faults.blackHole || call.cancelled) return;
      const stream = nameOf(options?.getStreamIdentifier());
      const refused = refusal(call.metadata, 'write', stream);
      if (refused) {
        reply(refused);
        return;
      }
      if (faults.refuseAppends.left > 0) {
        faults.refuseAppends.left -= 1;
        reply({ code: faults.refuseAppends.code, details: 'refused by the test server' });
        return;
      }
      if (proposed.reduce((sum, event) => sum + event.data.length, 0) > faults.maxAppendBytes) {
        reply(tooLarge(faults.maxAppendBytes));
        return;
      }
      if (isTombstoned(log, stream)) {
        reply(streamDeleted(stream));
        return;
      }
      const ids = proposed.map(({ id }) => id).join();
      // The real server answers only the first of two: the second waits until its time is over.
      if (underWay.has(ids)) return;
      const result = log.append(stream, wantedOf(log, stream, expectedOf(options)), proposed);
      if (faults.slowAppends.left > 0) {
        faults.slowAppends.left -= 1;
        underWay.add(ids);
        setTimeout(() => {
          underWay.delete(ids);
          if (!call.cancelled) reply(null, appendMessage(result));
        }, faults.slowAppends.ms);
        return;
      }
      if (faults.loseReplies.left > 0) {
        faults.loseReplies.left -= 1;
        if (faults.loseReplies.as === 'unavailable') {
          reply({ code: status.UNAVAILABLE, details: 'the reply is lost' });
        }
        return;
      }
      reply(null, appendMessage(result));
    });
  };
}

/** A soft-deleted stream counts as none, and its numbering goes on. */
function wantedOf(log: Log, stream: string, expected: Expected): Expected {
  const { length } = log.stream(stream);
  const isSoftDeleted = length > 0 && visibleOf(log, stream) === undefined;
  return expected === 'none' && isSoftDeleted ? BigInt(length) - 1n : expected;
}

function expectedOf(options: streams.AppendReq.Options | undefined): Expected {
  if (options?.hasNoStream()) return 'none';
  if (options?.hasStreamExists()) return 'exists';
  return options?.hasRevision() ? BigInt(options.getRevision()) : 'any';
}

function proposedOf(message: streams.AppendReq.ProposedMessage): Proposed {
  const properties = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: properties.get('type') ?? '',
    contentType: properties.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

/** The refusal of a tombstoned stream, for appends and reads. */
export function streamDeleted(stream: string): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set('exception', 'stream-deleted');
  metadata.set('stream-name', stream);
  return { code: status.FAILED_PRECONDITION, details: `Event stream '${stream}' is deleted.`, metadata };
}

function tooLarge(limit: number): { code: status; details: string; metadata: Metadata } {
  const metadata = new Metadata();
  metadata.set('exception', 'maximum-append-size-exceeded');
  metadata.set('maximum-append-size', String(limit));
  return { code: status.INVALID_ARGUMENT, details: 'maximum append size exceeded', metadata };
}
