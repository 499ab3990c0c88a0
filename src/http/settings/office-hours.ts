/** Area: when each division is at work (docs/design/api.md#office-hours). */
import { z } from 'zod';
import { input as hoursInput, schedule } from '../../commands/settings/set-office-hours.ts';
import { division } from '../../domain/vocabulary.ts';
import { officeHoursOf } from '../../projections/settings/office-hours.ts';
import { route } from '../framework/route.ts';
import { time } from '../framework/schemas.ts';
import { scopeOf } from '../tickets/ticket-scope.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Administration';
const params = { div: division };

export const officeHours = route({
  method: 'get',
  path: '/api/admin/config/office-hours/:div',
  name: 'getOfficeHours',
  tag: TAG,
  summary: 'When a division is at work',
  description:
    'Local times of the business. A `close_time` before its `open_time` ends on the next day. Until it is set: ' +
    'Monday to Friday, 08:00 to 17:00.',
  access: 'authenticated',
  params,
  status: 200,
  data: z.strictObject({ schedules: z.array(schedule) }),
  errors: [],
  async handle({ params: { div }, signedIn, context }) {
    const hours = await officeHoursOf(context.read, scopeOf(signedIn.caller), div);
    const schedules = hours.map(({ dayOfWeek, opens, closes, isActive }) => ({
      day_of_week: dayOfWeek,
      open_time: opens,
      close_time: closes,
      is_active: isActive,
    }));
    return { data: { schedules } };
  },
});

export const setOfficeHours = route({
  method: 'patch',
  path: '/api/admin/config/office-hours/:div',
  name: 'setOfficeHours',
  tag: TAG,
  summary: 'Set when a division is at work',
  description:
    'Replaces all rows. Several rows a day are allowed; active ones must not overlap. Who was granted this privilege: of their own division.',
  access: 'manage_office_hours',
  params,
  body: hoursInput,
  status: 200,
  data: z.strictObject({ updated_at: time }),
  errors: ['DIVISION_FORBIDDEN', 'BUSY'],
  handle: async ({ params: { div }, body, command, context }) =>
    answerOf(await context.commands.setOfficeHours(command, div, body)),
});

export const putOfficeHours = route({
  method: 'put',
  path: '/api/admin/config/office-hours/:div',
  name: 'putOfficeHours',
  tag: TAG,
  summary: 'Set when a division is at work, and see it',
  description: 'As PATCH; answers the hours as they are then.',
  access: 'manage_office_hours',
  params,
  body: hoursInput,
  status: 200,
  data: z.strictObject({ schedules: z.array(schedule) }),
  errors: ['DIVISION_FORBIDDEN', 'BUSY'],
  async handle({ params: { div }, body, command, context }) {
    const { position } = await context.commands.setOfficeHours(command, div, body);
    return { data: { schedules: body.schedules }, position };
  },
});
