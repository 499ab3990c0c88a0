import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type MetaSimulator, startMetaSimulator } from '../../../src/main/demo/meta-simulator/server.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer } from '../../support/http/http.ts';
import { type ClamdSimulator, EICAR, startClamd } from '../../support/channels/clamd.ts';
import {
  messengerBody,
  messengerEvent,
  metaBytes,
  sign,
  waBody,
  waChange,
  waMessage,
} from '../../support/channels/meta.ts';

const APP_SECRET = 'an app secret for tests only, 32 characters';
const TOKEN = 'a-token-of-Meta-for-tests-only';
const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  Buffer.alloc(5_000, 7),
]);

interface Attachment {
  readonly id: string;
  readonly kind: string;
  readonly mime_type: string | null;
  readonly name: string | null;
  readonly size: number | null;
  readonly state: string;
  readonly reason: string | null;
}

describe('files that customers send', () => {
  let meta: MetaSimulator;
  let clamd: ClamdSimulator;
  let program: TestProgram;
  const folder = mkdtempSync(join(tmpdir(), 'saga-files-'));
  let customers = 0;

  before(async function () {
    this.timeout(60_000);
    meta = await startMetaSimulator({ token: TOKEN });
    clamd = await startClamd();
    program = await startTestProgram({
      WHATSAPP_API_URL: meta.url,
      WHATSAPP_TOKEN: TOKEN,
      META_GRAPH_URL: meta.url,
      META_PAGE_TOKENS: `instagram:IG_1:${TOKEN},facebook:PAGE_1:${TOKEN}`,
      CHANNEL_DIVISION_MAP: 'instagram:IG_1:sari,facebook:PAGE_1:sari',
      FILES_DIR: folder,
      MEDIA_MAX_MB: '1',
      MEDIA_DAILY_FILES: '1',
      CLAMD_ADDRESS: clamd.address,
    });
  });
  after(async () => {
    await program.close();
    await meta.close();
    await clamd.stop();
    rmSync(folder, { recursive: true });
  });

  /** A new customer sends it. @returns their ticket and the message's attachments, once `until` holds of them */
  async function sends(
    type: 'image' | 'document' | 'location',
    part: object,
    until: (found: Attachment[]) => boolean,
    { again = false } = {},
  ): Promise<{ ticketId: string; attachments: Attachment[] }> {
    if (!again) customers += 1;
    const name = `Pengirim${String(customers)}x`;
    const from = `62877000${String(customers).padStart(4, '0')}`;
    const bytes = metaBytes(
      waBody(
        waChange({
          contacts: [{ wa_id: from, profile: { name } }],
          messages: [
            waMessage(`wamid.media${String(customers)}${again ? 'again' : ''}`, {
              from,
              type,
              text: undefined,
              [type]: part,
            }),
          ],
        }),
      ),
    );
    const reply = await program.call('/api/webhook/external-bot', {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes, APP_SECRET) },
    });
    expect(reply.status).to.equal(200);
    return eventually('the attachments', async () => {
      const inbox = await program.get('/api/admin/inbox?division=sari&limit=200', 'sa');
      const tickets = inbox.json.data['tickets'] as { id: string; customer_name: string }[];
      const ticketId = tickets.find(({ customer_name }) => customer_name === name)?.id;
      if (ticketId === undefined) return undefined;
      const page = await program.get(`/api/admin/ticket/${ticketId}/messages`, 'sa');
      const message = (page.json.data['messages'] as { attachments: Attachment[] }[]).at(again ? 1 : 0);
      return message && until(message.attachments)
        ? { ticketId, attachments: message.attachments }
        : undefined;
    });
  }
  const download = (ticketId: string, id: string, as: string): Promise<Response> =>
    fetch(`${program.url}/api/admin/ticket/${ticketId}/attachments/${id}`, {
      headers: bearer(program.person(as).token),
    });
  const stored = (found: Attachment[]): boolean => found[0]?.size !== null;
  const files = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  const refused = (reason: string): Promise<boolean> =>
    eventually(`refused: ${reason}`, () =>
      program.log.lines.some(({ fields }) => (fields as { reason?: string }).reason === reason),
    );

  it('are fetched, listed, and downloaded by those who may read the ticket', async () => {
    meta.media.set('111', { mimeType: 'image/jpeg', bytes: PNG });
    const { ticketId, attachments } = await sends('image', { id: '111', mime_type: 'image/jpeg' }, stored);
    expect(attachments).to.have.length(1);
    // What the bytes are, not what was said.
    expect(attachments[0]).to.deep.include({
      kind: 'image',
      mime_type: 'image/png',
      name: null,
      size: PNG.length,
    });
    for (const who of ['sa', 'tl', 'agent.sari', 'viewer.sari']) {
      const answer = await download(ticketId, attachments[0]!.id, who);
      expect(answer.status, who).to.equal(200);
      expect(answer.headers.get('content-type')).to.equal('image/png');
      expect(answer.headers.get('content-disposition')).to.match(/^attachment; filename=".*\.png"/);
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).to.equal(true);
    }
  });

  it('are nobody else’s: another division, another ticket, no token', async () => {
    meta.media.set('112', { mimeType: 'image/png', bytes: PNG });
    const { ticketId, attachments } = await sends('image', { id: '112' }, stored);
    const { id } = attachments[0]!;
    const code = async (answer: Response): Promise<[number, string]> => [
      answer.status,
      ((await answer.json()) as { error: { code: string } }).error.code,
    ];
    expect(await code(await download(ticketId, id, 'agent.savi'))).to.deep.equal([403, 'DIVISION_FORBIDDEN']);
    const [other] = await program.openTickets('sari', 1);
    expect(await code(await download(other!, id, 'sa'))).to.deep.equal([404, 'ATTACHMENT_NOT_FOUND']);
    const [foreign] = await program.openTickets('savi', 1);
    expect(await code(await download(foreign!, id, 'agent.savi'))).to.deep.equal([
      404,
      'ATTACHMENT_NOT_FOUND',
    ]);
    expect(await code(await download(ticketId, id.replace(/-0$/, '-1'), 'sa'))).to.deep.equal([
      404,
      'ATTACHMENT_NOT_FOUND',
    ]);
    expect(await code(await download(ticketId, '..%2F..%2Fetc%2Fpasswd', 'sa'))).to.deep.equal([
      400,
      'VALIDATION_FAILED',
    ]);
    expect((await fetch(`${program.url}/api/admin/ticket/${ticketId}/attachments/${id}`)).status).to.equal(
      401,
    );
  });

  it('keep the name the customer gave, harmlessly', async () => {
    meta.media.set('113', { mimeType: 'application/pdf', bytes: Buffer.from('%PDF-1.7 isi') });
    const filename = 'Surat "jalan"\r\nX: y; é/../STNK.pdf';
    const { ticketId, attachments } = await sends('document', { id: '113', filename }, stored);
    expect(attachments[0]).to.include({ mime_type: 'application/pdf', name: filename });
    const answer = await download(ticketId, attachments[0]!.id, 'sa');
    const disposition = answer.headers.get('content-disposition')!;
    expect(disposition).to.match(/^attachment; filename="[^"\\/]*"; filename\*=UTF-8''[\w%.~-]+$/);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1]!)).to.equal(
      'Surat "jalan"__X: y; é_.._STNK.pdf',
    );
    expect(answer.headers.get('x')).to.equal(null);
  });

  it('keep the ending of a name that is too long', async () => {
    meta.media.set('114', { mimeType: 'application/pdf', bytes: Buffer.from('%PDF-1.7 isi') });
    const filename = `${'Daftar barang pindahan '.repeat(60)}.pdf`;
    const { ticketId, attachments } = await sends('document', { id: '114', filename }, stored);
    const answer = await download(ticketId, attachments[0]!.id, 'sa');
    const disposition = answer.headers.get('content-disposition')!;
    expect(disposition).to.match(/^attachment; filename="Daftar [^"]{150,193}\.pdf"; /);
    expect(decodeURIComponent(disposition.split("UTF-8''")[1]!)).to.match(/\.pdf$/);
  });

  it('are kept whatever they are; what could do something is bytes that no browser opens', async () => {
    const page = Buffer.from('<html><script>alert(1)</script>');
    const program_ = Buffer.from('7f454c4602010100', 'hex');
    for (const [id, bytes] of [
      ['115', page],
      ['116', program_],
    ] as const) {
      meta.media.set(id, { mimeType: 'image/png', bytes });
      const { ticketId, attachments } = await sends('image', { id }, stored);
      expect(attachments[0]).to.include({ mime_type: 'application/octet-stream', reason: null });
      const answer = await download(ticketId, attachments[0]!.id, 'sa');
      expect(answer.headers.get('content-type')).to.equal('application/octet-stream');
      expect(answer.headers.get('content-disposition')).to.match(/^attachment; /);
      expect(answer.headers.get('x-content-type-options')).to.equal('nosniff');
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).to.equal(true);
    }
  });

  for (const [what, media, reason] of [
    [
      'more than is kept',
      { mimeType: 'image/png', bytes: Buffer.concat([PNG, Buffer.alloc(1_000_000)]) },
      'too_large',
    ],
    ['an address elsewhere', { mimeType: 'image/png', bytes: PNG, url: 'http://127.0.0.1:9/secret' }, 'gone'],
    [
      'an address in the cloud',
      { mimeType: 'image/png', bytes: PNG, url: 'http://169.254.169.254/latest' },
      'gone',
    ],
    ['a file of this machine', { mimeType: 'image/png', bytes: PNG, url: 'file:///etc/passwd' }, 'gone'],
    [
      'a host that only begins like ours',
      { mimeType: 'image/png', bytes: PNG, url: 'https://lookaside.fbsbx.com.evil.example/x' },
      'gone',
    ],
  ] as const) {
    it(`are not kept when they are ${what}, and the message is there all the same`, async () => {
      const before = files();
      const lines = program.log.lines.length;
      meta.media.set(`id${String(customers)}`, media);
      const { attachments } = await sends(
        'image',
        { id: `id${String(customers)}` },
        (found) => found[0]?.reason != null,
      );
      expect(attachments[0]!.reason).to.match(/^Berkas tidak (disimpan|dapat diunduh): /);
      await eventually('it is refused', () =>
        program.log.lines
          .slice(lines)
          .some(({ fields }) => (fields as { reason?: string }).reason === reason),
      );
      expect(attachments[0]!.size).to.equal(null);
      expect(files()).to.deep.equal(before);
    });
  }

  it('are seen by the scanner, whole, before anybody has them', async () => {
    const bytes = Buffer.concat([PNG, Buffer.alloc(200_000, 9)]);
    meta.media.set('880', { mimeType: 'image/png', bytes });
    await sends('image', { id: '880' }, stored);
    expect(clamd.seen.some((one) => one.equals(bytes))).to.equal(true);
  });

  it('are not kept when the scanner finds something, or when they are too large for it', async () => {
    const before = files();
    meta.media.set('881', {
      mimeType: 'application/pdf',
      bytes: Buffer.concat([Buffer.from('%PDF-1.7 '), EICAR]),
    });
    const infected = await sends('document', { id: '881' }, (found) => found[0]?.reason != null);
    expect(infected.attachments[0]).to.include({
      size: null,
      state: 'refused',
      reason: 'Berkas tidak disimpan: mengandung virus atau program berbahaya.',
    });
    clamd.most = 100_000;
    meta.media.set('882', { mimeType: 'image/png', bytes: Buffer.concat([PNG, Buffer.alloc(900_000)]) });
    const large = await sends('image', { id: '882' }, (found) => found[0]?.state === 'refused');
    clamd.most = 25_000_000;
    expect(large.attachments[0]?.reason).to.include('terlalu besar untuk diperiksa');
    for (const { ticketId, attachments } of [infected, large])
      expect((await download(ticketId, attachments[0]!.id, 'sa')).status).to.equal(404);
    expect(files()).to.deep.equal(before);
  });

  it('wait while the scanner is away, and nobody gets them; the operator is told, and nothing is fetched twice', async () => {
    const warned = async (): Promise<boolean> =>
      (await program.call('/readyz')).text.includes('files of customers wait for it');
    const waiting = async (): Promise<string | undefined> =>
      /^saga_media_scan_waiting (\d+)$/m.exec((await program.call('/metrics')).text)?.[1];
    expect(await warned()).to.equal(false);
    await clamd.stop();
    meta.media.set('883', { mimeType: 'image/png', bytes: PNG });
    const { ticketId, attachments } = await sends(
      'image',
      { id: '883' },
      (found) => found[0]?.reason != null,
    );
    expect(attachments[0]).to.include({ size: null, state: 'pending' });
    expect(attachments[0]!.reason).to.include('menunggu pemeriksaan virus');
    expect((await download(ticketId, attachments[0]!.id, 'sa')).status).to.equal(404);
    await eventually('/readyz says so, and is 200', warned);
    expect((await program.call('/readyz')).status).to.equal(200);
    expect(await waiting()).to.equal('1');
    // What the channel does not have any more is here already.
    meta.media.delete('883');
    await clamd.start();
    const [file] = await eventually(
      'it is there',
      async () => {
        const page = await program.get(`/api/admin/ticket/${ticketId}/messages`, 'sa');
        const [message] = page.json.data['messages'] as { attachments: Attachment[] }[];
        return stored(message?.attachments ?? []) ? message?.attachments : undefined;
      },
      30_000,
    );
    expect(file).to.include({ size: PNG.length, state: 'ready', reason: null });
    expect((await download(ticketId, attachments[0]!.id, 'sa')).status).to.equal(200);
    expect(await waiting()).to.equal('0');
    await eventually('the warning goes', async () => !(await warned()), 20_000);
  });

  it('wait for the next day when the customer has had all of this one, and the agent reads so', async () => {
    for (const id of ['771', '772']) meta.media.set(id, { mimeType: 'image/png', bytes: PNG });
    const first = await sends('image', { id: '771' }, stored);
    expect(first.attachments[0]).to.include({ size: PNG.length, reason: null });
    const second = await sends('image', { id: '772' }, (found) => found[0]?.reason != null, { again: true });
    expect(second.ticketId).to.equal(first.ticketId);
    expect(second.attachments[0]!.size).to.equal(null);
    expect(second.attachments[0]!.reason).to.include('kuota media harian');
    expect((await download(second.ticketId, second.attachments[0]!.id, 'sa')).status).to.equal(404);
  });

  it('that are gone at the channel, or were never files, do no harm', async () => {
    await sends('image', { id: 'nobody-knows' }, (found) => found.length === 1);
    await refused('gone');
    // A place is a place, and no file.
    const place = await sends('location', { latitude: 1, longitude: 2 }, (found) => found.length === 0);
    expect(place.attachments).to.deep.equal([]);
    const sneaky = await sends('image', { id: '../download/111' }, (found) => found.length === 1);
    expect(sneaky.attachments[0]!.size).to.equal(null);
  });

  it('come with no name on Instagram and Messenger: who they are is asked once, and shown and found', async () => {
    meta.people.set('17001', { name: 'Rina Kusuma', username: 'rina.k' });
    meta.people.set('17002', { username: 'dewi.pindah' });
    meta.people.set('9001', { first_name: 'Agus', last_name: 'Salim' });
    const writes = async (object: 'instagram' | 'page', line: string, id: string, text: string) => {
      const event = messengerEvent({
        sender: { id },
        recipient: { id: line },
        timestamp: Date.now(),
        message: { mid: `${id}-${text}`, text },
      });
      const bytes = metaBytes(messengerBody(object, line, event));
      const reply = await program.call('/api/webhook/external-bot', {
        method: 'POST',
        body: new Uint8Array(bytes),
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(bytes, APP_SECRET) },
      });
      expect(reply.status).to.equal(200);
    };
    await writes('instagram', 'IG_1', '17001', 'Halo');
    await writes('instagram', 'IG_1', '17002', 'Halo');
    await writes('page', 'PAGE_1', '9001', 'Halo');
    // Who did not agree stays without a name.
    await writes('instagram', 'IG_1', '17003', 'Tanpa nama');
    const named = (q: string) =>
      eventually(`${q} is found`, async () => {
        const inbox = await program.get(`/api/admin/inbox?division=sari&q=${encodeURIComponent(q)}`, 'sa');
        return (inbox.json.data['tickets'] as { customer_name: string }[])[0]?.customer_name;
      });
    expect(await named('kusuma')).to.equal('Rina Kusuma');
    expect(await named('dewi')).to.equal('dewi.pindah');
    expect(await named('agus salim')).to.equal('Agus Salim');
    await eventually('all were asked', () => meta.askedOf.includes('17003'));
    await writes('instagram', 'IG_1', '17001', 'Masih di sana?');
    await writes('instagram', 'IG_1', '17003', 'Halo lagi');
    await eventually('both are there', async () => {
      const inbox = await program.get('/api/admin/inbox?division=sari&channel=instagram', 'sa');
      const previews = (inbox.json.data['tickets'] as { last_message_preview: string }[]).map(
        ({ last_message_preview }) => last_message_preview,
      );
      return previews.includes('Masih di sana?') && previews.includes('Halo lagi');
    });
    expect(meta.askedOf.toSorted()).to.deep.equal(['17001', '17002', '17003', '9001']);
  });
});
