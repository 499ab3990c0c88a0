/**
 * Nothing a customer sends is lost for an odd member (docs/design/channels.md#lenient-reading): any optional member of a
 * sound message is replaced by what tools and gateways put there, and the words arrive all the same.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Inbound } from '../../src/domain/inbound/inbound.ts';
import type { NormalizedItem } from '../../src/channels/reading.ts';
import * as meta from '../support/channels/meta.ts';
import { fromBot, fromMeta, fromTelegram, inbounds } from '../support/channels/normalizing.ts';

const WORDS = 'Halo, ongkir kargo ke Batam berapa?';

const HERE = {
  contact: {
    profile: { name: 'Budi' },
    wa_id: meta.CUSTOMER,
    user_id: 'ID.77',
  },
  context: {
    id: 'wamid.0',
    from: '62',
    referred_product: { catalog_id: '7', product_retailer_id: 'KARDUS' },
  },
  referral: { source_url: 'https://fb.me/x', source_id: '12', headline: 'Promo', body: 'b', ctwa_clid: 'c' },
};

/** A sound body of each form, the way to its words, and which members may not be missing. */
const FORMS: readonly {
  readonly name: string;
  readonly body: object;
  readonly read: (body: unknown) => readonly NormalizedItem[];
  /** Paths that make it a message of this customer at all. */
  readonly needed: RegExp;
}[] = [
  {
    name: 'WhatsApp text',
    body: meta.waBody(
      meta.waChange({
        contacts: [HERE.contact],
        messages: [
          meta.waMessage('wamid.1', {
            text: { body: WORDS },
            context: HERE.context,
            referral: HERE.referral,
          }),
        ],
      }),
    ),
    read: fromMeta,
    needed:
      /^(object|entry(\.0(\.changes(\.0(\.(field|value(\.(metadata(\.phone_number_id)?|messages(\.0(\.(id|from|type|text(\.body)?))?)?))?))?)?)?)?)$/,
  },
  {
    name: 'WhatsApp picture with words',
    body: meta.waBody(
      meta.waChange({
        contacts: [HERE.contact],
        messages: [
          meta.waMessage('wamid.2', {
            type: 'image',
            image: { id: 'M1', mime_type: 'image/jpeg', sha256: 'x', caption: WORDS, url: 'https://x' },
          }),
        ],
      }),
    ),
    read: fromMeta,
    needed:
      /^(object|entry(\.0(\.changes(\.0(\.(field|value(\.(metadata(\.phone_number_id)?|messages(\.0(\.(id|from|type|image(\.caption)?))?)?))?))?)?)?)?)$/,
  },
  {
    name: 'Telegram',
    body: meta.telegramUpdate(
      {},
      {
        text: WORDS,
        entities: [{ type: 'bold', offset: 0, length: 4 }],
        reply_to_message: { message_id: 3, text: 'x' },
        forward_origin: { type: 'user', sender_user: { first_name: 'Ani' }, date: 1 },
      },
    ),
    read: fromTelegram,
    needed: /^message(\.(message_id|text|from(\.id)?|chat(\.type)?))?$/,
  },
  {
    name: 'Instagram',
    body: meta.messengerBody('instagram', 'IG_003', {
      ...meta.messengerEvent({
        recipient: { id: 'IG_003' },
        message: {
          mid: 'm1',
          text: WORDS,
          reply_to: { story: { url: 'https://x', id: '1' } },
          quick_reply: { payload: 'P' },
          attachments: [{ type: 'image', payload: { url: 'https://x', title: 't' } }],
          referral: { ref: 'r', ad_id: '1', ads_context_data: { ad_title: 'Promo' } },
        },
      }),
    }),
    read: fromMeta,
    needed: /^(object|entry(\.0(\.(id|messaging(\.0(\.(sender(\.id)?|message(\.(mid|text))?))?)?))?)?)$/,
  },
  {
    name: 'Messenger',
    body: meta.messengerBody(
      'page',
      'PAGE_001',
      meta.messengerEvent({ message: { mid: 'm1', text: WORDS, nlp: { intents: [] }, is_echo: false } }),
    ),
    read: fromMeta,
    needed: /^(object|entry(\.0(\.(id|messaging(\.0(\.(sender(\.id)?|message(\.(mid|text))?))?)?))?)?)$/,
  },
  {
    name: 'the normalized form',
    body: meta.botEvent({ message: WORDS, confidence: 0.9, reason: 'x' }),
    read: fromBot,
    needed: /^(event|sender|user_id|channel|division|wa_phone_id|message)$/,
  },
];

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  const own = path.length > 0 ? [path] : [];
  if (typeof value !== 'object' || value === null) return own;
  return [...own, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))];
}

function replaced(value: unknown, [name = '', ...rest]: readonly string[], by: unknown): unknown {
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? [...(value as unknown[])]
    : { ...(value as object) };
  const members = copy as Record<string, unknown>;
  if (rest.length > 0) members[name] = replaced(members[name], rest, by);
  else if (by === undefined) Reflect.deleteProperty(members, name);
  else members[name] = by;
  return copy;
}

/** As it comes over the wire: what is left out of a list is null there. */
const changed = (body: unknown, path: readonly string[], by: unknown): unknown =>
  JSON.parse(JSON.stringify(replaced(body, path, by))) as unknown;

const LONG = 'x'.repeat(70_000);
const odd = fc.constantFrom<unknown>(
  null,
  7,
  -1.5,
  'seven',
  '',
  {},
  { of_2027: { x: [1] } },
  [],
  undefined,
  LONG,
);

describe('who it is', () => {
  const sent = (over: object, contact: object = {}) =>
    fromMeta(
      meta.waBody(
        meta.waChange({
          contacts: [{ ...meta.waContact(), ...contact }],
          messages: [meta.waMessage('wamid.1', over)],
        }),
      ),
    );

  it('is no placeholder of a gateway: two people with the same one stay two', () => {
    for (const odd of ['seven', 'unknown', '0', ' ', 'ID', 'ID.', 'id.77', '7', true, 7])
      for (const body of [sent({ from_user_id: odd }), sent({}, { user_id: odd })])
        expect(inbounds(body)[0], JSON.stringify(odd)).to.include({
          userId: `wa_${meta.CUSTOMER}`,
          businessScopedId: null,
        });
    expect(inbounds(sent({ from_user_id: 'seven' }, { user_id: 'ID.77' }))[0]).to.include({
      businessScopedId: 'ID.77',
    });
    expect(inbounds(sent({ from: 'unknown', from_user_id: 'ID.77' }))[0]).to.include({ userId: 'wa_ID.77' });
  });

  it('is nobody where nothing looks like an id, and the words are kept for a person', () => {
    for (const from of ['unknown', 'undefined', '0', 'seven'])
      expect(sent({ from }, { user_id: 'x' })).to.have.nested.property('[0].reason', 'no_sender');
    for (const user_id of ['wa_undefined', 'tg_null', 'ig_[object Object]', 'web_{{userId}}', 'fb_0', 'wa_-'])
      expect(fromBot({ ...meta.botEvent({ user_id }), channel: undefined }), user_id).to.have.nested.property(
        '[0].reason',
        'no_user_id',
      );
  });
});

describe('an odd member costs that member, never the message', () => {
  for (const { name, body, read, needed } of FORMS) {
    const optional = pathsOf(body).filter((path) => !needed.test(path.join('.')));

    it(`${name}: the words arrive`, () => {
      expect(optional.length).to.be.greaterThan(3);
      fc.assert(
        fc.property(fc.constantFrom(...optional), odd, (path, by) => {
          const found = inbounds(read(changed(body, path, by)));
          const said = found.filter(
            (one): one is Extract<Inbound, { kind: 'message' }> => one.kind === 'message',
          );
          expect(
            said,
            `${path.join('.')} = ${JSON.stringify(by)?.slice(0, 40) ?? 'left out'}`,
          ).to.have.length(1);
          expect(said[0]?.content).to.include(WORDS);
        }),
        { numRuns: 400 },
      );
    });

    it(`${name}: each optional member, left out and as null`, () => {
      for (const path of optional)
        for (const by of [undefined, null]) {
          const [one] = inbounds(read(changed(body, path, by)));
          expect(one?.kind === 'message' && one.content.includes(WORDS), path.join('.')).to.equal(true);
        }
    });
  }
});
