import { expect } from 'chai';
import { decideTemplateStatus } from '../../../src/commands/blasts/template-status.ts';
import type { TemplateStatus } from '../../../src/domain/inbound/inbound.ts';
import { type TemplateEvent, templates, type Templates } from '../../../src/domain/blasts/template.ts';
import {
  STATE_SAID_AT,
  TEMPLATE,
  templateDefined,
  templateState,
} from '../../support/scenarios/blast-events.ts';
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
  sentAt: STATE_SAID_AT,
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
  it('counts by its own time: what was said before the last one changes nothing, whatever arrives last', () => {
    const at = (hour: number) => `2026-07-03T${String(hour)}:00:00.000Z`;
    const after = (...reports: readonly Partial<TemplateStatus>[]) =>
      reports.reduce<readonly TemplateEvent[]>(
        (events, one) => [...events, ...reported(one)(given(...events).state)],
        [templateDefined()],
      );
    const orders = [
      [10, 11, 12],
      [12, 11, 10],
      [11, 12, 10],
      [12, 10, 11],
    ];
    const states = { 10: 'paused', 11: 'disabled', 12: 'approved' } as const;
    for (const order of orders) {
      const said = order.map((hour) => ({ state: states[hour as 10], sentAt: at(hour) }));
      const { byId } = given(...after(...said)).state;
      expect(byId.get(TEMPLATE)?.state, order.join()).to.equal('approved');
    }
    // A report that says what is known already is the newest word all the same.
    const { byId } = given(
      ...after({ state: 'approved', sentAt: at(12) }, { state: 'paused', sentAt: at(11) }),
    ).state;
    expect(byId.get(TEMPLATE)?.state).to.equal('approved');
  });
  it('made before a super admin changed the state does not undo that', () => {
    const patched: TemplateEvent = {
      type: 'TemplateStateChanged',
      data: { templateId: TEMPLATE, state: 'approved', reason: null, saidAt: '2026-07-03T10:30:00.001Z' },
    };
    given(templateDefined(), patched).when(reported()).then();
  });
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
