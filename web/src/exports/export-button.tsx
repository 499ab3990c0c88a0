/** Takes the rows of a list away as a workbook, for who may (docs/design/api.md#exports). */
import { Download } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { monthDays } from '../analytics/periods.ts';
import type { Division } from '../lib/api.ts';
import { useMay } from '../lib/me.ts';
import { Button } from '../ui/button.tsx';
import type { ExportWish } from './export-queries.ts';

const ExportDialog = lazy(async () => ({
  default: (await import('./export-dialog.tsx')).ExportDialog,
}));

interface ExportButtonProps {
  readonly type: ExportWish['type'];
  readonly division: Division | undefined;
  /** A day of the month that is offered, `YYYY-MM-DD`. */
  readonly day: string;
}

export function ExportButton({ type, division, day }: ExportButtonProps) {
  const [isOpen, setOpen] = useState(false);
  if (!useMay('export')) return null;
  return (
    <>
      <Button icon={<Download className="size-4" aria-hidden="true" />} onClick={() => setOpen(true)}>
        Ekspor
      </Button>
      <Suspense>
        {isOpen && (
          <ExportDialog
            types={[type]}
            division={division ?? 'all'}
            days={monthDays(day.slice(0, 7))}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}
