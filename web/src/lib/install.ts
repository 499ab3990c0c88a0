/** Installing the app: the browser's question is kept until the person wants it (docs/design/dashboard-app.md#the-app-on-a-phone). */
import { createStore } from './store.ts';

interface InstallPrompt extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>;
}
const isPrompt = (event: Event): event is InstallPrompt =>
  'prompt' in event && typeof event.prompt === 'function';

/** null: the browser does not offer it, or it is installed. */
export const installPrompt = createStore<InstallPrompt | null>(null);

export const isInstalled = (): boolean => matchMedia('(display-mode: standalone)').matches;
/** There one installs by hand, and only then pushes come. */
export const isAppleTouch = (): boolean =>
  /iPhone|iPad/.test(navigator.userAgent) ||
  (navigator.userAgent.includes('Mac') && navigator.maxTouchPoints > 1);

export function keepInstallPrompt(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    if (isPrompt(event)) installPrompt.set(event);
  });
  addEventListener('appinstalled', () => installPrompt.set(null));
}
