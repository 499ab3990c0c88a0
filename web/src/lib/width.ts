import { useSyncExternalStore } from 'react';

/** Whether the window is at least so wide, in CSS pixels. What is not shown is not there. */
export function useWide(pixels: number): boolean {
  const query = `(min-width: ${String(pixels)}px)`;
  return useSyncExternalStore(
    (tell) => {
      const media = matchMedia(query);
      media.addEventListener('change', tell);
      return () => media.removeEventListener('change', tell);
    },
    () => matchMedia(query).matches,
  );
}
