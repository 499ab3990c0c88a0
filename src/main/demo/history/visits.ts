/** A month of visits to customers, and the next days as they are planned (docs/design/field-service.md#life-of-a-job). */
import { agendas } from '../../../commands/capacity/reserve-agenda.ts';
import { slots } from '../../../commands/capacity/reserve-slot.ts';
import { checkIn } from '../../../commands/field-jobs/check-in.ts';
import { documentKey, jobDocuments } from '../../../commands/field-jobs/documents.ts';
import { fieldJobs } from '../../../commands/field-jobs/field-jobs.ts';
import { missedVisits } from '../../../commands/field-jobs/missed.ts';
import { reports } from '../../../commands/field-jobs/report.ts';
import { invoiceCommands } from '../../../commands/invoices/invoices.ts';
import { invoiceSettings } from '../../../commands/invoices/invoice-settings.ts';
import { rateJob } from '../../../commands/ratings/rate-job.ts';
import { decideRequestRating } from '../../../commands/ratings/request-rating.ts';
import { customer } from '../../../domain/customers/customer.ts';
import { type BillTo, invoice } from '../../../domain/invoices/invoice.ts';
import { DEFAULT_TAX_RATES } from '../../../domain/invoices/tax.ts';
import { rating } from '../../../domain/ratings/rating.ts';
import { job, type JobDocumentKind } from '../../../domain/field-jobs/job.ts';
import { DEFAULT_SERVICES, type Service, serviceOf } from '../../../domain/field-jobs/services.ts';
import { Refusal } from '../../../domain/refusals.ts';
import { ticket } from '../../../domain/tickets/ticket.ts';
import { weekdayOf } from '../../../domain/time/calendar.ts';
import { type Division, DIVISIONS } from '../../../domain/vocabulary.ts';
import type { Files } from '../../../ports.ts';
import type { KnownTickets } from './campaigns.ts';
import type { Scene } from './deal.ts';
import { DAY, HOUR, MINUTE, type Worker } from './office.ts';
import type { Course } from './world.ts';

/** How long ago the first was, and for how long some are planned. */
const [SINCE, AHEAD] = [31, 3];
const NO_SHOW_MINUTES = 30;
const MOST_BYTES = 1_000_000;

const PLACES = [
  { street: 'Jalan Melati', district: 'Tebet', city: 'Jakarta Selatan', lat: -6.2263, lng: 106.8583 },
  { street: 'Jalan Kenanga', district: 'Kelapa Gading', city: 'Jakarta Utara', lat: -6.1602, lng: 106.9051 },
  { street: 'Jalan Anggrek', district: 'Kebon Jeruk', city: 'Jakarta Barat', lat: -6.1925, lng: 106.7699 },
  { street: 'Jalan Flamboyan', district: 'Serpong', city: 'Tangerang Selatan', lat: -6.3006, lng: 106.6527 },
  { street: 'Jalan Cempaka', district: 'Bekasi Barat', city: 'Bekasi', lat: -6.2349, lng: 106.9896 },
  { street: 'Jalan Dahlia', district: 'Beji', city: 'Depok', lat: -6.3822, lng: 106.8254 },
] as const;

const PROBLEMS: Readonly<Record<Division, readonly string[]>> = {
  sari: [
    'Tiga palet suku cadang, jalan masuk truk sempit',
    'Dua motor di garasi belakang, STNK sudah siap',
    'Ukur volume barang pameran sebelum dikirim',
  ],
  savi: [
    'Mobil tidak bisa dinyalakan, perlu towing',
    'Foto kondisi bodi sebelum dikirim',
    'Unit di lantai P3',
  ],
  safia: [
    'Rumah dua lantai, ada piano',
    'AC dua unit dibongkar dan dipasang di tempat baru',
    'Kantor 40 meja, dikerjakan setelah jam kerja',
  ],
};
const PRICES: Readonly<Record<Division, number>> = { sari: 450_000, savi: 900_000, safia: 750_000 };

interface FieldDeps {
  readonly scene: Scene;
  readonly files: Pick<Files, 'write'>;
  readonly known: KnownTickets;
  readonly dispatcher: Worker;
  /** Who approves invoices. */
  readonly approver: Worker;
  readonly technicians: readonly Worker[];
}

type Field = ReturnType<typeof fieldOf>;

/** The commands of field service, at the desk of the demo's past. */
function fieldOf({ scene: { desk }, files }: FieldDeps) {
  const all = {
    ...desk.all,
    services: DEFAULT_SERVICES,
    skillOf: (kind: string) => serviceOf(DEFAULT_SERVICES, kind)?.skill ?? null,
    ...{ jobsPerDay: 10, geofence: 'record' as const },
  };
  const documents = jobDocuments(all);
  const invoicing = invoiceSettings(
    { rates: DEFAULT_TAX_RATES, dueDays: 14, discountLimitPct: 20, services: DEFAULT_SERVICES },
    'Asia/Jakarta',
  );
  const links = { base: '', invoiceTemplate: null, ratingTemplate: null };
  return {
    jobs: fieldJobs({ ...all, capacity: { ...slots(all), ...agendas(all) } }),
    visits: checkIn(all),
    reports: reports(all),
    missed: missedVisits(all),
    invoices: invoiceCommands({ ...all, invoicing, links }),
    rate: rateJob(all),
    handler: desk.handler,
    /** As the route of documents does it. @returns the document's id */
    async upload(by: Worker, jobId: string, kind: JobDocumentKind, bytes: Buffer): Promise<string> {
      const documentId = all.ids.next();
      async function* content(): AsyncIterable<Uint8Array> {
        yield await Promise.resolve(bytes);
      }
      const written = await files.write(documentKey(documentId), content(), MOST_BYTES);
      const { document } = await documents.add(desk.as(by.caller), jobId, { ...written, documentId, kind });
      return document.id;
    },
  };
}

/** @returns null: the product says no, as it may at this moment */
async function allowed<T>(act: Promise<T>): Promise<T | null> {
  try {
    return await act;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** Somebody of the division who has the time; null: nobody has. */
async function taken({ scene: { desk, chance }, technicians }: FieldDeps, field: Field, jobId: string) {
  const first = chance.whole(0, technicians.length - 1);
  for (const one of [...technicians.slice(first), ...technicians.slice(0, first)])
    if (await allowed(field.jobs.take(desk.as(one.caller), jobId))) return one;
  return null;
}

/** Where a visit stands at the end of the past, so that each state is there at whatever hour it ends. */
type Fate = 'open' | 'missed' | 'in_progress' | 'done';
/** Hours before the end of the past at which its window begins. */
const BEGINS: Readonly<Record<Fate, number>> = { open: -26, missed: 0.7, in_progress: 1, done: 5 };

/**
 * One visit, from the call to the accepted report, or as far as the past goes.
 * @param from begin of its window
 * @param fate null: as chance will have it
 */
async function* visit(
  deps: FieldDeps,
  field: Field,
  service: Service,
  from: number,
  fate: Fate | null = null,
): Course {
  const { scene, known, dispatcher } = deps;
  const { world, desk, chance } = scene;
  const office = () => desk.as(dispatcher.caller);
  const ofDivision = [...known].filter(([, { division }]) => division === service.division);
  if (ofDivision.length === 0) return;
  const [ticketId] = chance.pick(ofDivision);
  const talk = await desk.handler.load(ticket, ticketId);
  if (talk.status === 'absent') return;
  const { customerId, customerKey } = talk;
  const who = await desk.handler.load(customer, customerKey);
  if (who.status !== 'known' || who.id !== customerId) return;
  const { street, district, city, ...point } = chance.pick(PLACES);
  const windowOf = (begin: number) => ({
    from: new Date(begin).toISOString(),
    to: new Date(begin + service.minutes * MINUTE).toISOString(),
  });
  const opened = await allowed(
    field.jobs.open(
      office(),
      { customerId, customerKey },
      {
        kind: service.key,
        problem: chance.pick(PROBLEMS[service.division]),
        place: { address: `${street} ${String(chance.whole(2, 88))}`, district, city, ...point },
        window: windowOf(from),
        base_price: PRICES[service.division] + chance.whole(0, 12) * 50_000,
      },
      ticketId,
    ),
  );
  if (opened === null) return;
  const { job_id: jobId } = opened;
  if (fate === 'open') return;
  yield world.now() + Math.ceil(chance.around(25) * MINUTE);
  let technician = await taken(deps, field, jobId);
  if (fate === null && technician !== null && chance.happens(0.07)) {
    yield world.now() + Math.ceil(chance.around(60) * MINUTE);
    const reason = chance.pick(['Sakit', 'Motor rusak', 'Ada keperluan keluarga']);
    await allowed(field.jobs.giveBack(desk.as(technician.caller), jobId, { reason }));
    yield world.now() + Math.ceil(chance.around(20) * MINUTE);
    technician = await taken(deps, field, jobId);
  }
  if (fate === null && chance.happens(0.08)) {
    yield Math.max(world.now() + MINUTE, from - 3 * HOUR);
    await allowed(field.jobs.cancel(office(), jobId, { reason: 'Pelanggan membatalkan' }));
    return;
  }
  if (technician === null) {
    yield Math.max(world.now() + MINUTE, from - 2 * HOUR);
    const [anybody] = deps.technicians;
    if (anybody) await allowed(field.jobs.assign(office(), jobId, { technician_id: anybody.caller.id }));
    technician = anybody ?? null;
  }
  if (technician === null) return;
  if (fate === 'missed' || (fate === null && chance.happens(0.09))) {
    yield Math.max(world.now() + MINUTE, from + NO_SHOW_MINUTES * MINUTE);
    await field.missed.noShow(jobId, NO_SHOW_MINUTES, [dispatcher.caller.id]);
    if (fate === 'missed') return;
    yield world.now() + chance.whole(2, 9) * MINUTE;
    await allowed(field.jobs.extend(office(), jobId, { minutes: 45, reason: 'Terjebak macet' }));
  }
  const at = desk.as.bind(null, technician.caller);
  yield Math.max(world.now() + MINUTE, from + chance.whole(-15, 20) * MINUTE);
  const isFar = chance.happens(0.1);
  const fix = { lat: point.lat + (isFar ? 0.02 : 0.0004), lng: point.lng, accuracy: chance.whole(6, 40) };
  const { picture, document } = scene.samples;
  const showsPlace = isFar
    ? await allowed(field.upload(technician, jobId, 'foto', picture(service.division).bytes))
    : null;
  const arrived = await allowed(
    field.visits.arrived(at(), jobId, {
      ...fix,
      ...(showsPlace !== null && { note: 'Pelanggan minta bertemu di gerbang', photo: showsPlace }),
    }),
  );
  if (arrived === null || fate === 'in_progress') return;
  yield world.now() + Math.ceil(chance.around(service.minutes * 0.8) * MINUTE);
  await field.upload(technician, jobId, 'bukti', picture(service.division).bytes);
  const isComplete = fate !== null || chance.happens(0.85);
  if (isComplete) await field.upload(technician, jobId, 'bast', picture('paper').bytes);
  await field.visits.finished(at(), jobId, fix);
  if (fate === 'done') return;
  yield world.now() + Math.ceil(chance.around(90) * MINUTE);
  if (!isComplete) {
    await field.reports.reject(office(), jobId, { reason: 'BAST belum diunggah' });
    yield world.now() + Math.ceil(chance.around(120) * MINUTE);
    await field.upload(technician, jobId, 'bast', document().bytes);
    yield world.now() + Math.ceil(chance.around(60) * MINUTE);
  }
  await field.reports.accept(office(), jobId);
  await rated(deps, field, jobId);
  yield* billed(deps, field, jobId, {
    name: who.name ?? 'Pelanggan',
    address: `${street}, ${district}, ${city}`,
    npwp: null,
  });
}

const COMMENTS = [
  'Cepat dan rapi',
  'Teknisinya ramah, datang tepat waktu',
  'Barang aman sampai tujuan',
  'Datang agak terlambat, tetapi hasilnya baik',
] as const;

/** What the customer thinks of it. Nothing is sent to them: the demo's customers read no messages of last month. */
async function rated({ scene: { world, chance }, dispatcher }: FieldDeps, field: Field, jobId: string) {
  const found = await field.handler.load(job, jobId);
  if (found.status !== 'completed' || found.technicianId === null || !chance.happens(0.6)) return;
  const { division, customerId, technicianId } = found;
  const at = new Date(world.now()).toISOString();
  const context = { actor: { kind: 'customer' } as const, at, requestId: jobId };
  await field.handler.executeCommand(
    rating,
    jobId,
    { ...context, correlationId: jobId, causationId: jobId },
    (state) =>
      decideRequestRating(state, {
        ...{ jobId, division, customerId, technicianId, talkId: null, askedBy: dispatcher.caller.id },
        tokenHash: jobId,
        expiresAt: new Date(world.now() + 14 * DAY).toISOString(),
      }),
  );
  const technician = chance.pick([5, 5, 5, 4, 4, 3]);
  const service = chance.pick([5, 5, 4, 4, 3]);
  const comment = chance.happens(0.5) ? { comment: chance.pick(COMMENTS) } : {};
  await field.rate(jobId, { technician, service, ...comment }, jobId, null);
}

/** Its invoice, from the draft to the payment, or as far as somebody got. */
async function* billed(
  { scene, dispatcher, approver }: FieldDeps,
  field: Field,
  jobId: string,
  billTo: BillTo,
): Course {
  const { world, desk, chance } = scene;
  const { invoices } = field;
  const office = () => desk.as(dispatcher.caller);
  const [first, second, third] = [0, 1, 2].map(() => Math.ceil(chance.around(180) * MINUTE));
  yield world.now() + (first ?? HOUR);
  const { invoice_id: id, revision, hash } = await invoices.draft(office(), jobId, {}, billTo);
  if (chance.happens(0.12)) return;
  await invoices.submit(office(), id, [approver.caller.id]);
  if (chance.happens(0.12)) return;
  yield world.now() + (second ?? HOUR);
  await invoices.approve(desk.as(approver.caller), id, { revision, hash });
  yield world.now() + (third ?? HOUR);
  await invoices.issue(office(), id);
  if (chance.happens(0.3)) return;
  yield world.now() + chance.whole(1, 10) * DAY;
  const found = await field.handler.load(invoice, id);
  if (found.status !== 'issued') return;
  const { total, net } = found.content;
  const withheld = chance.happens(0.25) ? Math.floor(net * 0.02) : 0;
  const at = invoices.dayOf(new Date(world.now()).toISOString());
  await invoices.pay(office(), id, { amount: total - withheld, withheld, at });
}

/** Visits of one division, each begun when the customer calls. What belongs to it is written in its order: people and days are its own. */
function planVisits(deps: FieldDeps, division: Division, count: number, until: number): void {
  const { world, office, chance } = deps.scene;
  const thread = `visits of ${division}`;
  const field = fieldOf(deps);
  const offered = DEFAULT_SERVICES.filter((one) => one.division === division);
  for (let n = 0; n < count; n += 1) {
    const daysAgo = SINCE - ((SINCE + AHEAD) * (n + chance.next())) / count;
    const day = office.calendar.dayOf(until - daysAgo * DAY);
    const service = chance.pick(offered);
    const from = office.calendar.momentOf(day, chance.whole(16, 28) * 30);
    const called = office.calendar.momentOf(day - chance.whole(1, 3), chance.whole(9 * 60, 16 * 60));
    if (weekdayOf(day) !== 0 && called < until)
      world.begin(thread, called, visit(deps, field, service, from));
  }
  const [short] = offered.toSorted((a, b) => a.minutes - b.minutes);
  for (const fate of ['open', 'missed', 'in_progress', 'done'] as const) {
    const from = until - BEGINS[fate] * HOUR;
    if (short) world.begin(thread, Math.min(from, until) - 3 * HOUR, visit(deps, field, short, from, fate));
  }
}

/** @param talks how many customers the demo has: fewer of them have fewer visits */
export function beginVisits(
  scene: Scene,
  { files, known, until, talks }: Pick<FieldDeps, 'files' | 'known'> & { until: number; talks: number },
): void {
  const { office } = scene;
  const count = Math.min(60, Math.ceil(talks / 6));
  for (const division of DIVISIONS) {
    const of = (role: Worker['role']) => office.ofRole(role).filter((one) => one.division === division);
    const [dispatcher] = of('dispatcher');
    const [approver] = of('sales_agent');
    const technicians = of('technician');
    if (!dispatcher || !approver || technicians.length === 0)
      throw new Error('the demo has nobody for visits');
    planVisits({ scene, files, known, dispatcher, approver, technicians }, division, count, until);
  }
}
