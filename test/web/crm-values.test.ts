import { expect } from 'chai';
import { fieldsOf, isShown } from '../../web/src/crm/layout.ts';
import { changesOf, numberOf, valuesOf } from '../../web/src/crm/values.ts';
import type { Crm } from '../../web/src/lib/api.ts';
import { amountOf, grouped, rupiah } from '../../web/src/lib/money.ts';

const crm = {
  crm_stage: 'Proposal',
  lost_reason: null,
  quote_value: 3_750_000,
  deal_value: null,
  discount_given: null,
  origin_city: 'Jakarta',
  destination_city: null,
  customer_type: 'company',
  crm_fields: {
    service_type: 'motor',
    cargo_weight_kg: null,
    cargo_volume_cbm: null,
    vehicle_type_motor: 'matic',
    is_recurring: true,
    estimated_monthly_volume: 12.5,
    last_order_date: null,
  },
  crm_field_sources: {},
} satisfies Crm;
const sari = fieldsOf('sari');
const before = valuesOf(crm, sari);

describe('the CRM form', () => {
  it('holds what is stored as text', () => {
    expect(before).to.include({
      quote_value: '3750000',
      is_recurring: 'true',
      estimated_monthly_volume: '12,5',
      destination_city: '',
    });
  });

  it('sends what was touched, and clears what is hidden by it', () => {
    const after = { ...before, service_type: 'kargo', cargo_weight_kg: '1.250,5', deal_value: '4000000' };
    expect(changesOf(before, after, sari).body).to.deep.equal({
      deal_value: 4_000_000,
      crm_fields: { service_type: 'kargo', cargo_weight_kg: 1250.5, vehicle_type_motor: null },
    });
  });

  it('sends nothing where nothing was touched', () => {
    expect(changesOf(before, { ...before }, sari)).to.deep.equal({ body: {}, names: [] });
  });

  it('asks for the reason only of a lost one, and leaves clearing it to the API', () => {
    const reason = sari.find(({ name }) => name === 'lost_reason');
    expect(reason && isShown(reason, { crm_stage: 'Lost' })).to.equal(true);
    expect(reason && isShown(reason, { crm_stage: 'Won' })).to.equal(false);
    const lost = { ...before, crm_stage: 'Lost', lost_reason: 'price' };
    expect(changesOf(before, lost, sari).body).to.deep.equal({ crm_stage: 'Lost', lost_reason: 'price' });
    expect(changesOf(lost, { ...lost, crm_stage: 'Lead' }, sari).body).to.deep.equal({ crm_stage: 'Lead' });
  });

  it('shows each division its own fields', () => {
    const own = (division: 'sari' | 'savi' | 'safia') =>
      fieldsOf(division)
        .filter((one) => one.own)
        .map(({ name }) => name);
    expect(own('savi'))
      .to.include.members(['origin_type', 'documents.ppftz'])
      .and.not.include('service_type');
    expect(own('safia'))
      .to.include.members(['survey_date', 'competitor_price'])
      .and.not.include('origin_type');
  });

  it('keeps the papers of one group together', () => {
    const savi = fieldsOf('savi');
    expect(changesOf({}, { 'documents.stnk': 'sudah', 'documents.ktp': 'belum' }, savi).body).to.deep.equal({
      crm_fields: { documents: { stnk: 'sudah', ktp: 'belum' } },
    });
  });

  it('keeps a survey at the hour of Jakarta', () => {
    const safia = fieldsOf('safia');
    expect(changesOf({}, { survey_date: '2026-07-03T10:00' }, safia).body).to.deep.equal({
      crm_fields: { survey_date: '2026-07-03T10:00:00+07:00' },
    });
  });
});

describe('numbers as they are written here', () => {
  it('are read with points and commas', () => {
    expect(['1.250', '1.250,5', '12,5', '0.75', '1250', ''].map(numberOf)).to.deep.equal([
      1250,
      1250.5,
      12.5,
      0.75,
      1250,
      Number.NaN,
    ]);
    expect(numberOf('12a')).to.deep.equal(Number.NaN);
  });

  it('are whole rupiah', () => {
    expect([rupiah(1_250_000), grouped(1_250_000), amountOf('Rp1.250.000'), amountOf('')]).to.deep.equal([
      'Rp1.250.000',
      '1.250.000',
      1_250_000,
      null,
    ]);
  });
});
