/** `Streams/Delete`: who may, and at which revision. It deletes nothing: no test needs it yet. */
import {
  type Metadata,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { failure } from './access.ts';
import type { Log } from './log.ts';
import { nameOf } from './messages.ts';

export function handleDelete(
  log: Log,
  refusal: (metadata: Metadata, right: 'delete', stream: string) => ServiceError | undefined,
) {
  return (
    call: ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>,
    reply: sendUnaryData<streams.DeleteResp>,
  ): void => {
    const stream = nameOf(call.request.getOptions()?.getStreamIdentifier());
    const last = log.stream(stream).at(-1)?.revision ?? -1n;
    const wanted = call.request.getOptions()?.getRevision() ?? '';
    reply(
      refusal(call.metadata, 'delete', stream) ??
        failure(status.FAILED_PRECONDITION, 'Append failed due to WrongExpectedVersion.', {
          exception: 'wrong-expected-version',
          'stream-name': stream,
          'expected-version': wanted,
          'actual-version': String(last),
        }),
    );
  };
}
