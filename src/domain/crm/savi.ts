/** The form of car shipping, with its papers (docs/design/api.md#crm-fields). */
import { z } from 'zod';
import { type CrmForm, freeText } from './fields.ts';

const DOCUMENTS = ['stnk', 'bpkb', 'ktp', 'ntpn', 'ppftz'] as const;

export const savi: CrmForm = {
  fields: {
    vehicle_brand_model: freeText(200),
    vehicle_count: z.int().min(1).max(100_000),
    origin_type: z.enum(['batam_ftz', 'batam_nasional', 'lainnya']),
    is_electric_vehicle: z.boolean(),
  },
  groups: {
    documents: { members: DOCUMENTS, type: z.enum(['sudah', 'belum', 'tidak_perlu']) },
  },
  rules: [],
  defaults: { vehicle_count: 1 },
  computed: {
    document_complete: (values) =>
      DOCUMENTS.every((name) => ['sudah', 'tidak_perlu'].includes(String(values[`documents.${name}`]))),
  },
};
