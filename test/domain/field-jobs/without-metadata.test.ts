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
  it('hands other files back as they are', () => {
    const pdf = Buffer.from('%PDF-1.7');
    expect(withoutMetadata('application/pdf', pdf)).to.equal(pdf);
  });
  it('reads whatever comes, and ends', () => {
    const types = fc.constantFrom('image/jpeg', 'image/png', 'image/webp');
    fc.assert(
      fc.property(types, fc.uint8Array({ maxLength: 300 }), fc.nat(400), (type, noise, cut) => {
        withoutMetadata(type, Buffer.from(noise));
        withoutMetadata('image/jpeg', Buffer.concat([jpeg(3).subarray(0, cut), noise]));
      }),
    );
  });
});
