import { decideRejectBlast } from '../../../src/commands/blasts/reject-blast.ts';
import { blast, type Blast } from '../../../src/domain/blasts/blast.ts';
import {
  approved,
  cancelled,
  createdInSari as created,
  rejected,
} from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, tono } from '../../support/scenarios/people.ts';

const given = specOf(blast);
const by = (caller: typeof ani) => (state: Blast) => decideRejectBlast(state, caller, 'terlalu banyak');

describe('reject a blast', () => {
  it('keeps the reason for its creator', () => given(created()).when(by(tono)).then(rejected()));
  it('is open to its creator', () => given(created()).when(by(ani)).then(rejected()));
  it('of a blast that is not there, or is not theirs to see, is refused', () => {
    given().when(by(tono)).thenRefused('BLAST_NOT_FOUND');
    given(created()).when(by(budi)).thenRefused('BLAST_NOT_FOUND');
  });
  it('is refused once it is decided', () => {
    for (const event of [approved(), rejected(), cancelled])
      given(created(), event).when(by(tono)).thenRefused('BLAST_NOT_PENDING');
  });
});
