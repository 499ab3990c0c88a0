/** Opens a visit to a customer, with a place on its day (docs/design/field-service.md#opening). */
import { z } from 'zod';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { job, type JobOpened, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { type Service, serviceOf, type Services } from '../../domain/field-jobs/services.ts';
import type { EventOf } from '../../domain/event.ts';
import { because, problem } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Division, uuid } from '../../domain/vocabulary.ts';
import { showsSomething } from '../../domain/words.ts';
import { type MeantCustomer, requireCustomer } from '../customers/current-customer.ts';
import { whoIsMeant } from '../customers/merge.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import type { JobDeps } from './job-access.ts';

/** A visit is one day's work. */
const LONGEST_HOURS = 24;

const EMPTY = because('REQUIRED', 'Wajib diisi');
const text = (most: number) => z.string().trim().min(1).max(most).refine(showsSomething, EMPTY);

/** ISO 8601, in any zone; kept in UTC. */
const moment = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());

export const windowInput = z
  .strictObject({
    from: moment.meta({ example: '2026-12-02T02:00:00.000Z' }),
    to: moment.meta({ example: '2026-12-02T05:00:00.000Z' }),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    ...because('WRONG_ORDER', 'Jam akhir harus setelah jam awal', { after: 'from' }),
  })
  .refine(({ from, to }) => Date.parse(to) - Date.parse(from) <= LONGEST_HOURS * 3_600_000, {
    path: ['to'],
    ...because('OUT_OF_RANGE', 'Kunjungan paling lama 24 jam', { maximum_hours: LONGEST_HOURS }),
  })
  .meta({ description: 'When the technician is to be there.' });
export type WindowInput = z.infer<typeof windowInput>;

const placeInput = z
  .strictObject({
    address: text(500).meta({ example: 'Jalan Melati 7, rumah pagar hijau' }),
    district: text(80).meta({ description: 'Shown before somebody took the job.', example: 'Tebet' }),
    city: text(80).meta({ description: 'Shown before somebody took the job.', example: 'Jakarta Selatan' }),
    lat: z.number().min(-90).max(90).optional().meta({ example: -6.2088 }),
    lng: z.number().min(-180).max(180).optional().meta({ example: 106.8456 }),
  })
  .refine(({ lat, lng }) => (lat === undefined) === (lng === undefined), {
    path: ['lng'],
    ...because('REQUIRED', 'Isi lintang dan bujur, atau kosongkan keduanya'),
  });

const fields = {
  kind: text(40).meta({ description: 'Key of a service of the division.', example: 'instalasi' }),
  problem: text(2_000).meta({ example: 'AC kamar utama dibongkar dan dipasang di tempat baru' }),
  place: placeInput,
  window: windowInput,
  base_price: z.int().min(0).max(100_000_000_000).meta({ description: 'Whole rupiah.', example: 750_000 }),
  radius: z.int().min(10).max(50_000).optional().meta({
    description: 'Metres around the place that count as there; without it those of the service.',
    example: 150,
  }),
};
export const input = z.strictObject({ customer_id: uuid, ...fields });
/** From a ticket: the customer is known, and what they want may be. */
export const fromTicketInput = z.strictObject({ ...fields, problem: fields.problem.optional() });
export type OpenJobInput = Omit<z.infer<typeof input>, 'customer_id'>;

/** @throws Refusal WINDOW_PAST */
export function requireFuture({ from }: Pick<WindowInput, 'from'>, now: Date): void {
  if (Date.parse(from) < now.getTime()) throw new Refusal('WINDOW_PAST');
}

/** @throws Refusal VALIDATION_FAILED: the division has no such service */
export function requireService(all: Services, kind: string, division: Division): Service {
  const found = serviceOf(all, kind);
  if (found?.division !== division) {
    const choices = all.filter((one) => one.division === division).map(({ key }) => key);
    throw new Refusal('VALIDATION_FAILED', [
      problem('kind', 'NOT_A_CHOICE', `Pilih salah satu: ${choices.join(', ')}`, { choices }),
    ]);
  }
  return found;
}

/** A job that is there already makes no event: the same request came twice. */
export const decideOpenJob = (state: FieldJob, data: EventOf<typeof JobOpened>['data']): JobEvent[] =>
  state.status === 'absent' ? [{ type: 'JobOpened', data }] : [];

/**
 * The place on the day first, so that the last one is given once.
 * @param ticketId the talk that it comes from
 * @throws Refusal CUSTOMER_NOT_FOUND, VALIDATION_FAILED, WINDOW_PAST, NO_CAPACITY, BUSY; StoreUnavailable
 */
export const openJob =
  ({ handler, clock, ids, blindIndex, capacity, services }: JobDeps) =>
  async (
    ctx: CommandContext,
    who: MeantCustomer,
    { kind, problem: wanted, place, window, base_price, radius }: OpenJobInput,
    ticketId: string | null = null,
  ) => {
    const eventContext = eventContextOf(ctx, clock);
    const { known } = await whoIsMeant({ handler, blindIndex }, who, eventContext);
    const customer = requireCustomer(known, who.customerId, ctx.caller);
    const { division } = customer;
    const service = requireService(services, kind, division);
    // The same key makes the same job.
    const jobId = ctx.key === undefined ? ids.next() : ids.from('job', ctx.key);
    if ((await handler.load(job, jobId)).status === 'absent') {
      requireFuture(window, clock.now());
      await capacity.reserveSlot(eventContext, division, jobDayOf(window.from), jobId);
    }
    const { address, district, city, lat, lng } = place;
    const { position } = await handler.executeCommand(job, jobId, eventContext, (state) =>
      decideOpenJob(state, {
        jobId,
        division,
        customerId: customer.id,
        fromTicketId: ticketId,
        kind,
        problem: wanted,
        address,
        district,
        city,
        point: lat === undefined || lng === undefined ? null : { lat, lng },
        windowFrom: window.from,
        windowTo: window.to,
        basePrice: base_price,
        radius: radius ?? service.radius,
        openedBy: ctx.caller.id,
      }),
    );
    return { job_id: jobId, position };
  };
