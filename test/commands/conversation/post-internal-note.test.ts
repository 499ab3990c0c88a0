import { expect } from 'chai';
import {
  decidePostInternalNote,
  requireTaggable,
  requireNoteAllowed,
} from '../../../src/commands/conversation/post-internal-note.ts';
import { internalNotes } from '../../../src/domain/conversation/internal-notes.ts';
import { ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { ani, asUser, budi, rina, sena, tono, uuidOf, vera } from '../../support/scenarios/people.ts';
import { assigned, closed, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const after = (...events: TicketEvent[]) => fold(ticket, [opened(), ...events]);
const found = requireNoteAllowed(after(takenOver(ani)), ani);

describe('an internal note', () => {
  it('is kept apart from the conversation, with the person it tags', () => {
    const note = { noteId: uuidOf(7), senderId: ani.id, content: 'Minta diskon', taggedAgentId: tono.id };
    specOf(internalNotes)()
      .when(() => decidePostInternalNote(found, note))
      .then({ type: 'InternalNotePosted', data: { ticketId: TICKET, division: 'sari', ...note } });
  });
});

describe('who may write an internal note', () => {
  const outcome = (caller: typeof ani, ...events: TicketEvent[]): string => {
    const state = after(...events);
    try {
      return requireNoteAllowed(state, caller).id;
    } catch {
      return refusalIn(() => requireNoteAllowed(state, caller)).code;
    }
  };

  it('is the agent who has or had the ticket, leads and super admins', () => {
    for (const caller of [ani, tono, rina]) expect(outcome(caller, takenOver(ani))).to.equal(TICKET);
    expect(outcome(ani, takenOver(ani), closed())).to.equal(TICKET);
    expect(outcome(sena, assigned(sena, 'bot'))).to.equal(TICKET);
  });
  it('is no other agent, no viewer, and nobody of another division', () => {
    expect(outcome(budi, takenOver(ani))).to.equal('NOT_ASSIGNEE');
    expect(outcome(ani)).to.equal('NOT_ASSIGNEE');
    expect(outcome(vera, takenOver(ani))).to.equal('NOT_ASSIGNEE');
    expect(outcome(sena, takenOver(ani))).to.equal('DIVISION_FORBIDDEN');
    expect(refusalIn(() => requireNoteAllowed(ticket.initial, ani)).code).to.equal('TICKET_NOT_FOUND');
  });
});

describe('who may be tagged', () => {
  it('is a person who may read the note', () => {
    for (const caller of [ani, tono, rina]) requireTaggable(found, asUser(caller));
    requireTaggable(requireNoteAllowed(after(assigned(sena, 'bot')), tono), asUser(sena));
  });
  it('is nobody who must not read the note', () => {
    for (const [who, user] of [
      ['an agent without the ticket', asUser(budi)],
      ['an agent of another division', asUser(sena)],
      ['a viewer', asUser(vera)],
      ['a lead who left', asUser(tono, 'inactive')],
      ['nobody', { status: 'absent' }],
    ] as const) {
      const refusal = refusalIn(() => requireTaggable(found, user));
      expect(refusal.code, who).to.equal('TAGGED_USER_CANNOT_READ');
      expect(refusal.details).to.deep.equal([
        { path: 'tagged_agent_id', message: 'TAGGED_USER_CANNOT_READ' },
      ]);
    }
  });
});
