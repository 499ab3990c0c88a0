import { decideCancelBlast } from '../../../src/commands/blasts/cancel-blast.ts';
import { blast, type Blast } from '../../../src/domain/blasts/blast.ts';
import {
  approved,
  attempted,
  cancelled,
  createdInSari as created,
  done,
  FIRST,
  paused,
  rejected,
} from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, tono } from '../../support/scenarios/people.ts';

const given = specOf(blast);
const by = (caller: typeof ani) => (state: Blast) => decideCancelBlast(state, caller);

describe('cancel a blast', () => {
  it('ends it at any time before its end', () => {
    given(created()).when(by(ani)).then(cancelled);
    given(created(), approved()).when(by(tono)).then(cancelled);
    given(created(), approved(), attempted(FIRST)).when(by(ani)).then(cancelled);
    given(created(), approved(), paused(tono)).when(by(ani)).then(cancelled);
  });
  it('is refused when it is over', () => {
    given(created(), rejected()).when(by(tono)).thenRefused('BLAST_OVER');
    given(created(), cancelled).when(by(tono)).thenRefused('BLAST_OVER');
    given(created(), approved(), done).when(by(tono)).thenRefused('BLAST_OVER');
  });
  it('of a blast that is not there, or is not theirs to see, is refused', () => {
    given().when(by(tono)).thenRefused('BLAST_NOT_FOUND');
    given(created()).when(by(budi)).thenRefused('BLAST_NOT_FOUND');
  });
});
