import { expect } from 'chai';
import { decideDefineTemplate, input } from '../../../src/commands/blasts/define-template.ts';
import { requireUsable, templateObject } from '../../../src/commands/blasts/template-catalogue.ts';
import { templates, type Templates } from '../../../src/domain/blasts/template.ts';
import { TEMPLATE, templateDefined, templateState, wording } from '../../support/scenarios/blast-events.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(templates);
const wanted = input.parse({
  name: wording.name,
  body: wording.body,
  whatsapp_template_name: wording.whatsappName,
});
const define =
  (over: Partial<typeof wanted> = {}, id = uuidOf(0x72)) =>
  (state: Templates) =>
    decideDefineTemplate(state, { ...wanted, ...over }, id);

describe('define a template', () => {
  it('adds it to the catalogue, in Indonesian and approved unless it says otherwise', () =>
    given().when(define({}, TEMPLATE)).then(templateDefined()));
  it('is refused when the name is taken in that language, however it is written', () =>
    given(templateDefined())
      .when(define({ name: 'Tanya KABAR' }))
      .thenRefused('TEMPLATE_NAME_TAKEN'));
  it('may use the name again in another language, and another name in the same', () => {
    given(templateDefined())
      .when(define({ language: 'en_US' }))
      .then(templateDefined({ id: uuidOf(0x72), language: 'en_US' }));
    given(templateDefined())
      .when(define({ name: 'sapa' }))
      .then(templateDefined({ id: uuidOf(0x72), name: 'sapa' }));
  });
});

describe('a template that is asked for', () => {
  it('must be there and approved', () => {
    const { byId } = given(templateDefined()).state;
    expect(requireUsable(byId.get(TEMPLATE)).id).to.equal(TEMPLATE);
    expect(refusalIn(() => requireUsable(undefined)).code).to.equal('TEMPLATE_NOT_FOUND');
    for (const state of ['paused', 'rejected', 'disabled'] as const) {
      const now = given(templateDefined(), templateState(state)).state.byId.get(TEMPLATE);
      expect(refusalIn(() => requireUsable(now)).code, state).to.equal('TEMPLATE_NOT_USABLE');
    }
  });
  it('is shown with the variables of its text', () => {
    expect(templateObject(given(templateDefined()).state.byId.get(TEMPLATE))).to.deep.equal({
      id: TEMPLATE,
      name: 'tanya kabar',
      language: 'id',
      body: 'Halo {{name}}',
      variables: ['name'],
      whatsapp_template_name: 'tanya_kabar',
      content_sid: null,
      state: 'approved',
    });
    expect(refusalIn(() => templateObject(undefined)).code).to.equal('TEMPLATE_NOT_FOUND');
  });
});
