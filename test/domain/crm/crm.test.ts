import { expect } from 'chai';
import { decideReopen as reopen } from '../../../src/commands/tickets/reopen.ts';
import { decideUpdateCrm as updateCrm, input } from '../../../src/commands/crm/update-crm.ts';
import type { CrmUpdate } from '../../../src/domain/crm/crm.ts';
import { FORMS } from '../../../src/domain/crm/forms.ts';
import { Refusal } from '../../../src/domain/refusals.ts';
import type { TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import { DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { after, AT, LATER, of, patch, refused, wire } from '../../support/scenarios/crm.ts';
import { ani, sena, tono } from '../../support/scenarios/people.ts';
import { takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

describe('the CRM of a ticket', () => {
  const sari = of('sari');
  const savi = of('savi');
  const safia = of('safia');

  it('merges members into what is stored, and null clears one', () => {
    const one = patch(sari, { origin_city: 'Batam', quote_value: 1_500_000, customer_type: 'company' });
    const two = patch(one, {
      quote_value: null,
      destination_city: 'Jakarta',
      crm_fields: { is_recurring: true },
    });
    expect(wire(two)).to.deep.include({
      crm_stage: 'Lead',
      origin_city: 'Batam',
      destination_city: 'Jakarta',
      customer_type: 'company',
      quote_value: null,
    });
    expect(wire(two).crm_fields).to.deep.include({ is_recurring: true, service_type: null });
    expect(wire(two).crm_field_sources).to.have.all.keys(
      'origin_city',
      'customer_type',
      'destination_city',
      'is_recurring',
    );
  });

  it('takes crm_data for crm_fields, but not both', () => {
    expect(wire(patch(sari, { crm_data: { service_type: 'air_cargo' } })).crm_fields).to.include({
      service_type: 'air_cargo',
    });
    expect(refused(sari, { crm_data: {}, crm_fields: {} })).to.deep.equal(['VALIDATION_FAILED', 'crm_data']);
    expect(refused(sari, { crm_data: { nothing: 1 } })).to.deep.equal([
      'VALIDATION_FAILED',
      'crm_data.nothing',
    ]);
  });

  it('makes no event of what is stored already', () => {
    const body = {
      crm_stage: 'Proposal',
      deal_value: 5,
      crm_fields: { documents: { stnk: 'sudah' } },
    } as const;
    const once = patch(savi, body);
    expect(updateCrm(once, body, tono, LATER)).to.deep.equal([]);
    expect(updateCrm(savi, {}, tono, AT)).to.deep.equal([]);
    expect(updateCrm(savi, { crm_stage: 'Lead', origin_city: null }, tono, AT)).to.deep.equal([]);
  });

  it('says from what to what, and keeps free texts apart', () => {
    const one = patch(savi, { origin_city: 'Batam' });
    const [event] = updateCrm(
      one,
      {
        crm_stage: 'Qualified',
        origin_city: 'Bintan',
        crm_fields: { vehicle_brand_model: 'Avanza milik Ibu Sri' },
      },
      tono,
      LATER,
    ) as CrmUpdate[];
    expect(event?.data).to.deep.equal({
      ticketId: TICKET,
      division: 'savi',
      changes: [{ field: 'crm_stage', from: 'Lead', to: 'Qualified' }],
      words: [
        { field: 'origin_city', from: 'Batam', to: 'Bintan' },
        { field: 'vehicle_brand_model', from: null, to: 'Avanza milik Ibu Sri' },
      ],
      source: 'agent',
      confidence: null,
      at: LATER,
    });
  });

  describe('Lost', () => {
    it('needs a reason, in the request or stored before', () => {
      expect(refused(sari, { crm_stage: 'Lost' })).to.deep.equal(['LOST_REASON_REQUIRED', 'lost_reason']);
      expect(refused(sari, { crm_stage: 'Lost', lost_reason: '' })[0]).to.equal('LOST_REASON_REQUIRED');
      expect(refused(sari, { crm_stage: 'Lost', lost_reason: null })[0]).to.equal('LOST_REASON_REQUIRED');
      const told = patch(sari, { lost_reason: 'price' });
      expect(wire(patch(told, { crm_stage: 'Lost' }))).to.include({
        crm_stage: 'Lost',
        lost_reason: 'price',
      });
    });
    it('keeps its reason', () => {
      const lost = patch(sari, { crm_stage: 'Lost', lost_reason: 'price' });
      expect(refused(lost, { lost_reason: null })[0]).to.equal('LOST_REASON_REQUIRED');
      expect(wire(patch(lost, { lost_reason: 'schedule' }))).to.include({ lost_reason: 'schedule' });
    });
    it('loses its reason when it is left', () => {
      const lost = patch(sari, { crm_stage: 'Lost', lost_reason: 'price' });
      expect(wire(patch(lost, { crm_stage: 'Proposal' }))).to.include({
        crm_stage: 'Proposal',
        lost_reason: null,
      });
    });
    it('takes the reasons of the contract only', () => {
      const all = [
        'price',
        'competitor',
        'cancelled_plan',
        'no_response',
        'out_of_coverage',
        'schedule',
        'other',
      ];
      for (const lost_reason of all)
        expect(input.safeParse({ crm_stage: 'Lost', lost_reason }).success, lost_reason).to.equal(true);
      expect(input.safeParse({ lost_reason: 'mahal' }).success).to.equal(false);
    });
  });

  describe('Won and Lost', () => {
    it('close the ticket in the same breath', () => {
      const had = after(sari, [takenOver(ani)]);
      const types = (events: readonly TicketEvent[]) =>
        events.map(({ type, data }) => (type === 'TicketClosed' ? `${type} ${data.outcome}` : type));
      expect(types(updateCrm(had, { crm_stage: 'Won', deal_value: 9 }, tono, AT))).to.deep.equal([
        'CrmUpdated',
        'TicketClosed won',
      ]);
      expect(types(updateCrm(had, { crm_stage: 'Lost', lost_reason: 'other' }, tono, AT))).to.deep.equal([
        'CrmUpdated',
        'TicketClosed lost',
      ]);
    });
    it('are corrected on the closed ticket without closing it again', () => {
      const won = patch(sari, { crm_stage: 'Won', deal_value: 9 });
      expect(won.status).to.equal('closed');
      expect(updateCrm(won, { deal_value: 10 }, tono, AT)).to.have.length(1);
      expect(updateCrm(won, { crm_stage: 'Lost', lost_reason: 'price' }, tono, AT)).to.have.length(1);
    });
    it('are undone by reopening: the stage before, without a reason of loss', () => {
      const lost = patch(patch(sari, { crm_stage: 'Proposal' }), { crm_stage: 'Lost', lost_reason: 'price' });
      const open = after(lost, reopen(lost, null, tono, LATER));
      expect(open.status).to.equal('free');
      expect(wire(open)).to.include({ crm_stage: 'Proposal', lost_reason: null });
      expect(updateCrm(open, { crm_stage: 'Won' }, tono, LATER)).to.have.length(2);
    });
  });

  it('takes money as whole rupiah from 0', () => {
    for (const field of ['quote_value', 'deal_value', 'discount_given']) {
      for (const wrong of [-1, 0.5, '5', Infinity, Number.MAX_SAFE_INTEGER + 1])
        expect(input.safeParse({ [field]: wrong }).success, `${field} ${String(wrong)}`).to.equal(false);
      expect(input.safeParse({ [field]: 0 }).success).to.equal(true);
    }
    expect(refused(safia, { crm_fields: { competitor_price: 0.5 } })).to.deep.equal([
      'VALIDATION_FAILED',
      'crm_fields.competitor_price',
    ]);
  });

  it('knows customer types and stages of the contract only', () => {
    expect(input.safeParse({ customer_type: 'individual' }).success).to.equal(true);
    expect(input.safeParse({ customer_type: 'pribadi' }).success).to.equal(false);
    expect(input.safeParse({ crm_stage: null }).success).to.equal(false);
    expect(input.safeParse({ crm_stage: 'lead' }).success).to.equal(false);
    expect(input.safeParse({ stage: 'Lead' }).success).to.equal(false);
  });

  it('refuses every field of another division, naming each', () => {
    for (const division of DIVISIONS) {
      for (const other of DIVISIONS.filter((one) => one !== division)) {
        const names = [...Object.keys(FORMS[other].fields), ...Object.keys(FORMS[other].groups)];
        const body = { crm_fields: Object.fromEntries(names.map((name) => [name, null])) };
        expect(refused(of(division), body)).to.deep.equal([
          'VALIDATION_FAILED',
          ...names.map((name) => `crm_fields.${name}`),
        ]);
      }
    }
  });

  describe('sari', () => {
    it('wants weight or volume of cargo', () => {
      expect(refused(sari, { crm_fields: { service_type: 'kargo' } })).to.deep.equal([
        'VALIDATION_FAILED',
        'crm_fields.cargo_weight_kg',
      ]);
      const heavy = patch(sari, { crm_fields: { service_type: 'kargo', cargo_weight_kg: 120.5 } });
      expect(refused(heavy, { crm_fields: { cargo_weight_kg: null } })[1]).to.equal(
        'crm_fields.cargo_weight_kg',
      );
      patch(heavy, { crm_fields: { cargo_weight_kg: null, cargo_volume_cbm: 2 } });
      patch(sari, { crm_fields: { service_type: 'air_cargo' } });
    });
    it('takes a kind of motorbike for motorbikes only', () => {
      const path = 'crm_fields.vehicle_type_motor';
      expect(refused(sari, { crm_fields: { vehicle_type_motor: 'matic' } })[1]).to.equal(path);
      const motor = patch(sari, { crm_fields: { service_type: 'motor', vehicle_type_motor: 'matic' } });
      expect(refused(motor, { crm_fields: { service_type: 'air_cargo' } })[1]).to.equal(path);
      patch(motor, { crm_fields: { service_type: 'air_cargo', vehicle_type_motor: null } });
    });
    it('takes a monthly volume of recurring customers only', () => {
      const path = 'crm_fields.estimated_monthly_volume';
      expect(refused(sari, { crm_fields: { estimated_monthly_volume: 3 } })[1]).to.equal(path);
      expect(refused(sari, { crm_fields: { is_recurring: false, estimated_monthly_volume: 3 } })[1]).to.equal(
        path,
      );
      patch(sari, { crm_fields: { is_recurring: true, estimated_monthly_volume: 3 } });
    });
    it('takes days as ISO days', () => {
      patch(sari, { crm_fields: { last_order_date: '2026-02-28' } });
      for (const last_order_date of ['2026-02-30', '28-02-2026', '2026-02-28T00:00:00Z', 20_260_228])
        expect(refused(sari, { crm_fields: { last_order_date } })[1]).to.equal('crm_fields.last_order_date');
    });
  });

  describe('savi', () => {
    it('counts one vehicle until somebody says otherwise', () => {
      expect(wire(savi).crm_fields).to.include({ vehicle_count: 1 });
      const three = patch(savi, { crm_fields: { vehicle_count: 3 } });
      expect(wire(three).crm_fields).to.include({ vehicle_count: 3 });
      expect(wire(patch(three, { crm_fields: { vehicle_count: null } })).crm_fields).to.include({
        vehicle_count: 1,
      });
      expect(refused(savi, { crm_fields: { vehicle_count: 0 } })[1]).to.equal('crm_fields.vehicle_count');
    });
    it('computes whether the papers are complete, and nobody else does', () => {
      expect(refused(savi, { crm_fields: { document_complete: true } })[1]).to.equal(
        'crm_fields.document_complete',
      );
      const most = patch(savi, {
        crm_fields: { documents: { stnk: 'sudah', bpkb: 'sudah', ktp: 'sudah', ntpn: 'tidak_perlu' } },
      });
      expect(wire(most).crm_fields).to.deep.include({
        document_complete: false,
        documents: { stnk: 'sudah', bpkb: 'sudah', ktp: 'sudah', ntpn: 'tidak_perlu', ppftz: null },
      });
      const all = patch(most, { crm_fields: { documents: { ppftz: 'tidak_perlu' } } });
      expect(wire(all).crm_fields).to.include({ document_complete: true });
      expect(wire(patch(all, { crm_fields: { documents: { ktp: 'belum' } } })).crm_fields).to.include({
        document_complete: false,
      });
      const cleared = wire(patch(all, { crm_fields: { documents: null } }));
      expect(cleared.crm_fields).to.deep.include({
        documents: { stnk: null, bpkb: null, ktp: null, ntpn: null, ppftz: null },
      });
      expect(refused(savi, { crm_fields: { documents: { sim: 'sudah' } } })[1]).to.equal(
        'crm_fields.documents.sim',
      );
    });
  });

  describe('safia', () => {
    it('takes what came of the survey only after its date, and its volume only when it took place', () => {
      expect(refused(safia, { crm_fields: { survey_show_up: true } })[1]).to.equal(
        'crm_fields.survey_show_up',
      );
      const dated = patch(safia, { crm_fields: { survey_date: '2026-07-10T09:00:00+07:00' } });
      expect(wire(dated).crm_fields, 'as all times: in UTC').to.include({
        survey_date: '2026-07-10T02:00:00.000Z',
      });
      expect(refused(dated, { crm_fields: { survey_result_cbm: 20 } })[1]).to.equal(
        'crm_fields.survey_result_cbm',
      );
      expect(refused(dated, { crm_fields: { survey_show_up: false, survey_result_cbm: 20 } })[1]).to.equal(
        'crm_fields.survey_result_cbm',
      );
      const done = patch(dated, { crm_fields: { survey_show_up: true, survey_result_cbm: 20 } });
      expect(refused(done, { crm_fields: { survey_show_up: null } })[1]).to.equal(
        'crm_fields.survey_result_cbm',
      );
      expect(refused(done, { crm_fields: { survey_date: null } })[1]).to.equal('crm_fields.survey_show_up');
    });
  });

  describe('a version', () => {
    it('refuses a lost update, and merges where none is named', () => {
      const one = patch(sari, { deal_value: 1 });
      expect(() => updateCrm(one, { deal_value: 2 }, tono, AT, new Set([0])))
        .to.throw(Refusal)
        .with.property('code', 'VERSION_CONFLICT');
      expect(updateCrm(one, { deal_value: 2 }, tono, AT, new Set([0, 1]))).to.have.length(1);
      expect(updateCrm(one, { deal_value: 2 }, tono, AT)).to.have.length(1);
    });
  });

  it('is kept from people of another division', () => {
    expect(() => updateCrm(sari, { deal_value: 2 }, sena, AT))
      .to.throw(Refusal)
      .with.property('code', 'DIVISION_FORBIDDEN');
  });
});
