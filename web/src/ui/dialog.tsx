import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../lib/id.ts';
import { cx } from './classes.ts';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly hint?: string | undefined;
  readonly children?: ReactNode;
  /** The buttons. */
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  /** From below on a phone, from the side on a desktop: for what one reads along. */
  readonly sheet?: boolean;
}

/** In the middle on a desktop, from below on a phone. The focus goes back to who opened it. */
export function Dialog({
  open,
  onClose,
  title,
  hint,
  children,
  foot,
  wide = false,
  sheet = false,
}: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          className={cx(
            'fixed z-40 flex flex-col overflow-hidden bg-raised text-ink shadow-pop transition-all duration-150 outline-none data-ending-style:opacity-0 data-starting-style:opacity-0',
            'max-md:inset-x-0 max-md:bottom-0 max-md:max-h-[92dvh] max-md:rounded-t-2xl max-md:pb-[env(safe-area-inset-bottom)] max-md:data-starting-style:translate-y-6',
            sheet
              ? 'md:inset-y-3 md:right-3 md:w-[400px] md:rounded-2xl md:data-starting-style:translate-x-4'
              : cx(
                  'md:top-1/2 md:left-1/2 md:max-h-[86dvh] md:w-full md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-2xl',
                  wide ? 'md:max-w-2xl' : 'md:max-w-md',
                ),
          )}
        >
          <div className="flex items-start gap-3 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1 pt-1.5">
              <Base.Title className="text-base font-semibold">{title}</Base.Title>
              {hint !== undefined && (
                <Base.Description className="mt-1 text-pretty text-soft">{hint}</Base.Description>
              )}
            </div>
            <Base.Close
              aria-label={t.close}
              className="-mr-2 flex size-9 shrink-0 items-center justify-center rounded-lg text-soft hover:bg-hover hover:text-ink max-md:size-11"
            >
              <X className="size-[18px]" aria-hidden="true" />
            </Base.Close>
          </div>
          {children !== undefined && (
            <div className="min-h-0 flex-1 overflow-y-auto px-5 pb-5">{children}</div>
          )}
          {foot !== undefined && (
            <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3 max-md:*:flex-1">
              {foot}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
