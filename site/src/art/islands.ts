/** Coastlines of the islands, coarse (degrees east, degrees north): enough for a map of dots. */
type Place = readonly [longitude: number, latitude: number];

export const ISLANDS: readonly (readonly Place[])[] = [
  // Sumatra
  [
    [95.2, 5.7],
    [97.5, 5.3],
    [98.8, 3.9],
    [100.4, 2.7],
    [101.6, 2.0],
    [103.1, 0.6],
    [103.8, -1.0],
    [104.9, -2.2],
    [106.1, -3.0],
    [105.9, -5.9],
    [104.5, -5.9],
    [102.2, -4.1],
    [100.8, -2.2],
    [100.2, -0.8],
    [98.9, 0.4],
    [98.6, 1.7],
    [97.0, 3.3],
    [95.3, 5.0],
  ],
  // Bangka, Belitung
  [
    [105.2, -1.6],
    [106.1, -1.7],
    [106.8, -3.0],
    [106.0, -2.9],
  ],
  [
    [107.5, -2.6],
    [108.3, -2.6],
    [108.2, -3.3],
    [107.6, -3.2],
  ],
  // Jawa
  [
    [105.1, -6.8],
    [106.0, -5.9],
    [107.2, -5.9],
    [108.6, -6.6],
    [110.6, -6.4],
    [111.2, -6.6],
    [112.7, -6.8],
    [114.0, -6.9],
    [114.5, -7.8],
    [114.5, -8.8],
    [112.5, -8.5],
    [110.0, -8.2],
    [108.0, -7.9],
    [106.3, -7.5],
  ],
  // Bali, Lombok, Sumbawa, Flores, Sumba, Timor
  [
    [114.5, -8.0],
    [115.7, -8.1],
    [115.4, -8.9],
    [114.8, -8.6],
  ],
  [
    [115.9, -8.3],
    [116.7, -8.3],
    [116.5, -9.0],
    [115.9, -8.9],
  ],
  [
    [116.8, -8.4],
    [118.2, -8.2],
    [119.2, -8.3],
    [118.8, -8.9],
    [117.0, -9.1],
  ],
  [
    [119.8, -8.4],
    [121.5, -8.5],
    [122.9, -8.1],
    [122.7, -8.7],
    [120.8, -8.9],
    [119.8, -8.8],
  ],
  [
    [119.0, -9.4],
    [120.2, -9.4],
    [120.8, -10.1],
    [119.9, -10.2],
  ],
  [
    [123.5, -10.2],
    [124.9, -9.0],
    [127.2, -8.4],
    [126.0, -9.2],
    [124.4, -10.3],
  ],
  // Kalimantan
  [
    [108.9, 1.3],
    [109.6, 2.0],
    [111.3, 1.6],
    [113.0, 3.1],
    [114.6, 4.3],
    [116.0, 5.8],
    [117.0, 6.9],
    [119.1, 5.3],
    [117.8, 4.1],
    [118.0, 2.2],
    [119.0, 1.0],
    [117.6, 0.3],
    [116.6, -1.6],
    [116.2, -3.6],
    [114.6, -4.1],
    [113.2, -3.3],
    [111.7, -3.4],
    [110.1, -2.8],
    [109.9, -1.3],
    [109.1, -0.2],
  ],
  // Sulawesi
  [
    [119.7, 0.9],
    [120.9, 1.4],
    [123.0, 1.1],
    [124.6, 1.7],
    [125.3, 1.6],
    [124.5, 0.3],
    [122.0, 0.4],
    [120.4, 0.4],
    [120.2, -0.9],
    [121.6, -0.8],
    [123.4, -0.7],
    [123.2, -1.2],
    [121.8, -1.9],
    [122.3, -3.2],
    [122.9, -4.1],
    [122.4, -4.8],
    [121.4, -4.5],
    [121.2, -2.8],
    [120.3, -2.9],
    [120.5, -5.6],
    [119.4, -5.6],
    [119.5, -3.5],
    [118.8, -2.8],
    [119.2, -1.2],
  ],
  // Maluku
  [
    [127.4, 1.0],
    [128.0, 2.2],
    [128.7, 1.4],
    [128.2, 0.2],
    [128.4, -0.8],
    [127.7, -0.3],
  ],
  [
    [126.0, -3.2],
    [127.2, -3.1],
    [127.0, -3.8],
    [126.2, -3.7],
  ],
  [
    [128.0, -3.0],
    [130.8, -2.9],
    [130.2, -3.7],
    [128.2, -3.5],
  ],
  // Papua
  [
    [131.0, -0.6],
    [132.6, -0.3],
    [134.2, -0.8],
    [134.6, -2.4],
    [135.2, -3.4],
    [137.0, -1.7],
    [139.0, -1.9],
    [141.0, -2.6],
    [141.0, -9.2],
    [139.4, -8.0],
    [138.0, -8.4],
    [138.8, -6.9],
    [137.6, -5.3],
    [135.2, -4.5],
    [133.4, -4.1],
    [132.6, -2.9],
    [133.8, -2.4],
    [132.2, -2.2],
    [130.9, -1.4],
  ],
];

export const CITIES = {
  Medan: [98.7, 3.6],
  Batam: [104.2, 1.1],
  Jakarta: [106.8, -6.2],
  Surabaya: [112.7, -7.3],
  Denpasar: [115.2, -8.7],
  Balikpapan: [116.8, -1.2],
  Makassar: [119.5, -5.1],
  Jayapura: [140.4, -2.8],
} as const satisfies Readonly<Record<string, Place>>;

const WEST = 94.5;
const NORTH = 7.6;
/** Units of the drawing for one degree. */
const DEGREE = 20;
const STEP = 0.62;

/** Where a place is in the drawing. */
export const at = ([longitude, latitude]: Place): readonly [x: number, y: number] => [
  Math.round((longitude - WEST) * DEGREE),
  Math.round((NORTH - latitude) * DEGREE),
];

/** Whether a place is inside of a coastline: how often a line to the east crosses it is odd. */
function isInside([x, y]: Place, shore: readonly Place[]): boolean {
  let inside = false;
  shore.forEach(([x1, y1], index) => {
    const [x2, y2] = shore[(index + shore.length - 1) % shore.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/** The islands as one path of dots: `M x y h0` for each, drawn by round line ends. Every other row is moved by half. */
export function dots(): string {
  const rows = Array.from({ length: 30 }, (_, row) => NORTH - row * STEP);
  return rows
    .flatMap((latitude, row) =>
      Array.from({ length: 76 }, (_, column) => WEST + (column + (row % 2) / 2) * STEP)
        .filter((longitude) => ISLANDS.some((shore) => isInside([longitude, latitude], shore)))
        .map((longitude) => `M${at([longitude, latitude]).join(' ')}h0`),
    )
    .join('');
}
