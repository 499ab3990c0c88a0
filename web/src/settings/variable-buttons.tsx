import type { RefObject } from 'react';

interface VariableButtonsProps {
  readonly names: readonly { readonly name: string; readonly label: string }[];
  /** Around the box that the text is in. */
  readonly area: RefObject<HTMLElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Puts a placeholder where the cursor is. */
export function VariableButtons({ names, area, text, onChange }: VariableButtonsProps) {
  const insert = (name: string): void => {
    const box = area.current?.querySelector('textarea');
    const at = box?.selectionStart ?? text.length;
    const piece = `{{${name}}}`;
    onChange(text.slice(0, at) + piece + text.slice(box?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(at + piece.length, at + piece.length);
    });
  };
  return (
    <div className="-mt-2 flex flex-wrap items-center gap-2">
      <span className="text-[13px] text-faint">Sisipkan:</span>
      {names.map(({ name, label }) => (
        <button
          key={name}
          type="button"
          onClick={() => insert(name)}
          className="h-8 rounded-full border border-line px-3 text-[13px] font-medium text-soft hover:bg-hover hover:text-ink max-md:h-11"
        >
          {label}
        </button>
      ))}
    </div>
  );
}
