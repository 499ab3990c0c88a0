import { expect } from 'chai';
import {
  channelWithHashedMessageIds,
  withHashedMessageIds,
} from '../../../src/commands/inbound/message-id-hashing.ts';
import type { InboundItem } from '../../../src/domain/inbound/inbound.ts';
import type { BlindIndex, ChannelSender, SendOutcome } from '../../../src/ports.ts';
import { from, message } from '../../support/scenarios/inbound.ts';

const blindIndex: BlindIndex = (purpose, value) => `${purpose}:${value}`;
const hashed = (item: InboundItem) => withHashedMessageIds(item, blindIndex);

describe('the message ids of a channel', () => {
  it('are hashed wherever an inbound item has one; what the channel calls it stays, as personal data; nothing else is changed', () => {
    expect(hashed(message('m1', { replyTo: 'm0' }))).to.deep.equal(
      message('m1', {
        ...{ channelMessageId: 'message:m1', channelRef: 'm1' },
        ...{ replyTo: 'message:m0', content: 'text of m1' },
      }),
    );
    expect(hashed(message('m1'))).to.include({ replyTo: null });
    const bot = { ...from(), kind: 'bot_message', content: 'Halo', confidence: null } as const;
    expect(hashed({ ...bot, channelMessageId: 'b1' })).to.deep.equal({
      ...bot,
      channelMessageId: 'message:b1',
    });
    expect(hashed({ ...bot, channelMessageId: null })).to.include({ channelMessageId: null });
    const status = { ...from(), kind: 'status', status: 'read', error: null } as const;
    expect(hashed({ ...status, channelMessageId: 'w1' })).to.deep.equal({
      ...status,
      channelMessageId: 'message:w1',
    });
    const resolved = { ...from(), kind: 'resolved' } as const;
    expect(hashed(resolved)).to.deep.equal(resolved);
  });

  it('are hashed in what a channel answers to a message of ours', async () => {
    const sending = (outcome: SendOutcome) =>
      channelWithHashedMessageIds(
        { send: () => Promise.resolve(outcome) } as Partial<ChannelSender> as ChannelSender,
        blindIndex,
      ).send({} as never, {} as never, new AbortController().signal);
    expect(await sending({ kind: 'accepted', channelMessageId: 'w1' })).to.deep.equal({
      kind: 'accepted',
      channelMessageId: 'message:w1',
      channelRef: 'w1',
    });
    expect(await sending({ kind: 'accepted', channelMessageId: null })).to.deep.equal({
      kind: 'accepted',
      channelMessageId: null,
    });
    expect(await sending({ kind: 'unknown', reason: 'timeout' })).to.deep.equal({
      kind: 'unknown',
      reason: 'timeout',
    });
  });
});
