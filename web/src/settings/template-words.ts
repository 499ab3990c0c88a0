import type { Schemas } from '../lib/api.ts';
import type { Tone } from '../ui/badge.tsx';

type Template = Schemas['Template'];
export const templatesKey = ['admin', 'templates'] as const;
export const STATE_WORDS: Readonly<
  Record<Template['state'], { readonly label: string; readonly tone: Tone }>
> = {
  approved: { label: 'Disetujui', tone: 'green' },
  paused: { label: 'Dijeda', tone: 'yellow' },
  rejected: { label: 'Ditolak', tone: 'red' },
  disabled: { label: 'Dimatikan', tone: 'grey' },
};
