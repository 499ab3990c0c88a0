import { decideTemplateStatus } from '../../../src/commands/blasts/template-status.ts';
import type { TemplateStatus } from '../../../src/domain/inbound/inbound.ts';
import { templates, type Templates } from '../../../src/domain/blasts/template.ts';
import { TEMPLATE, templateDefined, templateState } from '../../support/scenarios/blast-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(templates);
const OTHER = uuidOf(0x72);
const status = (over: Partial<TemplateStatus> = {}): TemplateStatus => ({
  kind: 'template_status',
  whatsappName: 'tanya_kabar',
  language: 'id',
  state: 'paused',
  reason: 'quality',
  sentAt: '2026-07-03T10:30:00.000Z',
  ...over,
});
const reported =
  (over: Partial<TemplateStatus> = {}) =>
  (state: Templates) =>
    decideTemplateStatus(state, status(over));

describe('a template status of Meta', () => {
  it('changes every entry that goes out under that name, once', () =>
    given(templateDefined(), templateDefined({ id: OTHER, name: 'lain' }))
      .when(reported())
      .thenOnce(templateState('paused', 'quality'), templateState('paused', 'quality', OTHER)));
  it('changes nothing of another name, another language, or of a template that only the catalogue knows', () => {
    given(templateDefined())
      .when(reported({ whatsappName: 'sapa' }))
      .then();
    given(templateDefined())
      .when(reported({ language: 'en_US' }))
      .then();
    given(templateDefined({ id: TEMPLATE, whatsappName: null }))
      .when(reported())
      .then();
  });
});
