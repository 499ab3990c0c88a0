/** Asks for a file (contract.md 8). A job makes it; the link is valid from now on and answers when it is there. */
import { z } from 'zod';
import {
  type Export,
  exportAggregate,
  type ExportEvent,
  type ExportWish,
  reportType,
} from '../../domain/exports/export.ts';
import { daysIn, MAX_DAYS } from '../../domain/time/period.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { userDivision } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** No data is older, and a calendar of four digits ends. */
const day = z.iso.date().refine((text) => text >= '2000-01-01' && text <= '2199-12-31', {
  message: 'Tanggal di luar jangkauan',
});

const dateRange = z
  .strictObject({ start: day, end: day })
  .refine(({ start, end }) => start <= end, {
    path: ['end'],
    message: 'Tanggal akhir tidak boleh sebelum tanggal awal',
  })
  // Of a date that is none, which was told already, there is no number of days.
  .refine(({ start, end }) => !(daysIn({ from: start, to: end }) > MAX_DAYS), {
    path: ['end'],
    message: `Rentang paling lama ${String(MAX_DAYS)} hari`,
  })
  .meta({ description: `First and last day, both within; at most ${String(MAX_DAYS)} days.` });

export const excelInput = z.strictObject({ division: userDivision, date_range: dateRange });
export const pdfInput = z.strictObject({
  division: userDivision,
  report_type: reportType,
  date_range: dateRange,
});
type Input = z.infer<typeof excelInput> & { readonly report_type?: z.infer<typeof reportType> };

/** super_admin any division, others their own (contract.md 9); to a person of `all`, every one is their own. */
export const mayExport = ({ role, division: own }: Caller, division: ExportWish['division']): boolean =>
  role === 'super_admin' || own === 'all' || own === division;

export function decideRequestExport(state: Export, wish: ExportWish): ExportEvent[] {
  return state.status === 'absent' ? [{ type: 'ExportRequested', data: wish }] : [];
}

/** @throws Refusal DIVISION_FORBIDDEN */
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
  async (ctx: CommandContext, kind: ExportWish['kind'], { division, report_type, date_range }: Input) => {
    if (!mayExport(ctx.caller, division)) throw new Refusal('DIVISION_FORBIDDEN');
    // The same key makes the same export.
    const exportId = ctx.key === undefined ? ids.next() : ids.from('export', ctx.key);
    // Whole seconds: that is what the link says.
    const until = Math.floor(clock.now().getTime() / 1000) + exportTtlMinutes * 60;
    const { state, position } = await handler.executeCommand(
      exportAggregate,
      exportId,
      eventContextOf(ctx, clock),
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
