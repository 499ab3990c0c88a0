/** Files that the customers of the demo send: small, and made here, so that nobody's picture or paper is in it. */
import { crc32, deflateSync } from 'node:zlib';

export interface Sample {
  readonly mimeType: string;
  readonly bytes: Buffer;
}

// ---------------------------------------------------------------- pictures

type Colour = readonly [red: number, green: number, blue: number];
interface Box {
  readonly from: readonly [x: number, y: number];
  readonly to: readonly [x: number, y: number];
  readonly colour: Colour;
  readonly isRound?: boolean;
}

const [WIDTH, HEIGHT] = [480, 360];

const within = ({ from, to, isRound }: Box, x: number, y: number): boolean => {
  if (isRound !== true) return x >= from[0] && x < to[0] && y >= from[1] && y < to[1];
  const [a, b] = [(to[0] - from[0]) / 2, (to[1] - from[1]) / 2];
  return ((x - from[0] - a) / a) ** 2 + ((y - from[1] - b) / b) ** 2 <= 1;
};

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A drawing of a few shapes, the last one on top, as PNG. */
function png(sky: Colour, ground: Colour, boxes: readonly Box[]): Buffer {
  const rows = Buffer.alloc(HEIGHT * (1 + 3 * WIDTH));
  const last = boxes.toReversed();
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const colour = last.find((box) => within(box, x, y))?.colour ?? (y < 250 ? sky : ground);
      rows.set(colour, y * (1 + 3 * WIDTH) + 1 + 3 * x);
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(WIDTH, 0);
  head.writeUInt32BE(HEIGHT, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const box = (x: number, y: number, width: number, height: number, colour: Colour): Box => ({
  from: [x, y],
  to: [x + width, y + height],
  colour,
});
const disc = (x: number, y: number, size: number, colour: Colour): Box => ({
  ...box(x, y, size, size, colour),
  isRound: true,
});

const [BROWN, TAPE, WALL, FLOOR, DARK, GLASS]: readonly Colour[] = [
  [168, 124, 79],
  [222, 196, 150],
  [226, 232, 238],
  [176, 168, 158],
  [44, 48, 56],
  [190, 220, 240],
] as const as [Colour, Colour, Colour, Colour, Colour, Colour];

const boxes = () =>
  png(WALL, FLOOR, [
    box(60, 130, 170, 170, BROWN),
    box(135, 130, 20, 170, TAPE),
    box(240, 180, 130, 120, [150, 108, 66]),
    box(297, 180, 16, 120, TAPE),
    box(270, 100, 100, 80, [186, 142, 96]),
  ]);
const car = () =>
  png(
    [206, 226, 242],
    [120, 124, 128],
    [
      box(120, 130, 220, 80, [190, 40, 44]),
      box(70, 190, 350, 80, [200, 48, 52]),
      box(140, 145, 85, 50, GLASS),
      box(240, 145, 85, 50, GLASS),
      disc(105, 235, 74, DARK),
      disc(310, 235, 74, DARK),
    ],
  );
const room = () =>
  png(
    [238, 228, 208],
    [150, 108, 72],
    [
      box(40, 70, 110, 180, [120, 84, 52]),
      box(94, 80, 3, 160, DARK),
      box(190, 190, 200, 70, [70, 110, 140]),
      box(190, 150, 200, 45, [84, 126, 158]),
      box(250, 50, 90, 70, GLASS),
    ],
  );
const paper = () =>
  png(
    [96, 84, 72],
    [96, 84, 72],
    [
      box(120, 30, 240, 300, [246, 244, 238]),
      ...Array.from({ length: 9 }, (_, n) =>
        box(145, 60 + n * 26, n % 3 === 2 ? 120 : 190, 8, [120, 120, 128]),
      ),
    ],
  );

// ---------------------------------------------------------------- documents

/** One page with some lines: the smallest document that every reader opens. */
function pdf(lines: readonly string[]): Buffer {
  const text = lines.map(
    (line, n) => `BT /F1 ${n === 0 ? '18' : '11'} Tf 60 ${String(770 - n * 26)} Td (${line}) Tj ET`,
  );
  const stream = text.join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${String(stream.length)} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let out = '%PDF-1.4\n';
  const places = objects.map((object, n) => {
    const place = out.length;
    out += `${String(n + 1)} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  return Buffer.from(
    `${out}xref\n0 6\n0000000000 65535 f \n${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${String(out.length)}\n%%EOF\n`,
    'latin1',
  );
}

// ---------------------------------------------------------------- sound

/** Three seconds of a soft hum that rises and falls, as a voice does from far away: WAV, 8 kHz. */
function voice(): Buffer {
  const rate = 8_000;
  const length = 3 * rate;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(length, 40);
  const body = Buffer.from(
    Array.from({ length }, (_, n) => {
      const t = n / rate;
      const loud = Math.abs(Math.sin(Math.PI * t * 1.7)) * 40;
      return 128 + Math.round(loud * Math.sin(2 * Math.PI * (150 + 40 * Math.sin(3 * t)) * t));
    }),
  );
  return Buffer.concat([head, body]);
}

/** By kind; made when the first is asked for. */
export function createSamples() {
  const made = new Map<string, Sample>();
  const once = (kind: string, mimeType: string, make: () => Buffer): Sample => {
    const sample = made.get(kind) ?? { mimeType, bytes: make() };
    made.set(kind, sample);
    return sample;
  };
  const PICTURES = { sari: boxes, savi: car, safia: room, paper };
  return {
    picture: (of: keyof typeof PICTURES): Sample => once(of, 'image/png', PICTURES[of]),
    document: (): Sample =>
      once('pdf', 'application/pdf', () =>
        pdf(['Dokumen contoh', 'Dibuat untuk demo Saga.', 'Tidak berlaku sebagai bukti apa pun.']),
      ),
    voice: (): Sample => once('voice', 'audio/wav', voice),
  };
}
export type Samples = ReturnType<typeof createSamples>;
