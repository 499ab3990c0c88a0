/** Where follow-ups ask for the form of a template (whatsapp.md 5). */
import { Refusal } from '../domain/refusals.ts';
import type { TemplateFormOf } from './send-followup.ts';

/** This version has no catalogue of templates, so no id names one. */
export const templateFormOf: TemplateFormOf = () => Promise.reject(new Refusal('TEMPLATE_NOT_FOUND'));
