/** The CRM form of each division, in the order of the seed (docs/design/dashboard.md#crm). What a field may hold is the API's. */
import type { Division } from '../lib/api.ts';

export type Kind = 'text' | 'city' | 'choice' | 'select' | 'money' | 'number' | 'yes-no' | 'day' | 'moment';
/** What is in the form, all as text; `''`: nothing. */
export type CrmValues = Readonly<Record<string, string>>;

export interface CrmField {
  /** On the wire; one of `crm_fields` when `own`, `documents.stnk`: a member of a group. */
  readonly name: string;
  readonly label: string;
  readonly kind: Kind;
  readonly own: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly unit?: string;
  /** Shown only when; hidden, it is cleared. */
  readonly when?: (values: CrmValues) => boolean;
  readonly hint?: (values: CrmValues) => string | undefined;
  /** Two beside each other. */
  readonly half?: boolean;
}

const options = (of: Readonly<Record<string, string>>) =>
  Object.entries(of).map(([value, label]) => ({ value, label }));
const field = (name: string, label: string, kind: Kind, more: Partial<CrmField> = {}): CrmField => ({
  name,
  label,
  kind,
  own: true,
  ...more,
});
const common = (name: string, label: string, kind: Kind, more: Partial<CrmField> = {}): CrmField => ({
  name,
  label,
  kind,
  own: false,
  ...more,
});

const FROM_TO: readonly CrmField[] = [
  common('origin_city', 'Kota asal', 'city', { half: true }),
  common('destination_city', 'Kota tujuan', 'city', { half: true }),
  common('customer_type', 'Jenis pelanggan', 'choice', {
    options: options({ individual: 'Individu', company: 'Perusahaan' }),
  }),
];

export const STAGE_FIELDS: readonly CrmField[] = [
  common('crm_stage', 'Tahap', 'select', {
    options: ['Lead', 'Qualified', 'Proposal', 'Won', 'Lost'].map((value) => ({ value, label: value })),
    hint: ({ crm_stage: stage }) =>
      stage === 'Won' || stage === 'Lost' ? 'Won dan Lost menutup tiket ini.' : undefined,
  }),
  common('lost_reason', 'Alasan Lost (wajib)', 'select', {
    when: ({ crm_stage: stage }) => stage === 'Lost',
    options: options({
      price: 'Harga',
      competitor: 'Kompetitor',
      cancelled_plan: 'Rencana batal',
      no_response: 'Tidak ada respons',
      out_of_coverage: 'Di luar jangkauan',
      schedule: 'Jadwal',
      other: 'Lainnya',
    }),
  }),
];

const MONEY: readonly CrmField[] = [
  common('quote_value', 'Nilai penawaran', 'money', { half: true }),
  common('deal_value', 'Nilai deal', 'money', { half: true }),
  common('discount_given', 'Diskon (opsional)', 'money', { half: true }),
];

const PAPER = options({ sudah: 'Sudah', belum: 'Belum', tidak_perlu: 'Tidak perlu' });

const OWN: Record<Division, readonly CrmField[]> = {
  sari: [
    field('service_type', 'Layanan', 'choice', {
      options: options({ kargo: 'Kargo', motor: 'Motor', air_cargo: 'Air cargo' }),
    }),
    field('cargo_weight_kg', 'Berat', 'number', {
      unit: 'kg',
      half: true,
      when: ({ service_type: type }) => type !== 'motor',
    }),
    field('cargo_volume_cbm', 'Volume', 'number', {
      unit: 'cbm',
      half: true,
      when: ({ service_type: type }) => type !== 'motor',
      hint: ({ service_type: type }) => (type === 'kargo' ? 'Isi berat atau volume.' : undefined),
    }),
    field('vehicle_type_motor', 'Jenis motor', 'choice', {
      when: ({ service_type: type }) => type === 'motor',
      options: options({ bebek: 'Bebek', matic: 'Matic', sport: 'Sport', besar: 'Besar' }),
    }),
    field('is_recurring', 'Pengiriman rutin', 'yes-no'),
    field('estimated_monthly_volume', 'Perkiraan volume per bulan', 'number', {
      when: ({ is_recurring: rutin }) => rutin === 'true',
    }),
    field('last_order_date', 'Order terakhir', 'day'),
  ],
  savi: [
    field('vehicle_brand_model', 'Merek dan model', 'text'),
    field('vehicle_count', 'Jumlah unit', 'number', { half: true }),
    field('origin_type', 'Asal kendaraan', 'select', {
      half: true,
      options: options({ batam_ftz: 'Batam FTZ', batam_nasional: 'Batam Nasional', lainnya: 'Lainnya' }),
      hint: ({ origin_type: from }) =>
        from === 'batam_ftz' ? 'FTZ memerlukan STNK, BPKB, KTP, NTPN, dan PPFTZ.' : undefined,
    }),
    field('is_electric_vehicle', 'Mobil listrik', 'yes-no', {
      hint: ({ is_electric_vehicle: electric }) =>
        electric === 'true' ? 'Hanya via port Jakarta, baterai 25-49%' : undefined,
    }),
    ...['stnk', 'bpkb', 'ktp', 'ntpn', 'ppftz'].map((paper) =>
      field(`documents.${paper}`, paper.toUpperCase(), 'choice', { options: PAPER }),
    ),
  ],
  safia: [
    field('move_type', 'Jenis pindahan', 'choice', {
      options: options({ rumah: 'Rumah', apartemen: 'Apartemen', kantor: 'Kantor' }),
    }),
    field('move_trigger', 'Alasan pindah', 'select', {
      options: options({
        mutasi_kerja: 'Mutasi kerja',
        beli_rumah: 'Beli rumah',
        habis_sewa: 'Habis sewa',
        pulang_kampung: 'Pulang kampung',
        relokasi_kantor: 'Relokasi kantor',
        lainnya: 'Lainnya',
      }),
    }),
    field('how_did_they_find_us', 'Tahu Saga dari', 'select', {
      options: options({
        google: 'Google',
        instagram: 'Instagram',
        facebook: 'Facebook',
        referral: 'Referral',
        website: 'Website',
        telegram: 'Telegram',
        lainnya: 'Lainnya',
      }),
    }),
    field('desired_move_date', 'Tanggal pindah', 'day', { half: true }),
    field('estimated_cbm', 'Perkiraan volume', 'number', { unit: 'cbm', half: true }),
    field('survey_date', 'Jadwal survei (WIB)', 'moment'),
    field('survey_show_up', 'Survei terlaksana', 'yes-no', {
      when: ({ survey_date: at }) => at !== undefined && at !== '',
    }),
    field('survey_result_cbm', 'Hasil survei', 'number', {
      unit: 'cbm',
      when: ({ survey_date: at, survey_show_up: was }) => at !== '' && was === 'true',
    }),
    field('competitor_mentioned', 'Kompetitor yang disebut', 'text', { half: true }),
    field('competitor_price', 'Harga kompetitor', 'money', { half: true }),
  ],
};

export const fieldsOf = (division: Division): readonly CrmField[] => [
  ...STAGE_FIELDS,
  ...FROM_TO,
  ...OWN[division],
  ...MONEY,
];
export const isShown = (one: CrmField, values: CrmValues): boolean => one.when?.(values) ?? true;
