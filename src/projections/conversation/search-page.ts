/** A page of what a search found: newest first, by time and id. */
import type { Division } from '../../domain/vocabulary.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';

/** Where a page ends, and the next begins behind it. */
export interface SearchPlace {
  /** ISO 8601, or `infinity`. */
  readonly at: string;
  readonly id: string;
}

export interface SearchPage {
  /** As `searchedWords` gives them; at least one. */
  readonly words: readonly string[];
  readonly divisions: readonly Division[];
  readonly before: SearchPlace;
  readonly limit: number;
}

export interface MessageHit {
  readonly id: string;
  readonly ticketId: string;
  readonly content: string;
  readonly sentAt: string;
  readonly customerName: string | null;
}

const LIST = 'search';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NEWEST: SearchPlace = { at: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** @returns where the wanted page begins; undefined: at the newest. @throws InvalidCursor */
export function placeOf(cursor: string | undefined): SearchPlace {
  if (cursor === undefined) return NEWEST;
  const [at = NEWEST.at, id = NEWEST.id] = readCursor(LIST, cursor, [TIME, UUID]);
  return { at, id };
}

export const cursorBehind = ({ sentAt, id }: MessageHit): string => writeCursor(LIST, [sentAt, id]);

/** Newest first. */
export const byTime = (a: MessageHit, b: MessageHit): number =>
  a.sentAt === b.sentAt ? (a.id < b.id ? 1 : -1) : a.sentAt < b.sentAt ? 1 : -1;
