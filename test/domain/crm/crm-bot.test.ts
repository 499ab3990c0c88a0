import { expect } from 'chai';
import { decideBotSignal } from '../../../src/commands/inbound/bot-signal.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import { AT, crmOf, found, of, patch, wire } from '../../support/scenarios/crm.ts';

describe('what the bot found', () => {
  const sari = of('sari');
  const savi = of('savi');

  it('fills in what is empty, with its confidence', () => {
    const told = found(savi, { origin_city: 'Batam', documents: { stnk: 'sudah' }, vehicle_count: 2 });
    expect(wire(told)).to.deep.include({ origin_city: 'Batam' });
    expect(wire(told).crm_field_sources).to.deep.equal({
      origin_city: { source: 'bot', confidence: 0.8, at: AT },
      'documents.stnk': { source: 'bot', confidence: 0.8, at: AT },
      vehicle_count: { source: 'bot', confidence: 0.8, at: AT },
    });
    expect(wire(found(told, { origin_city: 'Bintan' }))).to.include({ origin_city: 'Bintan' });
  });
  it('never overwrites what an agent typed, confirmed or cleared', () => {
    const typed = patch(sari, { origin_city: 'Batam' });
    expect(wire(found(typed, { origin_city: 'Medan' }))).to.include({ origin_city: 'Batam' });
    const confirmed = patch(found(sari, { origin_city: 'Batam' }), { origin_city: 'Batam' });
    expect(wire(confirmed).crm_field_sources).to.deep.equal({ origin_city: { source: 'agent', at: AT } });
    expect(wire(found(confirmed, { origin_city: 'Medan' }))).to.include({ origin_city: 'Batam' });
    const cleared = patch(typed, { origin_city: null });
    expect(wire(found(cleared, { origin_city: 'Medan' }))).to.include({ origin_city: null });
  });
  it('is passed over field by field where it is wrong, of another division or not the bot’s to say', () => {
    const told = found(sari, {
      origin_city: 'Batam',
      destination_city: 7,
      vehicle_count: 2,
      crm_stage: 'Won',
      lost_reason: 'price',
      quote_value: -1,
      nothing: 'x',
      vehicle_type_motor: 'matic',
    });
    expect(Object.keys(crmOf(told).values)).to.deep.equal(['origin_city']);
    expect(told.status).to.equal('free');
  });
  it('stays on record as it came, and makes no change of nothing', () => {
    const inbound = {
      kind: 'lead_detected',
      fields: { nothing: 1 },
      confidence: null,
    } as unknown as Extract<Inbound, { kind: 'lead_detected' }>;
    expect(decideBotSignal(sari, inbound, false, AT).map(({ type }) => type)).to.deep.equal(['LeadDetected']);
  });
  it('cannot pull the ground from under a field of the agent', () => {
    const motor = patch(sari, { crm_fields: { service_type: 'motor', vehicle_type_motor: 'matic' } });
    const byBot = found(found(sari, { service_type: 'motor' }), { vehicle_type_motor: 'matic' });
    const confirmed = patch(byBot, { crm_fields: { vehicle_type_motor: 'matic' } });
    for (const state of [motor, confirmed])
      expect(wire(found(state, { service_type: 'kargo' })).crm_fields).to.include({
        service_type: 'motor',
      });
  });
});
