/** Who takes part in a soak: customers and bots, agents, leads; each does one thing after another, by chance. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { aCustomer, aText, type Channels, type Customer, type Session } from '../support/http/client.ts';
import { type Member, setActive } from './people.ts';
import { untilAnswered, type Person, person, type Record_ } from './requests.ts';

export const DIVISIONS = ['sari', 'savi', 'safia'] as const;
const TAGS = ['vip', 'mendesak', 'b2b', 'ulang'];
/** So that a laptop of two cores keeps up with what twenty people do. */
const PAUSE_MS = { least: 150, most: 900 };

export interface Stage {
  readonly record: Record_;
  going(): boolean;
  /** Any API that is up. */
  channels(): Channels;
  /** Random numbers of one actor: the same seed gives the same choices. */
  random: () => number;
}

export const pick = <T>(random: () => number, from: readonly T[]): T | undefined =>
  from[Math.floor(random() * from.length)];

const pause = ({ random }: Stage): Promise<void> =>
  delay(PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least));

/** A few customers of one division, and the bot that talks with them. */
export async function customers(stage: Stage, division: string, count: number): Promise<void> {
  const { record, random, going } = stage;
  const all = Array.from({ length: count }, () => aCustomer(division));
  while (going()) {
    const who = pick(random, all) as Customer;
    const chance = random();
    if (chance < 0.62) await writes(stage, who);
    else await bot(stage, who, chance);
    await pause(stage);
  }

  async function writes({ channels }: Stage, who: Customer): Promise<void> {
    const text = aText('Halo');
    const id = `wamid.${randomUUID()}`;
    const deliver = random() < 0.5 ? 'says' : 'meta';
    const { outcome } = await untilAnswered(
      record,
      'webhook',
      () => channels()[deliver](who, text, id),
      going,
    );
    record.texts[outcome].add(text);
    if (outcome === 'refused') record.wrong.push('a signed delivery was refused');
    // Channels sometimes deliver again what was answered with 200.
    if (random() < 0.1)
      await untilAnswered(record, 'webhook', () => channels()[deliver](who, text, id), going);
  }

  async function bot({ channels }: Stage, who: Customer, chance: number): Promise<void> {
    const text = aText('Bot');
    const message_id = `bot.${randomUUID()}`;
    const what =
      chance < 0.72
        ? { event: 'message', sender: 'bot', message: text, confidence: 0.9, message_id }
        : chance < 0.9
          ? { event: 'handoff', reason: 'minta orang', message_id }
          : chance < 0.95
            ? { event: 'resolved', message_id }
            : { event: 'lead_detected', fields: { origin_city: 'Batam' }, confidence: 0.8, message_id };
    // What the bot says of a customer without an open ticket is kept aside: it may be there once or not at all.
    const { outcome } = await untilAnswered(record, 'webhook', () => channels().bot(who, what), going);
    if (what.event === 'message') record.texts.unknown.add(text);
    if (outcome === 'refused') record.wrong.push('a signed event of the bot was refused');
  }
}

/** An agent: looks at the inbox, takes, answers, tags, closes; comes and goes. */
export async function agent(
  stage: Stage,
  session: () => Session,
  { division, old }: Pick<Member, 'division' | 'old'>,
): Promise<void> {
  const { record, random, going } = stage;
  const me = person(record, session, going);
  while (going()) {
    const chance = random();
    const former = pick(random, old());
    if (former && random() < 0.2) await me.tries(former.at(session().url));
    if (chance < 0.05) {
      await me.post('/api/agent/status', { status: random() < 0.75 ? 'online' : 'offline' });
    } else if (chance < 0.3) {
      const free = await me.inbox(`division=${division}&queue_status=free&limit=20`);
      await take(pick(random, free));
    } else {
      const own = await me.inbox(`assigned_to=me&limit=20${random() < 0.8 ? '' : '&status=closed'}`);
      await work(pick(random, own));
    }
    await pause(stage);
  }

  async function take(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    await me.command(id, 'self-takeover');
    await me.look(id);
  }

  async function work(id: string | undefined): Promise<void> {
    if (id === undefined) return;
    const chance = random();
    if (chance < 0.5) await me.command(id, 'reply', { message: aText('Baik') });
    else if (chance < 0.75) await tagged(me, id, random);
    else if (chance < 0.85) await me.command(id, 'close', { reason: 'selesai' });
    else if (chance < 0.92) await me.command(id, 'reopen');
    else await decided(me, id, random);
    await me.look(id);
  }
}

const tagged = (me: Person, id: string, random: () => number) =>
  me.command(id, 'tag', { action: random() < 0.65 ? 'add' : 'remove', tag: pick(random, TAGS) });

async function decided(me: Person, id: string, random: () => number): Promise<void> {
  const won = random() < 0.5;
  const form = won
    ? { crm_stage: 'Won', deal_value: 1_000_000 }
    : { crm_stage: 'Lost', lost_reason: 'price' };
  await me.patch(`/api/admin/ticket/${id}/crm`, form);
}

/** A lead of all divisions: gives tickets away, moves them, closes and reopens; sends agents away and calls them back. */
export async function lead(stage: Stage, session: () => Session, staff: readonly Member[]): Promise<void> {
  const { record, random, going } = stage;
  const me = person(record, session, going);
  const holders = new Map<string, string>();
  while (going()) {
    const division = pick(random, DIVISIONS) ?? 'sari';
    const closed = random() < 0.25;
    const id = pick(random, await me.inbox(`division=${division}&limit=30${closed ? '&status=closed' : ''}`));
    const who = pick(random, staff);
    if (id !== undefined && who) await act(id, who);
    await pause(stage);
  }

  async function act(id: string, who: Member): Promise<void> {
    const chance = random();
    if (chance < 0.35) {
      if ((await me.command(id, 'assign', { assign_to: who.id })) === 'acknowledged') holders.set(id, who.id);
    } else if (chance < 0.55) {
      const from_agent = holders.get(id) ?? who.id;
      const done = await me.command(id, 'reassign', { from_agent, to_agent: who.id, reason: 'giliran' });
      if (done === 'acknowledged') holders.set(id, who.id);
    } else if (chance < 0.7) await me.command(id, 'close');
    else if (chance < 0.82) await me.command(id, 'reopen');
    else if (chance < 0.9) await tagged(me, id, random);
    else if (who.mayLeave) await setActive(record, session, who, random() < 0.5, going);
    await me.look(id);
  }
}
