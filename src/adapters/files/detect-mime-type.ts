/** The MIME type by the first bytes of a file. A name or type from outside proves nothing. */

const text = (head: Uint8Array, from: number, to: number): string =>
  Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1', from, to);
const starts = (head: Uint8Array, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** How many bytes are needed to detect the type. */
export const HEAD_BYTES = 4_096;

/** Brands of ISO media: which of them are sound only (ISO 14496-12). */
const AUDIO_BRANDS = new Set(['M4A ', 'M4B ', 'F4A ']);

/** Brands of pictures in the same box form, as phones take them (ISO 23008-12). */
const PICTURE_BRANDS: ReadonlyMap<string, string> = new Map([
  ...['heic', 'heix', 'heim', 'heis'].map((brand) => [brand, 'image/heic'] as const),
  ...['hevc', 'hevx'].map((brand) => [brand, 'image/heic-sequence'] as const),
  ...['mif1', 'msf1'].map((brand) => [brand, 'image/heif'] as const),
  ...['avif', 'avis'].map((brand) => [brand, 'image/avif'] as const),
]);

function isoMedia(head: Uint8Array): string {
  const brand = text(head, 8, 12);
  const picture = PICTURE_BRANDS.get(brand);
  if (picture !== undefined) return picture;
  if (brand === 'qt  ') return 'video/quicktime';
  if (AUDIO_BRANDS.has(brand)) return 'audio/mp4';
  return brand.startsWith('3g') ? 'video/3gpp' : 'video/mp4';
}

/** Office files are zip archives; the names of their members show which kind. */
function zipped(head: Uint8Array): string {
  const names = text(head, 0, HEAD_BYTES);
  const office = 'application/vnd.openxmlformats-officedocument';
  if (names.includes('word/')) return `${office}.wordprocessingml.document`;
  if (names.includes('xl/')) return `${office}.spreadsheetml.sheet`;
  if (names.includes('ppt/')) return `${office}.presentationml.presentation`;
  return 'application/zip';
}

/** What begins a page, a drawing or a script is none of these, in whatever letters. */
const BEGINS_A_PROGRAM = /^\s*(<(?!\?xml)|#!|%!PS)/;
const CONTROLS = /[\u0000-\u0008\u000e-\u001f\u007f]/;

function decoded(head: Uint8Array, encoding: string): string | null {
  try {
    // A letter may be cut in half at the end of what was read.
    return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
  } catch {
    return null;
  }
}

/** In which letters a text is written: a spreadsheet saves UTF-16 with a mark, or the letters of Windows. */
function wordsOf(head: Uint8Array): string | null {
  if (starts(head, 0xff, 0xfe)) return decoded(head, 'utf-16le');
  if (starts(head, 0xfe, 0xff)) return decoded(head, 'utf-16be');
  const words = decoded(head, 'utf-8');
  if (words !== null) return words;
  // Any bytes can be read as letters of Windows; in a text nearly all of them are those of ASCII.
  const foreign = head.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0);
  return foreign * 5 <= head.length ? decoded(head, 'windows-1252') : null;
}

/** @returns null: no text, or one that a browser could run */
function textKind(head: Uint8Array): string | null {
  const words = wordsOf(head);
  if (words === null || words === '' || CONTROLS.test(words) || BEGINS_A_PROGRAM.test(words)) return null;
  // XML can be a drawing with scripts: it is no type that anything opens by itself.
  return /^\s*<\?xml/.test(words) ? null : 'text/plain';
}

/** First bytes that say which kind it is, from the beginning. */
const MAGIC: readonly (readonly [bytes: readonly number[], type: string])[] = [
  [[0xff, 0xd8, 0xff], 'image/jpeg'],
  [[0x89, 0x50, 0x4e, 0x47], 'image/png'],
  [[0x47, 0x49, 0x46, 0x38], 'image/gif'],
  [[0x49, 0x49, 0x2a, 0x00], 'image/tiff'],
  [[0x4d, 0x4d, 0x00, 0x2a], 'image/tiff'],
  [[0x4f, 0x67, 0x67, 0x53], 'audio/ogg'],
  [[0x23, 0x21, 0x41, 0x4d, 0x52], 'audio/amr'],
  [[0x49, 0x44, 0x33], 'audio/mpeg'],
  [[0x1a, 0x45, 0xdf, 0xa3], 'video/webm'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'application/x-ole-storage'],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], 'application/vnd.rar'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], 'application/x-7z-compressed'],
  [[0x1f, 0x8b], 'application/gzip'],
];

/** A bitmap says its own length and how long its description is: two letters alone would be any text. */
const isBitmap = (head: Uint8Array): boolean =>
  text(head, 0, 2) === 'BM' && head.length > 18 && [12, 40, 52, 56, 108, 124].includes(head[14] ?? 0);

/** Readers of PDF look for its beginning in the first kilobyte: some programs put a line in front. */
const isPdf = (head: Uint8Array): boolean => /^[\s\ufeff\u00ef\u00bb\u00bf]*%PDF-/.test(text(head, 0, 1_024));

/** What a file is that nothing here knows, or knows to be harmful: bytes, for whoever downloads them. */
export const SOME_BYTES = 'application/octet-stream';

/**
 * @returns a type that is known to be harmless; else `SOME_BYTES`: also programs, pages, drawings with scripts
 *   (docs/design/business-rules.md#customer-files)
 */
export function detectMimeType(head: Uint8Array): string {
  const known = MAGIC.find(([bytes]) => starts(head, ...bytes));
  if (known) return known[1];
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP') return 'image/webp';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WAVE') return 'audio/wav';
  if (isPdf(head)) return 'application/pdf';
  if (text(head, 4, 8) === 'ftyp') return isoMedia(head);
  if (isBitmap(head)) return 'image/bmp';
  if (/^AC10\d\d\0/.test(text(head, 0, 7))) return 'image/vnd.dwg';
  if (starts(head, 0xff) && ((head[1] ?? 0) & 0xe6) === 0xe2) return 'audio/mpeg';
  if (starts(head, 0xff) && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'audio/aac';
  if (starts(head, 0x50, 0x4b, 0x03, 0x04)) return zipped(head);
  return textKind(head) ?? SOME_BYTES;
}

/** First bytes of what a computer runs: Windows, Linux, macOS (both ways round, and for several machines), Java, Android, a link of Windows. */
const PROGRAMS: readonly (readonly number[])[] = [
  [0x4d, 0x5a],
  [0x7f, 0x45, 0x4c, 0x46],
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe],
  [0xca, 0xfe, 0xba, 0xbe],
  [0x64, 0x65, 0x78, 0x0a],
  [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00],
];

/** Members of an archive that is a program: Java and Android. */
const PROGRAM_MEMBERS = ['META-INF/MANIFEST.MF', 'AndroidManifest.xml', 'classes.dex'];

/** Is it what a computer runs, or a page or script that a program runs? Of what is only called so its name tells. */
export function runsAsProgram(head: Uint8Array): boolean {
  if (PROGRAMS.some((bytes) => starts(head, ...bytes))) return true;
  if (starts(head, 0x50, 0x4b, 0x03, 0x04)) {
    const names = text(head, 0, HEAD_BYTES);
    return PROGRAM_MEMBERS.some((member) => names.includes(member));
  }
  const words = wordsOf(head) ?? '';
  return (
    BEGINS_A_PROGRAM.test(words) ||
    /^\s*<\?xml[^>]*>\s*(?:<!--[^]*?-->\s*)*<(?:svg|html)|^\s*<\?php/i.test(words)
  );
}
