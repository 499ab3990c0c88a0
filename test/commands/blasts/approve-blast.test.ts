import { expect } from 'chai';
import { decideApproveBlast, estimatedMinutes } from '../../../src/commands/blasts/approve-blast.ts';
import { blast, type Blast, contentHash } from '../../../src/domain/blasts/blast.ts';
import {
  approved,
  BLAST,
  blastFacts,
  cancelled,
  createdInSari as created,
  done,
  HASH,
  paused,
  rejected,
} from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, budi, sena, tono } from '../../support/scenarios/people.ts';

const given = specOf(blast);
const by = (caller: typeof ani) => (state: Blast) => decideApproveBlast(state, caller);

describe('approve a blast', () => {
  it('is on record with the hash of what was approved', () =>
    given(created()).when(by(tono)).then(approved()));
  it('of a blast that is not there is refused', () => given().when(by(tono)).thenRefused('BLAST_NOT_FOUND'));
  it('by a person who neither created it nor may approve is refused as not found', () =>
    given(created()).when(by(budi)).thenRefused('BLAST_NOT_FOUND'));
  it('with a recipient of another division is refused as not found to who sees their own only', () => {
    const mayApprove = (caller: typeof ani) => ({
      ...caller,
      privileges: new Set(['blast_approve'] as const),
    });
    const both = created({ recipients: blastFacts.recipients });
    given(created())
      .when(by(mayApprove(budi)))
      .then(approved());
    given(created())
      .when(by(mayApprove(sena)))
      .thenRefused('BLAST_NOT_FOUND');
    for (const caller of [budi, sena])
      given(both)
        .when(by(mayApprove(caller)))
        .thenRefused('BLAST_NOT_FOUND');
    given(both).when(by(tono)).then(approved());
  });
  it('by its creator is refused, also when they may approve the blasts of others', () => {
    given(created()).when(by(ani)).thenRefused('BLAST_OWN_APPROVAL');
    given(created({ creatorId: tono.id }))
      .when(by(tono))
      .thenRefused('BLAST_OWN_APPROVAL');
  });
  for (const [what, ...history] of [
    ['approved', approved()],
    ['rejected', rejected()],
    ['paused', approved(), paused(tono)],
    ['cancelled', cancelled],
    ['done', approved(), done],
  ] as const)
    it(`is refused when it is ${what}`, () =>
      given(created(), ...history)
        .when(by(tono))
        .thenRefused('BLAST_NOT_PENDING'));
});

describe('what an approval is given to', () => {
  it('is a hash of recipients, text and template, and of nothing else', () => {
    expect(HASH).to.match(/^[0-9a-f]{64}$/);
    const { recipients, template } = blastFacts;
    expect(contentHash({ ...blastFacts, blastId: BLAST } as never)).to.equal(HASH);
    for (const changed of [
      { ...blastFacts, recipients: recipients.slice(1) },
      { ...blastFacts, message: 'Halo' },
      ...(['id', 'name', 'language', 'body', 'whatsappName'] as const).map((field) => ({
        ...blastFacts,
        template: { ...template, [field]: 'x' },
      })),
    ])
      expect(contentHash(changed)).not.to.equal(HASH);
  });
});

describe('the estimate of a blast', () => {
  it('is recipients x delay, in hundredths of a minute', () => {
    expect(estimatedMinutes(1000, 1500)).to.equal(25);
    expect(estimatedMinutes(1, 1500)).to.equal(0.03);
    expect(estimatedMinutes(0, 1500)).to.equal(0);
  });
});
