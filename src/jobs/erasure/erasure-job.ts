/**
 * Makes an erasure complete: follows what was decided, and takes the customer's words out of everything that is neither
 * an event nor a read table. All of it can be done again: it is, for whoever a backup brought back.
 */
import { type EventContext, type CommandHandler } from '../../engine/commands/command-handler.ts';
import { carryOut } from '../../commands/erasure/erase-customer.ts';
import { conversationStream } from '../../domain/conversation/conversation.ts';
import type { Recorded } from '../../domain/codec.ts';
import { type Erasure, ERASURES_ID, erasuresStream } from '../../domain/erasure/erasures.ts';
import { internalStream } from '../../domain/conversation/internal-notes.ts';
import { attachmentId } from '../../domain/media/media.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  type ErasedBefore,
  type ErasureLedger,
  type EventStore,
  type Files,
  type JobCheckpoints,
  type Leases,
  type Logger,
  type PersonalKeys,
  type PersonalTraces,
  START,
  type StoredEvent,
} from '../../ports.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { fileKey } from '../media/fetch.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';

export interface ErasureDeps {
  readonly store: Pick<EventStore, 'read' | 'subscribe' | 'head' | 'storeId'>;
  readonly handler: CommandHandler;
  readonly keys: PersonalKeys;
  readonly traces: PersonalTraces;
  readonly ledger: ErasureLedger;
  /** For whoever is on the ledger and not on the list. */
  readonly eraseAgain: (erased: ErasedBefore) => Promise<unknown>;
  readonly files: Pick<Files, 'remove'>;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  /** Exports asked for until now: what such a file holds of one customer cannot be taken out of it. */
  readonly removeExports: () => Promise<unknown>;
  /** Half-made read tables that a killed rebuild left behind. */
  readonly removeLeftovers: () => Promise<unknown>;
  readonly checkpoints: JobCheckpoints;
  readonly leases: Leases;
  readonly log: Logger;
}

const JOB = 'erasure';
const PAGE = 500;
const PATIENCE_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

const readable = (events: readonly StoredEvent[]): readonly Recorded[] =>
  events.flatMap((stored) => decodeOrSkip(stored) ?? []);

type Listed = Extract<Recorded, { type: 'ErasureListed' }>;

/** Works while this process holds the lease `erasure`. */
export const createErasureJob = (deps: ErasureDeps): { run(signal: AbortSignal): Promise<void> } => ({
  run: (signal) => deps.leases.hold(JOB, signal, (lease) => term(deps, lease.signal)),
});

async function term(deps: ErasureDeps, signal: AbortSignal): Promise<void> {
  const failed = (err: unknown, backoff: number): void => {
    deps.log.error({ err, job: JOB, backoff }, 'an erasure is not complete yet, trying again');
  };
  await retry((went) => follow(deps, signal, went), { signal, mostMs: LONGEST_WAIT_MS, failed });
}

async function follow(deps: ErasureDeps, signal: AbortSignal, went: () => void): Promise<void> {
  const { store, checkpoints } = deps;
  /** Files that are fetched only now are of nobody any more. */
  const tickets = new Set<string>();
  const listed = new Set<string>();
  for await (const event of eventsOf(store, erasuresStream(ERASURES_ID))) {
    if (event.type !== 'ErasureListed') continue;
    listed.add(event.data.customerId);
    await complete(deps, event, tickets);
  }
  for (const erased of await deps.ledger.all()) {
    if (listed.has(erased.customerId)) continue;
    deps.log.warn(
      { job: JOB, customerId: erased.customerId },
      'somebody who was erased is back: erasing again',
    );
    await deps.eraseAgain(erased).catch(nobody);
  }

  const [storeId, head] = [await store.storeId(), await store.head()];
  const known = await checkpoints.read(JOB);
  // Of another life of this store: from its beginning, nothing that is done again does harm.
  let at = known?.storeId === storeId && known.position <= head ? known.position : START;
  // Of another store: nobody has said yet that this one is right, so what was known is kept.
  const saves = known === null || known.storeId === storeId;
  if (saves && known?.position !== at) await checkpoints.move(JOB, storeId, known?.position ?? null, at);
  const filter = { streamPrefixes: ['customer-', 'erasures-', 'media-'] };
  for await (const { events, checkpoint } of store.subscribe({ after: at, filter, signal })) {
    for (const event of readable(events)) await react(deps, event, tickets);
    if (saves && checkpoint !== at) await checkpoints.move(JOB, storeId, at, checkpoint);
    at = checkpoint;
    went();
  }
}

/** Restored from before they ever wrote, or the ledger of another installation: their key is destroyed all the same. */
function nobody(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'CUSTOMER_NOT_FOUND')) throw error;
}

async function react(deps: ErasureDeps, event: Recorded, tickets: Set<string>): Promise<void> {
  // Decided, and perhaps the process ended before anything else was done.
  if (event.type === 'CustomerErased') await carryOut(deps, event.data, eventContext(event));
  else if (event.type === 'ErasureListed') await complete(deps, event, tickets);
  else if (event.type === 'AttachmentStored' && tickets.has(event.data.ticketId))
    await deps.files.remove(fileKey(attachmentId(event.data.messageId, event.data.index)));
}

const eventContext = ({ id, metadata }: Recorded): EventContext => ({
  actor: { kind: 'system', process: JOB },
  correlationId: metadata.correlationId,
  causationId: id,
  requestId: metadata.requestId,
  at: metadata.at,
});

/** @param tickets those of everybody who was erased; this one's are added */
async function complete(
  deps: ErasureDeps,
  { data, metadata, position }: Listed,
  tickets: Set<string>,
): Promise<void> {
  const { keys, traces, log } = deps;
  for (const ticketId of data.ticketIds) tickets.add(ticketId);
  const [unpurged] = await keys.destroy([data.customerId]);
  // First of all: from here on no backup can bring them back unnoticed.
  await deps.ledger.add({ ...data, erasedAt: metadata.at });
  if (unpurged === undefined) return;
  const at = new Date(metadata.at);
  const { mentions, files } = await leftBehind(deps.store, data);
  for (const key of files) await deps.files.remove(key);
  await traces.purge({ ...data, at }, mentions);
  // An export that is asked for from here on finds nothing of them.
  if (!(await deps.projectionStatus.waitFor(position, PATIENCE_MS)))
    throw new Error('the read tables are behind');
  await deps.removeExports();
  await deps.removeLeftovers();
  await keys.purged(data.customerId);
  log.info({ job: JOB, count: files.length }, 'a customer is erased');
}

/** Ids that tell of them elsewhere, and the files they sent. */
async function leftBehind(store: Pick<EventStore, 'read'>, { ticketIds }: Erasure) {
  const mentions = [...ticketIds];
  const files: string[] = [];
  for (const ticketId of ticketIds) {
    for await (const { type, data } of eventsOf(store, conversationStream(ticketId))) {
      if ('messageId' in data && data.messageId !== undefined) mentions.push(data.messageId);
      if (type === 'MessageReceived')
        data.attachments.forEach((_one, index) => files.push(fileKey(attachmentId(data.messageId, index))));
    }
    for await (const { type, data } of eventsOf(store, internalStream(ticketId)))
      if (type === 'InternalNotePosted') mentions.push(data.noteId);
  }
  return { mentions, files };
}

async function* eventsOf(store: Pick<EventStore, 'read'>, stream: string): AsyncIterable<Recorded> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.read(stream, { from, limit: PAGE });
    yield* readable(page);
    if (page.length < PAGE) return;
  }
}
