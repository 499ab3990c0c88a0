/** A language model, a server on loopback here, reads a question only of visitors who agreed (docs/design/chat.md#consent). */
import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { type ChatVisitor, visit } from '../../support/http/chat.ts';

/** Of two topics alike: the bot asks which one is meant. */
const DOUBT = 'mau tanya mobil';
const PHONE = '081234567890';

describe('a language model and the consent of visitors', () => {
  let app: TestProgram;
  const read: string[] = [];
  const model = createServer((req, res) => {
    const pieces: Buffer[] = [];
    req.on('data', (piece: Buffer) => pieces.push(piece));
    req.on('end', () => {
      read.push(Buffer.concat(pieces).toString());
      res.writeHead(200, { 'content-type': 'application/json' });
      const content = JSON.stringify({ topic: 'NONE' });
      const usage = { prompt_tokens: 1, completion_tokens: 1 };
      res.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }], usage }));
    });
  });

  before(async function () {
    this.timeout(60_000);
    model.listen(0, '127.0.0.1');
    await once(model, 'listening');
    app = await startTestProgram({
      TRUST_PROXY: 'loopback',
      SITES: 'sari:sari,savi:savi,safia:safia',
      LLM_PROVIDER: 'openai',
      LLM_API_KEY: 'a key of this test',
      LLM_MODEL: 'small',
      LLM_URL: `http://127.0.0.1:${String((model.address() as AddressInfo).port)}`,
    });
  });
  after(async () => {
    await app.close();
    model.closeAllConnections();
    model.close();
  });

  /** Whether the model was given their words. */
  const isRead = async (visitor: ChatVisitor, more: object = {}): Promise<boolean> => {
    read.length = 0;
    const reply = await visitor.say(`${DOUBT} ${PHONE}`, more);
    expect(reply.json.data).to.include({ outcome: 'asked' });
    return read.some((body) => body.includes(DOUBT));
  };

  it('says what visitors are asked for', async () => {
    const { session } = await visit(app.url, 'savi');
    expect(session['language_model']).to.have.property('version', 1);
  });

  it('is given nothing before a yes, what was redacted after it, and nothing after a no', async () => {
    const visitor = await visit(app.url, 'savi');
    expect(await isRead(visitor), 'at first').to.equal(false);
    expect(await isRead(visitor, { language_model: true }), 'with a yes').to.equal(true);
    expect(read.join()).to.not.include(PHONE);
    expect(await isRead(visitor), 'the yes holds').to.equal(true);
    expect(await isRead(visitor, { language_model: false }), 'with a no').to.equal(false);
    expect(await isRead(visitor), 'the no holds').to.equal(false);
    expect(await isRead(await visit(app.url, 'savi')), 'of somebody else').to.equal(false);
  });
});
