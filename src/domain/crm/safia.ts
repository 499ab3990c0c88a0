/** The form of relocations, with their survey (docs/design/api.md#crm-fields). */
import { z } from 'zod';
import { day, type CrmForm, inUtc, measure, onlyWhen, rupiah, freeText } from './fields.ts';

export const safia: CrmForm = {
  fields: {
    move_type: z.enum(['rumah', 'apartemen', 'kantor']),
    move_trigger: z.enum([
      'mutasi_kerja',
      'beli_rumah',
      'habis_sewa',
      'pulang_kampung',
      'relokasi_kantor',
      'lainnya',
    ]),
    how_did_they_find_us: z.enum([
      'google',
      'instagram',
      'facebook',
      'referral',
      'website',
      'telegram',
      'lainnya',
    ]),
    desired_move_date: day,
    estimated_cbm: measure,
    // The dashboard picks a day and an hour for it (docs/design/api.md#crm-fields).
    survey_date: z.union([day, z.iso.datetime({ offset: true }).overwrite(inUtc)]),
    survey_show_up: z.boolean(),
    survey_result_cbm: measure,
    competitor_mentioned: freeText(200),
    competitor_price: rupiah,
  },
  groups: {},
  rules: [
    onlyWhen('survey_show_up', 'survey_date', 'Isi tanggal survei terlebih dahulu'),
    onlyWhen('survey_result_cbm', 'survey_show_up', 'Hanya jika survei sudah dilakukan', true),
  ],
  defaults: {},
  computed: {},
};
