/** Files that another app of the device shared with this one: the worker puts them aside, `/app/share` takes them. */
const SHARED = 'saga-shared';

/** What is there, in the order in which it was shared. Without a cache (a private window) there is nothing. */
export async function sharedFiles(): Promise<readonly File[]> {
  const cache = await caches.open(SHARED);
  const files: File[] = [];
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    if (kept === undefined) continue;
    const name = decodeURIComponent(kept.headers.get('x-name') ?? 'berkas');
    files.push(new File([await kept.blob()], name, { type: kept.headers.get('content-type') ?? '' }));
  }
  return files;
}

export const forgetShared = (): Promise<unknown> => caches.delete(SHARED);
