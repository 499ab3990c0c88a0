/** How long a text may be that a channel takes in one message (docs/design/api.md#reply). Nothing is cut or split. */
import type { Channel } from '../vocabulary.ts';

export interface TextLimit {
  readonly most: number;
  /** An emoji is one character, and four bytes. */
  readonly unit: 'characters' | 'bytes';
}

/** Meta counts bytes on Instagram and characters elsewhere. Web chat is our own: what the API takes. */
export const TEXT_LIMITS: Readonly<Record<Channel, TextLimit>> = {
  whatsapp: { most: 4096, unit: 'characters' },
  telegram: { most: 4096, unit: 'characters' },
  instagram: { most: 1000, unit: 'bytes' },
  facebook: { most: 2000, unit: 'characters' },
  web: { most: 4096, unit: 'characters' },
};

const utf8 = new TextEncoder();

export const isWithin = (text: string, { most, unit }: TextLimit): boolean =>
  (unit === 'bytes' ? utf8.encode(text).length : [...text].length) <= most;
