/** A template of the catalogue as it goes out on one ticket (docs/design/whatsapp.md#service-window). */
import { customer } from '../../domain/customers/customer.ts';
import { parametersOf } from '../../domain/blasts/personalise.ts';
import { templates, TEMPLATES_ID } from '../../domain/blasts/template.ts';
import { user } from '../../domain/staff/user.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireUsable } from '../blasts/template-catalogue.ts';
import type { TemplateFormOf } from './send-follow-up.ts';
import { assigneeOf } from '../tickets/ticket-access.ts';

export const templateFormOf =
  ({ handler }: { handler: CommandHandler }): TemplateFormOf =>
  async (templateId, found) => {
    const template = requireUsable((await handler.load(templates, TEMPLATES_ID)).byId.get(templateId));
    if (template.whatsappName === null) return null;
    const agentId = assigneeOf(found);
    const [known, agent] = await Promise.all([
      handler.load(customer, found.customerKey),
      agentId === null ? null : handler.load(user, agentId),
    ]);
    const city = (name: 'origin_city' | 'destination_city'): string | null => {
      const value = found.crm.values[name];
      return typeof value === 'string' ? value : null;
    };
    const parameters = parametersOf(template.body, {
      name: known.status === 'known' ? known.name : null,
      agent_name: agent === null || agent.status === 'absent' ? null : agent.name,
      origin_city: city('origin_city'),
      destination_city: city('destination_city'),
    });
    return { name: template.whatsappName, language: template.language, parameters };
  };
