/**
 * Offers each job in the pool to the technicians who could do it, by the staff bot (docs/design/field-service.md#job-offers): in a
 * random order, each at most once for as long as the job stays as it is. When it is theirs or nobody's any more, the buttons go.
 * As well as it can: the pool on the web has the job in any case.
 */
import { takeButton } from '../../commands/staff/staff-button.ts';
import type { TelegramLinks } from '../../commands/staff/telegram-link.ts';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { type ExistingJob, job, jobStream } from '../../domain/field-jobs/job.ts';
import { OFFER_OVER, offerText, type OfferOver, TAKE_BUTTON } from '../../domain/field-jobs/offer-text.ts';
import { serviceOf, type Services } from '../../domain/field-jobs/services.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { decodeOrSkip } from '../../engine/jobs/decode-or-skip.ts';
import { createReactor, type ReactorDeps, type ReactorRun } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type {
  BlindIndex,
  Clock,
  EventStore,
  JobCheckpoints,
  JobOffers,
  SentOffer,
  StaffBot,
  StaffBotOutcome,
} from '../../ports.ts';
import { plannersOf, type StaffTables, techniciansOf } from '../../projections/staff/users.ts';

export interface JobOffersDeps extends ReactorDeps {
  readonly store: ReactorDeps['store'] & Pick<EventStore, 'read'>;
  readonly handler: CommandHandler;
  readonly checkpoints: JobCheckpoints;
  readonly bot: StaffBot;
  readonly offers: JobOffers;
  /** Why a job does not fit into a technician's day; null: it does. */
  readonly whyNot: (
    technicianId: string,
    job: { readonly id: string; readonly kind: string; readonly from: string; readonly to: string },
  ) => Promise<RefusalCode | null>;
  readonly links: Pick<TelegramLinks, 'lost'>;
  readonly staff: StaffTables;
  readonly services: Services;
  readonly blindIndex: BlindIndex;
  readonly clock: Clock;
  /** BUSINESS_TIMEZONE. */
  readonly timezone: string;
  /** From 0 to under 1. */
  readonly random: () => number;
}

/** Holds the lease `job-offers`. Begins at the end of the store: nobody is offered the jobs of last year. */
export const createJobOffersJob = (deps: JobOffersDeps): Job =>
  createReactor(deps, {
    name: 'job-offers',
    streamPrefixes: ['job-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'end of store', wrongStore: 'stay off' },
    start: ({ settledTo, signal, skip }) => ({
      handle: async (event) => {
        // What was open before a restore was offered then.
        const isOld = settledTo !== null && event.position <= settledTo;
        await (isOld ? undefined : follow(deps, event, { signal, skip }));
      },
    }),
  });

async function follow(deps: JobOffersDeps, event: Recorded, run: Run): Promise<void> {
  switch (event.type) {
    case 'JobOpened':
    case 'JobGivenBack':
      await offer(deps, event, run);
      break;
    case 'JobRescheduled':
      await takeAway(deps, event.data.jobId, () => 'moved', run.signal);
      await offer(deps, event, run);
      break;
    case 'TechnicianReplaced':
      await offer(deps, event, run);
      break;
    case 'JobTaken': {
      const { jobId, technicianId } = event.data;
      await takeAway(deps, jobId, (one) => (one === technicianId ? 'yours' : 'taken'), run.signal);
      break;
    }
    case 'JobCancelled':
      await takeAway(deps, event.data.jobId, () => 'cancelled', run.signal);
      break;
    default:
  }
}

/** Its state, while it is in the pool and could still be done. */
async function openJob(deps: JobOffersDeps, jobId: string): Promise<ExistingJob | null> {
  const now = await deps.handler.load(job, jobId);
  const isOpen = now.status === 'open' && Date.parse(now.windowTo) > deps.clock.now().getTime();
  return isOpen ? now : null;
}

/** How it was opened: its state knows no place. */
async function openedOf(
  { store }: JobOffersDeps,
  jobId: string,
  { skip }: Run,
): Promise<RecordedOf<'JobOpened'> | null> {
  const [first] = await store.read(jobStream(jobId), { limit: 1 });
  const event = first && decodeOrSkip(first, skip);
  return event?.type === 'JobOpened' ? event : null;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const mixed = [...items];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [mixed[at], mixed[other]] = [mixed[other] as T, mixed[at] as T];
  }
  return mixed;
}

type Run = Pick<ReactorRun, 'signal' | 'skip'>;
type Offerable = RecordedOf<'JobOpened' | 'JobGivenBack' | 'JobRescheduled' | 'TechnicianReplaced'>;

async function offer(deps: JobOffersDeps, cause: Offerable, run: Run): Promise<void> {
  const { signal } = run;
  const { jobId, division } = cause.data;
  const known = await openJob(deps, jobId);
  const opened = known && (await openedOf(deps, jobId, run));
  if (!known || !opened) return;
  const { kind, episode, windowFrom, windowTo } = known;
  const label = serviceOf(deps.services, kind)?.label ?? kind;
  const { district, city } = opened.data;
  const text = offerText({ label, district, city, windowFrom, windowTo }, deps.timezone);
  for (const { id, telegramId } of shuffled(await techniciansOf(deps.staff, division), deps.random)) {
    if (signal.aborted) return;
    if (telegramId === null) continue;
    const window = { id: jobId, kind, from: windowFrom, to: windowTo };
    if ((await deps.whyNot(id, window)) !== null) continue;
    const now = await openJob(deps, jobId);
    if (now?.episode !== episode) return;
    const one = { jobId, episode, technicianId: id };
    if (!(await deps.offers.claim(one))) continue;
    const button = { text: TAKE_BUTTON, data: takeButton(deps.blindIndex, telegramId, jobId) };
    const outcome = await patiently(() => deps.bot.say(telegramId, text, button, signal), signal);
    switch (outcome.kind) {
      case 'done':
        if (outcome.messageId !== null)
          await deps.offers.sent({ ...one, chat: telegramId, messageId: outcome.messageId });
        break;
      case 'blocked':
        await deps.links.lost({ userId: id, telegramId }, await plannersOf(deps.staff, division), {
          actor: { kind: 'system', process: 'job-offers' },
          correlationId: cause.metadata.correlationId,
          causationId: cause.id,
          requestId: cause.metadata.requestId,
          at: deps.clock.now().toISOString(),
        });
        break;
      case 'later':
        await deps.offers.release(one);
        throw new Error('the staff bot is away');
      default:
        deps.log.warn({ job: 'job-offers', outcome: outcome.kind }, 'an offer may not have arrived');
    }
  }
}

const MOST_TRIES = 3;
const LONGEST_WAIT_MS = 30_000;

/** Waits as long as Telegram says, a few times. @returns `later` when it was not taken in the end */
async function patiently(ask: () => Promise<StaffBotOutcome>, signal: AbortSignal): Promise<StaffBotOutcome> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await ask();
    if (outcome.kind !== 'later' || tries === MOST_TRIES || signal.aborted) return outcome;
    await sleep(Math.min(outcome.afterMs, LONGEST_WAIT_MS), signal);
  }
}

/** The buttons of a job. Best effort: a button that stays is refused when it is tapped. */
async function takeAway(
  { offers, bot }: JobOffersDeps,
  jobId: string,
  becauseFor: (technicianId: string) => OfferOver,
  signal: AbortSignal,
): Promise<void> {
  const closeOne = async (one: SentOffer): Promise<void> => {
    const text = OFFER_OVER[becauseFor(one.technicianId)];
    await patiently(() => bot.rewrite(one.chat, one.messageId, text, signal), signal);
    await offers.closed(one);
  };
  for (const one of await offers.standing(jobId)) await closeOne(one);
}
