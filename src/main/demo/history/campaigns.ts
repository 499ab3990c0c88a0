/** What goes to many in the demo's past: the nightly recommendations, and the blasts that are made of them. */
import { approveBlast } from '../../../commands/blasts/approve-blast.ts';
import { createBlast } from '../../../commands/blasts/create-blast.ts';
import { recordBlast } from '../../../commands/blasts/record-blast.ts';
import { rejectBlast } from '../../../commands/blasts/reject-blast.ts';
import { recommend } from '../../../commands/follow-ups/recommend-follow-ups.ts';
import { wantedFollowUp } from '../../../commands/follow-ups/render-follow-up.ts';
import { parametersOf, personalise } from '../../../domain/blasts/personalise.ts';
import type { Recommendation } from '../../../domain/follow-ups/follow-up-night.ts';
import { adviceFor, CANCELLED_PLAN } from '../../../domain/follow-ups/follow-up-rules.ts';
import { customer } from '../../../domain/customers/customer.ts';
import { dayText } from '../../../domain/time/calendar.ts';
import { ticket } from '../../../domain/tickets/ticket.ts';
import { type Division, DIVISIONS } from '../../../domain/vocabulary.ts';
import { createAddresses, type CustomerAddress } from '../../../jobs/outbound/addresses.ts';
import { planFor } from '../../../jobs/blasts/preflight.ts';
import { type Scene, UNREACHABLE } from './deal.ts';
import type { Buyer } from './lead.ts';
import { life } from './life.ts';
import { DAY, HOUR, MINUTE, type Worker } from './office.ts';
import { AFTER_A_BLAST, type DivisionTalks } from './talks/talks.ts';
import type { Course } from './world.ts';
import { BARRIER } from './write-journal.ts';

/** What the demo knows of its tickets, next to their streams. */
export interface KnownTicket {
  readonly division: Division;
  readonly buyer: Buyer;
  lastActivityAt: string;
}
export type KnownTickets = Map<string, KnownTicket>;

export interface Campaign {
  readonly division: Division;
  /** Days before the end of the past. */
  readonly daysAgo: number;
  readonly creator: string;
  readonly template: string;
  readonly message: string;
  readonly ends: 'sent' | 'rejected' | 'pending';
  readonly categories: readonly Recommendation['category'][];
}

const REASON = 'Jangan kirim promo dua kali dalam satu minggu ke orang yang sama.';
const MOST = 34;
const BETWEEN_MS = 1_500;

/** As the follow-up engine does it, each night at one. */
export async function* nights(scene: Scene, known: KnownTickets, last: Map<string, Recommendation>): Course {
  const { world, desk, office } = scene;
  const { night: record } = recommend(desk.all);
  /** Closed tickets that no rule can match any more. */
  const done = new Set<string>();
  for (;;) {
    yield office.calendar.momentOf(office.calendar.dayOf(world.now() + 23 * HOUR), 60);
    const day = dayText(office.calendar.dayOf(world.now()));
    last.clear();
    for (const division of DIVISIONS) {
      const found: Recommendation[] = [];
      for (const [ticketId, { division: of, lastActivityAt }] of known) {
        if (of !== division || done.has(ticketId)) continue;
        const state = await desk.handler.load(ticket, ticketId);
        if (state.status === 'absent') continue;
        const { stage, values } = state.crm;
        const open = state.status !== 'closed';
        if (!open && values['lost_reason'] !== CANCELLED_PLAN) done.add(ticketId);
        const advice = adviceFor(
          { division, open, stage, values, lastActivityAt },
          { at: world.clock.now().toISOString(), day },
        );
        if (advice) found.push({ ticketId, ...advice });
      }
      for (const one of found) last.set(one.ticketId, one);
      await record(division, day, found);
    }
  }
}

/**
 * Each agent puts one talk aside until a morning in two days. By chance alone there are hours with none, and the list
 * must have rows whenever the demo is started.
 */
export async function putAside({ world, desk, office }: Scene, known: KnownTickets): Promise<void> {
  const morning = office.calendar.momentOf(office.calendar.dayOf(world.now() + 2 * DAY), 9 * 60);
  const taken = new Set<string>();
  // What nobody touched for the longest is what somebody puts aside.
  const byRest = [...known].toSorted(([, a], [, b]) => (a.lastActivityAt < b.lastActivityAt ? -1 : 1));
  for (const [ticketId] of byRest) {
    const state = await desk.handler.load(ticket, ticketId);
    if (state.status !== 'assigned' || state.snoozedUntil !== null || taken.has(state.agentId)) continue;
    const agent = office.find(state.agentId);
    if (!agent) continue;
    taken.add(state.agentId);
    await desk.snooze.until(desk.as(agent.caller), ticketId, { until: new Date(morning).toISOString() });
  }
}

/** One blast: made of the recommendations of the night, decided by a second person, sent, and answered by some. */
export async function* campaign(
  scene: Scene,
  { division, creator, template, message, ends, categories }: Campaign,
  known: KnownTickets,
  recommended: ReadonlyMap<string, Recommendation>,
  talksOf: (division: Division) => DivisionTalks,
): Course {
  const { world, chance, desk, office, templates } = scene;
  const by = office.people.find(({ email }) => email === creator);
  const template_id = templates.get(template);
  const approvers = [...office.ofRole('team_lead'), ...office.ofRole('super_admin')];
  const judge = approvers.find((one) => one !== by);
  if (!by || !judge || template_id === undefined) return;
  const candidates = await candidatesOf(scene, division, known, recommended, categories);
  if (candidates.length === 0) return;
  const recipients = candidates.map(({ ticketId }) => ticketId);
  const { blast_id } = await createBlast(desk.all)(
    desk.as(by.caller),
    { recipients, template_id, message },
    candidates,
    approvers.map(({ caller }) => caller.id),
  );
  if (ends === 'pending') return;
  yield world.now() + chance.whole(12, 70) * MINUTE;
  if (ends === 'rejected') {
    await rejectBlast(desk.all)(desk.as(judge.caller), blast_id, { reason: REASON });
    return;
  }
  await approveBlast({ ...desk.all, blastDelayMs: BETWEEN_MS })(desk.as(judge.caller), blast_id);
  yield world.now() + 2_000;
  const addressOf = createAddresses({ handler: desk.handler, store: desk.all.store });
  for (const { ticketId } of candidates) {
    const buyer = known.get(ticketId)?.buyer;
    if (!buyer) continue;
    world.pass(BETWEEN_MS);
    const address = await addressOf(ticketId);
    if (address) await sendTo(scene, blast_id, ticketId, { buyer, address, by });
    if (chance.happens(0.34)) {
      const answers = answer(scene, talksOf(division), buyer, ticketId);
      world.begin(buyer.userId, world.now() + Math.ceil(chance.around(260) * MINUTE), answers);
    }
  }
  await recordBlast(desk.all).done(blast_id);
}

async function candidatesOf(
  { desk }: Scene,
  division: Division,
  known: KnownTickets,
  recommended: ReadonlyMap<string, Recommendation>,
  categories: Campaign['categories'],
) {
  const byCustomer = new Map<string, Awaited<ReturnType<typeof candidate>>>();
  async function candidate(ticketId: string, category: Recommendation['category']) {
    const state = await desk.handler.load(ticket, ticketId);
    const { lastAt } = desk.heardOn(ticketId);
    if (state.status === 'absent' || lastAt === 0) return null;
    const lastCustomerMessageAt = new Date(lastAt).toISOString();
    const known = await desk.handler.load(customer, state.customerKey);
    if (known.status !== 'known') return null;
    return { ticketId, customerId: known.id, division, category, lastCustomerMessageAt };
  }
  for (const [ticketId, { category }] of recommended) {
    const one = known.get(ticketId);
    // Who cannot read what is written to them is none of the recipients that a person picks.
    if (one?.division !== division || one.buyer.channel === 'web' || !categories.includes(category)) continue;
    const found = await candidate(ticketId, category);
    if (found) byCustomer.set(found.customerId, found);
  }
  return [...byCustomer.values()].flatMap((one) => one ?? []).slice(0, MOST);
}

/** As the blast executor does it. */
async function sendTo(
  scene: Scene,
  blastId: string,
  ticketId: string,
  { buyer, address, by }: { readonly buyer: Buyer; readonly address: CustomerAddress; readonly by: Worker },
): Promise<void> {
  const { world, chance, desk } = scene;
  const { handler } = desk;
  const record = recordBlast(desk.all);
  const about = { blastId, ticketId, division: buyer.division };
  const [blast, found] = [await record.load(blastId), await handler.load(ticket, ticketId)];
  if (blast.status === 'absent' || found.status === 'absent') return;
  const recipient = blast.recipients.get(ticketId);
  if (!recipient) return;
  const plan = await planFor(handler, blast, ticketId, recipient, address, 'name', world.now());
  if (plan.kind === 'skip') await record.skip(about, plan.reason);
  if (plan.kind !== 'send') return;
  const { form, answersTo } = plan;
  const { facts } = blast;
  const { whatsappName, language, body } = facts.template;
  const { values } = await wantedFollowUp(handler, found, {});
  const isTemplate = form === 'template' && whatsappName !== null;
  const messageId = record.messageIdOf(about, form);
  await record.attempt(about, messageId, form, answersTo);
  await record.post({
    ...about,
    messageId,
    content: personalise(isTemplate ? body : facts.message, values),
    sentAt: world.clock.now().toISOString(),
    senderId: by.caller.id,
    senderRole: by.role,
    template: isTemplate ? { name: whatsappName, language, parameters: parametersOf(body, values) } : null,
  });
  const id = await desk.send(buyer, ticketId, messageId, chance.happens(0.05) ? UNREACHABLE : null);
  if (id === null) {
    await record.outcome(about, { kind: 'failed', code: UNREACHABLE });
    return;
  }
  const sent = await desk.deliveryOf(messageId);
  await record.outcome(about, { kind: 'accepted', channelMessageId: sent });
  if (buyer.channel === 'whatsapp')
    world.begin(buyer.userId, world.now() + 3_000, reports(scene, buyer, { id, messageId }));
}

async function* reports(
  { world, chance, desk }: Scene,
  buyer: Buyer,
  of: { readonly id: string; readonly messageId: string },
): Course {
  await desk.reports(buyer, of, 'delivered');
  if (!chance.happens(0.7)) return;
  yield world.now() + Math.ceil(chance.around(20) * MINUTE);
  await desk.reports(buyer, of, 'read');
}

/** An answer to a blast: in the open ticket, else in a new one. */
async function* answer(scene: Scene, talks: DivisionTalks, buyer: Buyer, ticketId: string): Course {
  const { chance, desk } = scene;
  const text = chance.happens(0.06) ? 'STOP' : chance.pick(AFTER_A_BLAST);
  const current = await desk.currentTicket(buyer);
  const state = await desk.handler.load(ticket, current === '' ? ticketId : current);
  if (state.status !== 'closed') await desk.says(buyer, { type: 'text', text: { body: text } });
  else if (text !== 'STOP') yield* life(scene, talks, buyer, text);
}

/** A few weeks of them; the last one waits for its approval. */
export const CAMPAIGNS: readonly Campaign[] = (
  [
    [72, 'sari', 'tl@demo.saga', 'Sapa pelanggan lama', 'sent', ['HANGAT', 'DINGIN', 'PANAS']],
    [54, 'safia', 'tl.safia@demo.saga', 'Tanya kabar penawaran', 'sent', ['PANAS', 'HANGAT']],
    [40, 'savi', 'tl.savi@demo.saga', 'Jadwal pengiriman', 'sent', ['PANAS', 'HANGAT', 'DINGIN']],
    [24, 'sari', 'agent1.sari@demo.saga', 'Jadwal pengiriman', 'sent', ['PANAS', 'HANGAT', 'DINGIN']],
    [20, 'safia', 'made.safia@demo.saga', 'Tanya kabar penawaran', 'sent', ['PANAS', 'HANGAT', 'DINGIN']],
    [13, 'savi', 'nisa.savi@demo.saga', 'Tanya kabar penawaran', 'sent', ['PANAS', 'HANGAT', 'DINGIN']],
    [11, 'sari', 'dimas.sari@demo.saga', 'Sapa pelanggan lama', 'rejected', ['DINGIN', 'HANGAT']],
    [6, 'safia', 'tl.safia@demo.saga', 'Jadwal pengiriman', 'sent', ['PANAS', 'DINGIN']],
    [4, 'sari', 'galih.sari@demo.saga', 'Tanya kabar penawaran', 'sent', ['PANAS', 'HANGAT']],
    [0.3, 'savi', 'agent1.savi@demo.saga', 'Tanya kabar penawaran', 'pending', ['PANAS', 'HANGAT']],
    [0.2, 'safia', 'fitri.safia@demo.saga', 'Sapa pelanggan lama', 'pending', ['DINGIN', 'HANGAT', 'PANAS']],
  ] as const
).map(([daysAgo, division, creator, template, ends, categories]) => ({
  daysAgo,
  division,
  creator,
  template,
  message: 'Halo {{name}}, slot kirim ke {{destination_city}} bulan ini masih ada. Mau kami bantu jadwalkan?',
  ends,
  categories,
}));

/** When the nights begin: long enough before the first blast. */
export const NIGHTS = 76 * DAY;
/** Blasts concern many: they are written apart from the talks. */
export const CAMPAIGN_THREAD = BARRIER;
