/** Which tickets a blast goes to, by what they are instead of by their ids (docs/design/business-rules.md#blast-recipients). */
import { z } from 'zod';
import { CATEGORIES } from '../../domain/follow-ups/follow-up-rules.ts';
import { nameKey } from '../../domain/settings/name-key.ts';
import { CRM_STAGES, division } from '../../domain/vocabulary.ts';

export const MAX_RECIPIENTS = 1000;

/** Every member narrows; a ticket has all of the tags, and one of the stages and categories. */
export const blastFilter = z.strictObject({
  division,
  category: z.array(z.enum(CATEGORIES)).min(1).optional(),
  crm_stage: z.array(z.enum(CRM_STAGES)).min(1).optional(),
  tags: z.array(z.string().trim().min(1).max(50).transform(nameKey)).min(1).max(20).optional(),
});
export type BlastFilter = z.infer<typeof blastFilter>;
