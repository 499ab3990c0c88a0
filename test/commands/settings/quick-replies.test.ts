import { expect } from 'chai';
import {
  decideDefineQuickReply,
  decideDeleteQuickReply,
  decidePatchQuickReply,
  input,
  type QuickReplyInput,
  seesQuickReply,
} from '../../../src/commands/settings/quick-replies.ts';
import { quickReplies, type QuickReplyEvent } from '../../../src/domain/settings/quick-replies.ts';
import type { Caller } from '../../../src/domain/staff/privileges.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, rina, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(quickReplies);
const ID = uuidOf(70);
const keeper: Caller = { ...rina, privileges: new Set([...rina.privileges, 'manage_templates']) };
const keeperOfSari: Caller = { ...ani, privileges: new Set([...ani.privileges, 'manage_templates']) };
const wish = (over: Partial<QuickReplyInput> = {}): QuickReplyInput => ({
  ...{ shortcut: 'ongkir', title: 'Ongkir', body: 'Halo {{name}}', division: 'sari', personal: false },
  ...over,
});
const kept = (over: Partial<Extract<QuickReplyEvent, { type: 'QuickReplySet' }>['data']> = {}) =>
  ({
    type: 'QuickReplySet',
    data: {
      ...{ quickReplyId: ID, shortcut: 'ongkir', title: 'Ongkir', body: 'Halo {{name}}' },
      ...{ division: 'sari', ownerId: null },
      ...over,
    },
  }) as const satisfies QuickReplyEvent;
const define =
  (over: Partial<QuickReplyInput>, by: Caller = keeper, id = ID) =>
  (state: Parameters<typeof decideDefineQuickReply>[0]) =>
    decideDefineQuickReply(state, wish(over), id, by);

describe('a quick reply', () => {
  it('is kept for a division, for all, or for oneself', () => {
    given().when(define({})).then(kept());
    given()
      .when(define({ division: null }))
      .then(kept({ division: null }));
    given()
      .when(define({ division: null, personal: true }, ani))
      .then(kept({ division: null, ownerId: ani.id }));
  });
  it('that is shared needs the right to keep templates, in that division', () => {
    given().when(define({}, ani)).thenRefused('FORBIDDEN');
    given()
      .when(define({ division: 'savi' }, keeperOfSari))
      .thenRefused('DIVISION_FORBIDDEN');
    given()
      .when(define({ division: null }, keeperOfSari))
      .thenRefused('DIVISION_FORBIDDEN');
    given().when(define({}, keeperOfSari)).then(kept());
  });
  it('has a shortcut of its own among those who share it, however it is written', () => {
    given(kept())
      .when(define({ shortcut: 'ONGKIR' }, keeper, uuidOf(71)))
      .thenRefused('SHORTCUT_TAKEN');
    const elsewhere = { division: 'savi' as const };
    given(kept())
      .when(define(elsewhere, keeper, uuidOf(71)))
      .then(kept({ ...elsewhere, quickReplyId: uuidOf(71) }));
  });
  it('is changed by who may keep it, and is not there for who does not see it', () => {
    const patch =
      (by: Caller, id = ID) =>
      (state: Parameters<typeof decidePatchQuickReply>[0]) =>
        decidePatchQuickReply(state, id, { title: 'Ongkos kirim' }, by);
    given(kept())
      .when(patch(keeper))
      .then(kept({ title: 'Ongkos kirim' }));
    given(kept()).when(patch(ani)).thenRefused('FORBIDDEN');
    given(kept())
      .when(patch(keeper, uuidOf(9)))
      .thenRefused('QUICK_REPLY_NOT_FOUND');
    given(kept({ division: null, ownerId: ani.id }))
      .when(patch(keeper))
      .thenRefused('QUICK_REPLY_NOT_FOUND');
    given(kept({ title: 'Ongkos kirim' }))
      .when(patch(keeper))
      .then();
    given(kept({ shortcut: 'a' }), kept({ quickReplyId: uuidOf(71), shortcut: 'b' }))
      .when((state) => decidePatchQuickReply(state, ID, { shortcut: 'B' }, keeper))
      .thenRefused('SHORTCUT_TAKEN');
  });
  it('is taken away by the same people', () => {
    const remove = (by: Caller) => (state: Parameters<typeof decideDeleteQuickReply>[0]) =>
      decideDeleteQuickReply(state, ID, by);
    given(kept())
      .when(remove(keeper))
      .then({ type: 'QuickReplyDeleted', data: { quickReplyId: ID } });
    given(kept()).when(remove(ani)).thenRefused('FORBIDDEN');
    given(kept(), { type: 'QuickReplyDeleted', data: { quickReplyId: ID } })
      .when(remove(keeper))
      .thenRefused('QUICK_REPLY_NOT_FOUND');
  });
  it('is seen in its division, or by its owner alone', () => {
    expect(seesQuickReply(kept().data, ani)).to.equal(true);
    expect(seesQuickReply(kept({ division: 'savi' }).data, ani)).to.equal(false);
    expect(seesQuickReply(kept({ division: null }).data, ani)).to.equal(true);
    expect(seesQuickReply(kept({ ownerId: ani.id }).data, rina)).to.equal(false);
  });
  it('has one word as its shortcut, and variables that there are', () => {
    const parsed = (over: object) => input.safeParse({ ...wish(), ...over }).success;
    expect(parsed({})).to.equal(true);
    expect(parsed({ shortcut: 'dua kata' })).to.equal(false);
    expect(parsed({ body: 'Halo {{nama}}' })).to.equal(false);
    expect(parsed({ personal: true })).to.equal(false);
  });
});
