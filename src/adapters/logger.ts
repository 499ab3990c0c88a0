import { pino, type DestinationStream, type Level } from 'pino';
import type { Logger } from '../ports.ts';

/**
 * Only these fields are printed (ASVS 16.2.5: an allow list, because a block list misses some). None of them may hold a
 * phone number, a name, a message or a secret. A field that is missing here is named in `dropped`, without its value.
 */
const LOGGED_FIELDS: ReadonlySet<string> = new Set(
  `requestId client_request_id correlationId causationId method route status code milliseconds attempt attempts failures backoff count limit size
  userId role division ticketId customerId eventId inboxId deadLetterId blastId exportId sessionId
  store stream type eventType position checkpoint revision from to head lag batch events appends rows view views
  lease epoch topic channel line job run transport connection signature accepted duplicates
  pid host port wanted owner dataDir outside migration migrations version environment variables signal
  reason because err error field fields problem night due seal seals entries ways expected found since outcome erased`.split(
    /\s+/,
  ),
);

/** Long numbers in these fields are no phone numbers. */
const OWN_WORDS: ReadonlySet<string> = new Set(
  'position checkpoint revision from to head migration migrations dataDir outside version line'.split(' '),
);

const MAX_TEXT = 500;
/** Alone or after a letter prefix such as `wa_`; not inside a UUID. */
const PHONE = /(?<![0-9a-fA-F-])\d{8,15}(?![0-9a-fA-F-])|\+\d[\d ()-]{7,}\d/g;
const ADDRESS = /[^\s@<>"']+@[^\s@<>"']+/g;

/** Error messages may quote input: phone numbers and e-mail addresses are replaced. */
function harmless(text: string): string {
  const short = text.slice(0, MAX_TEXT).replaceAll(PHONE, '[digits]');
  // The pattern is slow on long texts, and most texts have no @.
  return short.includes('@') ? short.replaceAll(ADDRESS, '[address]') : short;
}

function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return harmless(String(error));
  // The first lines of a stack repeat the message: only the places in the code are kept.
  const places = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '));
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: harmless(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: places.slice(0, 12).join('\n'),
    ...(error.cause !== undefined && depth < 3 ? { cause: describe(error.cause, depth + 1) } : {}),
  };
}

function printable(name: string, value: unknown): unknown {
  if (value instanceof Error || name === 'err' || name === 'error') return describe(value);
  if (typeof value === 'string') return OWN_WORDS.has(name) ? value.slice(0, MAX_TEXT) : harmless(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, 50).map((entry) => printable(name, entry));
  return undefined;
}

function allowed(fields: object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = LOGGED_FIELDS.has(name) ? printable(name, value) : undefined;
    if (shown === undefined) dropped.push(name);
    else kept[name] = shown;
  }
  return dropped.length > 0 ? { ...kept, dropped } : kept;
}

/** Log lines are written together: one write per line took a tenth of the time of a request. */
const TOGETHER = { bytes: 8 * 1024, milliseconds: 50, mostWaiting: 16 * 1024 * 1024 };

/** Waiting lines are written at once after a warning or an error, and when the process ends; only kill -9 loses them. */
function standardOutput() {
  return pino.destination({
    fd: 1,
    sync: false,
    minLength: TOGETHER.bytes,
    periodicFlush: TOGETHER.milliseconds,
    maxLength: TOGETHER.mostWaiting,
  });
}

/**
 * JSON lines, one per message.
 * @param options.destination default: standard output
 */
export function createLogger(options: {
  readonly level: Level | 'silent';
  readonly destination?: DestinationStream;
}): Logger {
  const base = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const out = pino(base, options.destination ?? standardOutput());
  const at = (level: Level) => (fields: object, message: string) => {
    if (out.isLevelEnabled(level)) out[level](allowed(fields), message);
  };
  let flushing = false;
  const urgent = (level: Level) => (fields: object, message: string) => {
    at(level)(fields, message);
    // One flush at a time: many warnings at once must not start many flushes.
    if (flushing) return;
    flushing = true;
    out.flush(() => {
      flushing = false;
    });
  };
  return { debug: at('debug'), info: at('info'), warn: urgent('warn'), error: urgent('error') };
}
