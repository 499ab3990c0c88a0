import { expect } from 'chai';
import {
  decideChangePreferences,
  input,
  type PreferencesInput,
} from '../../../src/commands/notifications/change-preferences.ts';
import { allPreferences, preferences } from '../../../src/domain/notifications/preferences.ts';
import { fold, specOf } from '../../support/scenarios/given.ts';
import { ani } from '../../support/scenarios/people.ts';

const given = specOf(preferences);
const said = (...kept: { kind: string; inApp: boolean; push: boolean; sound: boolean }[]) => ({
  type: 'NotificationPreferencesChanged' as const,
  data: { userId: ani.id, preferences: kept },
});
const quiet = { kind: 'idle_ticket', inApp: true, push: false, sound: true };
const change =
  (changes: PreferencesInput['preferences']) => (state: Parameters<typeof decideChangePreferences>[0]) =>
    decideChangePreferences(state, { userId: ani.id, changes });

describe('what a person wants to be told of', () => {
  it('is kept with what they said before', () =>
    given(said(quiet))
      .when(change({ sa_replied: { sound: false } }))
      .thenOnce(said(quiet, { kind: 'sa_replied', inApp: true, push: true, sound: false })));

  it('is no event when nothing is different', () => {
    given(said(quiet))
      .when(change({ idle_ticket: { push: false }, sa_replied: { push: true }, l2_tagged: {} }))
      .then();
  });

  it('is forgotten once it is as it was without a word', () =>
    given(said(quiet))
      .when(change({ idle_ticket: { push: true } }))
      .thenOnce(said()));

  it('is everything for who said nothing', () => {
    const all = allPreferences(fold(preferences, []));
    expect(all.every(([, one]) => one.inApp && one.push && one.sound)).to.equal(true);
  });

  it('names only kinds that there are', () => {
    expect(input.safeParse({ preferences: { weather: { push: false } } }).success).to.equal(false);
  });
});
