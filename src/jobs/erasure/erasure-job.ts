/**
 * Completes an erasure: follows what was decided, and removes the customer's data from everything that is neither an event
 * nor a read table. All of it may be done again, and is, when a backup brings a customer back.
 */
import { type EventContext, type CommandHandler } from '../../engine/commands/command-handler.ts';
import { carryOut } from '../../commands/erasure/erase-customer.ts';
import { conversationStream } from '../../domain/conversation/conversation.ts';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { type Erasure, ERASURES_ID, erasuresStream } from '../../domain/erasure/erasures.ts';
import { jobStream } from '../../domain/field-jobs/job.ts';
import { internalStream } from '../../domain/conversation/internal-notes.ts';
import { attachmentId, fileKey } from '../../domain/media/media.ts';
import { uploadStream } from '../../domain/media/upload.ts';
import { Refusal } from '../../domain/refusals.ts';
import type {
  ErasedBefore,
  ErasureLedger,
  EventStore,
  Files,
  JobCheckpoints,
  PersonalKeys,
  PersonalTraces,
} from '../../ports.ts';
import type { ProjectionStatus } from '../../engine/projections/projection-status.ts';
import { createReactor, type ReactorDeps, type ReactorRun } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';

export interface ErasureDeps extends ReactorDeps {
  readonly store: Pick<EventStore, 'read' | 'subscribe' | 'head' | 'storeId'>;
  readonly handler: CommandHandler;
  readonly keys: PersonalKeys;
  readonly traces: PersonalTraces;
  readonly ledger: ErasureLedger;
  /** For a customer who is in the ledger and not on the list. */
  readonly eraseAgain: (erased: ErasedBefore) => Promise<unknown>;
  /** Those who turned out to be a customer who was erased. */
  readonly eraseAbsorbed: (
    erased: RecordedOf<'CustomerErased'>['data'],
    eventContext: EventContext,
  ) => Promise<unknown>;
  readonly files: Pick<Files, 'remove'>;
  readonly projectionStatus: Pick<ProjectionStatus, 'waitFor'>;
  /** Visits to them, as the read tables have them. */
  readonly jobsOf: (customerId: string) => Promise<readonly string[]>;
  /** Exports asked for until now: what such a file holds of one customer cannot be taken out of it. */
  readonly removeExports: () => Promise<unknown>;
  /** Half-made read tables that a killed rebuild left behind. */
  readonly removeLeftovers: () => Promise<unknown>;
  readonly checkpoints: JobCheckpoints;
}

const JOB = 'erasure';
const PAGE = 500;
const PATIENCE_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

type Listed = Extract<Recorded, { type: 'ErasureListed' }>;
type SkipEvent = ReactorRun['skip'];

/** Holds the lease `erasure`. All it does may be done again, so a checkpoint that does not fit lets it start over. */
export const createErasureJob = (deps: ErasureDeps): Job =>
  createReactor(deps, {
    name: JOB,
    streamPrefixes: ['customer-', 'erasures-', 'media-', 'upload-', 'job-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'start over' },
    failureLevel: 'error',
    mostMs: LONGEST_WAIT_MS,
    start: async ({ skip }) => {
      /** Erased customers and their tickets: a file of theirs that comes only now is removed at once. */
      const gone = new Set<string>();
      await completeAll(deps, gone, skip);
      return { handle: (event) => react(deps, event, gone, skip) };
    },
  });

/** Everybody on the list, and everybody who is only in the ledger: a backup brought them back. */
async function completeAll(deps: ErasureDeps, gone: Set<string>, skip: SkipEvent): Promise<void> {
  const listed = new Set<string>();
  for await (const event of eventsOf(deps.store, erasuresStream(ERASURES_ID), skip)) {
    if (event.type !== 'ErasureListed') continue;
    listed.add(event.data.customerId);
    await complete(deps, event, gone, skip);
  }
  for (const erased of await deps.ledger.all()) {
    if (listed.has(erased.customerId)) continue;
    deps.log.warn(
      { job: JOB, customerId: erased.customerId },
      'somebody who was erased is back: erasing again',
    );
    await deps.eraseAgain(erased).catch(exceptUnknown);
  }
}

/** The backup is from before they ever wrote, or the ledger is of another installation. Their key is destroyed all the same. */
function exceptUnknown(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'CUSTOMER_NOT_FOUND')) throw error;
}

async function react(deps: ErasureDeps, event: Recorded, gone: Set<string>, skip: SkipEvent): Promise<void> {
  // The process may have ended right after the decision.
  if (event.type === 'CustomerErased') {
    await carryOut(deps, event.data, eventContext(event));
    await deps.eraseAbsorbed(event.data, eventContext(event));
  } else if (event.type === 'ErasureListed') await complete(deps, event, gone, skip);
  else if (event.type === 'AttachmentStored' && gone.has(event.data.ticketId))
    await deps.files.remove(fileKey(attachmentId(event.data.messageId, event.data.index)));
  else if (event.type === 'FileUploaded' && gone.has(event.data.ticketId))
    await deps.files.remove(fileKey(event.data.mediaId));
  else if (event.type === 'JobDocumentAdded' && gone.has(event.data.customerId))
    await deps.files.remove(event.data.key);
}

const eventContext = ({ id, metadata }: Recorded): EventContext => ({
  actor: { kind: 'system', process: JOB },
  correlationId: metadata.correlationId,
  causationId: id,
  requestId: metadata.requestId,
  at: metadata.at,
});

/** @param gone everybody who was erased, with their tickets; this one's are added */
async function complete(
  deps: ErasureDeps,
  { data, metadata, position }: Listed,
  gone: Set<string>,
  skip: SkipEvent,
): Promise<void> {
  const { keys, traces, log } = deps;
  for (const id of [data.customerId, ...data.ticketIds]) gone.add(id);
  const [unpurged] = await keys.destroy([data.customerId]);
  // Before anything else: from here on no backup can bring them back unnoticed.
  await deps.ledger.add({ ...data, erasedAt: metadata.at });
  if (unpurged === undefined) return;
  const at = new Date(metadata.at);
  // They say which visits were to them, and an export that is asked for after this finds nothing of them.
  if (!(await deps.projectionStatus.waitFor(position, PATIENCE_MS)))
    throw new Error('the read tables are behind');
  const jobs = await deps.jobsOf(data.customerId);
  const { mentions, files } = await tracesOf(deps.store, data, jobs, skip);
  for (const key of files) await deps.files.remove(key);
  await traces.purge({ ...data, at }, mentions);
  await deps.removeExports();
  await deps.removeLeftovers();
  await keys.purged(data.customerId);
  log.info({ job: JOB, count: files.length }, 'a customer is erased');
}

/** Ids by which other tables mention them, and the files they sent and were sent. */
async function tracesOf(
  store: Pick<EventStore, 'read'>,
  { ticketIds }: Erasure,
  jobs: readonly string[],
  skip: SkipEvent,
) {
  const mentions = [...ticketIds, ...jobs];
  const files: string[] = [];
  for (const jobId of jobs)
    for await (const { type, data } of eventsOf(store, jobStream(jobId), skip))
      if (type === 'JobDocumentAdded') files.push(data.key);
  for (const ticketId of ticketIds) {
    for await (const { type, data } of eventsOf(store, conversationStream(ticketId), skip)) {
      if ('messageId' in data && data.messageId !== undefined) mentions.push(data.messageId);
      if (type === 'MessageReceived')
        data.attachments.forEach((_one, index) => files.push(fileKey(attachmentId(data.messageId, index))));
    }
    for await (const { type, data } of eventsOf(store, uploadStream(ticketId), skip))
      if (type === 'FileUploaded') files.push(fileKey(data.mediaId));
    for await (const { type, data } of eventsOf(store, internalStream(ticketId), skip))
      if (type === 'InternalNotePosted') mentions.push(data.noteId);
  }
  return { mentions, files };
}

async function* eventsOf(
  store: Pick<EventStore, 'read'>,
  stream: string,
  skip: SkipEvent,
): AsyncIterable<Recorded> {
  for (let from = 0n; ; from += BigInt(PAGE)) {
    const page = await store.read(stream, { from, limit: PAGE });
    yield* page.flatMap((stored) => decodeOrSkip(stored, skip) ?? []);
    if (page.length < PAGE) return;
  }
}
