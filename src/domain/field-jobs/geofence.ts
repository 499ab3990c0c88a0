/** Whether a technician is where the job is, as far as a phone can tell (docs/design/field-service.md#place). */

/** Where a phone believes to be: WGS 84 degrees, and metres within which it is right. */
export interface PhonePosition {
  readonly lat: number;
  readonly lng: number;
  readonly accuracy: number;
}

/** Where the job is; `radius` in metres. */
export interface JobPlace {
  readonly lat: number;
  readonly lng: number;
  readonly radius: number;
}

export const PLACE_VERDICTS = ['in', 'out', 'unsure'] as const;
export type PlaceVerdict = (typeof PLACE_VERDICTS)[number];

/** A fix that is worse says little: no more than this speaks for the technician. */
export const MOST_TOLERANCE_METRES = 100;

const EARTH_METRES = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Metres between two points on a ball as large as the earth (haversine). */
export function distanceMetres(
  a: Pick<PhonePosition, 'lat' | 'lng'>,
  b: Pick<PhonePosition, 'lat' | 'lng'>,
): number {
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const h = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lng, b.lng);
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}

/**
 * @param position null: the phone did not say
 * @param place null: nobody knows where the job is
 * @returns `distance` in whole metres, null where it cannot be said. `unsure` also where a bad fix may be in or out
 */
export function judgePlace(
  position: PhonePosition | null,
  place: JobPlace | null,
): { readonly distance: number | null; readonly verdict: PlaceVerdict } {
  if (position === null || place === null) return { distance: null, verdict: 'unsure' };
  const { accuracy } = position;
  const exact = distanceMetres(position, place);
  const distance = Math.round(exact);
  if (exact - Math.min(accuracy, MOST_TOLERANCE_METRES) <= place.radius) return { distance, verdict: 'in' };
  return { distance, verdict: exact - accuracy <= place.radius ? 'unsure' : 'out' };
}
