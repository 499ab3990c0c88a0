/** Who works in the demo's past, and when; and who its customers are. All are invented. */
import type { Division, Role, UserDivision } from '../../../domain/vocabulary.ts';
import { ACCOUNTS, type DemoAccount } from '../data.ts';
import type { Chance } from './chance.ts';

/** How somebody works: what makes the figures of two agents differ. */
export interface Habits {
  /** Minutes from an assignment to the first answer, as a rule. */
  readonly pace: number;
  /** How many of those who could go either way say yes, 0 to 1. */
  readonly wins: number;
  /** How often they give a discount, 0 to 1. */
  readonly yields: number;
  /** Days they are at work, of those that are working days, 0 to 1. */
  readonly present: number;
}

export interface Colleague extends DemoAccount {
  readonly habits: Habits;
}

const habits = (pace: number, wins: number, yields: number, present: number): Habits => ({
  pace,
  wins,
  yields,
  present,
});

/** By e-mail; whoever is not here works like most. */
const HABITS: Readonly<Record<string, Habits>> = {
  'agent1.sari@demo.saga': habits(1.8, 0.62, 0.35, 0.97),
  'agent2.sari@demo.saga': habits(2.6, 0.55, 0.3, 0.95),
  'agent1.savi@demo.saga': habits(2.1, 0.58, 0.25, 0.96),
  'agent2.savi@demo.saga': habits(4.4, 0.41, 0.5, 0.9),
  'agent1.safia@demo.saga': habits(2.4, 0.6, 0.2, 0.97),
  'agent2.safia@demo.saga': habits(3.2, 0.47, 0.45, 0.93),
  'galih.sari@demo.saga': habits(2.2, 0.5, 0.4, 0.94),
  'dimas.sari@demo.saga': habits(5.2, 0.36, 0.6, 0.86),
  'nisa.savi@demo.saga': habits(2.9, 0.52, 0.3, 0.95),
  'wahyu.safia@demo.saga': habits(5.8, 0.38, 0.55, 0.85),
};
const USUAL = habits(3, 0.48, 0.35, 0.92);

const colleague = (email: string, name: string, role: Role, division: UserDivision): DemoAccount => ({
  email: `${email}@demo.saga`,
  name,
  role,
  division,
});

/** Next to the accounts that the README names. */
const MORE: readonly DemoAccount[] = [
  colleague('owner', 'Sandra Wirawan', 'super_admin', 'all'),
  colleague('tl.savi', 'Teguh Prasetyo', 'team_lead', 'savi'),
  colleague('tl.safia', 'Titin Suhartini', 'team_lead', 'safia'),
  colleague('galih.sari', 'Galih Ramadhan', 'sales_agent', 'sari'),
  colleague('dimas.sari', 'Dimas Aji Nugroho', 'sales_agent', 'sari'),
  colleague('putri.sari', 'Putri Maharani', 'sales_agent', 'sari'),
  colleague('nisa.savi', 'Khairunnisa Siregar', 'sales_agent', 'savi'),
  colleague('yohanes.savi', 'Yohanes Sitompul', 'sales_agent', 'savi'),
  colleague('made.safia', 'Ni Made Ayu Lestari', 'sales_agent', 'safia'),
  colleague('wahyu.safia', 'Wahyu Hidayatullah', 'sales_agent', 'safia'),
  colleague('fitri.safia', 'Fitri Handayani', 'sales_agent', 'safia'),
  colleague('teknisi2.sari', 'Slamet Riyanto', 'technician', 'sari'),
  colleague('teknisi3.sari', 'Rudi Hartono', 'technician', 'sari'),
  colleague('teknisi2.savi', 'Agus Salim', 'technician', 'savi'),
  colleague('teknisi3.savi', 'Hendra Gunawan', 'technician', 'savi'),
  colleague('teknisi2.safia', 'Wawan Setiawan', 'technician', 'safia'),
  colleague('teknisi3.safia', 'Eko Prasetyo', 'technician', 'safia'),
  colleague('audit', 'Arif Budiman', 'viewer', 'all'),
];

export const STAFF: readonly Colleague[] = [...ACCOUNTS, ...MORE].map((one) => ({
  ...one,
  habits: HABITS[one.email] ?? USUAL,
}));

// ---------------------------------------------------------------- when a division is at work

/** By day of the week, from Sunday: opens, closes. */
export const HOURS: Readonly<Record<Division, readonly (readonly [opens: string, closes: string] | null)[]>> =
  {
    sari: [null, ...Array<[string, string]>(5).fill(['08:00', '17:00']), ['08:00', '13:00']],
    savi: [null, ...Array<[string, string]>(5).fill(['08:00', '17:00']), ['09:00', '14:00']],
    safia: [['09:00', '13:00'], ...Array<[string, string]>(6).fill(['08:00', '18:00'])],
  };

// ---------------------------------------------------------------- customers

const FIRST_NAMES =
  'Adi Agung Ahmad Aisyah Aldi Alya Amelia Anggun Anisa Anton Aprilia Ardi Arini Asep Astrid Bambang Bayu Benny Bimo Cahya Cindy Daniel Deni Desi Dian Doni Eka Eko Elisa Endang Erna Evi Fadli Fajar Farah Fauzan Ferdi Fikri Gita Hana Hani Haris Hasan Heri Ika Ilham Indah Intan Irfan Irma Iwan Jamal Jihan Joko Kartika Kevin Laras Lestari Lukman Made Mega Melati Mira Mutia Nadia Nanda Nia Nova Novi Oki Panji Permata Prita Rahmat Ratih Reza Ridwan Rini Rizky Rosa Sari Sekar Sinta Slamet Sri Stefani Surya Susi Tari Taufik Tia Tono Tri Umar Vera Wawan Wayan Widya Yanti Yudi Yuli Yusuf Zahra Zainal'.split(
    ' ',
  ) as [string, ...string[]];
const LAST_NAMES =
  'Anwar Aritonang Basri Budiarto Cahyono Damanik Effendi Fauzi Firmansyah Ginting Gunardi Halim Harahap Hasibuan Hermawan Irawan Iskandar Kurniawan Kusnadi Lubis Manurung Maulana Mulyadi Nainggolan Nasution Nugraha Pangestu Pardede Permadi Prabowo Purnomo Putra Rachman Rahardjo Rangkuti Sanjaya Saragih Sasongko Setiawan Sihombing Simbolon Sinaga Soetomo Sudrajat Suharto Sulaiman Sunarya Suparman Susanto Sutanto Syahputra Tambunan Tanjung Utami Wardhana Wibowo Widodo Yulianto Yunus Zulkarnain'.split(
    ' ',
  ) as [string, ...string[]];
/** As people call themselves on their phones. */
const ODD_NAMES = [
  'Mama Zidan 🌸',
  'dr. Raden Mas Haryo Suryaningrat Kusumadiningrat, Sp.OG(K), M.Kes',
  'TOKO BERKAH JAYA (Grosir & Eceran) - ORDER VIA WA 24 JAM',
  '✨ Nay ✨',
  'Pak RT 05',
  'Ni Luh Putu Ayu Sri Wahyuni Kusuma Dewi binti Haji Muhammad Syarifuddin',
  '🚚 Jaya Abadi Trans 🚚',
  'bunda_khalisa',
  '~aji~',
  'R',
] as const;
export const COMPANIES = [
  'PT Sinar Contoh Abadi',
  'CV Maju Bersama',
  'PT Nusa Karya Mandiri',
  'Toko Bangunan Sejahtera',
  'PT Tirta Pangan Lestari',
  'CV Berkah Teknik',
  'PT Mega Elektrindo',
  'UD Sumber Rejeki',
  'PT Cakrawala Medika',
  'Koperasi Tani Makmur',
  'PT Bumi Retailindo',
  'CV Anugerah Mebel',
] as const;

/** @returns what a customer calls themselves, and what an agent calls them */
export function customerName(chance: Chance): { readonly name: string; readonly spoken: string } {
  if (chance.happens(0.035)) return { name: chance.pick(ODD_NAMES), spoken: 'Kak' };
  const first = chance.pick(FIRST_NAMES);
  const name = chance.happens(0.12) ? first : `${first} ${chance.pick(LAST_NAMES)}`;
  return { name, spoken: `${chance.pick(['Pak', 'Bu', 'Kak', 'Kak'])} ${first}` };
}
