/** Twilio as a provider of WhatsApp lines (docs/design/channels.md#twilio). */
import { expect } from 'chai';
import fc from 'fast-check';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { actionOn } from '../../../src/channels/errors.ts';
import { createLines } from '../../../src/channels/lines.ts';
import { mediaSourcesOf, sendersOf } from '../../../src/channels/registry.ts';
import { twilioItems } from '../../../src/channels/twilio/normalize.ts';
import { keptForm, readBody } from '../../../src/channels/webhook.ts';
import { readConfig } from '../../../src/config.ts';
import type { SimulatedAnswer } from '../../../src/main/demo/meta-simulator/reaction.ts';
import { startTwilioSimulator, type TwilioSimulator } from '../../../src/main/demo/twilio-simulator.ts';
import type { OutboundMessage } from '../../../src/ports.ts';
import { inboxKey, inbounds, only, receivedAt, verdicts } from '../../support/channels/normalizing.ts';

const LINE = '6221500100';
const lines = createLines([
  { id: LINE, channel: 'whatsapp', division: 'sari', name: 'Saga Kargo', templatesBy: 'content_sid' },
]);
const inboundForm = {
  MessageSid: 'SM1',
  SmsSid: 'SM1',
  AccountSid: 'AC1',
  From: 'whatsapp:+6281234567890',
  To: `whatsapp:+${LINE}`,
  WaId: '6281234567890',
  ProfileName: 'Budi',
  Body: 'Halo',
  NumMedia: '0',
  MessageType: 'text',
};
const context = { lines, receivedAt };
const read = (over: object, messageId?: string) =>
  twilioItems({ ...inboundForm, ...over }, messageId, context);

describe('what Twilio delivers', () => {
  it('is read by the form that it was kept in', () => {
    const form = keptForm('twilio', { divisions: null, line: null });
    const body = form.form.parse(new URLSearchParams(inboundForm).toString());
    expect(only(readBody(body, [form], context)?.items ?? [])).to.include({
      kind: 'message',
      content: 'Halo',
    });
  });

  it('is a message of one person on one line, whatever comes with it', () => {
    expect(only(read({ AParameterOf2027: 'x' }))).to.include({
      ...{ kind: 'message', division: 'sari', channel: 'whatsapp', line: LINE, templatesBy: 'content_sid' },
      ...{ userId: 'wa_6281234567890', phone: '+6281234567890', userName: 'Budi', content: 'Halo' },
      ...{ sentAt: receivedAt, channelMessageId: 'SM1', replyTo: null },
    });
    expect(only(read({ From: 'whatsapp:ID.abc123', WaId: undefined }))).to.include({
      userId: 'wa_ID.abc123',
      phone: null,
    });
    expect(only(read({ OriginalRepliedMessageSid: 'SM0' }))).to.include({ replyTo: 'SM0' });
  });

  const KINDS: readonly (readonly [over: object, content: string, attachment?: string])[] = [
    [
      { MessageType: 'image', NumMedia: '1', MediaUrl0: 'u', MediaContentType0: 'image/jpeg', Body: 'STNK' },
      '[Gambar] STNK',
      'image',
    ],
    [
      { MessageType: undefined, NumMedia: '1', MediaUrl0: 'u', MediaContentType0: 'audio/ogg', Body: '' },
      '[Audio]',
      'audio',
    ],
    [
      { MessageType: 'video', NumMedia: '1', MediaUrl0: 'u', MediaContentType0: 'video/mp4', Body: '' },
      '[Video]',
      'video',
    ],
    [
      {
        MessageType: 'document',
        NumMedia: '1',
        MediaUrl0: 'u',
        MediaContentType0: 'application/pdf',
        Body: 'a.pdf',
      },
      '[Dokumen] a.pdf',
      'document',
    ],
    [
      { MessageType: 'sticker', NumMedia: '1', MediaUrl0: 'u', MediaContentType0: 'image/webp', Body: '' },
      '[Stiker]',
      'sticker',
    ],
    [
      {
        MessageType: 'contacts',
        NumMedia: '1',
        MediaUrl0: 'u',
        MediaContentType0: 'text/vcard',
        Body: 'Siti',
      },
      '[Kontak] Siti',
      'document',
    ],
    [
      {
        MessageType: 'location',
        Body: '',
        Latitude: '-6.2',
        Longitude: '106.8',
        Label: 'Gudang',
        Address: 'Jl. 1',
      },
      '[Lokasi] Gudang, Jl. 1, -6.2, 106.8',
      'location',
    ],
    [{ MessageType: 'button', Body: 'Ya', ButtonText: 'Ya', ButtonPayload: 'yes' }, 'Ya'],
    [
      { MessageType: 'interactive', Body: '', ListTitle: 'Kargo', ListDescription: 'Laut', ListId: '1' },
      'Kargo, Laut',
    ],
    [{ MessageType: 'a_type_of_2027', Body: '' }, '[Jenis pesan ini belum didukung]'],
    [{ MessageType: 'order', Body: 'Pesan 2' }, 'Pesan 2'],
  ];
  for (const [over, content, attachment] of KINDS)
    it(`shows ${content}`, () => {
      const found = only(read(over));
      expect(found).to.include({ kind: 'message', content });
      expect('attachments' in found && found.attachments[0]?.kind).to.equal(attachment);
    });

  it('says which advertisement it came from', () => {
    const found = only(
      read({ ReferralHeadline: 'Promo', ReferralSourceId: '12', ReferralSourceUrl: 'https://x' }),
    );
    expect(found).to.have.nested.property('parts.referral.headline', 'Promo');
  });

  it('is one message however often, and of whichever instance, it is delivered', () => {
    const [once, again] = [only(read({})), only(read({ 'I-Twilio': 'x', Body: 'Halo' }))];
    expect(inboxKey(once)).to.equal(inboxKey(again));
    expect(inboxKey(only(read({ MessageSid: 'SM2' })))).not.to.equal(inboxKey(once));
  });

  it('that is nobody here, nobody at all, or ourselves, is kept and opens nothing', () => {
    expect(verdicts(read({ To: 'whatsapp:+1' }))).to.deep.equal(['dead unknown_line']);
    expect(verdicts(read({ From: 'whatsapp:unknown', WaId: 'x' }))).to.deep.equal(['dead no_sender']);
    expect(verdicts(read({ From: `whatsapp:+${LINE}` }))).to.deep.equal(['ignored own_account']);
    expect(verdicts(read({ MessageSid: undefined, SmsSid: undefined }))).to.deep.equal([
      'dead invalid_message: MessageSid',
    ]);
  });

  const report = (MessageStatus: string, over: object = {}) =>
    read(
      { From: `whatsapp:+${LINE}`, To: 'whatsapp:+6281234567890', Body: undefined, MessageStatus, ...over },
      '019a9d1e-7c00-7000-8000-000000000001',
    );
  it('reports how far our messages came, by our own id', () => {
    for (const quiet of ['accepted', 'queued', 'scheduled', 'sending'])
      expect(verdicts(report(quiet))).to.deep.equal([`ignored status_${quiet}`]);
    for (const [said, status] of [
      ['sent', 'sent'],
      ['delivered', 'delivered'],
      ['read', 'read'],
      ['undelivered', 'failed'],
      ['failed', 'failed'],
      ['canceled', 'failed'],
    ])
      expect(only(report(said!))).to.include({
        ...{ kind: 'status', status, userId: 'wa_6281234567890', line: LINE, error: null },
        messageId: '019a9d1e-7c00-7000-8000-000000000001',
      });
    expect(only(report('failed', { ErrorCode: '63016', ErrorMessage: 'outside' }))).to.include({
      error: 'tw_63016 outside',
    });
    expect(verdicts(report('a_status_of_2027'))).to.deep.equal(['dead unknown_status']);
    // A later one without a code is the same report: it erases no reason.
    expect(inboxKey(only(report('failed')))).to.equal(
      inboxKey(only(report('undelivered', { ErrorCode: '30008' }))),
    );
  });

  it('an odd member costs that member, never the words', () => {
    const optional = Object.keys(inboundForm).filter((name) => !/^(MessageSid|From|To|Body)$/.test(name));
    const more = [
      'Latitude',
      'NumMedia',
      'ReferralSourceId',
      'OriginalRepliedMessageSid',
      'DateSent',
      'Forwarded',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...optional, ...more),
        fc.constantFrom('', 'x', '-1', 'NaN', 'null', '\0', 'x'.repeat(70_000)),
        (name, odd) => {
          const [found] = inbounds(read({ [name]: odd }));
          expect(
            found?.kind === 'message' && found.content.includes('Halo'),
            `${name}=${odd.slice(0, 9)}`,
          ).to.equal(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what goes to Twilio', () => {
  let simulator: TwilioSimulator;
  let answer: SimulatedAnswer = { kind: 'accept' };
  before(async () => {
    simulator = await startTwilioSimulator({ publicUrl: 'https://saga.example.test', react: () => answer });
  });
  after(() => simulator.close());
  afterEach(() => {
    answer = { kind: 'accept' };
  });

  const { signal } = new AbortController();
  const ID = '019a9d1e-7c00-7000-8000-000000000001';
  const said = (over: object = {}) => ({ id: ID, text: 'halo', signedAs: null, ...over }) as OutboundMessage;
  const configOf = (over: object = {}) =>
    readConfig({
      PUBLIC_URL: 'https://saga.example.test',
      TWILIO_ACCOUNT_SID: simulator.accountSid,
      TWILIO_AUTH_TOKEN: `${simulator.authToken},an old token of before`,
      TWILIO_API_URL: simulator.url,
      TWILIO_NUMBERS: `+${LINE}:sari:Saga Kargo`,
      ...over,
    });
  const here = {
    webhook: 'https://saga.example.test/hook',
    fileUrl: (ticket: string, message: string) => `https://saga.example.test/file/${ticket}/${message}`,
  };
  const senderOf = (over: object = {}) =>
    sendersOf({
      config: configOf(over),
      http: channelHttp,
      files: { open: () => Promise.resolve(null) },
      here,
      pause: () => Promise.resolve(),
      answerMs: 300,
    }).whatsapp;
  const send = (message: OutboundMessage, userId = '6281234567890') =>
    senderOf().send(message, { line: LINE, userId }, signal);

  it('leaves by the number that the customer wrote to, and its reports come back to our id', async () => {
    const sent = await send(said());
    const { sid, ...fields } = simulator.taken.at(-1)!;
    expect(sent).to.deep.equal({ kind: 'accepted', channelMessageId: sid });
    expect(fields).to.deep.equal({
      ...{ From: `whatsapp:+${LINE}`, To: 'whatsapp:+6281234567890', Body: 'halo', ValidityPeriod: '14400' },
      StatusCallback: `https://saga.example.test/hook/twilio?message=${ID}`,
    });
    await send(said(), 'ID.abc1');
    expect(simulator.taken.at(-1)).to.include({ To: 'whatsapp:ID.abc1' });
  });

  it('is a content with numbered variables where it is a template', async () => {
    const template = {
      ...{ name: 'sapa', language: 'id', contentSid: 'HX1' },
      parameters: [
        { name: 'name', text: 'Budi "B"' },
        { name: 'agent_name', text: 'Ani' },
      ],
    };
    await send(said({ template }));
    const taken = simulator.taken.at(-1)!;
    expect(taken).to.include({ ContentSid: 'HX1', ContentVariables: '{"1":"Budi \\"B\\"","2":"Ani"}' });
    expect(taken).not.to.have.any.keys('Body', 'MediaUrl');
    const before = simulator.asked.length;
    expect(await send(said({ template: { ...template, contentSid: undefined } }))).to.include({
      code: 'tw_no_content_sid',
    });
    expect(simulator.asked).to.have.length(before);
  });

  it('is a signed address where it is a file', async () => {
    const file = {
      key: 'k',
      kind: 'image',
      mimeType: 'image/png',
      name: 'a',
      size: 1,
      caption: 'Ini',
      ticketId: 'T',
    };
    await send(said({ file }));
    expect(simulator.taken.at(-1)).to.include({
      MediaUrl: `https://saga.example.test/file/T/${ID}`,
      Body: 'Ini',
    });
  });

  it('is refused with its code, waits, or is unknown, as the answer says', async () => {
    const outcomes = [];
    for (const next of [
      { kind: 'error', status: 400, code: 63_016 },
      { kind: 'error', status: 429, code: 20_429, retryAfter: 7 },
      { kind: 'error', status: 401, code: 20_003 },
      { kind: 'raw', status: 403, body: '<html>', taken: false },
      { kind: 'error', status: 500, code: 20_500 },
      { kind: 'raw', status: 201, body: 'ok', taken: true },
      { kind: 'reset', taken: true },
      { kind: 'hang', taken: true },
    ] satisfies SimulatedAnswer[]) {
      answer = next;
      outcomes.push(await send(said()));
    }
    expect(
      outcomes.map((one) => ('code' in one ? one.code : 'reason' in one ? one.reason : one.kind)),
    ).to.deep.equal([
      ...['tw_63016', 'tw_20429', 'tw_20003', 'http_403'],
      ...['unreadable_answer', 'unreadable_answer', 'connection_lost', 'timeout'],
    ]);
    expect(outcomes[1]).to.include({ isTransient: true, retryAfterMs: 7_000 });
    const long = await send(said({ text: 'x'.repeat(1_601) }));
    expect(long).to.include({ code: 'too_long' });
  });

  it('waits no longer at Twilio than the service window is open; a template may', async () => {
    const validity = async (windowLeftSeconds: number, message = said()) => {
      await senderOf().send(message, { line: LINE, userId: '6281234567890', windowLeftSeconds }, signal);
      return simulator.taken.at(-1)?.['ValidityPeriod'];
    };
    expect([await validity(86_400), await validity(600), await validity(0)]).to.deep.equal([
      ...['14400', '600', '60'],
    ]);
    const template = { name: 'x', language: 'id', contentSid: `HX${'a'.repeat(32)}`, parameters: [] };
    expect(await validity(0, said({ template }))).to.equal('14400');
  });

  it('is signed in with the API key where there is one', async () => {
    const keyed = senderOf({ TWILIO_API_KEY: 'SK1', TWILIO_API_SECRET: 'a secret of a key' });
    // The simulator knows the token only.
    const to = { line: LINE, userId: '6281234567890' };
    expect(await keyed.send(said(), to, signal)).to.include({ code: 'tw_20003' });
  });

  it('gets files of customers with one redirect, and the credentials go no further', async () => {
    const config = configOf();
    const source = mediaSourcesOf({ config, http: channelHttp }).whatsapp!;
    const at = `/2010-04-01/Accounts/${simulator.accountSid}/Messages/MM1/Media/ME1`;
    const fetched = (url: string) => source.fetch(url, { line: LINE, division: 'sari' }, signal);
    simulator.media.set(at, { bytes: Buffer.from(''), location: `${simulator.url}/cdn/1` });
    simulator.media.set('/cdn/1', { bytes: Buffer.from('a picture') });
    const found = await fetched(simulator.url + at);
    const chunks: Uint8Array[] = [];
    if (found.kind === 'open') for await (const chunk of found.content) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).to.equal('a picture');
    expect(simulator.downloads.map(({ authorization }) => authorization?.slice(0, 5))).to.deep.equal([
      'Basic',
      undefined,
    ]);
    const before = simulator.downloads.length;
    simulator.media.set(at, { bytes: Buffer.from(''), location: 'https://example.invalid/steal' });
    expect(await fetched(simulator.url + at)).to.deep.equal({ kind: 'gone' });
    expect(simulator.downloads).to.have.length(before + 1);
    for (const url of ['https://example.invalid/x', `https://evil.test${at}`, `${simulator.url}/cdn/1`, ''])
      expect(await fetched(url)).to.deep.equal({ kind: 'gone' });
    expect(simulator.downloads).to.have.length(before + 1);
  });

  it('is configured as a whole or not at all', () => {
    for (const [missing, name] of [
      [{ TWILIO_ACCOUNT_SID: '' }, 'TWILIO_ACCOUNT_SID'],
      [{ TWILIO_AUTH_TOKEN: '' }, 'TWILIO_AUTH_TOKEN'],
      [{ PUBLIC_URL: '' }, 'PUBLIC_URL'],
      [{ TWILIO_API_KEY: 'SK1' }, 'TWILIO_API_SECRET'],
      [{ TWILIO_NUMBERS: '+62215:x:y' }, 'TWILIO_NUMBERS'],
      [{ TWILIO_NUMBERS: `+${LINE}:sari:a,+${LINE}:savi:b` }, 'TWILIO_NUMBERS'],
    ] as const)
      expect(() => configOf(missing), name).to.throw(name);
  });

  it('has an action for every code', () => {
    const kinds = (codes: string) => [
      ...new Set(codes.split(' ').map((code) => JSON.stringify(actionOn(`tw_${code}`)))),
    ];
    expect(kinds('20003 63007 63020 63112')).to.deep.equal(['{"kind":"stop"}']);
    expect(kinds('20429 14107 63017 63018 63038')).to.deep.equal(['{"kind":"retry","slows":"line"}']);
    expect(kinds('63012 63005 63048 30001 30008')).to.deep.equal(['{"kind":"retry","slows":"customer"}']);
    expect(kinds('63003 63024 63014 21610 63032 63033')).to.deep.equal([
      '{"kind":"give_up","because":"recipient"}',
    ]);
    expect(kinds('63016')).to.deep.equal(['{"kind":"give_up","because":"template"}']);
    expect(kinds('63049')).to.deep.equal(['{"kind":"give_up","because":"not_now"}']);
    expect(kinds('63013 63019 21620 63021 21617 21654 92005 11751')).to.deep.equal([
      '{"kind":"give_up","because":"content"}',
    ]);
  });
});
