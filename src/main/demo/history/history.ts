/**
 * The past of the demo (docs/design/architecture.md#demo): a month of work of three divisions, three thinner months before
 * it, and a thin year before those. The same for the same end and the same secrets, so that a start after a crash goes on.
 */
import { defineTemplate, input as templateInput } from '../../../commands/blasts/define-template.ts';
import { defineTag } from '../../../commands/settings/define-tag.ts';
import { setOfficeHours } from '../../../commands/settings/set-office-hours.ts';
import { createUser } from '../../../commands/staff/create-user.ts';
import type { Lines } from '../../../channels/lines.ts';
import type { Recommendation } from '../../../domain/follow-ups/follow-up-night.ts';
import { PRIVILEGES } from '../../../domain/staff/privileges.ts';
import { weekdayOf } from '../../../domain/time/calendar.ts';
import { type Division, DIVISIONS } from '../../../domain/vocabulary.ts';
import type { BlindIndex, EventStore, Files, Ids, Passwords, StoredEvent } from '../../../ports.ts';
import { DEMO_TAGS, TEMPLATES } from '../data.ts';
import {
  CAMPAIGN_THREAD,
  CAMPAIGNS,
  campaign,
  type KnownTickets,
  NIGHTS,
  nights,
  putAside,
} from './campaigns.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Scene } from './deal.ts';
import { createDesk } from './desk.ts';
import { createJournal, type Entry } from './journal.ts';
import { type Buyer, newBuyer, newTopic } from './lead.ts';
import { life } from './life.ts';
import { createOffice, DAY, HOUR, MINUTE, type Office, schedulesOf, workingDays } from './office.ts';
import { STAFF } from './people.ts';
import { createSamples } from './samples.ts';
import { beginVisits } from './visits.ts';
import type { DivisionTalks } from './talks/talks.ts';
import { SAFIA } from './talks/safia.ts';
import { SARI } from './talks/sari.ts';
import { SAVI } from './talks/savi.ts';
import { createWorld, type World } from './world.ts';
import { BARRIER, writeJournal } from './write-journal.ts';

export interface HistoryDeps {
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly passwords: Passwords;
  readonly lines: Lines;
  readonly files: Pick<Files, 'write'>;
  /** BUSINESS_TIMEZONE. */
  readonly timezone: string;
  /** Of every account. */
  readonly password: string;
  /** When the past ends, ms since 1970. */
  readonly until: number;
  /** How many customers; a test takes fewer. */
  readonly talks: number;
}

const SEED = 20_261;
const YEAR = 365 * DAY;
const ALL: Readonly<Record<Division, DivisionTalks>> = { sari: SARI, savi: SAVI, safia: SAFIA };
const SHARES: readonly (readonly [Division, number])[] = [
  ['sari', 44],
  ['savi', 31],
  ['safia', 25],
];

/** How much of it is how long ago: from a day, to a day, and its share. */
const SEASONS: readonly (readonly [from: number, to: number, share: number])[] = [
  [0, 1, 0.06],
  [1, 31, 0.47],
  [31, 62, 0.19],
  [62, 95, 0.14],
  [95, 360, 0.14],
];

/** Of the hours of a day, from midnight: when people write. */
const HOURS_OF_DAY = [1, 0.5, 0.3, 0.2, 0.3, 1, 2, 4, 8, 11, 12, 10, 7, 9, 11, 10, 8, 6, 4, 5, 6, 5, 3, 2];

/** Days before the end of the past since when somebody is at work: the company was small once. Null: not at a desk. */
const JOINED = {
  first: 367,
  sales_agent: 100,
  team_lead: 36,
  super_admin: null,
  dispatcher: null,
  technician: null,
  viewer: null,
} as const;
/** Days before the end since when breaks are known, too. */
const LUNCHES = 63;

/** Ids that are the same whenever the past is made again. */
const sameIds = (ids: Ids, world: World, until: number): Ids => {
  let made = 0;
  return {
    ...ids,
    next: () => {
      made += 1;
      return ids.fromAt(world.clock.now(), 'demo-history', String(until), String(made));
    },
  };
};

/** Argon2 is slow on purpose, and the accounts of the demo have one password. */
const hashedOnce = (passwords: Passwords): Passwords => {
  const hashes = new Map<string, Promise<string>>();
  return {
    ...passwords,
    hash: (password) => {
      const hash = hashes.get(password) ?? passwords.hash(password);
      hashes.set(password, hash);
      return hash;
    },
  };
};

/** The moment at which somebody writes, so many days ago at the least and at the most. */
function momentOf(chance: Chance, office: Office, until: number, from: number, to: number): number {
  for (;;) {
    const day = office.calendar.dayOf(until - (from + (to - from) * chance.next()) * DAY);
    const hour = chance.weighted(HOURS_OF_DAY.map((weight, n) => [n, weight] as const));
    const at = office.calendar.momentOf(day, hour * 60) + Math.floor(chance.next() * HOUR);
    const weekday = weekdayOf(day);
    const isQuiet = weekday === 0 ? chance.happens(0.6) : weekday === 6 && chance.happens(0.35);
    if (at < until - MINUTE && at >= until - YEAR && !isQuiet) return at;
  }
}

/** @param made told how far it is, 0 to 1. @returns everything that was appended, in its order */
export async function makeHistory(
  deps: HistoryDeps,
  made: (share: number) => Promise<void> = () => Promise.resolve(),
): Promise<readonly Entry[]> {
  const { until, timezone, lines, talks: count } = deps;
  const chance = chanceOf(SEED);
  const office = createOffice(timezone);
  const world = createWorld(until - YEAR - 2 * DAY);
  const known: KnownTickets = new Map();
  const buyers = new Map<string, Buyer>();
  const journal = createJournal(world.thread, (event) => {
    office.notify(event);
    note(event, world, buyers, known);
  });
  const ids = sameIds(deps.ids, world, until);
  const desk = createDesk({ ...deps, world, journal, ids });
  const scene: Scene = { world, desk, office, chance, samples: createSamples(), templates: new Map() };
  const templates = scene.templates as Map<string, string>;

  world.begin(
    BARRIER,
    world.now(),
    settingUp(scene, { ...deps, passwords: hashedOnce(deps.passwords) }, templates),
  );
  for (let n = 0; n < count; n += 1) {
    let left = chance.next();
    const season = SEASONS.find(([, , share]) => (left -= share) < 0) ?? SEASONS[1];
    const talks = ALL[chance.weighted(SHARES)];
    const buyer = newBuyer(chance, talks, newTopic(chance, talks), n, lines);
    buyers.set(buyer.userId, buyer);
    const at = momentOf(chance, office, until, season?.[0] ?? 1, season?.[1] ?? 31);
    world.begin(buyer.userId, at, life(scene, talks, buyer));
  }
  world.begin(
    BARRIER,
    until - 40 * DAY,
    beginning(() => beginVisits(scene, { ...deps, known })),
  );
  const last = new Map<string, Recommendation>();
  world.begin(BARRIER, until - NIGHTS, nights(scene, known, last));
  for (const one of CAMPAIGNS) {
    const course = campaign(scene, one, known, last, (division) => ALL[division]);
    world.begin(CAMPAIGN_THREAD, until - one.daysAgo * DAY, course);
  }
  await world.run(until, made);
  await putAside(scene, known);
  for (const person of office.people) if (person.online) await desk.leaves(person.caller);
  return journal.entries;
}

/** What begins when the people are there. */
// eslint-disable-next-line @typescript-eslint/require-await
async function* beginning(begin: () => void) {
  begin();
}

/** What the campaigns have to know of each ticket. */
function note(
  event: StoredEvent,
  world: World,
  buyers: ReadonlyMap<string, Buyer>,
  known: KnownTickets,
): void {
  const { ticketId } = event.data as { ticketId?: string };
  if (ticketId === undefined || !/^(ticket|conversation)-/.test(event.stream)) return;
  const at = world.clock.now().toISOString();
  const one = known.get(ticketId);
  if (one && event.type !== 'DeliveryReported') one.lastActivityAt = at;
  const buyer = event.type === 'TicketOpened' ? buyers.get(world.thread()) : undefined;
  if (buyer) known.set(ticketId, { division: buyer.division, buyer, lastActivityAt: at });
}

/** The first day: accounts, office hours, tags and templates. */
async function* settingUp(scene: Scene, deps: HistoryDeps, templates: Map<string, string>) {
  const { desk, office, world } = scene;
  const all = {
    ...desk.all,
    passwords: deps.passwords,
    blindIndex: deps.blindIndex,
    temporaryPasswordDays: 7,
  };
  const caller = {
    id: 'demo-seed',
    role: 'super_admin',
    division: 'all',
    privileges: new Set(PRIVILEGES),
  } as const;
  const actor = { kind: 'system', process: 'demo' } as const;
  for (const { email, name, role, division, habits } of STAFF) {
    const { user_id } = await createUser(all)(
      { ...desk.as(caller), actor },
      { email, name, role, division, password: deps.password },
    );
    const person = office.join({ email, name, role, division, habits }, user_id);
    const days = JOINED[email.startsWith('agent1.') ? 'first' : role];
    if (days !== null)
      world.begin(
        user_id,
        Math.max(world.now() + DAY, deps.until - days * DAY),
        workingDays(scene, person, deps.until - LUNCHES * DAY),
      );
  }
  yield world.now() + HOUR;
  const [admin] = office.ofRole('super_admin');
  if (!admin) throw new Error('the demo has no super admin');
  for (const division of DIVISIONS)
    await setOfficeHours(all)(desk.as(admin.caller), division, { schedules: schedulesOf(division) });
  for (const tag of DEMO_TAGS) await defineTag(all)(desk.as(admin.caller), tag);
  for (const template of TEMPLATES) {
    const { id } = await defineTemplate(all)(desk.as(admin.caller), templateInput.parse(template));
    templates.set(template.name, id);
  }
}

/** @param told how many events are written of how many. @returns how many there are */
export const writeHistory = (
  store: Pick<EventStore, 'append'>,
  entries: readonly Entry[],
  told: (done: number, of: number) => void,
): Promise<number> => writeJournal(store, entries, told);
