/** Between what the API says and what a form holds, which is text. */
import type { Crm } from '../lib/api.ts';
import { clockOf, dayKey } from '../lib/dates.ts';
import { amountOf } from '../lib/money.ts';
import { type CrmField, type CrmValues, isShown } from './layout.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function stored(crm: Crm, { name, own }: CrmField): unknown {
  const from: unknown = own ? crm.crm_fields : crm;
  return name.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), from);
}

function asText(value: unknown, { kind }: CrmField): string {
  if (typeof value === 'number') return kind === 'number' ? String(value).replace('.', ',') : String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return '';
  // A survey may be known by its day only; the field takes a moment.
  if (kind === 'moment')
    return value.length === 10 ? `${value}T09:00` : `${dayKey(value)}T${clockOf(value).replace('.', ':')}`;
  return value;
}

export const valuesOf = (crm: Crm, fields: readonly CrmField[]): CrmValues =>
  Object.fromEntries(fields.map((one) => [one.name, asText(stored(crm, one), one)]));

/** A number as it is written here: `1.250,5`. NaN where it is none. */
export const numberOf = (text: string): number =>
  /^\d{1,3}(?:\.\d{3})*(?:,\d+)?$|^\d+(?:[.,]\d+)?$/.test(text.trim())
    ? Number(
        /,/.test(text) || /\.\d{3}(?:\.|$)/.test(text) ? text.replaceAll('.', '').replace(',', '.') : text,
      )
    : Number.NaN;

function asWire(text: string, { kind }: CrmField): unknown {
  if (text.trim() === '') return null;
  switch (kind) {
    case 'money':
      return amountOf(text);
    case 'number': {
      const number = numberOf(text);
      // The API says in words what is wrong with it.
      return Number.isNaN(number) ? text : number;
    }
    case 'yes-no':
      return text === 'true';
    case 'moment':
      return `${text}:00+07:00`;
    default:
      return text.trim();
  }
}

type Tree = { [name: string]: unknown };

function put(into: Tree, name: string, value: unknown): void {
  const [head = '', ...rest] = name.split('.');
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const inner = into[head];
  const next: Tree = isRecord(inner) ? { ...inner } : {};
  put(next, rest.join('.'), value);
  into[head] = next;
}

/** What is sent: the fields somebody touched, and those that are hidden now and hold something. */
export function changesOf(
  before: CrmValues,
  after: CrmValues,
  fields: readonly CrmField[],
): { body: Tree; names: readonly string[] } {
  const body: Tree = {};
  const own: Tree = {};
  const names: string[] = [];
  for (const one of fields) {
    const shown = isShown(one, after);
    const text = shown ? (after[one.name] ?? '') : '';
    // The stage clears its reason by itself.
    if (text === (before[one.name] ?? '') || (!shown && one.name === 'lost_reason')) continue;
    names.push(one.name);
    put(one.own ? own : body, one.name, asWire(text, one));
  }
  if (Object.keys(own).length > 0) body['crm_fields'] = own;
  return { body, names };
}
