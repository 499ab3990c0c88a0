/** A history as text for people: aligned; coloured only on a terminal. */
import { styleText } from 'node:util';
import type { StateDifference } from '../../src/projections/audit/history/difference.ts';
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

/** On one line, without control characters: what a customer wrote must not break the table or control the terminal. */
function inline(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'object' && 'name' in value && 'id' in value)
    return `${String(value.name)} (${String(value.id)})`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

const CELL = 60;

/** Cut to the width of a cell. */
function short(value: unknown): string {
  const characters = [...inline(value)];
  return characters.length > CELL ? `${characters.slice(0, CELL - 1).join('')}…` : characters.join('');
}

/** Each column is as wide as its widest cell; the last one is not padded. */
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

type ActorFields = Pick<HistoryEvent, 'actor' | 'actor_kind'> &
  Partial<Pick<HistoryEvent, 'actor_role' | 'process'>>;

/** The name of a person, or the kind of actor. */
function actorText({ actor, actor_kind, actor_role, process }: ActorFields): string {
  if (actor) return `${actor.name || actor.id}${actor_role ? ` (${actor_role})` : ''}`;
  return process === undefined ? actor_kind : `${actor_kind} ${process}`;
}

const streamOf = ({ stream, revision }: Pick<HistoryEvent, 'stream' | 'revision'>): string =>
  `${stream.slice(0, stream.indexOf('-'))}@${String(revision)}`;

/** What is shown of an event that changed no field. */
const SHOWN_DATA = ['content', 'status', 'retryAt', 'attempt', 'mimeType'] as const;

function detailsOf({ changes, data, unreadable }: HistoryEvent): string[] {
  if (unreadable !== undefined) {
    const { because, skipped } = unreadable;
    const by =
      skipped === null
        ? 'skipped by nobody yet'
        : `skipped by ${skipped.by} at ${skipped.at}: ${skipped.reason}`;
    return [inline(`This program cannot read it (${because}); ${by}`)];
  }
  if (changes.length > 0)
    return changes
      .filter(({ field }) => field !== 'last_message_preview')
      .map(({ field, from, to }) => `${field}: ${inline(from)} -> ${inline(to)}`);
  return SHOWN_DATA.filter((name) => data[name] !== undefined).map(
    (name) => `${name}: ${inline(data[name])}`,
  );
}

function eventRows(events: readonly HistoryEvent[], paint: Paint): string[] {
  const rows = events.map((event) => [
    event.timestamp,
    streamOf(event),
    event.type,
    actorText(event),
    inline(event.reason ?? ''),
  ]);
  const [header = '', ...lines] = table([['time', 'stream', 'event', 'by', 'reason'], ...rows], paint);
  return [
    header,
    ...lines.flatMap((line, index) => {
      const event = events[index];
      const content = event?.data['content'];
      const quote =
        event && event.changes.length > 0 && typeof content === 'string' ? [`“${inline(content)}”`] : [];
      return [
        line,
        ...[...quote, ...(event ? detailsOf(event) : [])].map((text) => paint.faint(`    ${text}`)),
      ];
    }),
  ];
}

export interface Heading {
  readonly title: string;
  /** Says what is left out. */
  readonly note: string | null;
  readonly paint: Paint;
}

const headingLines = ({ title, note, paint }: Heading, when: string): string[] => [
  paint.head(`${title}, ${when}`),
  ...(note === null ? [] : [note]),
  '',
];

const when = ({ at, revision }: { readonly at: Date; readonly revision: number }): string =>
  `${at.toISOString()} (revision ${String(revision)})`;

/** The state, one field a line; then the events, each with what it changed. */
export function historyText(history: History<object>, fields: Fields, heading: Heading): string {
  const { paint } = heading;
  const state = Object.entries(fields).map(([field, value]) => [field, inline(value)]);
  const count = String(history.events.length);
  const which =
    history.nextCursor === null ? `all ${count} events` : `the last ${count} events; --limit N shows more`;
  return [
    ...headingLines(heading, `as of ${when(history)}`),
    ...table([['field', 'value'], ...state], paint),
    '',
    paint.head(`What happened up to then: ${which}`),
    ...eventRows(history.events, paint),
  ].join('\n');
}

/** What changed from one point in time to the other, and by which event. */
export function differenceText({ from, to, fields }: StateDifference, heading: Heading): string {
  const rows = fields.map(({ field, from: was, to: is, by }) => [
    field,
    short(was),
    short(is),
    by === null
      ? 'no event: time, or a new name'
      : `${by.type} ${streamOf(by)} ${by.timestamp} ${actorText(by)}`,
  ]);
  return [
    ...headingLines(heading, `from ${when(from)} to ${when(to)}`),
    ...(rows.length === 0
      ? ['Nothing changed.']
      : table([['field', 'from', 'to', 'by'], ...rows], heading.paint)),
  ].join('\n');
}
