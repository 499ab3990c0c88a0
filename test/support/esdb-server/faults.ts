import { status } from '@grpc/grpc-js';

/** Switches of the test server; all off at the start. They survive a restart. */
export interface Faults {
  /** Calls are accepted and never answered, live subscriptions fall silent. */
  blackHole: boolean;
  /** The next so many appends are stored, but their reply is lost: as an error, or not sent at all. */
  loseReplies: { left: number; as: 'unavailable' | 'silence' };
  /** The next so many appends are refused with this gRPC code and not stored. */
  refuseAppends: { left: number; code: status };
  /** The next so many appends are stored at once and answered late; the same append sent again meanwhile is dropped. */
  slowAppends: { left: number; ms: number };
  /** GetSupportedMethods fails with INTERNAL. */
  featuresFail: boolean;
  /** The server's own limit of one append. */
  maxAppendBytes: number;
}

export function noFaults(): Faults {
  return {
    blackHole: false,
    loseReplies: { left: 0, as: 'unavailable' },
    refuseAppends: { left: 0, code: status.UNAVAILABLE },
    slowAppends: { left: 0, ms: 0 },
    featuresFail: false,
    maxAppendBytes: 1_048_576,
  };
}
