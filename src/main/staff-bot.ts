/** Wires the staff bot on Telegram: the links of accounts, and the bot where it has a token. */
import { createJobOffers } from '../adapters/field-jobs/job-offers.ts';
import { createJobCheckpoints } from '../adapters/operational/job-checkpoints.ts';
import { channelHttp } from '../adapters/channels/http.ts';
import { newHandoffCode } from '../adapters/security/handoff-codes.ts';
import { createStaffBot } from '../channels/telegram/staff-bot.ts';
import { jobOfButton } from '../commands/staff/staff-button.ts';
import { telegramLinks, type TelegramLinks } from '../commands/staff/telegram-link.ts';
import type { Config } from '../config.ts';
import { OFFER_OVER, type OfferOver } from '../domain/field-jobs/offer-text.ts';
import { Refusal, type RefusalCode } from '../domain/refusals.ts';
import type { Job } from '../engine/jobs/run-while-leader.ts';
import { createJobOffersJob } from '../jobs/field-jobs/job-offers.ts';
import { createTellApprovers } from '../jobs/invoices/tell-approvers.ts';
import type { StaffBot } from '../ports.ts';
import type { StaffTap, TapOutcome } from '../http/webhook/staff-telegram.ts';
import type { ProgramContext } from './context.ts';

export const telegramLinksOf = ({ commands, blindIndex, clock }: ProgramContext): TelegramLinks =>
  telegramLinks({ handler: commands.handler, blindIndex, clock, newCode: newHandoffCode });

/** @returns null without STAFF_TELEGRAM_BOT_TOKEN */
export const staffBotOf = ({
  STAFF_TELEGRAM_BOT_TOKEN: token,
  TELEGRAM_API_URL: url,
}: Pick<Config, 'STAFF_TELEGRAM_BOT_TOKEN' | 'TELEGRAM_API_URL'>): StaffBot | null =>
  token === undefined ? null : createStaffBot({ url, token, http: channelHttp });

const VOID = 'Tombol ini sudah tidak berlaku. Lihat pekerjaan di dashboard.';
/** What an offer becomes when the job is nothing for anybody any more. */
const OVER: Partial<Record<RefusalCode, OfferOver>> = { JOB_ALREADY_TAKEN: 'taken', JOB_CLOSED: 'cancelled' };

/**
 * A tap takes the job of its button, by the same command as on the web, with the technician as the caller.
 * @returns a function that throws Refusal as `takeJob` where the offer may stay; StoreUnavailable
 */
export const tappedOf =
  ({ blindIndex, commands }: ProgramContext) =>
  async ({ person, telegramId, data, requestId }: StaffTap): Promise<TapOutcome> => {
    const jobId = jobOfButton(blindIndex, telegramId, data);
    if (jobId === null) return { answer: VOID, rewritten: null };
    if (!person.privileges.has('job_pool')) throw new Refusal('FORBIDDEN');
    try {
      await commands.fieldJobs.take(
        { caller: person, requestId, correlationId: requestId },
        jobId,
        'telegram',
      );
      return { answer: OFFER_OVER.yours, rewritten: OFFER_OVER.yours };
    } catch (error) {
      const over = error instanceof Refusal ? OVER[error.code] : undefined;
      if (over === undefined) throw error;
      return { answer: OFFER_OVER[over], rewritten: OFFER_OVER[over] };
    }
  };

/** What the staff bot says by itself. @returns none without STAFF_TELEGRAM_BOT_TOKEN */
export function staffBotJobsOf(context: ProgramContext): readonly Job[] {
  const { config, commands, stores, clock } = context;
  const bot = staffBotOf(config);
  if (bot === null) return [];
  const { writes } = stores.postgres;
  const shared = {
    ...context,
    ...{ bot, store: stores.events, handler: commands.handler, checkpoints: createJobCheckpoints(writes) },
  };
  return [
    createJobOffersJob({
      ...shared,
      offers: createJobOffers(writes, clock),
      whyNot: commands.capacity.whyNot,
      links: telegramLinksOf(context),
      staff: writes,
      services: commands.fieldJobs.services,
      timezone: config.BUSINESS_TIMEZONE,
      random: Math.random,
    }),
    createTellApprovers({ ...shared, publicUrl: config.PUBLIC_URL ?? null }),
  ];
}
