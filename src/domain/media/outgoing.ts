/**
 * What a channel carries to a customer, and in how many messages (docs/design/api.md#files-to-a-customer). Pure: sizes, types
 * and names in, an answer out.
 */
import type { Channel, SentFile, TemplatesBy } from '../vocabulary.ts';

export type FileKind = SentFile['kind'];

const MB = 1_000_000;
/** What anybody may upload at all, whatever the channel takes. */
export const MOST_BYTES: Readonly<Record<FileKind, number>> = {
  image: 16 * MB,
  audio: 16 * MB,
  video: 16 * MB,
  document: 100 * MB,
};
export const MOST_UPLOAD_BYTES = Math.max(...Object.values(MOST_BYTES));

interface CarriedKind {
  /** By their bytes; null: any type. */
  readonly types: ReadonlySet<string> | null;
  readonly most: number;
}
type Carried = Readonly<Partial<Record<FileKind, CarriedKind>>>;

const of = (most: number, ...types: readonly string[]): CarriedKind => ({
  types: types.length === 0 ? null : new Set(types),
  most: most * MB,
});

/** As each channel documents it. A kind that is not here is not carried. */
const CARRIED: Readonly<Record<Channel, Carried>> = {
  whatsapp: {
    image: of(5, 'image/jpeg', 'image/png'),
    audio: of(16, 'audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'),
    video: of(16, 'video/mp4', 'video/3gpp'),
    document: of(100),
  },
  telegram: {
    image: of(10, 'image/jpeg', 'image/png', 'image/webp'),
    audio: of(50, 'audio/mpeg', 'audio/mp4'),
    video: of(50, 'video/mp4'),
    document: of(50),
  },
  facebook: {
    image: of(25, 'image/jpeg', 'image/png', 'image/gif'),
    audio: of(25, 'audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/wav'),
    video: of(25, 'video/mp4', 'video/quicktime', 'video/webm'),
    document: of(25),
  },
  instagram: {
    image: of(8, 'image/jpeg', 'image/png'),
    audio: of(25, 'audio/aac', 'audio/mp4', 'audio/wav'),
    video: of(25, 'video/mp4', 'video/quicktime', 'video/webm'),
  },
  web: {},
};

export const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  facebook: 'Messenger',
  instagram: 'Instagram',
  web: 'chat web',
};

const KIND_NAMES: Readonly<Record<FileKind, string>> = {
  image: 'Gambar',
  audio: 'Audio',
  video: 'Video',
  document: 'Dokumen',
};

/** What a computer runs when somebody opens it, whatever its bytes look like. */
const RUNS =
  /\.(?:exe|com|scr|pif|msi|msp|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|cpl|dll|sys|lnk|reg|jar|apk|app|ipa|dmg|pkg|deb|rpm|run|sh|bash|zsh|csh|py|pyc|rb|pl|php|html?|xhtml|svg|docm|xlsm|pptm|iso|img)[. ]*$/i;

export interface OfferedFile {
  /** What the bytes are. */
  readonly mimeType: string;
  readonly size: number;
  readonly name: string | null;
  /** Its bytes are those of a program, a page or a script. */
  readonly runs: boolean;
}

const megabytes = (bytes: number): string => `${String(Math.floor(bytes / MB))} MB`;

/**
 * As what a file goes out, or why it does not.
 * @returns `reason`: Indonesian, for the person who chose the file
 */
export function carriedAs(
  channel: Channel,
  { mimeType, size, name, runs }: OfferedFile,
): { readonly kind: FileKind } | { readonly reason: string } {
  if (runs || RUNS.test(name ?? ''))
    return { reason: 'Program dan skrip tidak boleh dikirim ke pelanggan lewat kanal apa pun' };
  if (size === 0) return { reason: 'Berkas ini kosong' };
  const carried = CARRIED[channel];
  const kinds: readonly FileKind[] = ['image', 'audio', 'video'];
  const own = kinds.find((kind) => carried[kind]?.types?.has(mimeType) === true);
  const kind = own ?? 'document';
  const taken = carried[kind];
  if (taken === undefined)
    return { reason: `${CHANNEL_NAMES[channel]} tidak dapat menerima jenis berkas ini` };
  const most = Math.min(taken.most, MOST_BYTES[kind]);
  if (size > most)
    return {
      reason: `${KIND_NAMES[kind]} paling besar ${megabytes(most)} di ${CHANNEL_NAMES[channel]}`,
    };
  return { kind };
}

const MOST_CAPTION = 1_024;
const TAKES_CAPTION: Readonly<Record<Channel, ReadonlySet<FileKind>>> = {
  whatsapp: new Set<FileKind>(['image', 'video', 'document']),
  telegram: new Set<FileKind>(['image', 'audio', 'video', 'document']),
  facebook: new Set(),
  instagram: new Set(),
  web: new Set(),
};

/**
 * Can the text stand beside this file, or is it a message of its own?
 * @param by of the line: those that take contents lose the words beside a document (docs/design/channels.md#twilio)
 */
export const takesCaption = (channel: Channel, by: TemplatesBy, kind: FileKind, text: string): boolean =>
  TAKES_CAPTION[channel].has(kind) &&
  !(by === 'content_sid' && kind === 'document') &&
  [...text].length <= MOST_CAPTION;

/** How people read a file in the talk, as they read those of customers. */
export function fileLine({
  kind,
  fileName,
  caption,
}: Pick<SentFile, 'kind' | 'fileName' | 'caption'>): string {
  const name = kind === 'document' ? fileName : null;
  const text = [name, caption].filter((part) => part !== null && part !== '').join(', ');
  return text === '' ? `[${KIND_NAMES[kind]}]` : `[${KIND_NAMES[kind]}] ${text}`;
}
