import { expect } from 'chai';
import fc from 'fast-check';
import { decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import { decideReopen as reopen } from '../../../src/commands/tickets/reopen.ts';
import { decideUpdateCrm as updateCrm, input } from '../../../src/commands/crm/update-crm.ts';
import { FORMS } from '../../../src/domain/crm/forms.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import type { Ticket, TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { type Division, DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { after, AT, crmOf, of } from '../../support/scenarios/crm.ts';
import { tono } from '../../support/scenarios/people.ts';

describe('any sequence of patches and findings', () => {
  const any = {
    service_type: ['kargo', 'motor', 'air_cargo', null, 'x'],
    cargo_weight_kg: [1, null, -1],
    cargo_volume_cbm: [2, null],
    vehicle_type_motor: ['matic', null],
    is_recurring: [true, false, null],
    estimated_monthly_volume: [3, null],
    survey_date: ['2026-07-10', null],
    survey_show_up: [true, false, null],
    survey_result_cbm: [5, null],
    vehicle_count: [2, null],
    documents: [{ stnk: 'sudah' }, { bpkb: null }, null],
  };
  const fields = fc.record(
    Object.fromEntries(
      Object.entries(any).map(([name, values]) => [name, fc.constantFrom<unknown>(...values)]),
    ),
    { requiredKeys: [] },
  );
  /** Mostly what the division knows, so that most get through. */
  const ownOf = (division: Division) =>
    fields.map((given) =>
      Object.fromEntries(
        Object.entries(given).filter(
          ([name]) => name in FORMS[division].fields || name in FORMS[division].groups,
        ),
      ),
    );
  const body = (division: Division) =>
    fc.record(
      {
        crm_stage: fc.constantFrom('Lead', 'Qualified', 'Proposal', 'Won', 'Lost', 'Lost'),
        lost_reason: fc.constantFrom('price', 'cancelled_plan', null, ''),
        deal_value: fc.constantFrom(0, 5, null),
        crm_fields: fc.oneof({ weight: 5, arbitrary: ownOf(division) }, { weight: 1, arbitrary: fields }),
      },
      { requiredKeys: [] },
    );

  type Step = (state: Ticket) => readonly TicketEvent[];
  const step = (division: Division): fc.Arbitrary<Step> =>
    fc.oneof(
      {
        weight: 6,
        arbitrary: body(division).map(
          (given): Step =>
            (s) =>
              updateCrm(s, input.parse(given), tono, AT),
        ),
      },
      {
        weight: 2,
        arbitrary: fields.map(
          (given): Step =>
            (s) =>
              decideBotSignal(
                s,
                { kind: 'lead_detected', fields: given, confidence: 0.5 } as never,
                false,
                AT,
              ),
        ),
      },
      { weight: 1, arbitrary: fc.constant<Step>((s) => reopen(s, null, tono, AT)) },
    );
  const run = (state: Ticket, one: Step): { state: Ticket; events: readonly TicketEvent[] } => {
    try {
      const events = one(state);
      return { state: after(state, events), events };
    } catch (error) {
      if (error instanceof Refusal) return { state, events: [] };
      throw error;
    }
  };

  for (const division of DIVISIONS) {
    it(`stores neither Lost without a reason nor what ${division} does not know; twice equals once`, () => {
      const form = FORMS[division];
      const known = new Set([
        'quote_value',
        'deal_value',
        'lost_reason',
        ...Object.keys(form.fields),
        ...Object.entries(form.groups).flatMap(([group, { members }]) =>
          members.map((name) => `${group}.${name}`),
        ),
      ]);
      fc.assert(
        fc.property(fc.array(step(division), { maxLength: 25 }), (steps) => {
          let state = of(division);
          for (const one of steps) {
            ({ state } = run(state, one));
            const crm = crmOf(state);
            if (crm.stage === 'Lost') expect(crm.values['lost_reason']).to.be.a('string');
            expect(Object.keys(crm.values).filter((name) => !known.has(name))).to.deep.equal([]);
            for (const rule of form.rules)
              if (rule.always) expect(rule.holds(crm.values), rule.field).to.equal(true);
            if (crm.stage === 'Won' || crm.stage === 'Lost') expect(state.status).to.equal('closed');
            const again = run(state, one);
            expect(crmOf(again.state)).to.deep.equal(crm);
          }
        }),
        { numRuns: 300 },
      );
    });
  }
});
