/** A template, and the words one makes of it; placeholders are put in with a tap. */
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { SelectField, TextArea } from '../ui/field.tsx';
import type { Template, Wording } from './queries.ts';
import { VARIABLES } from './words.ts';

interface EditorProps {
  readonly wording: Wording;
  readonly templates: readonly Template[];
  /** There must be a template; else one's own words will do. */
  readonly needsTemplate?: boolean;
  readonly error?: string | undefined;
  readonly onChange: (wording: Wording) => void;
}

const MOST = 4096;

export function MessageEditor({ wording, templates, needsTemplate = false, error, onChange }: EditorProps) {
  const frame = useRef<HTMLDivElement>(null);
  const chosen = templates.find(({ id }) => id === wording.templateId);
  const choose = (id: string): void => {
    const next = templates.find((one) => one.id === id);
    // Words of one's own stay; the wording of another template is replaced.
    const isOwn = wording.message.trim() !== '' && wording.message !== chosen?.body;
    onChange({
      templateId: next?.id ?? null,
      message: next === undefined || isOwn ? wording.message : next.body,
    });
  };
  const insert = (name: string): void => {
    const area = frame.current?.querySelector('textarea');
    const [from, to] = [
      area?.selectionStart ?? wording.message.length,
      area?.selectionEnd ?? wording.message.length,
    ];
    onChange({
      ...wording,
      message: `${wording.message.slice(0, from)}{{${name}}}${wording.message.slice(to)}`,
    });
    area?.focus();
  };
  const isChanged = chosen !== undefined && wording.message !== chosen.body;
  return (
    <div ref={frame} className="flex flex-col gap-3">
      <SelectField
        label="Template"
        name="template_id"
        value={wording.templateId ?? ''}
        options={[
          { value: '', label: needsTemplate ? 'Pilih template' : 'Tanpa template' },
          ...templates.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={({ target }) => choose(target.value)}
      />
      <div>
        <TextArea
          label="Pesan"
          name="message"
          rows={5}
          maxLength={MOST}
          value={wording.message}
          error={error}
          onChange={({ target }) => onChange({ ...wording, message: target.value })}
        />
        <div className="mt-2 flex flex-wrap gap-1.5" role="group" aria-label="Sisipkan data pelanggan">
          {VARIABLES.map(({ name, label }) => (
            <button
              key={name}
              type="button"
              className="inline-flex h-7 items-center rounded-md border border-line bg-surface px-2 text-[12px] font-medium text-soft hover:bg-hover hover:text-ink max-md:h-10 max-md:px-3"
              onClick={() => insert(name)}
            >
              + {label}
            </button>
          ))}
        </div>
      </div>
      {isChanged && (
        <Button
          small
          look="quiet"
          className="self-start"
          onClick={() => onChange({ ...wording, message: chosen.body })}
        >
          Kembalikan teks template
        </Button>
      )}
    </div>
  );
}
