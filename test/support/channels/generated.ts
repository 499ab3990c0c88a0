/**
 * Webhooks of all channels as life sends them: people who write in turns, on several lines and in many forms, with duplicates,
 * in another order than they were written, with odd members, and with everything around that says nothing. The same seed makes
 * the same ones.
 */
import type { Division } from '../../../src/domain/vocabulary.ts';
import { randomOf } from '../../projections/chance.ts';
import * as meta from './meta.ts';

export interface Delivery {
  readonly by: 'meta' | 'bot' | 'telegram';
  readonly body: unknown;
}

/** What a customer wrote: its token stands in the words that an agent must be able to read. */
export interface Written {
  readonly token: string;
  readonly person: number;
  readonly sentAt: string;
}

export interface GeneratedWebhooks {
  readonly people: readonly Person[];
  readonly written: readonly Written[];
  /** In the order of arrival. */
  readonly deliveries: readonly Delivery[];
  /** Of messages of one person that came under one id: whichever comes first is it, and a person looks at the others. */
  readonly rivals: readonly (readonly string[])[];
}

/** `mixed`: by their number, by their business-scoped id and by both, as it comes. */
const KINDS = ['number', 'both', 'scoped', 'mixed', 'bot', 'telegram', 'instagram', 'facebook'] as const;
type Kind = (typeof KINDS)[number];

export interface Person {
  readonly index: number;
  readonly kind: Kind;
  readonly division: Division;
  readonly line: string;
  /** As the channel names them. */
  readonly id: string;
  readonly scopedId: string | null;
}

const WHATSAPP: readonly (readonly [line: string, division: Division])[] = [
  ['PHONE_ID_001', 'sari'],
  ['PHONE_ID_002', 'savi'],
  ['PHONE_ID_003', 'safia'],
];

function personOf(index: number, kind: Kind): Person {
  const [line, division] = WHATSAPP[index % WHATSAPP.length]!;
  const number = `62811${String(1_000_000 + index)}`;
  const scopedId = `ID.${String(7_000 + index)}q`;
  switch (kind) {
    case 'telegram':
      return { index, kind, division: 'savi', line: '4242', id: String(50_000 + index), scopedId: null };
    case 'instagram':
      return { index, kind, division: 'safia', line: 'IG_003', id: `17841${String(index)}`, scopedId: null };
    case 'facebook':
      return { index, kind, division: 'sari', line: 'PAGE_001', id: `90210${String(index)}`, scopedId: null };
    case 'scoped':
      return { index, kind, division, line, id: scopedId, scopedId };
    case 'both':
    case 'mixed':
      return { index, kind, division, line, id: number, scopedId };
    case 'number':
    case 'bot':
      return { index, kind, division, line, id: number, scopedId: null };
  }
}

export function generatedWebhooks(count: number, seed: number, now: Date): GeneratedWebhooks {
  const random = randomOf(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  const pick = <T>(items: readonly T[]): T => items[upTo(items.length)]!;
  const chance = (share: number): boolean => random() < share;
  /** A member that should have been something else, or nothing at all. */
  const odd = (): unknown =>
    pick<unknown>([null, 7, -1.5, 'seven', '', {}, [], { of_2027: { x: [1] } }, undefined]);
  const oddly = (members: object, ...optional: readonly string[]): object => ({
    ...members,
    ...(chance(0.25) && { [pick([...optional, 'a_member_of_2027'])]: odd() }),
  });

  const people = Array.from({ length: Math.max(KINDS.length, Math.round(count / 12)) }, (_, index) =>
    personOf(index, index < KINDS.length ? KINDS[index]! : pick(KINDS)),
  );
  const begin = Math.floor(now.getTime() / 1000) - 3_600;
  const written: Written[] = [];
  const rivals = new Map<number, string[]>();
  const first = new Map<number, string>();
  const heard = new Map<number, string[]>();
  const clocks = new Map<number, number>();

  const secondOf = ({ index }: Person): number => {
    const second = (clocks.get(index) ?? begin + upTo(600)) + 1 + upTo(20);
    clocks.set(index, second);
    return second;
  };
  /** Many spellings of one number. */
  const spelled = (number: string): string =>
    pick([
      number,
      `+${number}`,
      `0${number.slice(2)}`,
      `${number}@c.us`,
      `${number}:3@s.whatsapp.net`,
      `+62 ${number.slice(2, 5)}-${number.slice(5)}`,
    ]);

  const whatsappPart = (token: string): object =>
    pick<() => object>([
      () => ({ text: { body: `Halo ${token}`, preview_url: odd() } }),
      () => ({ text: { body: token } }),
      () => ({ type: 'image', image: oddly({ id: 'M1', caption: token }, 'mime_type', 'sha256', 'id') }),
      () => ({
        type: 'document',
        document: oddly({ id: 'M2', filename: `${token}.pdf` }, 'caption', 'mime_type'),
      }),
      () => ({
        type: 'location',
        location: oddly({ latitude: 1.1, longitude: '104.0', name: token }, 'address', 'url', 'latitude'),
      }),
      () => ({ type: 'button', button: oddly({ text: token }, 'payload') }),
      () => ({
        type: 'interactive',
        interactive: { type: 'button_reply', button_reply: oddly({ title: token }, 'id') },
      }),
      () => ({
        type: 'contacts',
        contacts: [{ name: oddly({ formatted_name: token }, 'first_name'), phones: odd() }],
      }),
      () => ({
        type: 'order',
        order: oddly(
          { text: token, product_items: [{ product_retailer_id: 'P', quantity: '2' }] },
          'catalog_id',
        ),
      }),
      () => ({
        type: 'interactive',
        interactive: { nfm_reply: { response_json: JSON.stringify({ flow_token: 'x', Kota: token }) } },
      }),
      () => ({ type: 'a_type_of_2027', a_type_of_2027: { text: token } }),
    ])();

  type Form = 'number' | 'scoped' | 'both';
  const formOf = ({ kind }: Person): Form => {
    if (kind === 'mixed') return pick(['number', 'scoped', 'both']);
    if (kind === 'scoped') return 'scoped';
    return kind === 'both' && chance(0.6) ? 'both' : 'number';
  };

  const whatsappChange = (
    person: Person,
    id: string,
    second: number,
    part: object,
    form = formOf(person),
  ): object => {
    const isScoped = form === 'scoped';
    const contact = oddly(
      {
        profile: { name: `Nama ${String(person.index)}` },
        ...(isScoped ? { user_id: person.scopedId } : { wa_id: person.id }),
      },
      'profile',
      'username',
    );
    const sender = isScoped ? { from: undefined, from_user_id: person.scopedId } : { from: person.id };
    const scoped = form === 'both' ? { from_user_id: person.scopedId } : {};
    const timestamp = pick<unknown>([String(second), second, second * 1000]);
    return meta.waChange({
      phoneId: person.line,
      contacts: chance(0.9) ? [contact] : odd(),
      messages: [
        oddly(
          meta.waMessage(id, { ...part, ...sender, ...scoped, timestamp }),
          'context',
          'referral',
          'errors',
        ),
      ],
    });
  };

  const botBody = (person: Person, id: string, second: number, words: string): object =>
    oddly(
      meta.botEvent({
        user_id: `wa_${spelled(person.id)}`,
        division: pick([person.division, person.division.toUpperCase()]),
        bot_id: person.division,
        wa_phone_id: person.line,
        message: words,
        message_id: id,
        timestamp: pick<unknown>([new Date(second * 1000).toISOString(), second, String(second)]),
      }),
      'user_name',
      'confidence',
      'session_id',
      'is_office_hours',
      'bot_id',
    );

  const telegramPart = (token: string): object =>
    pick<() => object>([
      () => ({ text: token, entities: odd() }),
      () => ({ photo: [{ file_id: 'a' }, { file_id: 'b' }], caption: token }),
      () => ({ venue: { title: token, location: { latitude: 1, longitude: 104 }, address: odd() } }),
      () => ({ document: { file_id: 'd', file_name: `${token}.pdf` }, caption: odd() }),
      () => ({ poll: { question: token, options: odd() } }),
    ])();

  const pageEvent = (person: Person, over: object, second: number): Delivery => {
    const object = person.kind === 'instagram' ? ('instagram' as const) : ('page' as const);
    const event = {
      sender: { id: pick<unknown>([person.id, Number(person.id)]) },
      recipient: { id: person.line },
      timestamp: second * 1000,
      ...over,
    };
    const entry = { id: person.line, time: second * 1000 };
    const inside = chance(0.3) ? { changes: [{ field: 'messages', value: event }] } : { messaging: [event] };
    return { by: 'meta', body: { object, entry: [{ ...entry, ...inside }] } };
  };

  let messages = 0;
  /** @returns the deliveries of one message: the second one, if any, says the same in another form */
  function messageOf(person: Person, form?: Form): readonly Delivery[] {
    messages += 1;
    const token = `[kata-${String(messages)}]`;
    const second = secondOf(person);
    if (!first.has(person.index)) first.set(person.index, token);
    written.push({ token, person: person.index, sentAt: new Date(second * 1000).toISOString() });
    const remember = (id: string): string => {
      heard.set(person.index, [...(heard.get(person.index) ?? []), id]);
      return id;
    };
    switch (person.kind) {
      case 'telegram': {
        const id = messages + 10;
        remember(String(id));
        const from = oddly(
          { id: Number(person.id), is_bot: false, first_name: 'Tele' },
          'last_name',
          'language_code',
        );
        const chat = { id: Number(person.id), type: 'private' };
        const message = oddly(
          { message_id: id, from, chat, date: second, ...telegramPart(token) },
          'reply_to_message',
          'forward_origin',
        );
        return [{ by: 'telegram', body: { update_id: messages, message } }];
      }
      case 'instagram':
      case 'facebook': {
        const mid = remember(`mid.${String(messages)}`);
        const message = oddly(
          { mid, text: token },
          'attachments',
          'quick_reply',
          'reply_to',
          'nlp',
          'referral',
        );
        return [pageEvent(person, { message }, second)];
      }
      case 'bot': {
        // Bots count their own, each customer from one.
        const id = remember(`msg-${String((heard.get(person.index) ?? []).length + 1)}`);
        return [{ by: 'bot', body: botBody(person, id, second, token) }];
      }
      case 'number':
      case 'both':
      case 'mixed':
      case 'scoped': {
        const id = remember(`wamid.${String(messages)}`);
        if (person.kind === 'number' && chance(0.15)) {
          // Meta and the bot both tell of it.
          const told = { by: 'bot', body: botBody(person, id, second, token) } as const;
          return [
            told,
            { by: 'meta', body: meta.waBody(whatsappChange(person, id, second, { text: { body: token } })) },
          ];
        }
        const change = whatsappChange(person, id, second, whatsappPart(token), form);
        return [{ by: 'meta', body: meta.waBody(change) }];
      }
    }
  }

  /** What says nothing: it must neither stand in the way nor change anything. */
  function noiseOf(person: Person): readonly Delivery[] {
    const second = clocks.get(person.index) ?? begin;
    const [about = 'x'] = heard.get(person.index) ?? [];
    switch (person.kind) {
      case 'telegram':
        return [
          {
            by: 'telegram',
            body: pick<object>([
              { update_id: 1, my_chat_member: {} },
              { update_id: 2, poll_answer: odd() ?? null },
            ]),
          },
        ];
      case 'instagram':
      case 'facebook':
        return [
          pageEvent(
            person,
            pick<object>([
              { read: { mid: about } },
              { delivery: { watermark: 1 } },
              { reaction: { mid: about, action: 'react', emoji: '👍' } },
            ]),
            second,
          ),
        ];
      case 'bot':
      case 'number':
      case 'both':
      case 'mixed':
      case 'scoped': {
        const status = meta.waStatus(
          `wamid.out.${String(upTo(50))}`,
          pick(['sent', 'delivered', 'read', 'played']),
          {
            recipient_id: person.id,
            timestamp: String(second),
          },
        );
        const typed = { type: 'reaction', reaction: { message_id: about, emoji: pick(['👍', '']) } };
        const change =
          chance(0.5) || person.kind === 'bot'
            ? meta.waChange({ phoneId: person.line, statuses: [status] })
            : whatsappChange(person, `wamid.r${String(upTo(1_000_000))}`, second, typed);
        return [{ by: 'meta', body: meta.waBody(change) }];
      }
    }
  }

  /** Under the id of an earlier message of the same person, with other words. */
  function otherWords(person: Person): readonly Delivery[] {
    const [id] = heard.get(person.index) ?? [];
    if (person.kind !== 'bot' || id === undefined) return [];
    const original = first.get(person.index) ?? '';
    const known = rivals.get(person.index) ?? [original];
    const words = `[lain-${String(person.index)}-${String(known.length)}]`;
    rivals.set(person.index, [...known, words]);
    return [{ by: 'bot', body: botBody(person, id, clocks.get(person.index) ?? begin, words) }];
  }

  const inOrder: Delivery[] = [];
  for (const person of people) inOrder.push(...messageOf(person));
  while (inOrder.length < count * 0.75) {
    const person = pick(people);
    const dice = random();
    if (dice < 0.8) inOrder.push(...messageOf(person));
    else if (dice < 0.985) inOrder.push(...noiseOf(person));
    else inOrder.push(...otherWords(person));
  }
  // Somewhere both ids are said together, else nobody could know that they are one person's.
  for (const person of people) if (person.kind === 'mixed') inOrder.push(...messageOf(person, 'both'));
  // Some come again, at once or much later; what was written close together arrives in any order.
  const arrivals = inOrder.map((delivery, at) => ({ delivery, at: at + random() * 40 }));
  while (arrivals.length < count) {
    const again = pick(arrivals);
    arrivals.push({ ...again, at: again.at + (chance(0.5) ? random() : random() * count) });
  }
  const deliveries = arrivals.toSorted((a, b) => a.at - b.at).map(({ delivery }) => delivery);
  return { people, written, deliveries: inBatches(deliveries, chance), rivals: [...rivals.values()] };
}

/** Meta packs several changes into one body. */
function inBatches(deliveries: readonly Delivery[], chance: (share: number) => boolean): readonly Delivery[] {
  const packed: Delivery[] = [];
  const entriesOf = ({ body }: Delivery) =>
    body as { readonly object: string; readonly entry: readonly object[] };
  for (const delivery of deliveries) {
    const last = packed.at(-1);
    const joins =
      last?.by === 'meta' && delivery.by === 'meta' && entriesOf(last).object === entriesOf(delivery).object;
    if (last && joins && chance(0.3)) {
      const { object, entry } = entriesOf(last);
      packed[packed.length - 1] = {
        by: 'meta',
        body: { object, entry: [...entry, ...entriesOf(delivery).entry] },
      };
    } else packed.push(delivery);
  }
  return packed;
}
