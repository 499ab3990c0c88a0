/** One customer's matter, from the first message to its end: what it is about, and how it will go. */
import { COMPANIES, customerName } from './people.ts';
import type { Chance } from './chance.ts';
import type { Patron } from './inbound-forms.ts';
import { DAY } from './office.ts';
import type { DivisionTalks, Facts, Topic } from './talks/talks.ts';
import type { Lines } from '../../../channels/lines.ts';
import type { Channel } from '../../../domain/vocabulary.ts';

/** Who writes, through all of their tickets. */
export interface Buyer extends Patron {
  /** What an agent calls them. */
  readonly spoken: string;
  readonly isCompany: boolean;
}

export interface Matter {
  readonly buyer: Buyer;
  readonly talks: DivisionTalks;
  readonly topic: Topic;
  readonly facts: Facts;
  readonly route: { readonly origin: string; readonly destination: string };
  /** Rupiah. */
  readonly price: number;
  readonly discount: number;
  /** 0 to 1: what is left to chance in it, the same in all of the talk. */
  readonly dice: number;
}

const CHANNELS: readonly (readonly [Channel, number])[] = [
  ['whatsapp', 68],
  ['instagram', 11],
  ['telegram', 8],
  ['facebook', 8],
  ['web', 5],
];

const DIGITS: Readonly<Record<Channel, readonly [prefix: string, first: string]>> = {
  // Numbers that no operator gives out, as in `../data.ts`.
  whatsapp: ['wa_', '62800077'],
  telegram: ['tg_', '8007'],
  instagram: ['ig_', '8008'],
  facebook: ['fb_', '8009'],
  web: ['web_', 'pengunjung-'],
};

/** @param n the customer's number among all of the demo */
export function newBuyer(chance: Chance, talks: DivisionTalks, topic: Topic, n: number, lines: Lines): Buyer {
  const channel = chance.weighted(CHANNELS);
  const [prefix, first] = DIGITS[channel];
  const { division } = talks;
  const isCompany = chance.happens(topic.companies);
  return {
    userId: `${prefix}${first}${String(n).padStart(5, '0')}`,
    ...customerName(chance),
    channel,
    division,
    line: lines.of(channel, division)[0]?.id ?? null,
    isCompany,
  };
}

export const newTopic = (chance: Chance, { topics }: DivisionTalks): Topic =>
  chance.weighted(topics.map((topic) => [topic, topic.weight] as const));

const GOODS =
  'suku cadang mesin,pakaian jadi,alat kesehatan,mebel jati,keramik,bahan bangunan,elektronik,makanan kering,spanduk dan rak pameran,kosmetik'.split(
    ',',
  ) as [string, ...string[]];
const BIKES = [
  'Vario 125',
  'Beat Street',
  'NMAX',
  'PCX 160',
  'CBR150R',
  'Ninja 250',
  'R15',
  'Supra X',
  'Revo',
  'Scoopy',
] as const;
const CARS = [
  'Toyota Innova',
  'Toyota Avanza',
  'Honda Brio',
  'Honda HR-V',
  'Mitsubishi Xpander',
  'Toyota Fortuner',
  'Suzuki Ertiga',
  'Daihatsu Terios',
] as const;
const EVS = ['Wuling Air ev', 'Hyundai Ioniq 5', 'BYD Atto 3', 'Chery Omoda E5'] as const;
const BIG = [
  'piano',
  'lemari jati 3 pintu',
  'mesin cuci 2',
  'akuarium besar',
  'sofa L',
  'meja makan marmer',
] as const;
const WEEKDAYS = ['Senin', 'Selasa', 'Rabu', 'Kamis', 'Jumat', 'Sabtu'] as const;

const dayAndMonth = new Intl.DateTimeFormat('id-ID', {
  day: 'numeric',
  month: 'long',
  timeZone: 'Asia/Jakarta',
});
const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
const rounded = (amount: number, to: number): number => Math.round(amount / to) * to;
const amounts = new Intl.NumberFormat('id-ID');

/** What this talk is about. @param at when it begins, ms since 1970 */
export function newLead(
  chance: Chance,
  talks: DivisionTalks,
  topic: Topic,
  buyer: Buyer,
  at: number,
): Matter {
  const routes = topic.routes ?? talks.routes;
  const [origin, destination] = chance.weighted(routes.map((route) => [route, route[2]] as const));
  const [least, most] = topic.price;
  const price = rounded(least + (most - least) * chance.next() ** 2, 50_000);
  const discount = rounded(price * (0.02 + 0.06 * chance.next()), 25_000);
  const kg = rounded(20 + 900 * chance.next() ** 2, 5);
  const facts: Facts = {
    name: buyer.spoken,
    origin,
    destination,
    kg,
    koli: Math.max(1, Math.round(kg / 35)),
    ton: chance.whole(1, 12),
    cbm: chance.whole(6, 48),
    days: chance.whole(3, 9),
    unit: chance.whole(2, 9),
    room: chance.whole(2, 5),
    floor: chance.whole(2, 24),
    desk: chance.whole(2, 16) * 10,
    resi: chance.whole(10_000, 99_999),
    goods: chance.pick(GOODS),
    company: chance.pick(COMPANIES),
    bike: chance.pick(BIKES),
    car: chance.pick(CARS),
    ev: chance.pick(EVS),
    big: chance.pick(BIG),
    date: dayAndMonth.format(at + chance.whole(3, 20) * DAY),
    surveyDay: chance.pick(WEEKDAYS),
    surveyDate: isoDay(at + chance.whole(2, 5) * DAY),
    moveDate: isoDay(at + chance.whole(8, 40) * DAY),
    lastOrder: isoDay(at - chance.whole(5, 50) * DAY),
    amount: price,
    price: amounts.format(price),
    discount: amounts.format(discount),
  };
  return { buyer, talks, topic, facts, route: { origin, destination }, price, discount, dice: chance.next() };
}
