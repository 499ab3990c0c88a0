/** Light, dark, or what the device says. `public/theme.js` does the same before the first paint. */
import { readLocal, writeLocal } from './local.ts';
import { createStore } from './store.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';

const darkDevice = matchMedia('(prefers-color-scheme: dark)');
const chosen = readLocal('theme');
export const theme = createStore<ThemeChoice>(chosen === 'light' || chosen === 'dark' ? chosen : 'system');

function show(): void {
  const choice = theme.get();
  const isDark = choice === 'dark' || (choice === 'system' && darkDevice.matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
}

export function chooseTheme(choice: ThemeChoice): void {
  writeLocal('theme', choice === 'system' ? null : choice);
  theme.set(choice);
  show();
}

darkDevice.addEventListener('change', show);
