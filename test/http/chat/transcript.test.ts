/** A visitor gets the talk of the site in WhatsApp (docs/design/chat.md#papers). */
import { expect } from 'chai';
import { routes } from '../../../src/http/routes.ts';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { visit } from '../../support/http/chat.ts';
import { expectDocumented } from '../../support/http/contract.ts';

const route = (name: string) => routes.find((one) => one.name === name)!;

describe('a transcript by WhatsApp', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram({
      TRUST_PROXY: 'loopback',
      SITES: 'sari:sari,savi:savi,safia:safia',
      WA_PUBLIC_NUMBERS: 'sari:6281230000001',
    });
  });
  after(() => app.close());

  /** The transcripts that the talk of this WhatsApp customer shows as said by us. */
  const transcriptsFor = async (name: string): Promise<string[]> => {
    const page = await app.get(`/api/admin/inbox?q=${name}&channel=whatsapp&limit=10`, 'sa');
    const [ticket] = page.json.data['tickets'] as { id: string }[];
    if (!ticket) return [];
    const talk = await app.get(`/api/admin/ticket/${ticket.id}/messages`, 'sa');
    return (talk.json.data['messages'] as { content: string; sender_type: string }[])
      .filter(({ content, sender_type }) => sender_type === 'bot' && content.includes('transkrip'))
      .map(({ content }) => content);
  };

  it('is a link to the PDF for who brings the code, once, and nothing of it is on the site', async function () {
    this.timeout(30_000);
    const visitor = await visit(app.url);
    const early = await visitor.post('/api/chat/transcript/whatsapp', {});
    expect(early.json.error.code).to.equal('NOTHING_WRITTEN');
    await visitor.say('biaya kirim motor ke medan');
    const reply = await visitor.post('/api/chat/transcript/whatsapp', {});
    expectDocumented(route('sendTranscriptToWhatsApp'), reply);
    const message = new URL(reply.json.data['whatsapp_url'] as string).searchParams.get('text');
    const bring = () =>
      app.webhook({
        ...{ event: 'message', sender: 'customer', user_id: 'wa_6281299990003', channel: 'whatsapp' },
        ...{ division: 'sari', bot_id: 'sari', user_name: 'Watini', message, message_id: 'transcript-1' },
        timestamp: new Date().toISOString(),
      });
    await bring();
    const [answer = ''] = await eventually('the link is posted', async () => {
      const said = await transcriptsFor('Watini');
      return said.length > 0 ? said : undefined;
    });
    await bring();
    const link = new URL(/https?:\/\/\S+/.exec(answer)?.[0] ?? '');
    const file = await fetch(`${app.url}${link.pathname}${link.search}`);
    expect(file.status).to.equal(200);
    expect(file.headers.get('content-type')).to.equal('application/pdf');
    expect(
      Buffer.from(await file.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).to.equal('%PDF-');
    const changed = await app.call(
      `${link.pathname}${link.search.replace(/.$/, (c) => (c === '0' ? '1' : '0'))}`,
    );
    expect(changed.json.error.code).to.equal('FILE_LINK_INVALID');
    expect(await transcriptsFor('Watini')).to.have.length(1);
    expect((await visitor.messages()).some(({ text }) => text.includes('transkrip'))).to.equal(false);
  });

  it('is not offered where no number is set', async () => {
    const visitor = await visit(app.url, 'savi');
    await visitor.say('dokumen kirim mobil');
    const reply = await visitor.post('/api/chat/transcript/whatsapp', {});
    expect(reply.json.error.code).to.equal('WHATSAPP_NOT_OFFERED');
  });
});
