/** Days in the address of a request about visits (docs/design/field-service.md#capacity). */
import { z } from 'zod';
import { because, problem } from '../../domain/problems.ts';
import { daysIn, type Period } from '../../domain/time/period.ts';
import { HttpError } from '../framework/errors.ts';

/** 'YYYY-MM-DD'. No data is older, and years have four digits. */
export const day = z.iso
  .date()
  .refine(
    (text) => text >= '2000-01-01' && text <= '2199-12-31',
    because('OUT_OF_RANGE', 'Tanggal harus antara tahun 2000 dan 2199', {
      minimum: '2000-01-01',
      maximum: '2199-12-31',
    }),
  )
  .meta({ inQuery: { type: 'string', format: 'date' } });

export const PERIOD = {
  from: day.meta({ example: '2026-12-01', inQuery: { type: 'string', format: 'date' } }),
  to: day.meta({ example: '2026-12-07', inQuery: { type: 'string', format: 'date' } }),
};

/** @param most days, both ends within. @throws HttpError VALIDATION_FAILED */
export function requireDays(period: Period, most: number): void {
  const length = daysIn(period);
  if (length >= 1 && length <= most) return;
  throw new HttpError('VALIDATION_FAILED', [
    problem('to', 'OUT_OF_RANGE', `Pilih 1 sampai ${String(most)} hari`, { maximum_days: most }),
  ]);
}
