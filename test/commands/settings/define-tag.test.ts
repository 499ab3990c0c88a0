import { expect } from 'chai';
import { decideDefineTag, input } from '../../../src/commands/settings/define-tag.ts';
import {
  type CatalogueEvent,
  tagCatalogue,
  type TagCatalogue,
} from '../../../src/domain/settings/tag-catalogue.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(tagCatalogue);
const defined = (name: string, kind: 'system' | 'custom' = 'custom', n = 7): CatalogueEvent => ({
  type: 'TagDefined',
  data: { tagId: uuidOf(n), name, color: '#ff0000', kind },
});
const define = (name: string) => (state: TagCatalogue) =>
  decideDefineTag(state, { name, color: '#ff0000' }, uuidOf(8));

describe('define a tag', () => {
  it('adds it to the catalogue', () => {
    given()
      .when(define('VIP'))
      .then(defined('VIP', 'custom', 8));
    given(defined('urgent'))
      .when(define('VIP'))
      .then(defined('VIP', 'custom', 8));
  });
  it('is refused when the name is taken, however it is written, also by a tag of the system', () => {
    given(defined('VIP')).when(define('vip')).thenRefused('TAG_NAME_TAKEN');
    given(defined('vip', 'system')).when(define('Vip')).thenRefused('TAG_NAME_TAKEN');
    given(defined('caf\u00e9')).when(define('CAFE\u0301')).thenRefused('TAG_NAME_TAKEN');
    expect(input.parse({ name: ' cafe\u0301 ', color: '#ff0000' }).name).to.equal('caf\u00e9');
  });
  it('has a colour as six hexadecimal digits', () => {
    const accepts = (color: string) => input.safeParse({ name: 'vip', color }).success;
    expect(['#ff0000', '#A1b2C3', 'ff0000', '#ff000', '#ff00000', '#gg0000'].map(accepts)).to.deep.equal([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
