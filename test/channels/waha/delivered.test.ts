/** What WAHA delivers, as items (docs/design/channels.md#waha). */
import { expect } from 'chai';
import fc from 'fast-check';
import { wahaItems } from '../../../src/channels/waha/normalize.ts';
import { inboxKey, inbounds, only, receivedAt, verdicts } from '../../support/channels/normalizing.ts';
import { LINE, lines, message, payload, PHONE, read } from '../../support/channels/waha.ts';

describe('what WAHA delivers', () => {
  it('is a message of one person, on a line without a window', () => {
    expect(only(message())).to.include({
      ...{ kind: 'message', division: 'sari', channel: 'whatsapp', line: LINE, templatesBy: 'none' },
      ...{ userId: 'wa_6281234567890', phone: '+6281234567890', content: 'Halo', channelMessageId: '3EB0A' },
      sentAt: '2026-07-03T10:30:00.000Z',
    });
    expect(only(message({ from: '6281234567890:7@s.whatsapp.net' }))).to.include({
      userId: 'wa_6281234567890',
    });
    expect(only(message({ from: '4477:12@lid' }))).to.include({ userId: 'wa_4477@lid', phone: null });
    expect(only(message({ _data: { pushName: 'Budi' } }))).to.include({
      userId: 'wa_6281234567890',
      userName: 'Budi',
    });
  });

  it('is one message under a number and a hidden id, in whichever event it comes', () => {
    const byNumber = only(message());
    const hidden = only(read('message.any', { from: '4477@lid', id: 'false_4477@lid_3EB0A' }));
    expect(inboxKey(hidden)).to.equal(inboxKey(byNumber));
    expect(inboxKey(only(message({ id: `false_${PHONE}_3EB0B` })))).not.to.equal(inboxKey(byNumber));
  });

  const media = (mimetype: string, filename: string | null = null) => ({
    hasMedia: true,
    media: { url: 'http://elsewhere:3000/api/files/cs-sari/a.bin', mimetype, filename },
  });
  const KINDS: readonly (readonly [over: object, content: string, attachment?: string])[] = [
    [{ ...media('image/jpeg'), body: 'STNK' }, '[Gambar] STNK', 'image'],
    [{ ...media('audio/ogg; codecs=opus'), body: undefined }, '[Pesan suara]', 'audio'],
    [{ ...media('application/pdf', 'a.pdf'), body: 'a.pdf' }, '[Dokumen] a.pdf', 'document'],
    [{ ...media('image/webp'), body: '' }, '[Stiker]', 'sticker'],
    [{ hasMedia: true, media: null, body: 'x' }, '[Dokumen] x', 'document'],
    [
      { location: { latitude: -6.2, longitude: '106.8', description: 'Gudang' }, body: '' },
      '[Lokasi] Gudang, -6.2, 106.8',
      'location',
    ],
    [
      { vCards: ['BEGIN:VCARD\nFN:Siti\nTEL;waid=62:+62 812\nEND:VCARD'], body: '' },
      '[Kontak] Siti, +62 812',
      'contact',
    ],
    [{ body: undefined }, '[Jenis pesan ini belum didukung]'],
  ];
  for (const [over, content, attachment] of KINDS)
    it(`shows ${content}`, () => {
      const found = only(message(over));
      expect(found).to.include({ kind: 'message', content });
      expect('attachments' in found && found.attachments[0]?.kind).to.equal(attachment);
    });

  it('is no talk of groups, channels and the status', () => {
    for (const from of ['1203@g.us', 'status@broadcast', '1@newsletter'])
      expect(verdicts(message({ from }))).to.deep.equal(['ignored not_a_private_chat']);
    expect(verdicts(message({ from: 'unknown' }))).to.deep.equal(['dead no_sender']);
    expect(verdicts(read('session.status'))).to.deep.equal(['ignored event_session.status']);
    expect(verdicts(read('call.received'))).to.deep.equal(['ignored event_call.received']);
    expect(
      verdicts(wahaItems({ event: 'message', session: 'x', payload }, { lines, receivedAt })),
    ).to.deep.equal(['dead unknown_line']);
  });

  const own = { fromMe: true, to: PHONE, from: 'us', id: `true_${PHONE}_3EB0C`, body: 'Siap' };
  it('tells what a colleague wrote on the phone, and what we sent ourselves, apart', () => {
    expect(only(read('message.any', { ...own, source: 'app' }))).to.include({
      ...{ kind: 'said_elsewhere', by: 'phone', content: 'Siap', userId: 'wa_6281234567890' },
    });
    expect(only(read('message.any', { ...own, source: 'api' }))).to.include({
      ...{ kind: 'status', status: 'sent', channelMessageId: '3EB0C' },
    });
    expect(verdicts(read('message.any', own))).to.deep.equal(['ignored echo']);
  });

  it('reports how far our messages came, in any order', () => {
    const acked = (ack: number) => read('message.ack', { ...own, ack });
    for (const [ack, status] of [
      [1, 'sent'],
      [2, 'delivered'],
      [3, 'read'],
      [4, 'read'],
      [-1, 'failed'],
    ] as const)
      expect(only(acked(ack))).to.include({ kind: 'status', status, channelMessageId: '3EB0C' });
    expect(verdicts(acked(0))).to.deep.equal(['ignored ack_pending']);
    expect(verdicts(acked(9))).to.deep.equal(['dead unknown_ack']);
    expect(verdicts(read('message.ack', { ack: 3 }))).to.deep.equal(['ignored own_ack']);
  });

  it('keeps what was said when it is edited, taken back or reacted to, also of a message that nobody knows', () => {
    expect(only(read('message.edited', { editedMessageId: '3EB0Z', body: 'Hai' }))).to.include({
      ...{
        contentKind: 'edited',
        content: '[Diedit] Hai',
        replyTo: '3EB0Z',
        channelMessageId: '3EB0A:edited',
      },
    });
    expect(
      only(read('message.revoked', { after: { ...payload }, before: null, revokedMessageId: '3EB0Z' })),
    ).to.include({ contentKind: 'deleted', replyTo: '3EB0Z' });
    const reaction = (text: string) =>
      only(
        read('message.reaction', {
          reaction: { text, messageId: `true_${PHONE}_3EB0C` },
          timestamp: 1783074600.5,
        }),
      );
    expect(reaction('👍')).to.include({ contentKind: 'reaction', content: '[Reaksi] 👍', replyTo: '3EB0C' });
    expect(reaction('')).to.include({ content: '[Reaksi dihapus]' });
    expect(verdicts(read('message.edited', { fromMe: true }))).to.deep.equal(['ignored own_edit']);
    expect(only(message({ replyTo: { id: '3EB0Q' } }))).to.include({ replyTo: '3EB0Q' });
  });

  it('an odd member costs that member, never the words', () => {
    const names = [
      'timestamp',
      'to',
      'ack',
      'replyTo',
      'vCards',
      '_data',
      'hasMedia',
      'media',
      'location',
      'source',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.constantFrom<unknown>(
          null,
          7,
          -1.5,
          'seven',
          '',
          {},
          [],
          undefined,
          { x: [1] },
          'x'.repeat(70_000),
        ),
        (name, odd) => {
          const [found] = inbounds(message({ [name]: odd }));
          expect(
            found?.kind === 'message' && found.content.includes('Halo'),
            `${name}=${String(odd).slice(0, 9)}`,
          ).to.equal(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});
