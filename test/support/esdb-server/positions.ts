import { status } from '@grpc/grpc-js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Log } from './log.ts';
import type { ReadCall } from './read.ts';

/**
 * A position that is no record of this log: neither a read nor a subscription can begin there. Seen on a real server
 * (23.10.6): after a restore, positions of what was lost are refused like this for ever.
 * @returns whether the call was refused
 */
export function refusesPosition(call: ReadCall, log: Log, options: streams.ReadReq.Options): boolean {
  const position = options.getAll()?.getPosition();
  if (!position) return false;
  const commit = BigInt(position.getCommitPosition());
  // The client says 'start' as position 0 in some calls, and 'end' as the largest number.
  if (commit === 0n || log.events.some((event) => event.position === commit)) return false;
  call.emit('error', { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: Error' });
  return true;
}
