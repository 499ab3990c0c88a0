/** The fields of the CRM forms (docs/design/api.md#crm-fields) as columns of a sheet. */
import type { CellFormat } from '../../../ports.ts';
import type { Division } from '../../../domain/vocabulary.ts';
import { localSql, type RowColumn } from './rows.ts';

type FieldKind = 'text' | 'number' | 'yes' | 'day' | 'time' | 'rupiah';

const TYPES: Readonly<
  Record<FieldKind, { readonly sql: string; readonly format: CellFormat; readonly width: number }>
> = {
  text: { sql: 'text', format: 'text', width: 16 },
  number: { sql: 'numeric', format: 'decimal', width: 12 },
  yes: { sql: 'boolean', format: 'text', width: 10 },
  day: { sql: 'text', format: 'day', width: 12 },
  time: { sql: 'text', format: 'moment', width: 17 },
  rupiah: { sql: 'numeric', format: 'rupiah', width: 16 },
};

type Field = readonly [name: string, heading: string, kind: FieldKind];

/** Every field of each form, in the order of the form. A test compares them with domain/crm. */
export const FORM_FIELDS: Readonly<Record<Division, readonly Field[]>> = {
  sari: [
    ['service_type', 'Jenis layanan', 'text'],
    ['cargo_weight_kg', 'Berat (kg)', 'number'],
    ['cargo_volume_cbm', 'Volume (CBM)', 'number'],
    ['vehicle_type_motor', 'Jenis motor', 'text'],
    ['is_recurring', 'Pengiriman rutin', 'yes'],
    ['estimated_monthly_volume', 'Perkiraan volume bulanan', 'number'],
    ['last_order_date', 'Pesanan terakhir', 'day'],
  ],
  savi: [
    ['vehicle_brand_model', 'Merek dan model', 'text'],
    ['vehicle_count', 'Jumlah kendaraan', 'number'],
    ['origin_type', 'Jenis asal', 'text'],
    ['is_electric_vehicle', 'Kendaraan listrik', 'yes'],
    ['documents.stnk', 'STNK', 'text'],
    ['documents.bpkb', 'BPKB', 'text'],
    ['documents.ktp', 'KTP', 'text'],
    ['documents.ntpn', 'NTPN', 'text'],
    ['documents.ppftz', 'PPFTZ', 'text'],
  ],
  safia: [
    ['move_type', 'Jenis pindahan', 'text'],
    ['move_trigger', 'Alasan pindah', 'text'],
    ['how_did_they_find_us', 'Tahu dari', 'text'],
    ['desired_move_date', 'Rencana pindah', 'day'],
    ['estimated_cbm', 'Perkiraan CBM', 'number'],
    ['survey_date', 'Tanggal survei', 'time'],
    ['survey_show_up', 'Hadir survei', 'yes'],
    ['survey_result_cbm', 'Hasil survei (CBM)', 'number'],
    ['competitor_mentioned', 'Kompetitor disebut', 'text'],
    ['competitor_price', 'Harga kompetitor', 'rupiah'],
  ],
};

const fieldsOf = (divisions: readonly Division[]): readonly Field[] =>
  divisions.flatMap((division) => FORM_FIELDS[division]);

function cellOf(kind: FieldKind, cell: string): string {
  if (kind === 'yes') return `case ${cell} when true then 'Ya' when false then 'Tidak' end`;
  // A day, or a day with a time.
  if (kind === 'time')
    return `case when length(${cell}) = 10 then ${cell} || 'T00:00:00' else ${localSql(`${cell}::timestamptz`)} end`;
  return cell;
}

/** The columns of these forms, on the row `v` of `crmRecord`. */
export const crmColumns = (divisions: readonly Division[]): readonly RowColumn[] =>
  fieldsOf(divisions).map(([name, heading, kind]) => {
    const cell = `v."${name}"`;
    const sql = cellOf(kind, cell);
    return { heading, width: TYPES[kind].width, format: TYPES[kind].format, sql };
  });

/**
 * SQL: the CRM values of the row `c` as the columns of a row `v`. The JSON is parsed once for all fields.
 *
 *     left join lateral json_to_record(c.crm->'values') v (customer_type text, ...) on true
 */
export const crmRecord = (divisions: readonly Division[]): string =>
  `left join lateral json_to_record(c.crm->'values') v (customer_type text${fieldsOf(divisions)
    .map(([name, , kind]) => `, "${name}" ${TYPES[kind].sql}`)
    .join('')}) on true`;
