import { words } from './words.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, dataOf, whole } from '../lib/api.ts';
import { momentOf } from '../lib/dates.ts';
import { DIVISION, ROLE, t } from '../lib/id.ts';
import { readLocal, writeLocal } from '../lib/local.ts';
import { Link } from '@tanstack/react-router';
import { holds, switchHold } from '../conversation/writing/hold.ts';
import { useMay, useMe } from '../lib/me.ts';
import { DeviceCard } from '../notifications/device-card.tsx';
import { PreferencesCard } from '../notifications/preferences-card.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Failed, Loading, Skeleton } from '../ui/states.tsx';
import { Switch } from '../ui/switch.tsx';
import { toast } from '../ui/toast.tsx';
import { EnrolSecondFactor } from './enrol-second-factor.tsx';
import { PasswordForm } from './password-form.tsx';
import { TelegramCard } from './telegram-card.tsx';

function Card({
  title,
  hint,
  children,
}: {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="rounded-2xl border border-line bg-surface p-5">
      <h2 className="text-[15px] font-semibold">{title}</h2>
      {hint !== undefined && <p className="mt-0.5 text-soft">{hint}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}

/** What a browser says of itself, as far as a person cares. */
const deviceOf = (agent: string | null): string => {
  if (agent === null) return 'Perangkat tidak dikenal';
  const browser = ['Edg', 'Firefox', 'Chrome', 'Safari'].find((name) => agent.includes(name)) ?? 'Aplikasi';
  const system =
    ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'].find((name) => agent.includes(name)) ?? '';
  return `${browser === 'Edg' ? 'Edge' : browser}${system === '' ? '' : ` di ${system}`}`;
};

function Sessions() {
  const client = useQueryClient();
  const list = useQuery({
    queryKey: ['sessions'],
    queryFn: async ({ signal }) => (await dataOf(api.GET('/api/auth/sessions', { signal }))).sessions,
  });
  const end = useMutation({
    mutationFn: (id: string) => whole(api.DELETE('/api/auth/sessions/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
    onError: (error) => toast(error.message, 'problem'),
  });
  if (list.isPending)
    return (
      <Loading>
        <Skeleton className="h-10" />
      </Loading>
    );
  if (list.isError) return <Failed error={list.error} retry={() => void list.refetch()} />;
  return (
    <ul className="divide-y divide-line">
      {list.data.map((one) => (
        <li key={one.id} className="flex items-center gap-3 py-3 first:pt-0 last:pb-0">
          <div className="min-w-0 flex-1">
            <p className="font-medium">
              {deviceOf(one.user_agent)} {one.current && <Badge tone="green">Perangkat ini</Badge>}
            </p>
            <p className="text-[13px] text-faint">
              Terakhir dipakai {momentOf(one.last_used_at)}
              {one.address !== null && ` · ${one.address}`}
            </p>
          </div>
          {!one.current && (
            <Button small busy={end.isPending && end.variables === one.id} onClick={() => end.mutate(one.id)}>
              Akhiri
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function SecondFactor() {
  const client = useQueryClient();
  const [enrolling, setEnrolling] = useState(false);
  const state = useQuery({
    queryKey: ['totp'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/auth/totp', { signal })),
  });
  if (state.data === undefined)
    return (
      <Loading>
        <Skeleton className="h-6 w-1/2" />
      </Loading>
    );
  if (enrolling)
    return (
      <EnrolSecondFactor
        onDone={() => {
          setEnrolling(false);
          void client.invalidateQueries({ queryKey: ['totp'] });
        }}
      />
    );
  const { enrolled, recovery_codes_left: left } = state.data;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="min-w-0 flex-1 text-soft">
        {enrolled
          ? `Aktif. Sisa kode pemulihan: ${String(left)}.`
          : 'Belum aktif. Kode dari ponsel melindungi akun Anda bila kata sandi bocor.'}
      </p>
      {!enrolled && <Button onClick={() => setEnrolling(true)}>Aktifkan</Button>}
    </div>
  );
}

export function ProfilePage() {
  const me = useMe();
  const client = useQueryClient();
  const factor = useQuery({
    queryKey: ['totp'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/auth/totp', { signal })),
  });
  const [sound, setSound] = useState(readLocal('sound') !== 'off');
  const [hold, setHold] = useState(holds);
  const mayReply = useMay('reply');
  const takesJobs = useMay('job_pool');
  const [formKey, setFormKey] = useState(0);
  return (
    <Page title={words.profile} narrow>
      <Card title="Akun">
        <div className="flex items-center gap-4">
          <Avatar name={me.name} size="lg" />
          <div className="min-w-0">
            <p className="truncate text-base font-semibold">{me.name}</p>
            <p className="truncate text-soft">{me.email}</p>
            <p className="mt-1 flex flex-wrap gap-1">
              <Badge tone="grey">{ROLE[me.role]}</Badge>
              <Badge tone="teal">{DIVISION[me.division]}</Badge>
              <Badge tone={me.status === 'online' ? 'green' : 'grey'}>
                {me.status === 'online' ? t.presence.online : t.presence.offline}
              </Badge>
            </p>
          </div>
        </div>
      </Card>
      <Card title="Suara dan pengiriman" hint="Berlaku di perangkat ini.">
        <Switch
          name="sound"
          label="Bunyi untuk notifikasi baru"
          hint="Pesan pelanggan dan catatan internal berbunyi berbeda."
          checked={sound}
          onChange={(on) => {
            setSound(on);
            writeLocal('sound', on ? null : 'off');
          }}
        />
        {mayReply && (
          <div className="mt-3">
            <Switch
              name="hold"
              label="Jeda 10 detik sebelum terkirim"
              hint="Balasan dan penutupan tiket dapat diurungkan, juga dengan tombol z."
              checked={hold}
              onChange={(on) => {
                setHold(on);
                switchHold(on);
              }}
            />
            <Link
              to="/admin/quick-replies"
              className="mt-2 inline-flex min-h-10 items-center font-medium text-accent-ink underline underline-offset-2 max-md:min-h-11"
            >
              Kelola balasan cepat
            </Link>
          </div>
        )}
      </Card>
      <Card title="Perangkat ini">
        <DeviceCard />
      </Card>
      <Card title="Notifikasi" hint="Bunyi di sini adalah bunyi push di perangkat Anda.">
        <PreferencesCard />
      </Card>
      {takesJobs && (
        <Card title="Telegram" hint="Tawaran pekerjaan datang dari bot staf, dengan tombol Ambil.">
          <TelegramCard />
        </Card>
      )}
      <Card title={words.password.title}>
        <PasswordForm
          key={formKey}
          withCode={factor.data?.enrolled ?? false}
          onDone={() => {
            setFormKey(formKey + 1);
            toast(words.password.done);
            void client.invalidateQueries({ queryKey: ['sessions'] });
          }}
        />
      </Card>
      <Card title="Verifikasi dua langkah">
        <SecondFactor />
      </Card>
      <Card title="Sesi aktif" hint="Akhiri yang tidak Anda kenal, lalu ganti kata sandi.">
        <Sessions />
      </Card>
    </Page>
  );
}
