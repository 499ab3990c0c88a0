import { Lock } from 'lucide-react';
import { Empty } from './states.tsx';

export function NoPermission() {
  return (
    <Empty
      icon={<Lock className="size-6" />}
      title="Anda tidak punya akses"
      hint="Minta Super Admin bila Anda memerlukan halaman ini."
    />
  );
}
