/**
 * The tabs of one browser that share a session: one of them refreshes, and tells the others the new access token. Where the
 * platform has no Web Locks or no BroadcastChannel each tab refreshes for itself; the server's grace (REFRESH_GRACE_SECONDS)
 * makes that harmless.
 */

/** What the tabs tell each other. */
export type TabMessage =
  | { readonly kind: 'token'; readonly token: string; readonly expiresAt: number }
  | { readonly kind: 'signed-out' };

export interface Tabs {
  /** Runs `work` while no other tab does. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  tell(message: TabMessage): void;
  close(): void;
}

interface LockManager {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

const locksOfPlatform = (): LockManager | undefined =>
  (globalThis as { readonly navigator?: { readonly locks?: LockManager } }).navigator?.locks;

function isTabMessage(value: unknown): value is TabMessage {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, token, expiresAt } = value as Record<string, unknown>;
  return (
    kind === 'signed-out' || (kind === 'token' && typeof token === 'string' && typeof expiresAt === 'number')
  );
}

/** @param name of the session, the same in all tabs that share it */
export function joinTabs(name: string, heard: (message: TabMessage) => void): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(name);
  if (channel) {
    channel.onmessage = (event: unknown) => {
      const { data } = event as { readonly data: unknown };
      if (isTabMessage(data)) heard(data);
    };
    // In Node an open channel would keep the process alive.
    (channel as { unref?: () => void }).unref?.();
  }
  return {
    alone: (work) => locksOfPlatform()?.request(name, work) ?? work(),
    tell: (message) => channel?.postMessage(message),
    close: () => channel?.close(),
  };
}
