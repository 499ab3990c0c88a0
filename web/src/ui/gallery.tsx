/** Each piece of the design system with its states, for those who develop it (`npm run web:dev`, `/app/_ui`). */
import { Inbox } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { chooseTheme, theme } from '../lib/theme.ts';
import { useStore } from '../lib/store.ts';
import { ApiError } from '../lib/api.ts';
import { Avatar } from './avatar.tsx';
import { Badge, Count, FlagBadges, StatusBadge, type Tone } from './badge.tsx';
import { Button, type ButtonLook } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Choice, SelectField, TextArea, TextField } from './field.tsx';
import { Page } from './page.tsx';
import { Empty, Failed, Skeleton } from './states.tsx';
import { Switch } from './switch.tsx';
import { toast } from './toast.tsx';

const LOOKS: readonly ButtonLook[] = ['primary', 'plain', 'quiet', 'danger', 'note'];
const TONES: readonly Tone[] = ['blue', 'yellow', 'orange', 'grey', 'green', 'red', 'violet', 'teal'];
const OPTIONS = [
  { value: 'a', label: 'Kargo' },
  { value: 'b', label: 'Motor' },
] as const;

function Piece({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <section className="rounded-2xl border border-line bg-surface p-5">
      <h2 className="mb-3 font-semibold">{name}</h2>
      <div className="flex flex-wrap items-start gap-3">{children}</div>
    </section>
  );
}

export function Gallery() {
  const choice = useStore(theme);
  const [on, setOn] = useState(true);
  const [picked, setPicked] = useState<'a' | 'b'>('a');
  const [open, setOpen] = useState(false);
  return (
    <Page
      title="Design system"
      actions={<Button onClick={() => chooseTheme(choice === 'dark' ? 'light' : 'dark')}>Tema</Button>}
    >
      <Piece name="Button">
        {LOOKS.map((look) => (
          <Button key={look} look={look}>
            {look}
          </Button>
        ))}
        <Button disabled>disabled</Button>
        <Button look="primary" busy>
          busy
        </Button>
        <Button small>small</Button>
      </Piece>
      <Piece name="Badge">
        {(['new', 'in_progress', 'awaiting_response', 'closed'] as const).map((status) => (
          <StatusBadge key={status} status={status} />
        ))}
        <FlagBadges
          ticket={{
            queue_status: 'free',
            is_returning_customer: true,
            is_off_hours: true,
            is_idle: true,
            opted_out: false,
          }}
        />
        {TONES.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <Count n={3} />
        <Count n={120} alarm />
        <Avatar name="Rina Kusuma" />
      </Piece>
      <Piece name="Field">
        <TextField label="Nama" name="name" placeholder="Rina" />
        <TextField label="Nama" name="bad" defaultValue="x" error="Minimal 2 karakter" />
        <SelectField label="Layanan" name="service" options={OPTIONS} />
        <TextArea label="Catatan" name="note" hint="Untuk tim" />
        <Choice label="Layanan" name="choice" value={picked} options={OPTIONS} onChange={setPicked} />
        <Switch label="Bunyi" checked={on} onChange={setOn} />
      </Piece>
      <Piece name="Dialog, toast">
        <Button onClick={() => setOpen(true)}>Dialog</Button>
        <Button onClick={() => toast('Disimpan.')}>done</Button>
        <Button onClick={() => toast('Tiket sudah diambil oleh agent lain', 'news')}>news</Button>
        <Button onClick={() => toast('Tidak dapat disimpan.', 'problem')}>problem</Button>
        <Dialog
          open={open}
          onClose={() => setOpen(false)}
          title="Judul"
          hint="Penjelasan"
          foot={<Button onClick={() => setOpen(false)}>Tutup</Button>}
        />
      </Piece>
      <Piece name="States">
        <Skeleton className="h-4 w-40" />
        <Empty icon={<Inbox className="size-6" />} title="Kosong" hint="Tidak ada apa-apa." />
        <Failed
          error={new ApiError({ code: 'X', status: 500, message: 'Server sedang tidak dapat menjawab.' })}
          retry={() => toast('Coba lagi')}
        />
      </Piece>
    </Page>
  );
}
