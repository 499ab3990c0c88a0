import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useShortcuts } from '../lib/shortcuts.ts';
import type { Place } from './navigation.ts';

export function useShellKeys(places: readonly Place[], showSheet: () => void, showPalette: () => void): void {
  const navigate = useNavigate();
  useEffect(() => {
    // With Ctrl it is no single key: it holds while one writes, too.
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      showPalette();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [showPalette]);
  useShortcuts({
    '?': showSheet,
    ...Object.fromEntries(places.map(({ key, to }) => [`g ${key}`, () => void navigate({ to })])),
    ...(places.some(({ to }) => to === '/inbox') && {
      '/': () => void navigate({ to: '/search', search: {} }),
      'g f': () => void navigate({ to: '/inbox', search: { tab: 'free' } }),
    }),
  });
}
