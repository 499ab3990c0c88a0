import type { paths } from '../../../../client/api.ts';
import { useQuery } from '@tanstack/react-query';
import { api, dataOf, once, type Schemas } from '../../lib/api.ts';
import { useMay } from '../../lib/me.ts';
import { useAdminCommand } from '../../ui/parts.tsx';

export type User = Schemas['User'];
export type Role = User['role'];
export type UserDivision = User['division'];

export const userKeys = {
  all: ['admin', 'users'] as const,
  one: (id: string) => ['admin', 'users', id] as const,
  role: (role: Role) => ['admin', 'privileges', role] as const,
};

export const useUsers = (enabled = true) =>
  useQuery({
    queryKey: userKeys.all,
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/admin/users', { signal }))).users,
    enabled,
  });

export const useUser = (id: string) =>
  useQuery({
    queryKey: userKeys.one(id),
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/users/{id}', { params: { path: { id } }, signal }))).user,
  });

/** What the role may by itself; only for who may set it. */
export const useRolePrivileges = (role: Role) => {
  const may = useMay('manage_privileges');
  return useQuery({
    queryKey: userKeys.role(role),
    queryFn: async ({ signal }) =>
      (await dataOf(api.GET('/api/admin/privileges/{role}', { params: { path: { role } }, signal })))
        .privileges,
    enabled: may,
  });
};

type PatchBody = NonNullable<
  paths['/api/admin/users/{id}']['patch']['requestBody']
>['content']['application/json'];

export const usePatchUser = (id: string, done: string) =>
  useAdminCommand(
    (body: PatchBody) => dataOf(api.PATCH('/api/admin/users/{id}', { params: { path: { id } }, body })),
    { done, changes: [userKeys.all] },
  );

export const useResetPassword = (id: string) =>
  useAdminCommand(
    (password: string) =>
      dataOf(
        api.POST('/api/admin/users/{id}/reset-password', {
          params: { path: { id }, ...once() },
          body: { password },
        }),
      ),
    { done: 'Kata sandi sementara dibuat. Sesi orang ini sudah diakhiri.', changes: [userKeys.all] },
  );

export const useResetTotp = (id: string) =>
  useAdminCommand(
    () =>
      dataOf(api.POST('/api/admin/users/{id}/reset-totp', { params: { path: { id }, ...once() }, body: {} })),
    { done: 'Verifikasi dua langkah direset.', changes: [userKeys.all] },
  );
