/** What a division can be asked to do at a customer's (docs/design/field-service.md#services). */
import { z } from 'zod';
import { DIVISIONS, division, type Division } from '../vocabulary.ts';

/** How its price is taxed (docs/design/field-service.md#tax). */
export const TAX_SCHEMES = ['dpp_11_12', 'besaran_1_1', 'exempt', 'non_pkp'] as const;
export const taxScheme = z.enum(TAX_SCHEMES);
export type TaxScheme = z.infer<typeof taxScheme>;

export const service = z.strictObject({
  division,
  /** Stored in the events, so it is never given to another service. */
  key: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
  /** Indonesian. */
  label: z.string().min(1).max(80),
  /** What the technician must be able to do; null: nothing special. */
  skill: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,39}$/)
    .nullable(),
  /** How long a visit takes when nobody says otherwise, in minutes. */
  minutes: z.int().min(15).max(1_440),
  /** Metres around the place that count as there. */
  radius: z.int().min(10).max(50_000),
  taxScheme,
});
export type Service = z.infer<typeof service>;
export type Services = readonly Service[];

/** A key names one service in the whole firm, and every division has one. */
export const services = z
  .array(service)
  .max(200)
  .refine((all) => new Set(all.map(({ key }) => key)).size === all.length, 'a key names one service')
  .refine((all) => DIVISIONS.every((of) => all.some((one) => one.division === of)), 'a division has none');

const of = (
  division: Division,
  key: string,
  label: string,
  minutes: number,
  taxScheme: TaxScheme,
  skill: string | null = null,
): Service => ({ division, key, label, skill, minutes, radius: 150, taxScheme });

/** Until `SERVICES` says otherwise. */
export const DEFAULT_SERVICES: Services = [
  of('sari', 'jemput_kargo', 'Penjemputan kargo', 120, 'besaran_1_1'),
  of('sari', 'antar_kargo', 'Pengantaran kargo', 120, 'besaran_1_1'),
  of('sari', 'survei_kargo', 'Survei kargo', 60, 'dpp_11_12'),
  of('savi', 'jemput_mobil', 'Penjemputan mobil', 120, 'besaran_1_1', 'mobil'),
  of('savi', 'antar_mobil', 'Pengantaran mobil', 120, 'besaran_1_1', 'mobil'),
  of('savi', 'cek_mobil', 'Pemeriksaan mobil', 60, 'dpp_11_12', 'mobil'),
  of('safia', 'survei_pindahan', 'Survei pindahan', 60, 'dpp_11_12'),
  of('safia', 'pengepakan', 'Pengepakan', 240, 'dpp_11_12', 'pengepakan'),
  of('safia', 'pindahan', 'Pindahan', 480, 'dpp_11_12'),
  of('safia', 'instalasi', 'Bongkar pasang AC dan perabot', 180, 'dpp_11_12', 'instalasi'),
];

export const serviceOf = (all: Services, key: string): Service | undefined =>
  all.find((one) => one.key === key);
