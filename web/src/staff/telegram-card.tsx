/** A code that makes the staff bot know who writes to it (docs/design/field-service.md#staff-bot). */
import { useMutation } from '@tanstack/react-query';
import { api, dataOf, once, whole } from '../lib/api.ts';
import { clockOf } from '../lib/dates.ts';
import { Button } from '../ui/button.tsx';
import { toast } from '../ui/toast.tsx';

export function TelegramCard() {
  const link = useMutation({
    mutationFn: () => dataOf(api.POST('/api/auth/me/telegram-code', { params: once() })),
    onError: (error) => toast(error.message, 'problem'),
  });
  const unlink = useMutation({
    mutationFn: () => whole(api.DELETE('/api/auth/me/telegram')),
    onSuccess: () => {
      link.reset();
      toast('Telegram Anda tidak lagi terhubung.');
    },
    onError: (error) => toast(error.message, 'problem'),
  });
  return (
    <div className="flex flex-col gap-3">
      {link.data !== undefined && (
        <p role="status" className="rounded-xl bg-sunken p-3 text-pretty">
          Kirim pesan ini ke bot staf, sebelum pukul {clockOf(link.data.expires_at)}:
          <code className="mt-1 block text-base font-semibold select-all">/start {link.data.code}</code>
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button busy={link.isPending} onClick={() => link.mutate()}>
          {link.data === undefined ? 'Buat kode' : 'Kode baru'}
        </Button>
        <Button look="quiet" busy={unlink.isPending} onClick={() => unlink.mutate()}>
          Putuskan Telegram
        </Button>
      </div>
    </div>
  );
}
