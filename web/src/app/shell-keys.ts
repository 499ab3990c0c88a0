import { useNavigate } from '@tanstack/react-router';
import { useShortcuts } from '../lib/shortcuts.ts';
import type { Place } from './navigation.ts';

export function useShellKeys(places: readonly Place[], showSheet: () => void): void {
  const navigate = useNavigate();
  useShortcuts({
    '?': showSheet,
    ...Object.fromEntries(places.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])),
    'g f': () => void navigate({ to: '/inbox', search: { tab: 'free' } }),
  });
}
