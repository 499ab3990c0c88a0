/**
 * A code that a visitor of the web chat takes along to WhatsApp: who brings it goes on with the same talk
 * (docs/design/chat.md#to-whatsapp). The stream is named by the keyed hash of the code, so nobody reads it there.
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division, type Division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const handoffCodeStream = (hash: string): string => `handoffcode-${hash}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

export const HandoffCodeIssued = defineEvent(
  'HandoffCodeIssued',
  {
    division,
    /** Of the visitor. */
    customerKey: z.string(),
    expiresAt: z.iso.datetime(),
    /** Who brings the code gets it: the address of what was said on the site. */
    transcriptUrl: z.string().optional(),
  },
  { secret: ['transcriptUrl'] },
);
export const HandoffCodeUsed = defineEvent('HandoffCodeUsed', {
  division,
  /** Of who brought it. */
  customerKey: z.string(),
});

export const handoffCodeEvents = [HandoffCodeIssued, HandoffCodeUsed] as const;
export type HandoffCodeEvent = EventOf<(typeof handoffCodeEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export type HandoffCode =
  | { readonly status: 'unknown' }
  | {
      readonly status: 'issued' | 'used';
      readonly division: Division;
      readonly customerKey: string;
      readonly expiresAt: string;
      readonly transcriptUrl?: string | undefined;
      readonly usedBy: string | null;
    };

export const handoffCode: Aggregate<HandoffCode, HandoffCodeEvent> = {
  category: 'handoffcode',
  stream: handoffCodeStream,
  initial: { status: 'unknown' },
  evolve: (state, { type, data }) =>
    type === 'HandoffCodeIssued'
      ? { status: 'issued', ...data, usedBy: null }
      : state.status === 'unknown'
        ? state
        : { ...state, status: 'used', usedBy: data.customerKey },
};

/** No vowels and nothing that looks like something else. */
export const CODE_LETTERS = '23456789BCDFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;
const CODE = new RegExp(`\\bSAGA-([${CODE_LETTERS}]{${String(CODE_LENGTH)}})\\b`, 'i');

/** @returns the code in a text, as it was issued; null: there is none */
export const codeIn = (text: string): string | null => CODE.exec(text)?.[1]?.toUpperCase() ?? null;
