/**
 * Takes off a HEIC what a phone wrote beside the picture (ISO/IEC 14496-12 and 23008-12): the file is a list of items, and only
 * the bytes of those that are parts of a picture stay. All others become zeros, so that no place in the file moves.
 */

interface Box {
  readonly type: string;
  /** Of its head; of its content; behind it. */
  readonly start: number;
  readonly from: number;
  readonly to: number;
}
type Range = readonly [from: number, to: number];

/** What has no picture in it, whatever else it is: Exif, XMP (`mime`), addresses (`uri `). */
const PICTURES: ReadonlySet<string> = new Set(
  'hvc1 hev1 lhv1 grid iden iovl tmap avc1 av01 jpeg j2k1 vvc1'.split(' '),
);
/** How the items of a picture belong together. `idat` holds small ones itself, and counts by its items. */
const KEPT_IN_META: ReadonlySet<string> = new Set('hdlr pitm iinf iloc iref iprp dinf grpl'.split(' '));

/** @throws RangeError where a box ends behind what holds it */
function* boxesIn(bytes: Buffer, from: number, to: number): Iterable<Box> {
  for (let at = from; at + 8 <= to;) {
    const short = bytes.readUInt32BE(at);
    const head = short === 1 ? 16 : 8;
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short;
    if (size < head || at + size > to) throw new RangeError('a box does not fit');
    yield { type: bytes.toString('latin1', at + 4, at + 8), start: at, from: at + head, to: at + size };
    at += size;
  }
}

/** Ids of the items that are parts of a picture. Of `infe` before version 2 the type is not known: it is none. */
function pictureItems(bytes: Buffer, { from, to }: Box): ReadonlySet<number> {
  const found = new Set<number>();
  const counted = bytes.readUInt8(from) === 0 ? 2 : 4;
  for (const { type, from: at } of boxesIn(bytes, from + 4 + counted, to)) {
    const version = bytes.readUInt8(at);
    if (type !== 'infe' || version < 2) continue;
    const id = version === 2 ? bytes.readUInt16BE(at + 4) : bytes.readUInt32BE(at + 4);
    // Behind the id: two bytes of protection.
    const kind = at + (version === 2 ? 8 : 10);
    if (PICTURES.has(bytes.toString('latin1', kind, kind + 4))) found.add(id);
  }
  return found;
}

/** Reads numbers of the sizes that a box says, one after the other. */
function readerOf(bytes: Buffer, at: number) {
  let next = at;
  return (size: number): number => {
    const start = next;
    next += size;
    if (size === 8) return Number(bytes.readBigUInt64BE(start));
    return size === 0 ? 0 : bytes.readUIntBE(start, size);
  };
}

/** Where the bytes of these items are. @param idat of which offsets of its own kind count; undefined: there is none */
function placesOf(bytes: Buffer, { from }: Box, items: ReadonlySet<number>, idat: Box | undefined): Range[] {
  const version = bytes.readUInt8(from);
  const sizes = bytes.readUInt16BE(from + 4);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  const read = readerOf(bytes, from + 6);
  const idSize = version < 2 ? 2 : 4;
  if (offsetSize === 0 && lengthSize === 0) throw new RangeError('it says no places');
  const places: Range[] = [];
  let said = 0;
  for (let left = read(idSize); left > 0; left -= 1) {
    const id = read(idSize);
    const method = version === 0 ? 0 : read(2) & 15;
    read(2); // which file: this one
    const base = read(baseSize ?? 0);
    for (let extents = read(2); extents > 0; extents -= 1) {
      read(indexSize);
      const offset = base + read(offsetSize ?? 0);
      const length = read(lengthSize ?? 0);
      if (!items.has(id) || method > 1) continue;
      said += length;
      // Items share no bytes; who says so wants us to copy without an end.
      if (said > bytes.length) throw new RangeError('its items are larger than the file');
      const start = method === 0 ? offset : (idat?.from ?? bytes.length) + offset;
      places.push([start, start + length]);
    }
  }
  return places;
}

/** What stays: how the file is built, and the bytes of the picture. */
function keptRanges(bytes: Buffer): Range[] {
  const kept: Range[] = [];
  for (const box of boxesIn(bytes, 0, bytes.length)) {
    const { type, from, to, start } = box;
    kept.push([start, type === 'ftyp' ? to : from]);
    if (type !== 'meta') continue;
    // Version and flags come first.
    const inside = [...boxesIn(bytes, from + 4, to)];
    const named = (wanted: string) => inside.find((one) => one.type === wanted);
    kept.push([from, from + 4]);
    for (const one of inside) kept.push([one.start, KEPT_IN_META.has(one.type) ? one.to : one.from]);
    const [iinf, iloc] = [named('iinf'), named('iloc')];
    if (iinf && iloc) kept.push(...placesOf(bytes, iloc, pictureItems(bytes, iinf), named('idat')));
  }
  return kept;
}

/** @returns as long as before; of a file that is cut off or odd nothing but zeros */
export function bareHeic(bytes: Buffer): Buffer {
  const bare = Buffer.alloc(bytes.length);
  try {
    for (const [from, to] of keptRanges(bytes)) bytes.copy(bare, from, from, to);
    return bare;
  } catch (error) {
    // What cannot be read to its end is not shown: somewhere in it may be a place.
    if (error instanceof RangeError) return Buffer.alloc(bytes.length);
    throw error;
  }
}
