/** A ticket in the hands of an agent: what they can do with it, one act at a time. */
import { ticket } from '../../../domain/tickets/ticket.ts';
import type { Chance } from './chance.ts';
import type { Desk } from './desk.ts';
import { words, type Around, type Utterance } from './inbound-forms.ts';
import type { Matter } from './lead.ts';
import { HOUR, MINUTE, type Office, type Worker } from './office.ts';
import type { Sample, Samples } from './samples.ts';
import { fill, type Texts } from './talks/talks.ts';
import type { Course, World } from './world.ts';

/** Everything that a course of events in the demo's past is played with. */
export interface Scene {
  readonly world: World;
  readonly desk: Desk;
  readonly office: Office;
  readonly chance: Chance;
  readonly samples: Samples;
  /** The catalogue's templates, by their names. */
  readonly templates: ReadonlyMap<string, string>;
}

export const FOLLOW_UP_TEMPLATE = 'Tanya kabar penawaran';

const WINDOW = 23.5 * HOUR;
const FAILED_SHARE = 0.018;
/** The channel's code for it. */
export const UNREACHABLE = '131026';

export type Deal = ReturnType<typeof createDeal>;

export function createDeal(scene: Scene, lead: Matter, ticketId: string) {
  const { world, desk, office, chance, samples, templates } = scene;
  const { buyer, talks } = lead;
  const { division } = talks;
  let agent: Worker | null = null;
  let snoozed = false;
  let lastOfCustomer = '';
  const said = new Set<string>();

  const isWeb = buyer.channel === 'web';
  const has = (): Worker => {
    if (agent === null) throw new Error('the demo has a ticket without an agent');
    return agent;
  };
  const filled = (of: Texts | string, more: Readonly<Record<string, string>> = {}): string => {
    const all = typeof of === 'string' ? [of] : of;
    // Nobody says the same twice in one talk, while there is something else to say.
    const fresh = all.filter((one) => !said.has(one));
    const text = chance.pick(fresh.length > 0 ? fresh : all);
    said.add(text);
    const facts = { ...lead.facts, agent: (agent?.name ?? '').split(' ')[0] ?? '', ...more };
    return fill(text, facts);
  };

  async function* reports(of: { readonly id: string; readonly messageId: string }): Course {
    if (chance.happens(0.012)) {
      await desk.reports(buyer, of, 'failed');
      return;
    }
    await desk.reports(buyer, of, 'delivered');
    if (!chance.happens(0.8)) return;
    yield world.now() + Math.ceil(chance.around(4) * MINUTE);
    await desk.reports(buyer, of, 'read');
  }

  /** The sender takes it, and the channel reports how far it came. @returns whether it was taken */
  async function send(
    messageId: string,
    refused: string | null = chance.happens(FAILED_SHARE) ? UNREACHABLE : null,
  ): Promise<boolean> {
    const id = await desk.send(buyer, ticketId, messageId, isWeb ? null : refused);
    if (id === null) return false;
    if (buyer.channel === 'whatsapp')
      world.begin(world.thread(), world.now() + chance.whole(1, 9) * 1_000, reports({ id, messageId }));
    return true;
  }

  async function read(): Promise<void> {
    const { count } = desk.heardOn(ticketId);
    if (count > 0) await desk.read(desk.as(has().caller), ticketId, count);
  }

  return {
    ticketId,
    lead,
    filled,
    send,
    get agent() {
      return has();
    },
    get isFree() {
      return agent === null;
    },
    /** Somebody has it now. */
    give(to: Worker): void {
      agent = to;
      to.load += 1;
      to.lastAssigned = world.now();
    },
    /** They have it no more. */
    takeAway(): void {
      if (agent) agent.load -= 1;
      agent = null;
    },
    /** The customer writes. */
    async says(what: Utterance | string, around?: Around, file?: Sample): Promise<void> {
      lastOfCustomer = await desk.says(buyer, typeof what === 'string' ? words(what) : what, around, file);
      if (!snoozed) return;
      snoozed = false;
      await desk.snooze.wake(ticketId, 'customer', await desk.causeOf(ticketId));
    },
    /** Now and then not words but a picture, a paper, a voice, a place, a person. */
    async shows(): Promise<void> {
      const picture = division === 'savi' && chance.happens(0.7) ? 'paper' : division;
      const caption = filled(talks.pictures);
      const name = fill(chance.pick(talks.files), lead.facts);
      const [what, file] = chance.weighted<readonly [Utterance, Sample | undefined]>([
        [
          [
            {
              type: 'image',
              image: { id: 'demo-image', mime_type: 'image/png', ...(caption && { caption }) },
            },
            samples.picture(picture),
          ],
          50,
        ],
        [
          [
            {
              type: 'document',
              document: { id: 'demo-document', mime_type: 'application/pdf', filename: name },
            },
            samples.document(),
          ],
          20,
        ],
        [
          [
            { type: 'audio', audio: { id: 'demo-voice', mime_type: 'audio/wav', voice: true } },
            samples.voice(),
          ],
          14,
        ],
        [[{ type: 'location', location: place(chance, lead) }, undefined], 10],
        [[{ type: 'contacts', contacts: [contact] }, undefined], 6],
      ]);
      if (buyer.channel === 'whatsapp' && buyer.line !== null) await this.says(what, {}, file);
    },
    /** A sign instead of words; it says nothing that has to be answered. */
    async reacts(): Promise<void> {
      if (buyer.channel !== 'whatsapp' || buyer.line === null || lastOfCustomer === '') return;
      const reaction = { message_id: lastOfCustomer, emoji: chance.pick(['👍', '🙏', '❤️', '😊']) };
      await desk.says(buyer, { type: 'reaction', reaction });
    },
    async corrects(text: string): Promise<void> {
      if (buyer.channel !== 'whatsapp' || buyer.line === null || lastOfCustomer === '') return;
      const message = { type: 'text', text: { body: text } };
      await desk.says(buyer, { type: 'edit', edit: { original_message_id: lastOfCustomer, message } });
    },
    /** What the next message answers. */
    quote: (): Around => (lastOfCustomer === '' ? {} : { answers: lastOfCustomer }),
    read,
    /** The agent writes: freely while the channel lets them, else by the template for it. */
    async answers(of: Texts | string): Promise<void> {
      const { caller } = has();
      await read();
      const isOpen = buyer.channel !== 'whatsapp' || world.now() - desk.heardOn(ticketId).lastAt < WINDOW;
      if (!isOpen) {
        await this.followsUp();
        return;
      }
      const { message_id } = await desk.reply(desk.as(caller), ticketId, { message: filled(of) });
      if (await send(message_id)) return;
      const again = await desk.resend(desk.as(caller), ticketId, message_id, {});
      await send(again.message_id, chance.happens(0.6) ? UNREACHABLE : null);
    },
    /** A single follow-up, by template. */
    async followsUp(): Promise<void> {
      const template_id = templates.get(FOLLOW_UP_TEMPLATE);
      if (isWeb || template_id === undefined) return;
      const state = await desk.handler.load(ticket, ticketId);
      if (state.status === 'absent' || state.optedOut) return;
      const { message_id } = await desk.followUp(desk.as(has().caller), ticketId, { template_id });
      await send(message_id);
    },
    async notes(of: Texts, tagged?: Worker): Promise<void> {
      const other = tagged?.name.split(' ')[0] ?? '';
      await desk.note(desk.as(has().caller), ticketId, {
        content: filled(of, { other }),
        ...(tagged && { tagged_agent_id: tagged.caller.id }),
      });
    },
    crm: (patch: Parameters<Desk['crm']>[2]) => desk.crm(has().caller, ticketId, patch),
    async tags(names: readonly string[]): Promise<void> {
      for (const name of names) await desk.tag(desk.as(has().caller), ticketId, { action: 'add', tag: name });
    },
    async snoozes(until: number): Promise<void> {
      snoozed = true;
      await desk.snooze.until(desk.as(has().caller), ticketId, { until: new Date(until).toISOString() });
    },
    async wakes(): Promise<void> {
      if (!snoozed) return;
      snoozed = false;
      await desk.snooze.wake(ticketId, 'time', await desk.causeOf(ticketId));
    },
    async closes(reason: string): Promise<void> {
      await desk.close(desk.as(has().caller), ticketId, { reason });
      this.takeAway();
    },
    isOpen: async (): Promise<boolean> => {
      const { status } = await desk.handler.load(ticket, ticketId);
      return status !== 'closed' && status !== 'absent';
    },
    /** When the agent gets to it, at work. */
    soon: (minutes: number): number =>
      office.atWork(division, world.now() + Math.ceil(minutes * MINUTE), chance),
    hoursLater: (hours: number): number =>
      office.atWork(division, world.now() + Math.ceil(hours * HOUR), chance),
  };
}

const contact = {
  name: { formatted_name: 'Kepala Gudang (contoh)', first_name: 'Kepala Gudang' },
  phones: [{ phone: '+6280007700000', type: 'WORK' }],
};

const place = (chance: Chance, { route }: Matter) => ({
  latitude: -6.1 - chance.next(),
  longitude: 106.6 + chance.next(),
  name: `Titik jemput ${route.origin}`,
  address: `Jl. Contoh No. ${String(chance.whole(1, 120))}, ${route.origin}`,
});
