import { decidePauseBlast } from '../../../src/commands/blasts/pause-blast.ts';
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
const by = (caller: typeof ani) => (state: Blast) => decidePauseBlast(state, caller);

describe('pause a blast', () => {
  it('stops one that was approved, and says who did', () =>
    given(created(), approved()).when(by(tono)).then(paused(tono)));
  it('stops one that is sending, also by its creator', () =>
    given(created(), approved(), attempted(FIRST)).when(by(ani)).then(paused(ani)));
  it('of a blast that is not there, or is not theirs to see, is refused', () => {
    given().when(by(tono)).thenRefused('BLAST_NOT_FOUND');
    given(created(), approved()).when(by(budi)).thenRefused('BLAST_NOT_FOUND');
  });
  it('is refused while nothing is sent', () => {
    given(created()).when(by(tono)).thenRefused('BLAST_NOT_SENDING');
    given(created(), rejected()).when(by(tono)).thenRefused('BLAST_NOT_SENDING');
    for (const event of [paused(tono), cancelled, done])
      given(created(), approved(), event).when(by(tono)).thenRefused('BLAST_NOT_SENDING');
  });
});
