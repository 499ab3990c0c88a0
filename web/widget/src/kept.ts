/** The browser's storage, which some browsers inside of apps do not have: then nothing is kept, and all else works. */
export function kept(kind: 'local' | 'session', key: string): string | null {
  try {
    return (kind === 'local' ? localStorage : sessionStorage).getItem(key);
  } catch {
    return null; // blocked: the same as nothing kept
  }
}

/** @param value null: forget it */
export function keep(kind: 'local' | 'session', key: string, value: string | null): void {
  try {
    const storage = kind === 'local' ? localStorage : sessionStorage;
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // Blocked or full: the page remembers it as long as it is open.
  }
}
