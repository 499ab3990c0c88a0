/**
 * How a customer's matter goes in the demo's past: the bot first, then an agent, an offer, some bargaining, and an end of one
 * kind or another. What has no end yet when the past ends is open in the demo.
 */
import { ticket } from '../../../domain/tickets/ticket.ts';
import { createDeal, type Deal, type Scene } from './deal.ts';
import { type Buyer, type Matter, newLead, newTopic } from './lead.ts';
import { DAY, HOUR, MINUTE, type Worker } from './office.ts';
import {
  ACCEPTS,
  AFTER_A_FOLLOW_UP,
  AFTER_HOURS,
  ASSIGNMENT_NOTES,
  BARGAINS,
  BOT_HANDS_OVER,
  CLOSE_REASONS,
  CONFIRMS,
  type DivisionTalks,
  FROM_THE_TEAM,
  LOSSES,
  NOTES,
  NOTES_TO_A_COLLEAGUE,
  QUOTES,
  REGRETS,
  STOPS,
  THANKS,
  WANTS_A_PERSON,
} from './talks/talks.ts';
import type { Course } from './world.ts';

type Part<T> = AsyncGenerator<number, T, void>;

/** Comes again, or for the first time. @param first words that they begin with; else what their matter is */
export async function* life(scene: Scene, talks: DivisionTalks, buyer: Buyer, first?: string): Course {
  const { world, chance, desk } = scene;
  const lead = newLead(chance, talks, newTopic(chance, talks), buyer, world.now());
  const isQuestion = first === undefined && chance.happens(0.2);
  if (isQuestion) {
    yield* question(scene, lead);
    return;
  }
  await openTalk(scene, lead, first);
  const ticketId = await desk.currentTicket(buyer);
  const deal = createDeal(scene, lead, ticketId);
  const knows = await whoKnows(scene, ticketId);
  if (knows === null) {
    if (!(yield* botTalks(scene, deal))) return;
  } else yield world.now() + chance.whole(2, 8) * 1_000;
  if (deal.isFree) yield* waits(scene, deal, knows);
  yield* serves(scene, deal);
  yield* comesBack(scene, talks, buyer);
}

async function openTalk(scene: Scene, lead: Matter, first: string | undefined): Promise<void> {
  const { chance } = scene;
  const deal = createDeal(scene, lead, '');
  const referral = {
    source_url: 'https://contoh.example/promo',
    source_id: 'iklan-demo-1',
    source_type: 'ad',
    headline: 'Promo kirim hemat',
    body: 'Diskon untuk pengiriman pertama',
  };
  const isFromAd = first === undefined && chance.happens(0.07);
  await deal.says(first ?? deal.filled(lead.topic.asks), isFromAd ? { referral } : {});
}

/** A question that the bot answers alone. */
async function* question(scene: Scene, lead: Matter): Course {
  const { world, chance, desk } = scene;
  const deal = createDeal(scene, lead, '');
  const [ask, answer] = chance.pick(lead.talks.questions);
  await deal.says(deal.filled(ask));
  yield world.now() + chance.whole(4, 20) * 1_000;
  await desk.botSays(lead.buyer, deal.filled(answer), 0.8 + chance.next() * 0.19);
  yield world.now() + Math.ceil(chance.around(3) * MINUTE);
  if (chance.happens(0.75)) await deal.says(deal.filled(THANKS));
  yield world.now() + chance.whole(5, 40) * MINUTE;
  await desk.botResolves(lead.buyer);
}

/** The agent that a returning customer waits for. */
async function whoKnows({ desk, office }: Scene, ticketId: string): Promise<Worker | null> {
  const state = await desk.handler.load(ticket, ticketId);
  return (state.status === 'queued' && office.find(state.waitingFor ?? '')) || null;
}

/** @returns whether it needs a person; an agent may have it already */
async function* botTalks(scene: Scene, deal: Deal): Part<boolean> {
  const { world, chance, desk, office } = scene;
  const { lead } = deal;
  const { buyer, topic } = lead;
  yield world.now() + chance.whole(4, 20) * 1_000;
  await desk.botSays(buyer, deal.filled(topic.bot), 0.7 + chance.next() * 0.29);
  if (chance.happens(0.09)) {
    // They never write again: the bot gives up after a day.
    yield world.now() + chance.whole(22, 30) * HOUR;
    await desk.botResolves(buyer);
    return false;
  }
  yield world.now() + Math.ceil(chance.around(2) * MINUTE);
  await deal.says(deal.filled(topic.tells), chance.happens(0.12) ? deal.quote() : {});
  if (chance.happens(0.08)) await deal.corrects(deal.filled(topic.tells));
  yield world.now() + chance.whole(3, 12) * 1_000;
  await botFinds(scene, lead);
  if (chance.happens(0.22)) await deal.shows();
  if (chance.happens(0.4) && office.isOpen(lead.talks.division, world.now())) {
    yield world.now() + Math.ceil(chance.around(2.5) * MINUTE);
    const next = office.nextAgent(lead.talks.division);
    if (next) {
      await desk.takeOver(desk.as(next.agent.caller), deal.ticketId);
      deal.give(next.agent);
      return true;
    }
  }
  if (chance.happens(0.05) && (yield* isGivenByLead(scene, deal))) return true;
  if (chance.happens(0.6)) await deal.says(deal.filled(WANTS_A_PERSON));
  yield world.now() + chance.whole(3, 9) * 1_000;
  await desk.botSays(buyer, deal.filled(BOT_HANDS_OVER), 0.95);
  await desk.botHandsOff(buyer, 'minta bicara dengan orang');
  return true;
}

async function botFinds({ desk, chance }: Scene, lead: Matter): Promise<void> {
  if (chance.happens(0.25)) return;
  const { topic, facts, route, buyer, dice } = lead;
  const all: Readonly<Record<string, unknown>> = {
    ...topic.fields(facts, dice),
    origin_city: route.origin,
    destination_city: route.destination,
    customer_type: buyer.isCompany ? 'company' : 'individual',
  };
  const found = topic.found.filter((name) => all[name] !== undefined && chance.happens(0.85));
  if (found.length === 0) return;
  const fields = Object.fromEntries(found.map((name) => [name, all[name]]));
  await desk.botFinds(buyer, fields, Math.round((0.62 + chance.next() * 0.36) * 100) / 100);
}

/** A team lead sees it first, and says who shall have it. */
async function* isGivenByLead({ world, chance, desk, office }: Scene, deal: Deal): Part<boolean> {
  yield world.now() + chance.whole(1, 6) * MINUTE;
  const next = office.nextAgent(deal.lead.talks.division);
  if (!next) return false;
  const lead = chance.pick(office.ofRole('team_lead'));
  const note = deal.filled(ASSIGNMENT_NOTES);
  await desk.assign(desk.as(lead.caller), deal.ticketId, { assign_to: next.agent.caller.id, note });
  deal.give(next.agent);
  return true;
}

/** In the queue, until somebody is there; who knows the customer has it first. */
async function* waits(scene: Scene, deal: Deal, knows: Worker | null): Part<void> {
  const { world, chance, desk, office } = scene;
  const { division } = deal.lead.talks;
  const since = world.now();
  let isTold = false;
  for (;;) {
    const patient = knows !== null && world.now() - since < 2 * DAY;
    if (knows !== null && !patient) {
      await desk.route.release(deal.ticketId, await desk.causeOf(deal.ticketId));
      knows = null;
    }
    const next =
      knows === null ? office.nextAgent(division) : knows.online ? { agent: knows, online: 1 } : null;
    if (next) {
      const { agent, online } = next;
      const reason =
        knows === null
          ? { rule: 'fewest_tickets' as const, load: agent.load, online }
          : { rule: 'returning_customer' as const };
      const { ticketId } = deal;
      const assignment = { ticketId, agentId: agent.caller.id, reason };
      if (await desk.route.assign(assignment, await desk.causeOf(ticketId))) {
        deal.give(agent);
        return;
      }
    }
    if (!isTold) {
      isTold = true;
      await tellOfQueue(scene, deal);
      if (chance.happens(0.2)) {
        yield world.now() + chance.whole(1, 15) * MINUTE;
        await deal.says(deal.filled(AFTER_HOURS));
      }
    }
    yield office.isOpen(division, world.now())
      ? world.now() + 4 * MINUTE
      : office.atWork(division, world.now() + MINUTE, chance);
  }
}

async function tellOfQueue({ desk, world }: Scene, deal: Deal): Promise<void> {
  const messageId = desk.all.ids.fromAt(world.clock.now(), 'notice', deal.ticketId);
  await desk.route.notice(deal.ticketId, await desk.causeOf(deal.ticketId));
  await deal.send(messageId, null);
}

/** The agent has it: from the first answer to the end. */
async function* serves(scene: Scene, deal: Deal): Part<void> {
  const { world, chance, desk, office } = scene;
  const { lead } = deal;
  const { topic, talks, buyer } = lead;
  // Nobody goes home with a customer waiting for the first word.
  yield world.now() + Math.ceil(chance.around(deal.agent.habits.pace) * MINUTE);
  await deal.answers(topic.offers);
  if (chance.happens(0.5)) await deal.tags(topic.tags);
  for (let more = chance.whole(0, 3); more > 0; more -= 1) {
    const [asks, answers] = chance.pick(talks.exchanges);
    yield deal.soon(chance.around(7));
    await deal.says(deal.filled(asks), chance.happens(0.15) ? deal.quote() : {});
    if (chance.happens(0.13)) await deal.shows();
    yield deal.soon(chance.around(deal.agent.habits.pace * 1.6));
    await deal.answers(answers);
    if (chance.happens(0.1)) await deal.reacts();
  }
  if (chance.happens(0.16)) {
    yield deal.hoursLater(0.3 + chance.next());
    await deal.closes(deal.filled(CLOSE_REASONS));
    return;
  }
  if (chance.happens(0.05)) yield* changesHands(scene, deal);
  yield deal.soon(chance.whole(3, 25));
  await deal.crm({
    crm_stage: 'Qualified',
    customer_type: buyer.isCompany ? 'company' : 'individual',
    origin_city: lead.route.origin,
    destination_city: lead.route.destination,
    crm_fields: topic.fields(lead.facts, lead.dice),
  });
  if (chance.happens(0.3)) await deal.notes(NOTES);
  if (chance.happens(0.1)) {
    const other = chance.pick([...office.ofRole('team_lead'), ...office.ofRole('super_admin')]);
    await deal.notes(NOTES_TO_A_COLLEAGUE, other);
  }
  if (chance.happens(0.03) && buyer.channel !== 'web') {
    const [admin] = office.ofRole('super_admin');
    if (admin) {
      const message = deal.filled(FROM_THE_TEAM);
      const text = { message, display_name: 'Saga Team' as const };
      const isOpen = desk.heardOn(deal.ticketId).lastAt > world.now() - 20 * HOUR;
      if (isOpen)
        await deal.send((await desk.replyAsSa(desk.as(admin.caller), deal.ticketId, text)).message_id);
    }
  }
  yield* bargains(scene, deal);
}

async function* changesHands({ world, chance, desk, office }: Scene, deal: Deal): Part<void> {
  yield deal.soon(chance.whole(20, 90));
  const [to] = office
    .agentsOf(deal.lead.talks.division)
    .filter((one) => one !== deal.agent)
    .toSorted((a, b) => a.load - b.load);
  const by = office.ofRole('team_lead')[0];
  if (!to || !by) return;
  const from_agent = deal.agent.caller.id;
  const reason = chance.pick(['Agen sedang cuti', 'Beban terlalu banyak', 'Pelanggan minta ganti PIC']);
  await desk.reassign(desk.as(by.caller), deal.ticketId, { from_agent, to_agent: to.caller.id, reason });
  deal.takeAway();
  deal.give(to);
  yield world.now() + MINUTE;
}

async function* bargains(scene: Scene, deal: Deal): Part<void> {
  const { world, chance } = scene;
  const { lead } = deal;
  const [least, most] = lead.talks.decides;
  const ends = world.now() + (least + (most - least) * chance.next()) * DAY;
  const getsOffer = chance.happens(0.82);
  let discount = 0;
  if (getsOffer) {
    yield deal.hoursLater(0.3 + chance.next() * 5);
    await deal.answers(QUOTES);
    await deal.crm({ crm_stage: 'Proposal', quote_value: lead.price });
    if (chance.happens(0.45)) {
      const [asks, answers] = chance.pick(BARGAINS);
      yield deal.hoursLater(chance.around(0.6));
      await deal.says(deal.filled(asks));
      yield deal.soon(chance.around(deal.agent.habits.pace * 2));
      if (chance.happens(0.4 + deal.agent.habits.yields)) {
        discount = lead.discount;
        await deal.answers(answers);
      } else await deal.answers('Mohon maaf {name}, itu sudah harga terbaik kami 🙏');
    }
  }
  if (ends - world.now() > 2 * DAY && chance.happens(0.16)) {
    const until = Math.min(ends - 6 * HOUR, world.now() + chance.whole(1, 6) * DAY);
    await deal.snoozes(until);
    yield until;
    await deal.wakes();
  }
  while (ends - world.now() > 3 * DAY) {
    yield deal.hoursLater(chance.whole(40, 90));
    if (world.now() >= ends || !chance.happens(0.6)) continue;
    await deal.followsUp();
    if (!chance.happens(0.45)) continue;
    yield deal.soon(chance.around(50));
    await deal.says(deal.filled(AFTER_A_FOLLOW_UP));
    yield deal.soon(chance.around(deal.agent.habits.pace * 2));
    await deal.answers('Baik {name}, kami tunggu kabarnya ya. Penawaran kami masih berlaku 🙏');
  }
  if (chance.happens(0.12)) yield* fallsSilent(scene, deal);
  else yield* decides(scene, deal, ends, getsOffer, discount);
}

/** Nobody says no, and nobody says yes. */
async function* fallsSilent({ chance }: Scene, deal: Deal): Part<void> {
  yield deal.hoursLater(chance.whole(10, 26) * 24);
  if (chance.happens(0.2)) {
    yield deal.hoursLater(60 * 24);
  }
  await deal.crm({ crm_stage: 'Lost', lost_reason: 'no_response' });
  deal.takeAway();
}

async function* decides(
  { world, chance }: Scene,
  deal: Deal,
  ends: number,
  getsOffer: boolean,
  discount: number,
): Part<void> {
  const { lead } = deal;
  yield deal.hoursLater(Math.max(0.2, (ends - world.now()) / HOUR));
  if (getsOffer && chance.happens(deal.agent.habits.wins * 1.12)) {
    await deal.says(deal.filled(ACCEPTS));
    if (chance.happens(0.3)) await deal.shows();
    yield deal.soon(chance.around(deal.agent.habits.pace * 1.5));
    await deal.answers(CONFIRMS);
    await deal.crm({
      crm_stage: 'Won',
      deal_value: lead.price - discount,
      ...(discount > 0 && { discount_given: discount }),
    });
    deal.takeAway();
    return;
  }
  const [reason, , text] = chance.weighted(LOSSES.map((loss) => [loss, loss[1]] as const));
  const stops = chance.happens(0.03);
  if (text !== null) {
    await deal.says(text);
    if (stops) await deal.says(deal.filled(STOPS));
    yield deal.soon(chance.around(deal.agent.habits.pace * 2));
    await deal.answers(REGRETS);
  }
  await deal.crm({ crm_stage: 'Lost', lost_reason: reason as 'price' });
  deal.takeAway();
}

/** Satisfied or not, some write again after a while. */
async function* comesBack(scene: Scene, talks: DivisionTalks, buyer: Buyer): Part<void> {
  const { world, chance } = scene;
  if (!chance.happens(0.24)) return;
  yield world.now() + Math.ceil((4 + 40 * chance.next()) * DAY) + chance.whole(0, 240) * MINUTE;
  yield* life(scene, talks, buyer);
}
