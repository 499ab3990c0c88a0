import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { EventOf } from '../../../src/domain/event.ts';
import type { InternalNotePosted } from '../../../src/domain/conversation/internal-notes.ts';
import { outboundOf } from '../../../src/jobs/outbound/outbound.ts';
import type { ChannelSender, OutboundMessage } from '../../../src/ports.ts';
import { contextOf } from '../../support/scenarios/commands.ts';
import { type Desk, desk } from '../../support/scenarios/sending.ts';

/**
 * Compile-time proof: `tsc` fails when one of these would be allowed ('unused @ts-expect-error').
 */
export function nothingElseTypeChecks(
  channel: ChannelSender,
  note: EventOf<typeof InternalNotePosted>,
  signal: AbortSignal,
): void {
  const to = { line: 'x', userId: 'y' };
  // @ts-expect-error an object that looks the same was not said to the customer
  void channel.send({ id: '1', text: 'rahasia', signedAs: null }, to, signal);
  // @ts-expect-error an internal note is no L1 event
  void outboundOf(note);
  // @ts-expect-error its data neither
  const message: OutboundMessage = note.data;
  message;
}

describe('an internal note and the channels', () => {
  let d: Desk;
  before(async () => {
    d = await desk();
  });
  after(() => d.close());

  it('leaves the product through no channel, while each of them sends', async () => {
    d.running();
    const talks = [
      await d.talk(),
      await d.talk({ channel: 'instagram', userId: 'ig_1' }),
      await d.talk({ channel: 'facebook', userId: 'fb_1' }),
      await d.talk({ channel: 'telegram', userId: 'tg_1' }),
    ];
    const replies: string[] = [];
    for (const [n, ticketId] of talks.entries()) {
      const content = `diskon maksimal 10% ${String(n)}`;
      await d.commands.postInternalNote(contextOf(d.me), ticketId, { content });
      replies.push(await d.reply(ticketId, `jawaban ${String(n)}`));
      await d.commands.postInternalNote(contextOf(d.me), ticketId, { content });
    }
    for (const id of replies) await d.outcome(id);
    expect(d.meta.asked.map(({ text }) => text)).to.have.members(['jawaban 0', 'jawaban 1', 'jawaban 2']);
    expect(d.telegram.map(({ text }) => text)).to.deep.equal(['jawaban 3']);
    expect(d.meta.requests).to.equal(3);
  });

  it('there is one place that makes what a channel takes', () => {
    const made = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .filter((name) => /\bas (unknown as )?OutboundMessage\b/.test(readFileSync(join('src', name), 'utf8')));
    expect(made).to.deep.equal(['jobs/outbound/outbound.ts']);
  });

  it('the sender reads no stream of notes', () => {
    const reads = readdirSync('src/jobs/outbound')
      .map((name) => readFileSync(join('src/jobs/outbound', name), 'utf8'))
      .join('\n');
    expect(reads).to.not.match(/internal-notes|internal-|internalStream|InternalNote/);
  });
});
