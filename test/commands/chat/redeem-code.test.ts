import { decidePostTranscript, decideRedeemCode } from '../../../src/commands/chat/redeem-code.ts';
import {
  handoffCode,
  type HandoffCode,
  type HandoffCodeEvent,
} from '../../../src/domain/chat/handoff-code.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import type { Division } from '../../../src/domain/vocabulary.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(handoffCode);
const issued: HandoffCodeEvent = {
  type: 'HandoffCodeIssued',
  data: { division: 'sari', customerKey: 'sari_web', expiresAt: '2026-07-04T10:00:00.000Z' },
};
const used: HandoffCodeEvent = {
  type: 'HandoffCodeUsed',
  data: { division: 'sari', customerKey: 'sari_wa' },
};

describe('who brings a code', () => {
  const brings =
    (now = '2026-07-04T09:59:59.000Z', division: Division = 'sari') =>
    (state: HandoffCode) =>
      decideRedeemCode(state, { division, customerKey: 'sari_wa', now });

  it('is the visitor, once', () => given(issued).when(brings()).thenOnce(used));

  it('is nobody with a code that is unknown, over, used by another number, or of another division', () => {
    given().when(brings()).then();
    given(issued).when(brings('2026-07-04T10:00:00.000Z')).then();
    given(issued, { ...used, data: { ...used.data, customerKey: 'sari_other' } })
      .when(brings())
      .then();
    given(issued).when(brings(undefined, 'savi')).then();
  });
});

describe('a transcript that somebody asked for in WhatsApp', () => {
  const data = {
    ...{ ticketId: TICKET, division: 'sari' as const, content: 'https://www.example.com/transkrip' },
    messageId: '019a9d1e-7c00-7000-8000-0000000000aa',
    causedBy: '019a9d1e-7c00-7000-8000-0000000000ab',
    sentAt: '2026-07-04T09:00:00.000Z',
  };
  it('is posted once', () =>
    specOf(conversation)()
      .when((state) => decidePostTranscript(state, data))
      .thenOnce({ type: 'TranscriptLinkPosted', data }));
});
