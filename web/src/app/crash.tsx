import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { t } from '../lib/id.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty, Failed } from '../ui/states.tsx';

/** A screen that broke; the others still work. After an update the old parts of the app are gone: then loading again helps. */
export function Crash({ error }: { readonly error: unknown }) {
  return (
    <Failed
      error={error}
      retry={() => {
        location.reload();
      }}
    />
  );
}

export function NotFound() {
  return (
    <Empty
      icon={<Compass className="size-6" />}
      title="Halaman tidak ditemukan"
      hint="Alamat ini tidak ada di dasbor."
    >
      <Link to="/" className={buttonClass('plain')}>
        {t.errors.home}
      </Link>
    </Empty>
  );
}
