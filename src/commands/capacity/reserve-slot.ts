/**
 * Gives a job a place on its day, and takes it back (docs/design/field-service.md#capacity). A place is reserved before the
 * job is opened or moved; what nobody finished, `src/jobs/capacity` finishes or releases.
 */
import {
  type CapacityDay,
  capacityDay,
  type CapacityDayEvent,
  capacityDayId,
  dayAfter,
  hasRoom,
} from '../../domain/capacity/capacity-day.ts';
import { problem } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';

export interface SlotOfJob {
  readonly division: Division;
  /** 'YYYY-MM-DD' */
  readonly day: string;
  readonly jobId: string;
}

/**
 * A job that has a place keeps it.
 * @param jobsPerDay JOBS_PER_DAY; null: the job is there already, so there is no question of room
 * @throws Refusal NO_CAPACITY
 */
export function decideReserveSlot(
  state: CapacityDay,
  place: SlotOfJob,
  jobsPerDay: number | null,
): CapacityDayEvent[] {
  if (state.jobs.has(place.jobId)) return [];
  if (jobsPerDay !== null && !hasRoom(state, jobsPerDay)) throw new Refusal('NO_CAPACITY');
  return [{ type: 'SlotReserved', data: place }];
}

/** A place is given back once. */
export const decideReleaseSlot = (state: CapacityDay, place: SlotOfJob): CapacityDayEvent[] =>
  state.jobs.has(place.jobId) ? [{ type: 'SlotReleased', data: place }] : [];

/** How many free days a refusal names, and how far they are looked for. */
const FREE_DAYS = 3;
const LOOK_AHEAD_DAYS = 60;

/** The same key would find the reservation where it means the release; both are repeatable by the job's id instead. */
export const withoutKey = (ctx: EventContext): EventContext => ({ ...ctx, key: undefined });

/** Every function throws StoreUnavailable, and Refusal BUSY. */
export function slots({ handler, jobsPerDay }: { handler: CommandHandler; jobsPerDay: number }) {
  const on = (ctx: EventContext, place: SlotOfJob, decide: (state: CapacityDay) => CapacityDayEvent[]) =>
    handler.executeCommand(capacityDay, capacityDayId(place.division, place.day), withoutKey(ctx), decide);

  /** @returns days after `day` that have room, at most three */
  async function nextFreeDays(division: Division, day: string): Promise<readonly string[]> {
    const free: string[] = [];
    for (let by = 1; by <= LOOK_AHEAD_DAYS && free.length < FREE_DAYS; by += 1) {
      const other = dayAfter(day, by);
      if (hasRoom(await handler.load(capacityDay, capacityDayId(division, other)), jobsPerDay))
        free.push(other);
    }
    return free;
  }

  return {
    /** Of a day of which nobody said how many. */
    jobsPerDay,
    /** @throws Refusal NO_CAPACITY its detail names the next free days */
    async reserveSlot(ctx: EventContext, division: Division, day: string, jobId: string): Promise<void> {
      const place = { division, day, jobId };
      try {
        await on(ctx, place, (state) => decideReserveSlot(state, place, jobsPerDay));
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'NO_CAPACITY') throw error;
        const days = await nextFreeDays(division, day);
        const sentence =
          days.length === 0
            ? 'Tidak ada hari kosong dalam waktu dekat'
            : `Hari kosong berikutnya: ${days.join(', ')}`;
        throw new Refusal('NO_CAPACITY', [
          problem('window', 'OUT_OF_RANGE', sentence, { next_free_days: days }),
        ]);
      }
    },
    async releaseSlot(ctx: EventContext, division: Division, day: string, jobId: string): Promise<void> {
      const place = { division, day, jobId };
      await on(ctx, place, (state) => decideReleaseSlot(state, place));
    },
    /** For a job that is there and has lost its place: there is no question of room. */
    async restoreSlot(ctx: EventContext, division: Division, day: string, jobId: string): Promise<void> {
      const place = { division, day, jobId };
      await on(ctx, place, (state) => decideReserveSlot(state, place, null));
    },
  };
}
