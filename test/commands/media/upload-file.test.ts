import { expect } from 'chai';
import { decideUploadFile, type NewFile } from '../../../src/commands/media/upload-file.ts';
import { requireReplyAllowed } from '../../../src/commands/conversation/reply.ts';
import { type ExistingTicket, ticket } from '../../../src/domain/tickets/ticket.ts';
import { fold, refusalIn } from '../../support/scenarios/given.ts';
import { ani, uuidOf } from '../../support/scenarios/people.ts';
import { opened, takenOver } from '../../support/scenarios/ticket-events.ts';

const found = requireReplyAllowed(fold(ticket, [opened(), takenOver(ani)]), ani);
const file = (over: Partial<NewFile> = {}): NewFile => ({
  ...{
    mediaId: uuidOf(1),
    sha256: 'ab',
    mimeType: 'application/pdf',
    size: 1_000,
    name: 'harga.pdf',
    runs: false,
  },
  ...over,
});
const upload = (channel: ExistingTicket['channel'], over: Partial<NewFile>) =>
  decideUploadFile({ ...found, channel }, file(over), ani.id);
const kindOf = (channel: ExistingTicket['channel'], over: Partial<NewFile>) =>
  upload(channel, over)[0]?.data.kind;
const reasonOf = (channel: ExistingTicket['channel'], over: Partial<NewFile>): string | undefined => {
  const { code, details } = refusalIn(() => upload(channel, over));
  expect(code).to.equal('MEDIA_NOT_SUPPORTED');
  return details[0]?.message;
};

describe('a file for a customer', () => {
  it('goes out as what the channel takes it for', () => {
    expect(kindOf('whatsapp', { mimeType: 'image/jpeg' })).to.equal('image');
    expect(kindOf('whatsapp', { mimeType: 'image/webp' })).to.equal('document');
    expect(kindOf('whatsapp', { mimeType: 'audio/ogg' })).to.equal('audio');
    expect(kindOf('whatsapp', { mimeType: 'application/octet-stream' })).to.equal('document');
    expect(kindOf('telegram', { mimeType: 'image/webp' })).to.equal('image');
    expect(kindOf('instagram', { mimeType: 'video/mp4' })).to.equal('video');
    expect(kindOf('facebook', {})).to.equal('document');
  });
  it('is refused with the reason where the channel cannot carry it', () => {
    expect(reasonOf('whatsapp', { mimeType: 'image/png', size: 5_000_001 })).to.equal(
      'Gambar paling besar 5 MB di WhatsApp',
    );
    expect(reasonOf('telegram', { size: 50_000_001 })).to.equal('Dokumen paling besar 50 MB di Telegram');
    expect(reasonOf('instagram', {})).to.equal('Instagram tidak dapat menerima jenis berkas ini');
    expect(reasonOf('facebook', { mimeType: 'video/mp4', size: 16_000_001 })).to.equal(
      'Video paling besar 16 MB di Messenger',
    );
    expect(reasonOf('whatsapp', { size: 0 })).to.equal('Berkas ini kosong');
  });
  it('is never a program or a script, whatever it is called or looks like', () => {
    const reason = 'Program dan skrip tidak boleh dikirim ke pelanggan lewat kanal apa pun';
    expect(reasonOf('whatsapp', { runs: true })).to.equal(reason);
    for (const name of ['a.exe', 'faktur.pdf.JS', 'x.bat ', 'y.scr.', 'page.html', 'logo.svg', 'app.apk'])
      expect(reasonOf('whatsapp', { name }), name).to.equal(reason);
    expect(kindOf('whatsapp', { name: 'harga.exe.pdf' })).to.equal('document');
  });
});
