import { decideResumeBlast } from '../../../src/commands/blasts/resume-blast.ts';
import { blast, type Blast } from '../../../src/domain/blasts/blast.ts';
import { approved, createdInSari as created, paused, resumed } from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, rina, tono } from '../../support/scenarios/people.ts';

const given = specOf(blast);
const by = (caller: typeof ani) => (state: Blast) => decideResumeBlast(state, caller);

describe('resume a blast', () => {
  it('is open to the person who paused it', () =>
    given(created(), approved(), paused(ani)).when(by(ani)).then(resumed));
  it('is open to every person who may approve', () => {
    given(created(), approved(), paused(tono)).when(by(rina)).then(resumed);
    given(created(), approved(), paused(null, '131042')).when(by(tono)).then(resumed);
  });
  it('by the creator is refused when a lead or the program paused it', () => {
    given(created(), approved(), paused(tono)).when(by(ani)).thenRefused('BLAST_NOT_PAUSED');
    given(created(), approved(), paused(null, '131042')).when(by(ani)).thenRefused('BLAST_NOT_PAUSED');
  });
  it('is refused when it is not paused, or goes on already', () => {
    given(created(), approved()).when(by(tono)).thenRefused('BLAST_NOT_PAUSED');
    given(created(), approved(), paused(tono), resumed).when(by(tono)).thenRefused('BLAST_NOT_PAUSED');
  });
  it('of a blast that is not there, or is not theirs to see, is refused', () => {
    given().when(by(tono)).thenRefused('BLAST_NOT_FOUND');
    given(created(), approved(), paused(tono)).when(by(budi)).thenRefused('BLAST_NOT_FOUND');
  });
});
