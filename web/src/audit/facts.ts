/** A ticket and its CRM data as labelled facts, so that two moments can be laid side by side. */
import { fieldsOf } from '../crm/layout.ts';
import type { Crm, Division, Ticket } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { CHANNEL, DIVISION, STATUS } from '../lib/id.ts';
import { QUEUE } from '../tickets/inbox/words.ts';
import { rupiah } from '../lib/money.ts';

export interface Moment {
  readonly ticket: Ticket;
  readonly crm: Crm;
}
export interface Fact {
  /** As the API names it in the changes of an event. */
  readonly field: string;
  readonly label: string;
  /** null: nothing there. */
  readonly text: string | null;
}

const TICKET: Readonly<Record<string, string>> = {
  status: 'Status',
  queue_status: 'Antrian',
  assigned_to: 'Ditangani oleh',
  waiting_for_agent: 'Menunggu agent',
  assignment_note: 'Catatan assign',
  division: 'Divisi',
  channel: 'Channel',
  wa_display_name: 'Nomor kami',
  customer_name: 'Nama pelanggan',
  customer_phone: 'Nomor pelanggan',
  tags: 'Tag',
  opted_out: 'Tidak mau promosi',
  is_returning_customer: 'Pelanggan kembali',
  is_off_hours: 'Di luar jam kerja',
  is_idle: 'Diam lebih dari batas',
  last_message_preview: 'Pesan terakhir',
  last_message_from: 'Pesan terakhir dari',
  last_message_at: 'Waktu pesan terakhir',
  waiting_since: 'Pelanggan menunggu sejak',
  queued_at: 'Masuk antrian',
  assigned_at: 'Diambil',
  first_reply_at: 'Balasan pertama',
  response_due_at: 'Batas balas',
  window_expires_at: 'Jendela 24 jam sampai',
  snoozed_until: 'Ditunda sampai',
  last_delivery_status: 'Pengiriman terakhir',
  closed_at: 'Ditutup',
  created_at: 'Dibuka',
};

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: STATUS,
  queue_status: QUEUE,
  division: DIVISION,
  channel: CHANNEL,
  last_message_from: { customer: 'Pelanggan', bot: 'Bot', agent: 'Agent', sa: 'Saga Team' },
  last_delivery_status: {
    queued: 'Menunggu',
    sent: 'Terkirim',
    delivered: 'Sampai',
    read: 'Dibaca',
    failed: 'Gagal',
    unknown: 'Belum pasti',
  },
};

const crmLabels = (
  division: Division,
): ReadonlyMap<string, { label: string; words: ReadonlyMap<string, string>; money: boolean }> =>
  new Map(
    fieldsOf(division).map(({ name, label, own, options = [], kind }) => [
      own ? `crm.crm_fields.${name}` : name === 'crm_stage' ? name : `crm.${name}`,
      { label, words: new Map(options.map((one) => [one.value, one.label])), money: kind === 'money' },
    ]),
  );

/** A name without words of its own: still better seen than left out. */
const plain = (field: string): string => {
  const last = field.split('.').at(-1) ?? field;
  return last.charAt(0).toUpperCase() + last.slice(1).replaceAll('_', ' ');
};

const ISO = /^\d{4}-\d{2}-\d{2}T/;

function textOf(field: string, value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'Ya' : 'Tidak';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return WORDS[field]?.[value] ?? (ISO.test(value) ? momentOf(value) : value);
  if (Array.isArray(value))
    return value.length === 0 ? null : value.map((one) => textOf(field, one) ?? '').join(', ');
  if (typeof value === 'object' && 'name' in value) return textOf(field, value.name);
  if (typeof value === 'object' && 'text' in value) return textOf(field, value.text);
  return JSON.stringify(value);
}

/** What a field of a change is called, and its value in words. */
export function describe(
  division: Division,
  field: string,
  value: unknown,
): { label: string; text: string | null } {
  const ofCrm = crmLabels(division).get(field);
  if (ofCrm === undefined) return { label: TICKET[field] ?? plain(field), text: textOf(field, value) };
  const words = typeof value === 'string' ? ofCrm.words.get(value) : undefined;
  const money = ofCrm.money && typeof value === 'number' ? rupiah(value) : undefined;
  return { label: ofCrm.label, text: words ?? money ?? textOf(field, value) };
}

/** Everything that has words, in the order of the screens. */
export function factsOf({ ticket, crm }: Moment): readonly Fact[] {
  const { division } = ticket;
  const own = Object.entries(TICKET).map(([field, label]) => ({
    field,
    label,
    text: textOf(field, (ticket as Readonly<Record<string, unknown>>)[field]),
  }));
  const tree = crm as unknown as Readonly<Record<string, unknown>>;
  const at = (path: readonly string[]): unknown =>
    path.reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      tree,
    );
  const ofCrm = [...crmLabels(division).keys()].map((field) => {
    const { label, text } = describe(division, field, at(field.replace(/^crm\./, '').split('.')));
    return { field, label, text };
  });
  return [...own, ...ofCrm];
}

export interface Difference {
  readonly label: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What is not the same at two moments. */
export function differencesOf(before: Moment, after: Moment): readonly Difference[] {
  const old = new Map(factsOf(before).map(({ field, text }) => [field, text]));
  return factsOf(after).flatMap(({ field, label, text }) =>
    old.get(field) === text ? [] : [{ label, before: old.get(field) ?? null, after: text }],
  );
}
