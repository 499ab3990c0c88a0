/** What can happen to templates and tags, for the history of everything (`any-history.ts`). */
import { uuid } from '../analytics/history.ts';
import { OF_TAGS } from '../any-cast.ts';
import { type Line, line } from '../any-staff.ts';
import type { chancesOf } from '../chance.ts';

/** @returns what is told on which stream, in order */
export function catalogueStories({
  upTo,
  pick,
  times,
  shuffled,
}: ReturnType<typeof chancesOf>): readonly (readonly [stream: string, lines: readonly Line[]])[] {
  const templateId = uuid(9, 1);
  return [
    [
      'catalogue-templates',
      [
        line('TemplateDefined', { templateId, contentSid: 'HX1' }),
        ...shuffled([
          ...['a', 'b'].map((name) => line('TemplateReworded', { templateId, name })),
          ...['approved', 'paused'].map((state) => line('TemplateStateChanged', { templateId, state })),
        ]),
        line('TemplateDefined', { templateId: uuid(9, 2) }),
        line('TemplateDeleted', { templateId: uuid(9, 2) }),
        // One that stays.
        line('TemplateDefined', { templateId: uuid(9, 3) }),
        ...times(upTo(2), () => line('TemplateDeleted', { templateId })),
      ],
    ],
    [
      'catalogue-tags',
      // Each kind for certain, in this order, and more of them by chance.
      [...OF_TAGS, ...times(5, () => pick(OF_TAGS))].map((type, n) =>
        line(type, { tagId: uuid(9, 10 + (n % 3)), color: `#${String(n)}` }),
      ),
    ],
  ];
}
