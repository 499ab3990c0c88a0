/** Times as people here read them: Asia/Jakarta, Indonesian (docs/design/dashboard.md#words-and-numbers). */
import { useSyncExternalStore } from 'react';

const ZONE = 'Asia/Jakarta';
const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('id-ID', { timeZone: ZONE, ...options });

const CLOCK = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = format({ day: 'numeric', month: 'short' });
const DAY_OF_YEAR = format({ day: 'numeric', month: 'short', year: 'numeric' });
const LONG_DAY = format({ weekday: 'long', day: 'numeric', month: 'long' });
/** `2026-07-03`, of the business day. */
const KEY = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const dayKey = (at: string | Date): string => KEY.format(new Date(at));

/** `14.05` */
export const clockOf = (at: string | Date): string => CLOCK.format(new Date(at)).replace(':', '.');

/** `3 Jul 2026, 14.05` */
export const momentOf = (at: string | Date): string => `${DAY_OF_YEAR.format(new Date(at))}, ${clockOf(at)}`;

/** `3 Jul 2026` */
export const dateOf = (at: string | Date): string => DAY_OF_YEAR.format(new Date(at));

/** Short, for lists: `baru`, `5 mnt`, `3 jam`, `Kemarin`, `3 Jul`. */
export function agoOf(at: string, now: number): string {
  const past = now - Date.parse(at);
  if (past < MINUTE) return 'baru';
  if (past < HOUR) return `${String(Math.floor(past / MINUTE))} mnt`;
  if (dayKey(at) === dayKey(new Date(now))) return `${String(Math.floor(past / HOUR))} jam`;
  if (dayKey(at) === dayKey(new Date(now - 24 * HOUR))) return 'Kemarin';
  const sameYear = dayKey(at).slice(0, 4) === dayKey(new Date(now)).slice(0, 4);
  return (sameYear ? DAY : DAY_OF_YEAR).format(new Date(at));
}

/** The heading of a day in a talk: `Hari ini`, `Kemarin`, `Jumat, 3 Juli`. */
export function dayHeading(at: string, now: number): string {
  if (dayKey(at) === dayKey(new Date(now))) return 'Hari ini';
  if (dayKey(at) === dayKey(new Date(now - 24 * HOUR))) return 'Kemarin';
  return LONG_DAY.format(new Date(at));
}

/** `2 jam 5 mnt`, `14 mnt`, `kurang dari 1 mnt` */
export function spanOf(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE);
  if (minutes < 1) return 'kurang dari 1 mnt';
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${String(Math.floor(hours / 24))} hari`;
  if (hours === 0) return `${String(minutes)} mnt`;
  return minutes % 60 === 0 ? `${String(hours)} jam` : `${String(hours)} jam ${String(minutes % 60)} mnt`;
}

const TICK_MS = 15_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of [...watchers]) tell();
  }, TICK_MS);
  return () => {
    watchers.delete(watcher);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since 1970, anew every quarter of a minute: one clock for the whole page. */
export const useNow = (): number =>
  useSyncExternalStore(watch, () =>
    timer === undefined ? (now = Math.floor(Date.now() / TICK_MS) * TICK_MS) : now,
  );
