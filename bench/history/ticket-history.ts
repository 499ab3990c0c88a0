/**
 * A made-up history of many tickets, the same for the same seed: who wrote, who took over, what was closed.
 * Nine in ten tickets are closed, as after a year of work.
 */
import { encode, type DomainEvent } from '../../src/domain/codec.ts';
import { customerStream } from '../../src/domain/customers/customer.ts';
import { conversationStream } from '../../src/domain/conversation/conversation.ts';
import { ticketStream } from '../../src/domain/tickets/ticket.ts';
import { userStream } from '../../src/domain/staff/user.ts';
import { type Channel, type Division, DIVISIONS } from '../../src/domain/vocabulary.ts';
import type { Actor, NewEvent } from '../../src/ports.ts';

export interface Appended {
  readonly stream: string;
  readonly revision: number;
  readonly event: NewEvent;
}

export interface HistoryOptions {
  readonly tickets: number;
  /** The moment the history ends, ms. */
  readonly until: number;
  readonly seed?: number;
  /** Days the history spans. Default 365. */
  readonly days?: number;
  readonly agentsPerDivision?: number;
}

const FIRST =
  'Budi Siti Agus Dewi Eko Rina Joko Sri Andi Putri Hadi Maya Rudi Ayu Dedi Lina Bayu Nia Fajar Wati Yusuf Tari Gilang Intan Reza Vina Arif Dian Hendra Mega'.split(
    ' ',
  );
const LAST =
  'Santoso Wijaya Saputra Lestari Pratama Hidayat Nugroho Kusuma Setiawan Rahayu Siregar Simanjuntak Nasution Lubis Harahap Gunawan Halim Tanjung Suryadi Permana'.split(
    ' ',
  );
export const HISTORY_TAGS = [
  'promo',
  'vip',
  'komplain',
  'dokumen',
  'survei',
  'asuransi',
  'b2b',
  'ekspres',
  'ulang',
  'batam',
  'jakarta',
  'surabaya',
  'negosiasi',
  'garansi',
  'langka',
];
const DAY = 86_400_000;

/** Small and quick; good enough to look like life. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** A UUID v7 of this moment; `kind` keeps apart what is made at the same one. */
function uuid(at: number, kind: number, n: number): string {
  const time = hex(at, 12);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(kind, 3)}-8000-${hex(n, 12)}`;
}

export const agentId = (division: Division, n: number): string =>
  uuid(1_700_000_000_000, DIVISIONS.indexOf(division) + 1, n);

interface Step {
  readonly stream: string;
  readonly event: DomainEvent;
  readonly actor: Actor;
  readonly at: number;
}

/** Events in the order they happened, each with its place in its stream. */
export function* ticketHistory(options: HistoryOptions): Generator<Appended> {
  const { tickets, until, seed = 1, days = 365, agentsPerDivision = 30 } = options;
  const next = random(seed);
  const chance = (share: number): boolean => next() < share;
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)] as T;
  const skewed = (count: number): number => Math.floor(count * next() ** 2);
  const start = until - days * DAY;
  const gap = (days * DAY) / tickets;
  const revisions = new Map<string, number>();
  let made = 0;

  function appended({ stream, event, actor, at }: Step): Appended {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    made += 1;
    const id = uuid(at, 0xeee, made);
    const when = new Date(at).toISOString();
    return {
      stream,
      revision,
      event: encode(event, id, { actor, correlationId: id, causationId: id, requestId: id, at: when }),
    };
  }

  for (const division of DIVISIONS) {
    for (let n = 0; n < agentsPerDivision; n += 1) {
      const userId = agentId(division, n);
      const name = `${pick(FIRST)} ${pick(LAST)}`;
      const email = `bench${String(n)}.${division}@demo.saga`;
      const data = { userId, name, email, passwordHash: '-', role: 'sales_agent', division } as const;
      const actor = { kind: 'system', process: 'bench' } as const;
      yield appended({
        stream: userStream(userId),
        event: { type: 'UserRegistered', data },
        actor,
        at: start - DAY,
      });
    }
  }

  /** What waits for its moment, by the number of the ticket that opens then. */
  const later = new Map<number, Step[]>();

  function plan(n: number): void {
    const opened = Math.floor(start + n * gap);
    const ticketId = uuid(opened, 0x111, n);
    const division: Division = chance(0.5) ? 'sari' : chance(0.6) ? 'savi' : 'safia';
    const channel: Channel = chance(0.8)
      ? 'whatsapp'
      : pick(['telegram', 'instagram', 'facebook', 'web'] as const);
    const phone = `628${String(100_000_000 + Math.floor(next() * 899_999_999))}`;
    const name = `${pick(FIRST)} ${pick(LAST)}`;
    const about = { ticketId, division };
    const agent = agentId(division, skewed(agentsPerDivision));
    const person: Actor = { kind: 'user', id: agent, role: 'sales_agent', division };
    const customer: Actor = { kind: 'customer' };
    let at = opened;
    let messages = 0;
    const add = (stream: string, event: DomainEvent, actor: Actor, wait: number): void => {
      at += Math.floor(wait * (0.2 + next()));
      if (at > until) return;
      // Rounding must not move an event of now into the past: that slot is done already.
      const slot = Math.min(tickets - 1, Math.max(n, Math.floor((at - start) / gap)));
      const steps = later.get(slot);
      const step = { stream, event, actor, at };
      if (steps) steps.push(step);
      else later.set(slot, [step]);
    };
    const said = () => {
      messages += 1;
      return { ...about, messageId: uuid(opened, 0x200 + messages, n), sentAt: new Date(at).toISOString() };
    };
    const writes = (wait: number): void => {
      const content = 'Halo, berapa ongkos kirim dari Batam ke Jakarta untuk minggu depan?';
      const rest = {
        channel,
        channelMessageId: null,
        kind: 'text',
        senderName: name,
        attachments: [],
        replyTo: null,
      };
      add(
        conversationStream(ticketId),
        { type: 'MessageReceived', data: { ...said(), content, ...rest } },
        customer,
        wait,
      );
    };
    const onTicket = (event: DomainEvent, actor: Actor, wait: number): void => {
      add(ticketStream(ticketId), event, actor, wait);
    };

    const customerId = uuid(opened, 0x333, n);
    const customerKey = `${division}_${hex(n, 40)}`;
    const registered = {
      customerId,
      customerKey,
      division,
      channel,
      channelUserId: `wa_${phone}`,
      phone,
      name,
    };
    add(customerStream(customerKey), { type: 'CustomerRegistered', data: registered }, customer, 0);
    const isOffHours = chance(0.2);
    const from = { botId: division, waPhoneId: 'PHONE_ID_001', waDisplayName: 'Saga', isOffHours };
    const who = {
      customerId,
      customerKey,
      customerName: name,
      customerPhone: channel === 'web' ? null : phone,
    };
    const before = { isReturningCustomer: chance(0.2), previousAgentId: null };
    onTicket({ type: 'TicketOpened', data: { ...about, channel, ...who, ...from, ...before } }, customer, 0);
    writes(0);

    const stays = chance(0.06);
    const handled = chance(0.75);
    if (!handled) {
      if (stays && chance(0.3)) {
        const label = chance(0.3) ? 'off_hours' : 'waiting_agent';
        onTicket(
          { type: 'TicketQueued', data: { ...about, label, waitingFor: null } },
          { kind: 'bot' },
          60_000,
        );
      } else if (!stays) {
        onTicket(
          { type: 'TicketClosed', data: { ...about, outcome: 'bot_resolved', reason: null } },
          { kind: 'bot' },
          600_000,
        );
      }
      return;
    }
    onTicket(
      { type: 'TicketTakenOver', data: { ...about, agentId: agent, agentDivision: division } },
      person,
      300_000,
    );
    const reply = { ...said(), content: 'Siap, kami bantu hitungkan.', agentId: agent };
    add(conversationStream(ticketId), { type: 'AgentReplied', data: reply }, person, 200_000);
    for (let more = skewed(3); more > 0; more -= 1) {
      onTicket(
        {
          type: 'TicketTagged',
          data: { ...about, tag: HISTORY_TAGS[skewed(HISTORY_TAGS.length)] ?? 'promo' },
        },
        person,
        60_000,
      );
    }
    if (chance(0.4)) writes(DAY / 4);
    if (!stays)
      onTicket({ type: 'TicketClosed', data: { ...about, outcome: 'closed', reason: null } }, person, DAY);
  }

  for (let n = 0; n < tickets; n += 1) {
    plan(n);
    const due = later.get(n) ?? [];
    later.delete(n);
    due.sort((a, b) => a.at - b.at);
    for (const step of due) yield appended(step);
    // Streams of long ago are finished: their revisions need not be remembered.
    if (n % 100_000 === 99_999) forgetOld(revisions, 600_000);
  }
}

function forgetOld(revisions: Map<string, number>, keep: number): void {
  const surplus = revisions.size - keep;
  let seen = 0;
  for (const stream of revisions.keys()) {
    if (seen >= surplus) return;
    seen += 1;
    revisions.delete(stream);
  }
}
