/** A history for people: aligned, and coloured on a terminal only. */
import { styleText } from 'node:util';
import type { Difference } from '../../src/projections/audit/history/difference.ts';
import type { HistoryEvent } from '../../src/projections/audit/history/entry.ts';
import type { Fields } from '../../src/projections/audit/history/fields.ts';
import type { History } from '../../src/projections/audit/history/history.ts';

export interface Paint {
  head(text: string): string;
  faint(text: string): string;
}

export const paintFor = (colours: boolean): Paint => ({
  head: (text) => (colours ? styleText('bold', text) : text),
  faint: (text) => (colours ? styleText('dim', text) : text),
});

/** On one line: what a customer wrote must not break the table, nor speak to the terminal. */
function inline(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'object' && 'name' in value && 'id' in value)
    return `${String(value.name)} (${String(value.id)})`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

const CELL = 60;

/** For a table of several columns. */
function short(value: unknown): string {
  const characters = [...inline(value)];
  return characters.length > CELL ? `${characters.slice(0, CELL - 1).join('')}…` : characters.join('');
}

/** Columns as wide as their widest cell; the last one ends where it ends. */
function table(rows: readonly (readonly string[])[], { head }: Paint): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return rows.map((row, index) => (index === 0 ? head(line(row)) : line(row)));
}

type Who = Pick<HistoryEvent, 'actor' | 'actor_kind'> & Partial<Pick<HistoryEvent, 'actor_role' | 'process'>>;

/** The name, or what it was when it was nobody. */
function who({ actor, actor_kind, actor_role, process }: Who): string {
  if (actor) return `${actor.name || actor.id}${actor_role ? ` (${actor_role})` : ''}`;
  return process === undefined ? actor_kind : `${actor_kind} ${process}`;
}

const streamOf = ({ stream, revision }: Pick<HistoryEvent, 'stream' | 'revision'>): string =>
  `${stream.slice(0, stream.indexOf('-'))}@${String(revision)}`;

/** The words of an event that changed nothing itself. */
const SAID = ['content', 'status', 'retryAt', 'attempt', 'mimeType'] as const;

function below({ changes, data }: HistoryEvent): string[] {
  if (changes.length > 0)
    return changes
      .filter(({ field }) => field !== 'last_message_preview')
      .map(({ field, from, to }) => `${field}: ${inline(from)} -> ${inline(to)}`);
  return SAID.filter((name) => data[name] !== undefined).map((name) => `${name}: ${inline(data[name])}`);
}

function eventRows(events: readonly HistoryEvent[], paint: Paint): string[] {
  const rows = events.map((event) => [
    event.timestamp,
    streamOf(event),
    event.type,
    who(event),
    inline(event.reason ?? ''),
  ]);
  const [header = '', ...lines] = table([['time', 'stream', 'event', 'by', 'reason'], ...rows], paint);
  return [
    header,
    ...lines.flatMap((line, index) => {
      const event = events[index];
      const said = event?.data['content'];
      const words =
        event && event.changes.length > 0 && typeof said === 'string' ? [`“${inline(said)}”`] : [];
      return [line, ...[...words, ...(event ? below(event) : [])].map((text) => paint.faint(`    ${text}`))];
    }),
  ];
}

export interface Titled {
  readonly title: string;
  /** Said about what is left out. */
  readonly note: string | null;
  readonly paint: Paint;
}

const heading = ({ title, note, paint }: Titled, when: string): string[] => [
  paint.head(`${title}, ${when}`),
  ...(note === null ? [] : [note]),
  '',
];

const when = ({ at, revision }: { readonly at: Date; readonly revision: number }): string =>
  `${at.toISOString()} (revision ${String(revision)})`;

/** The state field by field, then the events with what each changed. */
export function historyText(told: History<object>, fields: Fields, titled: Titled): string {
  const { paint } = titled;
  const state = Object.entries(fields).map(([field, value]) => [field, inline(value)]);
  const count = String(told.events.length);
  const which =
    told.nextCursor === null ? `all ${count} events` : `the last ${count} events; --limit N shows more`;
  return [
    ...heading(titled, `as of ${when(told)}`),
    ...table([['field', 'value'], ...state], paint),
    '',
    paint.head(`What happened up to then: ${which}`),
    ...eventRows(told.events, paint),
  ].join('\n');
}

/** What changed from one moment to the other, and by which event. */
export function differenceText({ from, to, fields }: Difference, titled: Titled): string {
  const rows = fields.map(({ field, from: was, to: is, by }) => [
    field,
    short(was),
    short(is),
    by === null ? 'no event: time, or a new name' : `${by.type} ${streamOf(by)} ${by.timestamp} ${who(by)}`,
  ]);
  return [
    ...heading(titled, `from ${when(from)} to ${when(to)}`),
    ...(rows.length === 0
      ? ['Nothing changed.']
      : table([['field', 'from', 'to', 'by'], ...rows], titled.paint)),
  ].join('\n');
}
