/** Quick replies and hits of a search, as far as they are words (docs/design/dashboard.md#quick-replies). */
import { expect } from 'chai';
import { grouped, type Hit, pieces } from '../../web/src/conversation/search/hits.ts';
import {
  filledIn,
  fitting,
  type QuickReply,
  wantedOf,
} from '../../web/src/conversation/writing/find-quick-reply.ts';

const reply = (shortcut: string, over: Partial<QuickReply> = {}): QuickReply => ({
  id: shortcut,
  shortcut,
  title: shortcut,
  body: '',
  variables: [],
  division: null,
  personal: false,
  ...over,
});
const hit = (ticketId: string, messageId: string, name: string | null): Hit => ({
  ticket_id: ticketId,
  message_id: messageId,
  layer: 'L1',
  customer_name: name,
  snippet: { text: 'Kirim motor ke Batam', matches: [] },
  sent_at: '2026-11-30T03:00:00.000Z',
});

describe('quick replies', () => {
  it('are asked for by a stroke in an otherwise empty box, and by nothing else', () => {
    expect(['/', '/Sal', '/dua kata'].map(wantedOf)).to.deep.equal(['', 'sal', 'dua kata']);
    expect(['', 'Halo', 'a/b', ' /x', '/x\ny'].map(wantedOf)).to.deep.equal([null, null, null, null, null]);
  });

  it('fit by shortcut first, then by title, and only those of the division', () => {
    const all = [
      reply('biaya', { title: 'Salam biaya' }),
      reply('Salam'),
      reply('salju', { division: 'savi' }),
      reply('kargo', { division: 'sari', title: 'Salam kargo' }),
    ];
    expect(fitting(all, 'sal', 'sari').map(({ id }) => id)).to.deep.equal(['Salam', 'biaya', 'kargo']);
    expect(fitting(all, 'tidak ada', 'sari')).to.deep.equal([]);
    expect(
      fitting(
        Array.from({ length: 20 }, (_, n) => reply(`r${String(n)}`)),
        '',
        'sari',
      ),
    ).to.have.length(8);
  });

  it('fill in what is known, and leave a gap in words for what is not', () => {
    expect(filledIn('Halo {{name}}, dari {{ origin_city }}?', { name: 'Budi', origin_city: null })).to.equal(
      'Halo Budi, dari [Kota asal]?',
    );
  });
});

describe('hits of a search', () => {
  it('stand under their ticket, in the order of its newest hit', () => {
    const groups = grouped([hit('b', '3', null), hit('a', '2', 'Ani'), hit('b', '1', 'Budi')]);
    expect(groups.map(({ ticketId, name, hits }) => [ticketId, name, hits.length])).to.deep.equal([
      ['b', 'Budi', 2],
      ['a', 'Ani', 1],
    ]);
  });

  it('show which words were found', () => {
    const matches: [number, number][] = [
      [0, 5],
      [15, 20],
    ];
    expect(pieces({ text: 'Kirim motor ke Batam', matches })).to.deep.equal([
      '',
      'Kirim',
      ' motor ke ',
      'Batam',
      '',
    ]);
    expect(pieces({ text: 'apa saja', matches: [] })).to.deep.equal(['apa saja']);
  });
});
