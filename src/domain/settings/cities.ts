/** Cities and regencies of Indonesia, for the fields of a route (docs/design/api.md#cities). Kept in the program: no network. */
import data from './cities.json' with { type: 'json' };

export interface City {
  /** As one writes it into a route: 'Batam', and 'Kabupaten Bandung' where a city has the same name. */
  readonly name: string;
  readonly kind: 'kota' | 'kabupaten';
  readonly province: string;
}

const OFFICIAL = /^(Kota|Kabupaten)(?: Administrasi)? (.+)$/;

const all = Object.entries(data.provinces as Readonly<Record<string, readonly string[]>>).flatMap(
  ([province, names]) =>
    names.map((official) => {
      const [, kind = '', bare = official] = OFFICIAL.exec(official) ?? [];
      return { bare, kind: kind === 'Kota' ? ('kota' as const) : ('kabupaten' as const), province };
    }),
);
const cityNames = new Set(all.filter(({ kind }) => kind === 'kota').map(({ bare }) => bare));

export const CITIES: readonly City[] = all
  .map(({ bare, kind, province }) => ({
    name: kind === 'kabupaten' && cityNames.has(bare) ? `Kabupaten ${bare}` : bare,
    kind,
    province,
  }))
  .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));

/** Case and accents do not count. */
export const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ');

const KNOWN = CITIES.map((city) => ({ city, text: folded(city.name) }));

/** Those whose name, or a word of it, begins so; names that begin so come first. */
export function citiesNamed(query: string, most: number): readonly City[] {
  const wanted = folded(query);
  const first = KNOWN.filter(({ text }) => text.startsWith(wanted));
  const later = KNOWN.filter(({ text }) => !text.startsWith(wanted) && text.includes(` ${wanted}`));
  return [...first, ...later].slice(0, most).map(({ city }) => city);
}
