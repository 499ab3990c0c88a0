import {
  decideDeleteTag,
  decidePatchTag,
  type PatchTagInput,
} from '../../../src/commands/settings/change-tag.ts';
import {
  type CatalogueEvent,
  tagCatalogue,
  type TagCatalogue,
} from '../../../src/domain/settings/tag-catalogue.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(tagCatalogue);
const defined = (n: number, name: string, kind: 'system' | 'custom' = 'custom'): CatalogueEvent => ({
  type: 'TagDefined',
  data: { tagId: uuidOf(n), name, color: '#ff0000', kind },
});
const changed = (name: string, color = '#ff0000'): CatalogueEvent => ({
  type: 'TagChanged',
  data: { tagId: uuidOf(1), name, color },
});
const deleted: CatalogueEvent = { type: 'TagDeleted', data: { tagId: uuidOf(1) } };
const patch = (wanted: PatchTagInput) => (state: TagCatalogue) => decidePatchTag(state, uuidOf(1), wanted);
const remove = (state: TagCatalogue) => decideDeleteTag(state, uuidOf(1));

describe('change a tag', () => {
  it('gives it another name or colour, once', () => {
    given(defined(1, 'VIP'))
      .when(patch({ name: 'Utama' }))
      .thenOnce(changed('Utama'));
    given(defined(1, 'VIP'))
      .when(patch({ color: '#00ff00' }))
      .thenOnce(changed('VIP', '#00ff00'));
    given(defined(1, 'VIP')).when(patch({})).then();
  });
  it('may change how its own name is written', () =>
    given(defined(1, 'VIP'))
      .when(patch({ name: 'vip' }))
      .thenOnce(changed('vip')));
  it('is refused when another tag has the name, however it is written', () =>
    given(defined(1, 'VIP'), defined(2, 'caf\u00e9'))
      .when(patch({ name: 'CAFE\u0301' }))
      .thenRefused('TAG_NAME_TAKEN'));
  it('is refused when there is none, or no more', () => {
    given()
      .when(patch({ name: 'x' }))
      .thenRefused('TAG_NOT_FOUND');
    given(defined(1, 'VIP'), deleted)
      .when(patch({ name: 'x' }))
      .thenRefused('TAG_NOT_FOUND');
  });
});

describe('take a tag out', () => {
  it('leaves its name to others', () => {
    given(defined(1, 'VIP')).when(remove).then(deleted);
    given(defined(1, 'VIP'), deleted, defined(2, 'vip'))
      .when((state) => decidePatchTag(state, uuidOf(2), { name: 'VIP' }))
      .then({ type: 'TagChanged', data: { tagId: uuidOf(2), name: 'VIP', color: '#ff0000' } });
  });
  it('is refused for one of the system, and when there is none', () => {
    given(defined(1, 'urgent', 'system'))
      .when(remove)
      .thenRefused('TAG_OF_SYSTEM');
    given().when(remove).thenRefused('TAG_NOT_FOUND');
  });
});
