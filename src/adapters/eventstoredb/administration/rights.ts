/** Proves what the user of EVENTSTORE_URL may do, by doing it (docs/design/reliability.md#rights). */
import type { Logger } from '../../../ports.ts';
import { WrongExpectedVersionError } from '@eventstore/db-client';
import type { ServerAddress } from '../address.ts';
import { type Clients, createClients } from '../clients.ts';
import { causeOf, failureOf } from '../grpc-errors.ts';
import { STORE_STREAM } from '../reads.ts';

const TIMEOUT_MS = 5_000;
const PROBE_STREAM = 'saga-probe';
const PROBE = { id: '6f1d6a0e-3c1b-4c57-9d39-0b8f2a6f3c11', type: '$saga-probe' } as const;
/** No stream is so long: what is permitted fails on it, and what is not permitted is refused before. */
const NEVER = 9_007_199_254_740_991n;

export interface Rights {
  readonly readStream: boolean;
  readonly readAll: boolean;
  readonly append: boolean;
  /** These three only an administrator should have. */
  readonly deleteStream: boolean;
  readonly changeMetadata: boolean;
  readonly readSettings: boolean;
}

/**
 * Reads, and tries everything else in a way that changes nothing where it is permitted.
 * @throws StoreRefused the server does not know the user; StoreUnavailable
 */
export async function rightsOf(address: ServerAddress, logger: Logger): Promise<Rights> {
  const clients = createClients(address, logger);
  try {
    const readStream = await may(clients, () => readOne(clients, STORE_STREAM));
    const readAll = await may(clients, () => readOne(clients, null));
    const append = await may(clients, () => probe(clients));
    return {
      readStream,
      readAll,
      append,
      deleteStream: await may(clients, () =>
        clients.call(TIMEOUT_MS, (client) =>
          client.deleteStream(PROBE_STREAM, { ...clients.callOptions, expectedRevision: NEVER }),
        ),
      ),
      changeMetadata: await may(clients, () =>
        clients.call(TIMEOUT_MS, (client) =>
          client.setStreamMetadata(PROBE_STREAM, {}, { ...clients.callOptions, expectedRevision: NEVER }),
        ),
      ),
      readSettings: await may(clients, () => readOne(clients, '$settings')),
    };
  } finally {
    await clients.close();
  }
}

/** @returns false when it was refused for lack of a right */
async function may(clients: Clients, attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await attempt();
    return true;
  } catch (error) {
    if (error instanceof WrongExpectedVersionError) return true;
    switch (failureOf(error)) {
      case 'not-found':
        return true;
      case 'refused':
        if (causeOf(error) === 'wrong password') throw clients.unavailable(error);
        return false;
      default:
        throw clients.unavailable(error);
    }
  }
}

/** The last event of a stream, or of all. */
async function readOne(clients: Clients, stream: string | null): Promise<void> {
  await clients.call(TIMEOUT_MS, async (client) => {
    const options = { ...clients.callOptions, direction: 'backwards', maxCount: 1 } as const;
    const reading =
      stream === null
        ? client.readAll({ ...options, fromPosition: 'end' })
        : client.readStream(stream, { ...options, fromRevision: 'end' });
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- reading to the end is the question
    for await (const _ of reading);
  });
}

/** Never written: a user who may append hears that the stream is not so long. The store may be one that nothing must be written to. */
async function probe(clients: Clients): Promise<void> {
  await clients.call(TIMEOUT_MS, (client) =>
    client.appendToStream(
      PROBE_STREAM,
      [{ ...PROBE, contentType: 'application/json', data: {}, metadata: undefined }],
      { ...clients.callOptions, expectedRevision: NEVER, deadline: TIMEOUT_MS },
    ),
  );
}
