/** One topic of the bot: how people ask for it, and what is answered. */
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import type { Submitted } from '../ui/form.ts';
import { without } from '../lib/collections.ts';
import { t } from '../lib/id.ts';
import type { FaqIntent } from './queries.ts';

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** `BIAYA_KIRIM`, of whatever was typed. */
const keyOf = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^[_0-9]+/, '');

const EMPTY: FaqIntent = {
  title: '',
  examples: [],
  answer: '',
  benefits: [],
  cta_primary: '',
  cta_secondary: '',
};

export function IntentDialog({
  name,
  intent = EMPTY,
  taken,
  onSave,
  onRemove,
  onClose,
}: {
  /** Its key; null: it is a new one. */
  readonly name: string | null;
  readonly intent?: FaqIntent | undefined;
  /** Keys of others. */
  readonly taken: readonly string[];
  readonly onSave: (name: string, intent: FaqIntent) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}) {
  const [key, setKey] = useState(name ?? '');
  const [title, setTitle] = useState(intent.title);
  const [examples, setExamples] = useState(intent.examples.join('\n'));
  const [answer, setAnswer] = useState(intent.answer);
  const [benefits, setBenefits] = useState(intent.benefits.join('\n'));
  const [primary, setPrimary] = useState(intent.cta_primary);
  const [secondary, setSecondary] = useState(intent.cta_secondary);
  const [checklist, setChecklist] = useState((intent.checklist ?? []).join('\n'));
  const exists = name === null && taken.includes(key);

  const save = (event: Submitted): void => {
    event.preventDefault();
    if (exists) return;
    const rest = without(intent, 'checklist');
    const lines = linesOf(checklist);
    onSave(key, {
      ...rest,
      ...{
        title: title.trim(),
        examples: linesOf(examples),
        answer: answer.trim(),
        benefits: linesOf(benefits),
      },
      ...{ cta_primary: primary.trim(), cta_secondary: secondary.trim() },
      ...(lines.length > 0 && { checklist: lines }),
    });
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={name === null ? 'Topik baru' : intent.title}
      hint="Perubahan berlaku setelah diterbitkan."
      foot={
        <>
          {name !== null && (
            <Button look="danger" onClick={onRemove}>
              Hapus topik
            </Button>
          )}
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button look="primary" type="submit" form="intent">
            {t.save}
          </Button>
        </>
      }
    >
      <form id="intent" className="flex flex-col gap-4" onSubmit={save}>
        <TextField
          label="Judul"
          name="title"
          required
          maxLength={120}
          value={title}
          onChange={({ target }) => setTitle(target.value)}
        />
        {name === null && (
          <TextField
            label="Kode"
            name="key"
            required
            pattern="[A-Z][A-Z0-9_]{1,59}"
            hint="Huruf besar, angka, dan garis bawah, misalnya BIAYA_KIRIM. Tidak bisa diganti nanti."
            error={exists ? 'Kode ini sudah dipakai.' : undefined}
            value={key}
            onChange={({ target }) => setKey(keyOf(target.value))}
          />
        )}
        <TextArea
          label="Contoh pertanyaan"
          name="examples"
          required
          rows={5}
          hint="Satu per baris, paling sedikit tiga. Dari sini bot belajar; tulis seperti pelanggan menulis."
          value={examples}
          onChange={({ target }) => setExamples(target.value)}
        />
        <TextArea
          label="Jawaban"
          name="answer"
          required
          rows={5}
          maxLength={2_000}
          value={answer}
          onChange={({ target }) => setAnswer(target.value)}
        />
        <TextArea
          label="Keunggulan"
          name="benefits"
          required
          rows={4}
          hint="Tiga sampai lima, satu per baris. Tampil di bawah jawaban."
          value={benefits}
          onChange={({ target }) => setBenefits(target.value)}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label="Tombol utama"
            name="primary"
            required
            maxLength={120}
            value={primary}
            onChange={({ target }) => setPrimary(target.value)}
          />
          <TextField
            label="Tombol kedua"
            name="secondary"
            required
            maxLength={120}
            value={secondary}
            onChange={({ target }) => setSecondary(target.value)}
          />
        </div>
        <TextArea
          label="Daftar yang disiapkan (boleh kosong)"
          name="checklist"
          rows={3}
          hint="Satu per baris; pelanggan bisa mengunduhnya sebagai PDF."
          value={checklist}
          onChange={({ target }) => setChecklist(target.value)}
        />
      </form>
    </Dialog>
  );
}
