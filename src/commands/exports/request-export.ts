/**
 * Requests a file (docs/design/api.md#exports). A job builds it; the link is valid at once and answers when the file
 * is ready.
 */
import { z } from 'zod';
import { because } from '../../domain/problems.ts';
import {
  type Export,
  exportAggregate,
  type ExportEvent,
  type ExportKind,
  type ExportWish,
  isUnfinishedExport,
  reportType,
} from '../../domain/exports/export.ts';
import { type ExportQueue, exportQueue, type ExportQueueEvent } from '../../domain/exports/export-queue.ts';
import { daysIn, MAX_DAYS } from '../../domain/time/period.ts';
import { type Caller, INVOICE_READERS, type Privilege } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { userDivision } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';

/** No data is older, and years have four digits. */
const day = z.iso.date().refine(
  (text) => text >= '2000-01-01' && text <= '2199-12-31',
  because('OUT_OF_RANGE', 'Tanggal harus antara tahun 2000 dan 2199', {
    minimum: '2000-01-01',
    maximum: '2199-12-31',
  }),
);

const dateRange = z
  .strictObject({ start: day, end: day })
  .refine(({ start, end }) => start <= end, {
    path: ['end'],
    ...because('WRONG_ORDER', 'Tanggal akhir tidak boleh sebelum tanggal awal', { after: 'start' }),
  })
  // For a date that does not exist the number of days is NaN; the check above reports it.
  .refine(({ start, end }) => !(daysIn({ from: start, to: end }) > MAX_DAYS), {
    path: ['end'],
    ...because('OUT_OF_RANGE', `Rentang paling lama ${String(MAX_DAYS)} hari`, { maximum_days: MAX_DAYS }),
  })
  .meta({ description: `First and last day, both within; at most ${String(MAX_DAYS)} days.` });

export const excelInput = z.strictObject({ division: userDivision, date_range: dateRange });
export const pdfInput = z.strictObject({
  division: userDivision,
  report_type: reportType,
  date_range: dateRange,
});
type Input = z.infer<typeof excelInput> & { readonly report_type?: z.infer<typeof reportType> };

/** Of what a file shows beside figures: who may take it away may read one of these, too. */
const READERS: Readonly<Partial<Record<ExportKind, readonly Privilege[]>>> = {
  invoices: INVOICE_READERS,
  jobs: ['job_read'],
};

/** Whether they may read what a file of that kind shows. */
export const readsExport = ({ privileges }: Pick<Caller, 'privileges'>, kind: ExportKind): boolean =>
  READERS[kind]?.some((one) => privileges.has(one)) ?? true;

/**
 * A super admin: every division. Others: their own (docs/design/api.md#roles-and-privileges); a person of `all` has
 * every division.
 */
export const mayExport = (
  { role, division: own }: Pick<Caller, 'role' | 'division'>,
  division: ExportWish['division'],
): boolean => role === 'super_admin' || own === 'all' || own === division;

/** One that runs and five that wait. */
const MAX_OPEN = 6;
/** A place whose export was never requested (a crash in between) is free again after this. */
const PLACE_VALID_MS = 60_000;

/**
 * @param over ids of exports that are ready, failed or gone
 * @param absent ids of exports that were not requested (yet)
 * @throws Refusal EXPORT_LIMIT
 */
export function decideQueueExport(
  queue: ExportQueue,
  wanted: { readonly userId: string; readonly exportId: string },
  now: string,
  { over, absent }: { readonly over: ReadonlySet<string>; readonly absent: ReadonlySet<string> },
): ExportQueueEvent[] {
  if (queue.has(wanted.exportId)) return [];
  const others = [...queue]
    .filter(
      ([id, at]) => !over.has(id) && !(absent.has(id) && Date.parse(now) - Date.parse(at) > PLACE_VALID_MS),
    )
    .map(([id]) => id);
  if (others.length >= MAX_OPEN) throw new Refusal('EXPORT_LIMIT');
  return [{ type: 'ExportQueued', data: { ...wanted, others, queuedAt: now } }];
}

async function takePlace(handler: CommandHandler, ctx: EventContext, userId: string, exportId: string) {
  const over = new Set<string>();
  const absent = new Set<string>();
  for (const id of (await handler.load(exportQueue, userId)).keys()) {
    const found = await handler.load(exportAggregate, id);
    if (found.status === 'absent') absent.add(id);
    else if (!isUnfinishedExport(found)) over.add(id);
  }
  // What came in meanwhile is in none of the two: it counts.
  await handler.executeCommand(exportQueue, userId, ctx, (queue) =>
    decideQueueExport(queue, { userId, exportId }, ctx.at, { over, absent }),
  );
}

export function decideRequestExport(state: Export, wish: ExportWish): ExportEvent[] {
  return state.status === 'absent' ? [{ type: 'ExportRequested', data: wish }] : [];
}

/** @throws Refusal FORBIDDEN (they may not read that kind), DIVISION_FORBIDDEN, EXPORT_LIMIT */
export const requestExport =
  ({
    handler,
    clock,
    ids,
    exportTtlMinutes,
  }: {
    handler: CommandHandler;
    clock: Clock;
    ids: Ids;
    exportTtlMinutes: number;
  }) =>
  async (ctx: CommandContext, kind: ExportKind, { division, report_type, date_range }: Input) => {
    if (!readsExport(ctx.caller, kind)) throw new Refusal('FORBIDDEN');
    if (!mayExport(ctx.caller, division)) throw new Refusal('DIVISION_FORBIDDEN');
    // The same key makes the same export.
    const exportId = ctx.key === undefined ? ids.next() : ids.from('export', ctx.key);
    // Whole seconds: that is what the link says.
    const until = Math.floor(clock.now().getTime() / 1000) + exportTtlMinutes * 60;
    const eventContext = eventContextOf(ctx, clock);
    await takePlace(handler, eventContext, ctx.caller.id, exportId);
    const { state, position } = await handler.executeCommand(
      exportAggregate,
      exportId,
      eventContext,
      (known) =>
        decideRequestExport(known, {
          exportId,
          kind,
          reportType: report_type ?? null,
          division,
          ...date_range,
          requestedBy: ctx.caller.id,
          expiresAt: new Date(until * 1000).toISOString(),
        }),
    );
    if (state.status === 'absent') throw new TypeError('an export that was asked for is on record');
    return { exportId, expiresAt: state.wish.expiresAt, position };
  };
