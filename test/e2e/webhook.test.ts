import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { aCustomer, aText, ok, type Session } from '../support/http/client.ts';
import type { Reply } from '../support/http/http.ts';
import type { Program } from '../support/processes/program.ts';
import { type Installation, openInstallation } from './installation.ts';

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i));

describe('deliveries at the same instant', function () {
  this.timeout(60_000);
  let installation: Installation;
  let lead: Session;
  let both: Program[];
  const acknowledged: string[] = [];

  before(async () => {
    installation = await openInstallation();
    lead = await installation.as('tl@demo.saga');
    both = [installation.main(), await installation.another()];
  });
  after(() => installation.close());

  const counts = async (answers: readonly Promise<Reply>[]) => {
    const sum = { accepted: 0, duplicates: 0 };
    for (const { data } of await Promise.all(answers.map(ok))) {
      sum.accepted += data.accepted as number;
      sum.duplicates += data.duplicates as number;
    }
    return sum;
  };

  for (const processes of [1, 2]) {
    const among = processes === 1 ? 'one process' : 'two processes on one database';

    it(`keeps one message of the same Meta delivery twenty times at once: ${among}`, async () => {
      const customer = aCustomer('savi');
      const [text, id] = [aText('Berapa ongkir?'), `wamid.${randomUUID()}`];
      const from = both.slice(0, processes).map((program) => installation.channels(program));
      const answers = times(20, (n) => from[n % processes]!.meta(customer, text, id));
      expect(await counts(answers)).to.deep.equal({ accepted: 1, duplicates: 19 });
      await installation.settled();
      const ticket = await installation.ticket(lead, customer);
      expect((await installation.messages(lead, ticket)).map(({ content }) => content)).to.deep.equal([text]);
      acknowledged.push(text);
    });

    it(`opens one ticket for thirty first messages of one new customer at once: ${among}`, async () => {
      const customer = aCustomer('safia');
      const texts = times(30, (n) => aText(`Pesan ${String(n)}`));
      const from = both.slice(0, processes).map((program) => installation.channels(program));
      const answers = texts.map((text, n) => from[n % processes]!.meta(customer, text));
      expect(await counts(answers)).to.deep.equal({ accepted: 30, duplicates: 0 });
      await installation.settled();
      const ticket = await installation.ticket(lead, customer);
      const contents = (await installation.messages(lead, ticket)).map(({ content }) => content);
      expect(contents.toSorted()).to.deep.equal(texts.toSorted());
      acknowledged.push(...texts);
    });
  }

  it('keeps what a customer wrote within one second in the order in which it came', async () => {
    const customer = aCustomer();
    const texts = times(12, (n) => aText(`Baris ${String(n)}`));
    // WhatsApp gives the time in whole seconds.
    const timestamp = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
    for (const text of texts) {
      const what = { message: text, message_id: `wamid.${randomUUID()}`, timestamp };
      await ok(installation.channels().bot(customer, what));
    }
    await installation.settled();
    const ticket = await installation.ticket(lead, customer);
    expect((await installation.messages(lead, ticket)).map(({ content }) => content)).to.deep.equal(texts);
    acknowledged.push(...texts);
  });

  it('leaves a store and views that agree', () => installation.ledger({ acknowledged }));
});
