/** Texts for people in place of what is no text (docs/design/channels.md#readable-content). */
import type { Attachment } from '../domain/vocabulary.ts';

export interface Content {
  /** What it was at the channel. `reaction`, `system`, `edited` and `deleted` never open or reopen a ticket. */
  readonly contentKind: string;
  readonly content: string;
  readonly attachments: readonly Attachment[];
  /** The message that this is about, where it is no message of its own. */
  readonly about?: string | undefined;
}

export const say = (
  contentKind: string,
  content: string,
  attachments: readonly Attachment[] = [],
): Content => ({ contentKind, content, attachments });

/** What is there of these, with commas. */
export const joined = (...texts: readonly (string | null | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== null && text !== '').join(', ');

/** `[Label] text`, or `[Label]` alone. */
export const labelled = (label: string, text?: string | null): string =>
  text === undefined || text === null || text === '' ? `[${label}]` : `[${label}] ${text}`;
