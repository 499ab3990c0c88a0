import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { api, whole } from '../lib/api.ts';
import { t } from '../lib/id.ts';
import { keys } from '../lib/keys.ts';
import { Count } from '../ui/badge.tsx';

export const useUnread = () =>
  useQuery({
    queryKey: keys.unread,
    queryFn: async ({ signal }) =>
      (await whole(api.GET('/api/notifications', { params: { query: { limit: 1, unread: true } }, signal })))
        .meta?.unread ?? 0,
  });

export function Bell() {
  const { data: unread = 0 } = useUnread();
  return (
    <Link
      to="/notifications"
      aria-label={
        unread === 0 ? t.nav.notifications : `${t.nav.notifications}, ${String(unread)} belum dibaca`
      }
      title={t.nav.notifications}
      className="relative inline-flex size-9 items-center justify-center rounded-lg text-soft transition-colors hover:bg-hover hover:text-ink max-md:size-11"
    >
      <BellIcon className="size-[19px]" aria-hidden="true" />
      <span className="absolute top-0 right-0 max-md:top-1 max-md:right-1" aria-hidden="true">
        <Count n={unread} alarm />
      </span>
    </Link>
  );
}
