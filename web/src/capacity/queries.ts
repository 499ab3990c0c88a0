/** Room for visits, and who makes them (docs/design/field-service.md#capacity). */
import { useQuery } from '@tanstack/react-query';
import { api, dataOf, type Division, type Schemas } from '../lib/api.ts';
import { keys } from '../lib/keys.ts';

export type CapacityDay = Schemas['CapacityDay'];
export type Technician = Schemas['Technician'];

/** @param division undefined: of every division that one sees */
export const useCapacity = (from: string, to: string, division: Division | undefined) =>
  useQuery({
    queryKey: [...keys.capacity, 'days', from, to, division ?? 'all'],
    queryFn: async ({ signal }) =>
      (
        await dataOf(
          api.GET('/api/admin/capacity', {
            params: { query: { from, to, ...(division === undefined ? {} : { division }) } },
            signal,
          }),
        )
      ).days,
    placeholderData: (before) => before,
  });

/** With how much each has to do on that day. */
export const useTechnicians = (day: string) =>
  useQuery({
    queryKey: [...keys.capacity, 'technicians', day],
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/technicians', { params: { query: { day } }, signal }))).technicians,
  });
