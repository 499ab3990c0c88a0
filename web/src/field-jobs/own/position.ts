/** Where the phone is, as well as it can say within ten seconds (docs/design/dashboard-app.md#visits-on-a-phone). */
export interface Fix {
  readonly lat: number;
  readonly lng: number;
  /** Metres within which it is right. */
  readonly accuracy: number;
}
/** `denied`: the person, or the browser, does not let us ask. */
export type NoFix = 'denied' | 'unavailable';

const PATIENCE_MS = 10_000;
/** Metres: a better one is not worth waiting for. */
const GOOD = 20;
/** As the API takes it at most. */
const WORST = 1_000_000;

/** The best of all fixes of ten seconds; one that is good enough ends it sooner. Asks for none that the device remembers. */
export function locate(): Promise<Fix | NoFix> {
  if (!('geolocation' in navigator)) return Promise.resolve('unavailable');
  return new Promise((resolve) => {
    let best: Fix | null = null;
    const end = (answer: Fix | NoFix): void => {
      navigator.geolocation.clearWatch(watch);
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => {
      end(best ?? 'unavailable');
    }, PATIENCE_MS);
    const watch = navigator.geolocation.watchPosition(
      ({ coords: { latitude: lat, longitude: lng, accuracy } }) => {
        if (best === null || accuracy < best.accuracy)
          best = { lat, lng, accuracy: Math.min(accuracy, WORST) };
        if (best.accuracy <= GOOD) end(best);
      },
      ({ code, PERMISSION_DENIED }) => {
        // Others may pass: the next try of the device may find it.
        if (code === PERMISSION_DENIED) end('denied');
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS },
    );
  });
}
