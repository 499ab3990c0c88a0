import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { withoutMetadata } from '../../../src/domain/field-jobs/without-metadata.ts';

const SECRET = 'GPS -6.1754 106.8272';

const segment = (marker: number, body: Buffer): Buffer => {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
/** Exif with an orientation, and a text that stands for the position. */
const exif = (orientation: number): Buffer => {
  const tiff = Buffer.from(
    '4949 2a00 08000000 0100 1201 0300 01000000 0000 0000 00000000'.replaceAll(' ', ''),
    'hex',
  );
  tiff.writeUInt16LE(orientation, 18);
  return Buffer.concat([Buffer.from('Exif\0\0'), tiff, Buffer.from(SECRET)]);
};
const SCAN = Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]);
const jpeg = (orientation: number): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0')),
    segment(0xe1, exif(orientation)),
    segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${SECRET}`)),
    segment(0xe2, Buffer.from('ICC_PROFILE\0colours')),
    segment(0xe2, Buffer.from(`MPF\0${SECRET}`)),
    segment(0xed, Buffer.from(SECRET)),
    segment(0xfe, Buffer.from(SECRET)),
    segment(0xdb, Buffer.from('table')),
    segment(0xda, Buffer.from('scan')),
    SCAN,
    segment(0xda, Buffer.from('more')),
    SCAN,
    Buffer.from([0xff, 0xd9]),
    // A second picture behind the first.
    Buffer.from([0xff, 0xd8]),
    segment(0xe1, exif(1)),
    Buffer.from([0xff, 0xd9]),
  ]);

const chunk = (type: string, data: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  return Buffer.concat([size, Buffer.from(type), data, Buffer.alloc(4)]);
};
const PNG_HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const riff = (type: string, data: Buffer): Buffer => {
  const head = Buffer.from(`${type}\0\0\0\0`);
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
};

const box = (type: string, ...content: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(content.map((one) => Buffer.from(one)));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(body.length + 8);
  return Buffer.concat([size, Buffer.from(type), body]);
};
const u16 = (...numbers: number[]): Buffer => Buffer.from(numbers.flatMap((n) => [n >> 8, n & 255]));
const u32 = (...numbers: number[]): Buffer =>
  Buffer.concat(numbers.map((n) => u16(Math.floor(n / 65_536), n % 65_536)));

/** As a phone writes it: tiles and their grid, Exif and XMP beside them, and what nobody knows. */
function heic(): Buffer {
  const items = [
    { id: 1, type: 'hvc1', data: 'coded picture', method: 0 },
    { id: 2, type: 'grid', data: 'GRID', method: 1 },
    { id: 3, type: 'Exif', data: SECRET, method: 0 },
    { id: 4, type: 'mime', data: SECRET, method: 1 },
  ];
  const held = (method: number) => items.filter((one) => one.method === method);
  const infe = items.map(({ id, type }) => box('infe', u32(2 << 24), u16(id, 0), type, Buffer.alloc(1)));
  const build = (mdatAt: number): Buffer => {
    const places = items.map(({ id, data, method }) => {
      const before = held(method).filter((one) => one.id < id);
      const offset = before.reduce((sum, one) => sum + one.data.length, method === 0 ? mdatAt : 0);
      return Buffer.concat([u16(id, method, 0, 1), u32(offset, data.length)]);
    });
    const meta = box(
      'meta',
      u32(0),
      box('hdlr', u32(0)),
      box('iinf', u32(0), u16(items.length), ...infe),
      box('iloc', u32(1 << 24), u16(0x4400, items.length), ...places),
      box('iprp', 'orientation'),
      box('udta', SECRET),
      box('idat', ...held(1).map(({ data }) => data)),
    );
    const head = Buffer.concat([box('ftyp', 'heic', u32(0), 'mif1heic'), box('uuid', SECRET), meta]);
    if (mdatAt === 0) return build(head.length + 8);
    return Buffer.concat([head, box('mdat', ...held(0).map(({ data }) => data)), box('free', SECRET)]);
  };
  return build(0);
}

describe('a picture without what the phone wrote beside it', () => {
  it('keeps of a JPEG what is seen, and which way is up', () => {
    const bare = withoutMetadata('image/jpeg', jpeg(6));
    expect(bare.includes(SECRET)).to.equal(false);
    for (const kept of ['JFIF', 'ICC_PROFILE', 'table', 'scan', 'more'])
      expect(bare.includes(kept), kept).to.equal(true);
    expect(bare.subarray(-2).toString('hex')).to.equal('ffd9');
    expect(bare.toString('latin1').split(SCAN.toString('latin1'))).to.have.length(3);
    // Its own Exif says the same of it, and nothing else.
    expect(withoutMetadata('image/jpeg', bare).equals(bare)).to.equal(true);
    expect(bare.subarray(2, 12).toString('latin1')).to.equal('\xff\xe1\x00\x22Exif\0\0');
    expect(withoutMetadata('image/jpeg', jpeg(1)).includes('Exif')).to.equal(false);
  });
  it('keeps of a PNG its picture and colours', () => {
    const pixels = deflateSync(Buffer.from([0, 255, 0, 0]));
    const png = Buffer.concat([
      PNG_HEAD,
      chunk('IHDR', Buffer.alloc(13)),
      chunk('gAMA', Buffer.alloc(4)),
      chunk('eXIf', Buffer.from(SECRET)),
      chunk('tEXt', Buffer.from(SECRET)),
      chunk('iTXt', Buffer.from(SECRET)),
      chunk('IDAT', pixels),
      chunk('IEND', Buffer.alloc(0)),
      Buffer.from(SECRET),
    ]);
    const bare = withoutMetadata('image/png', png);
    expect(bare.includes(SECRET)).to.equal(false);
    expect(
      bare.equals(
        Buffer.concat([
          PNG_HEAD,
          chunk('IHDR', Buffer.alloc(13)),
          chunk('gAMA', Buffer.alloc(4)),
          chunk('IDAT', pixels),
          chunk('IEND', Buffer.alloc(0)),
        ]),
      ),
    ).to.equal(true);
  });
  it('keeps of a WebP its picture, and does not promise what is gone', () => {
    const flags = Buffer.alloc(10);
    flags[0] = 0b0010_1100;
    const body = Buffer.concat([
      riff('VP8X', flags),
      riff('VP8 ', Buffer.from('pixel')),
      riff('EXIF', Buffer.from(SECRET)),
      riff('XMP ', Buffer.from(SECRET)),
    ]);
    const bare = withoutMetadata(
      'image/webp',
      Buffer.concat([riff('RIFF', Buffer.concat([Buffer.from('WEBP'), body]))]),
    );
    expect(bare.includes(SECRET)).to.equal(false);
    expect(bare.includes('pixel')).to.equal(true);
    expect(bare[20]).to.equal(0b0010_0000);
    expect(bare.readUInt32LE(4)).to.equal(bare.length - 8);
  });
  it('keeps of a HEIC the items of its picture, where they are', () => {
    const file = heic();
    const bare = withoutMetadata('image/heic', file);
    expect(bare).to.have.length(file.length);
    expect(file.toString('latin1').split(SECRET), 'it was there').to.have.length(6);
    expect(bare.includes(SECRET)).to.equal(false);
    for (const kept of ['ftypheic', 'coded picture', 'GRID', 'orientation'])
      expect(bare.indexOf(kept), kept).to.equal(file.indexOf(kept)).and.to.be.above(0);
    expect(withoutMetadata('image/heic', bare).equals(bare)).to.equal(true);
    // What cannot be read to its end is not shown at all.
    const cut = file.subarray(0, file.length - 4);
    expect(withoutMetadata('image/heic', cut).equals(Buffer.alloc(cut.length))).to.equal(true);
  });
  it('hands other files back as they are', () => {
    const pdf = Buffer.from('%PDF-1.7');
    expect(withoutMetadata('application/pdf', pdf)).to.equal(pdf);
  });
  it('reads whatever comes, and ends', () => {
    const types = fc.constantFrom('image/jpeg', 'image/png', 'image/webp', 'image/heic');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 300 }), fc.nat(400), (type, noise, cut) => {
        withoutMetadata(type, Buffer.from(noise));
        withoutMetadata('image/jpeg', Buffer.concat([jpeg(3).subarray(0, cut), noise]));
        withoutMetadata('image/heic', Buffer.concat([heic().subarray(0, cut), noise]));
      }),
    );
  });
});
