/** The MIME type by the first bytes of a file. A name or type from outside proves nothing. */

const text = (head: Uint8Array, from: number, to: number): string =>
  Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1', from, to);
const starts = (head: Uint8Array, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** How many bytes are needed to detect the type. */
export const HEAD_BYTES = 4_096;

/** Brands of ISO media: which of them are sound only (ISO 14496-12). */
const AUDIO_BRANDS = new Set(['M4A ', 'M4B ', 'F4A ']);

function isoMedia(head: Uint8Array): string {
  const brand = text(head, 8, 12);
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

/** Plain text in UTF-8 that does not begin as a page or a script would. */
function plain(head: Uint8Array): boolean {
  try {
    // A letter may be cut in half at the end of what was read.
    const words = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return !/[\u0000-\u0008\u000e-\u001f\u007f]/.test(words) && !/^\s*(<|#!|%!PS)/.test(words);
  } catch {
    return false;
  }
}

/** @returns null for everything that is not on the list: programs, pages, drawings with scripts */
export function detectMimeType(head: Uint8Array): string | null {
  if (starts(head, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (starts(head, 0x89, 0x50, 0x4e, 0x47)) return 'image/png';
  if (text(head, 0, 4) === 'GIF8') return 'image/gif';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WEBP') return 'image/webp';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 12) === 'WAVE') return 'audio/wav';
  if (text(head, 0, 5) === '%PDF-') return 'application/pdf';
  if (text(head, 4, 8) === 'ftyp') return isoMedia(head);
  if (text(head, 0, 4) === 'OggS') return 'audio/ogg';
  if (text(head, 0, 5) === '#!AMR') return 'audio/amr';
  if (text(head, 0, 3) === 'ID3' || (starts(head, 0xff) && ((head[1] ?? 0) & 0xe6) === 0xe2))
    return 'audio/mpeg';
  if (starts(head, 0xff) && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'audio/aac';
  if (starts(head, 0x1a, 0x45, 0xdf, 0xa3)) return 'video/webm';
  if (starts(head, 0x50, 0x4b, 0x03, 0x04)) return zipped(head);
  if (starts(head, 0xd0, 0xcf, 0x11, 0xe0)) return 'application/x-ole-storage';
  return head.length > 0 && plain(head) ? 'text/plain' : null;
}
