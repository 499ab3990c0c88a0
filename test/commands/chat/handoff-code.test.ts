import { decideIssueCode } from '../../../src/commands/chat/handoff-code.ts';
import { handoffCode } from '../../../src/domain/chat/handoff-code.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(handoffCode);
const issued = {
  type: 'HandoffCodeIssued' as const,
  data: { division: 'sari' as const, customerKey: 'sari_web', expiresAt: '2026-07-04T10:00:00.000Z' },
};

describe('a code for WhatsApp', () => {
  it('is given to one visitor only', () =>
    given()
      .when((state) => decideIssueCode(state, issued.data))
      .thenOnce(issued));
});
