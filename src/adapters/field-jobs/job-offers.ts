import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { Clock, JobOffers, WriteStore } from '../../ports.ts';

/** Nobody takes an older job by its button: the window of a job is long over then. */
const KEPT_MS = 60 * 86_400_000;

const claimOne = statement(
  'job_offer_claim',
  (jobId: string, episode: number, technicianId: string, now: Date) =>
    tables
      .insertInto('ops.job_offers')
      .values({ job_id: jobId, episode, technician_id: technicianId, claimed_at: now })
      .onConflict((conflict) => conflict.doNothing())
      .returning('job_id'),
);
const releaseOne = statement('job_offer_release', (jobId: string, episode: number, technicianId: string) =>
  tables
    .deleteFrom('ops.job_offers')
    .where('job_id', '=', jobId)
    .where('episode', '=', episode)
    .where('technician_id', '=', technicianId),
);
const sentOne = statement(
  'job_offer_sent',
  (jobId: string, episode: number, technicianId: string, chat: string, messageId: number) =>
    tables
      .updateTable('ops.job_offers')
      .set({ chat, message_id: messageId })
      .where('job_id', '=', jobId)
      .where('episode', '=', episode)
      .where('technician_id', '=', technicianId),
);
const standingOf = statement(
  'job_offers_standing',
  (jobId: string) => sql<{
    readonly jobId: string;
    readonly episode: number;
    readonly technicianId: string;
    readonly chat: string;
    readonly messageId: number;
  }>`select job_id as "jobId", episode, technician_id as "technicianId", chat, message_id::float8 as "messageId"
from ops.job_offers where job_id = ${jobId} and message_id is not null and closed_at is null`,
);
const closeOne = statement(
  'job_offer_close',
  (jobId: string, episode: number, technicianId: string, now: Date) =>
    tables
      .updateTable('ops.job_offers')
      .set({ closed_at: now })
      .where('job_id', '=', jobId)
      .where('episode', '=', episode)
      .where('technician_id', '=', technicianId),
);
const purgeOld = statement('job_offers_purge', (before: Date) =>
  tables.deleteFrom('ops.job_offers').where('claimed_at', '<', before).returning('job_id'),
);

export function createJobOffers(store: Pick<WriteStore, 'query'>, clock: Clock): JobOffers {
  return {
    claim: async ({ jobId, episode, technicianId }) =>
      (await store.query(claimOne(jobId, episode, technicianId, clock.now()))).length > 0,
    async release({ jobId, episode, technicianId }) {
      await store.query(releaseOne(jobId, episode, technicianId));
    },
    async sent({ jobId, episode, technicianId, chat, messageId }) {
      await store.query(sentOne(jobId, episode, technicianId, chat, messageId));
    },
    standing: (jobId) => store.query(standingOf(jobId)),
    async closed({ jobId, episode, technicianId }) {
      await store.query(closeOne(jobId, episode, technicianId, clock.now()));
    },
    purge: async () => (await store.query(purgeOld(new Date(clock.now().getTime() - KEPT_MS)))).length,
  };
}
