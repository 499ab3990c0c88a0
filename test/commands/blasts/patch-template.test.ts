import { decidePatchTemplate, type PatchTemplateInput } from '../../../src/commands/blasts/patch-template.ts';
import { type TemplateEvent, templates, type Templates } from '../../../src/domain/blasts/template.ts';
import {
  STATE_SAID_AT,
  TEMPLATE,
  templateDefined,
  templateState,
  wording,
} from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(templates);
const OTHER = uuidOf(0x72);
const patch =
  (body: PatchTemplateInput, id = TEMPLATE) =>
  (state: Templates) =>
    decidePatchTemplate(state, id, body, STATE_SAID_AT);
const reworded = (over: Partial<typeof wording> | object): TemplateEvent => ({
  type: 'TemplateReworded',
  data: { templateId: TEMPLATE, ...wording, ...over },
});

describe('patch a template', () => {
  it('changes one part of the wording and keeps the others, once', () => {
    given(templateDefined())
      .when(patch({ name: 'sapa' }))
      .thenOnce(reworded({ name: 'sapa' }));
    given(templateDefined())
      .when(patch({ language: 'en_US' }))
      .thenOnce(reworded({ language: 'en_US' }));
    given(templateDefined())
      .when(patch({ body: 'Hai' }))
      .thenOnce(reworded({ body: 'Hai' }));
    given(templateDefined())
      .when(patch({ whatsapp_template_name: 'sapa' }))
      .thenOnce(reworded({ whatsappName: 'sapa' }));
  });
  it('gives it the sid of a content, and takes that away with null', () => {
    const sid = `HX${'a'.repeat(32)}`;
    given(templateDefined())
      .when(patch({ content_sid: sid }))
      .thenOnce(reworded({ contentSid: sid }));
    given(templateDefined({ contentSid: sid }))
      .when(patch({ name: 'sapa' }))
      .thenOnce(reworded({ name: 'sapa', contentSid: sid }));
    given(templateDefined({ contentSid: sid }))
      .when(patch({ content_sid: null }))
      .thenOnce(reworded({ contentSid: null }));
  });
  it('takes the WhatsApp name away with null', () =>
    given(templateDefined())
      .when(patch({ whatsapp_template_name: null }))
      .thenOnce(reworded({ whatsappName: null })));
  it('changes the state, once', () =>
    given(templateDefined())
      .when(patch({ state: 'disabled' }))
      .thenOnce(templateState('disabled')));
  it('changes wording and state together', () =>
    given(templateDefined())
      .when(patch({ body: 'Hai', state: 'paused' }))
      .thenOnce(reworded({ body: 'Hai' }), templateState('paused')));
  it('that changes nothing makes no event', () => {
    given(templateDefined())
      .when(patch({ name: wording.name, state: 'approved' }))
      .then();
    given(templateDefined()).when(patch({})).then();
  });
  it('may write its own name in another way', () =>
    given(templateDefined())
      .when(patch({ name: 'Tanya Kabar' }))
      .thenOnce(reworded({ name: 'Tanya Kabar' })));
  it('is refused when another template of the language has the name', () =>
    given(templateDefined({ id: OTHER, name: 'Sapa' }), templateDefined())
      .when(patch({ name: 'sapa' }))
      .thenRefused('TEMPLATE_NAME_TAKEN'));
  it('is refused when it is not in the catalogue', () =>
    given(templateDefined()).when(patch({}, OTHER)).thenRefused('TEMPLATE_NOT_FOUND'));
});
