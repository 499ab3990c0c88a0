/** The form of Saga Kargo: cargo, motorbikes, air cargo (docs/design/api.md#crm-fields). */
import { z } from 'zod';
import { day, type CrmForm, measure, onlyWhen } from './fields.ts';

export const sari: CrmForm = {
  fields: {
    service_type: z.enum(['kargo', 'motor', 'air_cargo']),
    cargo_weight_kg: measure,
    cargo_volume_cbm: measure,
    vehicle_type_motor: z.enum(['bebek', 'matic', 'sport', 'besar']),
    is_recurring: z.boolean(),
    estimated_monthly_volume: z.number().min(0).max(1_000_000_000),
    last_order_date: day,
  },
  groups: {},
  rules: [
    {
      field: 'cargo_weight_kg',
      needs: ['service_type', 'cargo_volume_cbm'],
      // The bot may learn of the service before it learns of the weight.
      always: false,
      message: 'Isi berat (kg) atau volume (cbm) untuk layanan kargo',
      holds: ({ service_type, cargo_weight_kg, cargo_volume_cbm }) =>
        service_type !== 'kargo' || cargo_weight_kg !== undefined || cargo_volume_cbm !== undefined,
    },
    onlyWhen('vehicle_type_motor', 'service_type', 'Hanya untuk layanan motor', 'motor'),
    onlyWhen('estimated_monthly_volume', 'is_recurring', 'Hanya untuk pelanggan rutin', true),
  ],
  defaults: {},
  computed: {},
};
