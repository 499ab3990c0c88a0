import { decideUpdateCrm, input } from '../../../src/commands/crm/update-crm.ts';
import { ticket, type Ticket, type TicketEvent } from '../../../src/domain/tickets/ticket.ts';
import type { CrmBody } from '../../support/scenarios/crm.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena } from '../../support/scenarios/people.ts';
import { closed, opened, takenOver, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);
const AT = '2026-07-03T10:30:00.000Z';
const about = { ticketId: TICKET, division: 'sari' } as const;
const updated = (
  ...changes: { field: string; from: string | number | null; to: string | number | null }[]
): TicketEvent => ({
  type: 'CrmUpdated',
  data: { ...about, changes, words: [], source: 'agent', confidence: null, at: AT },
});
const decided = (outcome: 'won' | 'lost'): TicketEvent => ({
  type: 'TicketClosed',
  data: { ...about, outcome, reason: null },
});
const update =
  (body: CrmBody, known: ReadonlySet<number> | null = null, caller = ani) =>
  (state: Ticket) =>
    decideUpdateCrm(state, input.parse(body), caller, AT, known);

describe('update the CRM', () => {
  it('says from what to what, once', () =>
    given(opened())
      .when(update({ crm_stage: 'Qualified', deal_value: 5 }))
      .thenOnce(
        updated(
          { field: 'crm_stage', from: 'Lead', to: 'Qualified' },
          { field: 'deal_value', from: null, to: 5 },
        ),
      ));
  it('closes the ticket with Won and Lost', () => {
    given(opened(), takenOver(ani))
      .when(update({ crm_stage: 'Won' }))
      .thenOnce(updated({ field: 'crm_stage', from: 'Lead', to: 'Won' }), decided('won'));
    given(opened())
      .when(update({ crm_stage: 'Lost', lost_reason: 'price' }))
      .thenOnce(
        updated(
          { field: 'crm_stage', from: 'Lead', to: 'Lost' },
          { field: 'lost_reason', from: null, to: 'price' },
        ),
        decided('lost'),
      );
  });
  it('does not close a closed ticket again', () =>
    given(opened(), closed())
      .when(update({ crm_stage: 'Won' }))
      .thenOnce(updated({ field: 'crm_stage', from: 'Lead', to: 'Won' })));
  it('is refused on a ticket that does not exist, or that they may not see', () => {
    given()
      .when(update({ deal_value: 5 }))
      .thenRefused('TICKET_NOT_FOUND');
    given(opened())
      .when(update({ deal_value: 5 }, null, sena))
      .thenRefused('DIVISION_FORBIDDEN');
  });
  it('is refused when the caller knows another version', () => {
    const once = updated({ field: 'deal_value', from: null, to: 1 });
    given(opened(), once)
      .when(update({ deal_value: 5 }, new Set([0, 2])))
      .thenRefused('VERSION_CONFLICT');
    given(opened(), once)
      .when(update({ deal_value: 5 }, new Set([1])))
      .then(updated({ field: 'deal_value', from: 1, to: 5 }));
  });
  it('to Lost without a reason is refused', () =>
    given(opened())
      .when(update({ crm_stage: 'Lost' }))
      .thenRefused('LOST_REASON_REQUIRED', {
        path: 'lost_reason',
        message: 'Alasan wajib diisi untuk tahap Lost',
      }));
  it('with fields that the division does not know, or that do not go together, is refused', () => {
    given(opened())
      .when(update({ crm_fields: { vehicle_count: 2 } }))
      .thenRefused('VALIDATION_FAILED', {
        path: 'crm_fields.vehicle_count',
        message: 'Isian tidak dikenal di divisi ini',
        code: 'UNKNOWN_FIELD',
        params: { division: 'sari' },
      });
    given(opened())
      .when(update({ crm_data: { service_type: 'kargo' } }))
      .thenRefused('VALIDATION_FAILED', {
        path: 'crm_data.cargo_weight_kg',
        message: 'Isi berat (kg) atau volume (cbm) untuk layanan kargo',
        code: 'NOT_APPLICABLE',
        params: { needs: ['service_type', 'cargo_volume_cbm'] },
      });
    given(opened())
      .when(update({ crm_data: {}, crm_fields: {} }))
      .thenRefused('VALIDATION_FAILED', {
        path: 'crm_data',
        message: 'Kirim crm_fields atau crm_data, jangan keduanya',
        code: 'NOT_TOGETHER',
        params: { fields: ['crm_fields', 'crm_data'] },
      });
  });
});
