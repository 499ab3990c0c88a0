/** The signed-in person, for screens behind the sign-in. */
import type { Me, Privilege } from './api.ts';
import { session } from './session.ts';
import { useStore } from './store.ts';

export function useMe(): Me {
  const { user } = useStore(session);
  if (user === null) throw new Error('this screen is behind the sign-in');
  return user;
}

export function useMay(privilege: Privilege): boolean {
  return useMe().privileges.includes(privilege);
}
