import { decideDeleteTemplate } from '../../../src/commands/blasts/delete-template.ts';
import { requireFreeName } from '../../../src/commands/blasts/template-catalogue.ts';
import { type TemplateEvent, templates } from '../../../src/domain/blasts/template.ts';
import { fold, refusalIn, specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { expect } from 'chai';

const given = specOf(templates);
const wording = { name: 'Promo caf\u00e9', language: 'id', body: 'Halo', whatsappName: null };
const defined: TemplateEvent = {
  type: 'TemplateDefined',
  data: { templateId: uuidOf(1), ...wording, state: 'approved' },
};
const deleted: TemplateEvent = { type: 'TemplateDeleted', data: { templateId: uuidOf(1) } };

describe('take a template out of the catalogue', () => {
  it('leaves its name to others', () => {
    given(defined)
      .when((state) => decideDeleteTemplate(state, uuidOf(1)))
      .then(deleted);
    const same = { ...wording, name: 'PROMO CAFE\u0301' };
    expect(
      refusalIn(() => {
        requireFreeName(fold(templates, [defined]), same, uuidOf(2));
      }).code,
    ).to.equal('TEMPLATE_NAME_TAKEN');
    requireFreeName(fold(templates, [defined, deleted]), same, uuidOf(2));
  });
  it('is refused when there is none', () =>
    given(defined, deleted)
      .when((state) => decideDeleteTemplate(state, uuidOf(1)))
      .thenRefused('TEMPLATE_NOT_FOUND'));
});
