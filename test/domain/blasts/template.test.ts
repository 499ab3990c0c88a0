import { expect } from 'chai';
import { TEMPLATE_STATES, templates, TEMPLATES_ID } from '../../../src/domain/blasts/template.ts';
import {
  STATE_SAID_AT,
  TEMPLATE,
  templateDefined,
  templateState,
  wording,
} from '../../support/scenarios/blast-events.ts';
import { fold } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

describe('the template catalogue as its events leave it', () => {
  it('lives on one stream', () => {
    expect(templates.stream(TEMPLATES_ID)).to.equal('catalogue-templates');
    expect(templates.category).to.equal('catalogue');
  });
  it('holds each template with its wording and its state', () => {
    const other = uuidOf(0x72);
    const reworded = {
      type: 'TemplateReworded',
      data: { templateId: TEMPLATE, ...wording, body: 'Hai' },
    } as const;
    const { byId } = fold(templates, [
      templateDefined(),
      templateDefined({ id: other, name: 'lain', state: 'rejected' }),
      reworded,
      templateState('paused', 'quality'),
    ]);
    expect([...byId.values()]).to.deep.equal([
      { id: TEMPLATE, ...wording, body: 'Hai', state: 'paused', saidAt: STATE_SAID_AT },
      { id: other, ...wording, name: 'lain', state: 'rejected', saidAt: null },
    ]);
  });
  it('ignores what it says of a template that it does not know', () =>
    expect(fold(templates, [templateState('paused')]).byId.size).to.equal(0));
  it('knows the states of Meta', () =>
    expect(TEMPLATE_STATES).to.deep.equal(['approved', 'paused', 'rejected', 'disabled']));
});
