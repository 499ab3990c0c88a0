import { randomUUID } from 'node:crypto';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import { caughtUpMessage, confirmationMessage } from './messages.ts';
import type { ReadCall } from './read.ts';

/**
 * A subscription to one stream, from its end: as much of it as the product uses, which is that it is confirmed, lives as long
 * as its connection, and gets nothing. The stream need not exist.
 */
export function subscribeToStream(
  call: ReadCall,
  options: streams.ReadReq.Options,
  subscribers: Set<ReadCall>,
): void {
  if (options.getStream()?.hasEnd() !== true)
    throw new Error('the test server subscribes to the end of a stream only');
  subscribers.add(call);
  const stop = (): void => void subscribers.delete(call);
  call.on('cancelled', stop);
  call.on('close', stop);
  call.write(confirmationMessage(randomUUID()));
  call.write(caughtUpMessage());
}
