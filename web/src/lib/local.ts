/** Settings of this device. Storage may be switched off: then they last as long as the page. */
const memory = new Map<string, string>();

export function readLocal(key: string): string | null {
  try {
    return localStorage.getItem(`saga.${key}`);
  } catch {
    return memory.get(key) ?? null; // switched off
  }
}

/** @param value null takes it away */
export function writeLocal(key: string, value: string | null): void {
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(`saga.${key}`);
    else localStorage.setItem(`saga.${key}`, value);
  } catch {
    // Switched off, or full: `memory` has it.
  }
}
