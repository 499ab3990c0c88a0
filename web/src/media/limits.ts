/**
 * What can be said of a file before it is uploaded. The API decides by the bytes (docs/design/api.md#files-to-a-customer); this
 * only refuses what it would surely refuse. A test holds both against each other (test/web/media-limits.test.ts).
 */
import type { Channel } from '../lib/api.ts';
import { CHANNEL } from '../lib/id.ts';

export type FileKind = 'image' | 'audio' | 'video' | 'document';
const MB = 1_000_000;

interface Taken {
  readonly types: RegExp;
  /** In MB. */
  readonly most: number;
}
const of = (most: number, types: RegExp): Taken => ({ most, types });
const ANY = /^/;

const TAKEN: Readonly<Record<Channel, Readonly<Partial<Record<FileKind, Taken>>>>> = {
  whatsapp: {
    image: of(5, /^image\/(?:jpeg|png)$/),
    audio: of(16, /^audio\/(?:aac|amr|mpeg|mp4|ogg)$/),
    video: of(16, /^video\/(?:mp4|3gpp)$/),
    document: of(100, ANY),
  },
  telegram: {
    image: of(10, /^image\/(?:jpeg|png|webp)$/),
    audio: of(16, /^audio\/(?:mpeg|mp4)$/),
    video: of(16, /^video\/mp4$/),
    document: of(50, ANY),
  },
  facebook: {
    image: of(16, /^image\/(?:jpeg|png|gif)$/),
    audio: of(16, /^audio\/(?:aac|mp4|mpeg|wav)$/),
    video: of(16, /^video\/(?:mp4|quicktime|webm)$/),
    document: of(25, ANY),
  },
  instagram: {
    image: of(8, /^image\/(?:jpeg|png)$/),
    audio: of(16, /^audio\/(?:aac|mp4|wav)$/),
    video: of(16, /^video\/(?:mp4|quicktime|webm)$/),
  },
  web: {},
};

const KIND: Readonly<Record<FileKind, string>> = {
  image: 'Gambar',
  audio: 'Audio',
  video: 'Video',
  document: 'Dokumen',
};

/** What a computer runs when somebody opens it. */
const RUNS =
  /\.(?:exe|com|scr|pif|msi|msp|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|cpl|dll|sys|lnk|reg|jar|apk|app|ipa|dmg|pkg|deb|rpm|run|sh|bash|zsh|csh|py|pyc|rb|pl|php|html?|xhtml|svg|docm|xlsm|pptm|iso|img)[. ]*$/i;

/** In one reply. */
export const MOST_FILES = 10;

export const takesFiles = (channel: Channel): boolean => Object.keys(TAKEN[channel]).length > 0;

const KINDS: readonly FileKind[] = ['image', 'audio', 'video'];
export const kindOf = (channel: Channel, type: string): FileKind =>
  KINDS.find((kind) => TAKEN[channel][kind]?.types.test(type) === true) ?? 'document';

/** @returns why it cannot go out, in Indonesian; null: the API may take it */
export function refusalOf(
  channel: Channel,
  { name, size, type }: Pick<File, 'name' | 'size' | 'type'>,
): string | null {
  if (RUNS.test(name)) return 'Program dan skrip tidak boleh dikirim ke pelanggan lewat kanal apa pun';
  if (size === 0) return 'Berkas ini kosong';
  const kind = kindOf(channel, type);
  const taken = TAKEN[channel][kind];
  if (taken === undefined)
    // A browser that does not know the type leaves it to the server.
    return type === '' ? null : `${CHANNEL[channel]} tidak dapat menerima jenis berkas ini`;
  return size > taken.most * MB
    ? `${KIND[kind]} paling besar ${String(taken.most)} MB di ${CHANNEL[channel]}`
    : null;
}
