/**
 * Takes off a picture what a phone wrote beside it: where it was taken, with what, and small pictures of the same
 * (docs/design/field-service.md#documents). What is seen stays, also which way is up. Pure: bytes in, bytes out.
 */

import { bareHeic } from './bare-heic.ts';

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);

// ---------------------------------------------------------------- JPEG

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COMMENT = 0xfe;

/** A segment that says how to show the picture: JFIF, the profile of its colours, Adobe's transform. */
function isShown(marker: number, body: Buffer): boolean {
  if (marker === COMMENT) return false;
  if (marker < APP0 || marker > APP15) return true;
  if (marker === APP2) return ascii(body, 0, 12) === 'ICC_PROFILE\0';
  return marker === APP0 || marker === APP14;
}

/** @returns 1 to 8; 1 where it is not said (Exif 2.3, 4.6.4) */
function orientationIn(body: Buffer): number {
  if (ascii(body, 0, 6) !== 'Exif\0\0') return 1;
  const tiff = body.subarray(6);
  const little = ascii(tiff, 0, 2) === 'II';
  const u16 = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  if (tiff.length < 8) return 1;
  const first = u32(4);
  if (first + 2 > tiff.length) return 1;
  for (let n = 0; n < u16(first); n += 1) {
    const entry = first + 2 + n * 12;
    if (entry + 12 > tiff.length) return 1;
    if (u16(entry) !== 0x0112) continue;
    const value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** An Exif segment that says which way is up, and nothing else. */
const uprightSegment = (orientation: number): Buffer =>
  Buffer.from([
    ...[0xff, APP1, 0, 34, ...Buffer.from('Exif\0\0MM'), 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
  ]);

/** Where the coded picture behind a SOS ends: at the next marker that is no restart. */
function endOfScan(bytes: Buffer, from: number): number {
  let at = from;
  while (at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += 1;
  }
  return bytes.length;
}

function bareJpeg(bytes: Buffer): Buffer {
  const kept: Buffer[] = [Buffer.from([0xff, SOI])];
  let orientation = 1;
  let at = 2;
  while (at + 3 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    // What comes behind the picture is another one, with a position of its own.
    if (marker === EOI) break;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, end);
    if (marker === APP1) orientation = orientation === 1 ? orientationIn(body) : orientation;
    if (marker === SOS) {
      const scanned = endOfScan(bytes, end);
      kept.push(bytes.subarray(at, scanned));
      at = scanned;
      continue;
    }
    if (isShown(marker, body)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  if (orientation !== 1) kept.splice(1, 0, uprightSegment(orientation));
  return Buffer.concat([...kept, Buffer.from([0xff, EOI])]);
}

// ---------------------------------------------------------------- PNG

/** Beside the chunks without which there is no picture: colours, size, and the frames of one that moves. */
const PNG_SHOWN = new Set('tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT'.split(' '));

function barePng(bytes: Buffer): Buffer {
  const kept: Buffer[] = [bytes.subarray(0, 8)];
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = ascii(bytes, at + 4, at + 8);
    if (/^[A-Z]/.test(type) || PNG_SHOWN.has(type)) kept.push(bytes.subarray(at, end));
    if (type === 'IEND') break;
    at = end;
  }
  return Buffer.concat(kept);
}

// ---------------------------------------------------------------- WebP

const WEBP_SHOWN = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** In the first byte of VP8X: there is Exif, there is XMP. */
const WEBP_SAYS_METADATA = 0b0000_1100;

function bareWebp(bytes: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    const end = at + 8 + size + (size % 2);
    const type = ascii(bytes, at, at + 4);
    if (WEBP_SHOWN.has(type)) {
      const chunk = Buffer.from(bytes.subarray(at, end));
      if (type === 'VP8X' && chunk.length > 8) chunk[8] = (chunk[8] ?? 0) & ~WEBP_SAYS_METADATA;
      kept.push(chunk);
    }
    at = end;
  }
  const body = Buffer.concat(kept);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body]);
}

const BARE: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'image/jpeg': bareJpeg,
  'image/png': barePng,
  'image/webp': bareWebp,
  'image/heic': bareHeic,
};

/** Whether `withoutMetadata` knows this type. */
export const hasBareForm = (mimeType: string): boolean => Object.hasOwn(BARE, mimeType);

/**
 * @param mimeType by the bytes; another one is handed back as it is
 * @returns of a picture that is cut off or odd: as far as it can be read
 */
export const withoutMetadata = (mimeType: string, bytes: Buffer): Buffer => BARE[mimeType]?.(bytes) ?? bytes;
