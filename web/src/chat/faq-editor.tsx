/** The whole content of a bot, changed here and published at once. */
import { Pencil, Plus } from 'lucide-react';
import { useState } from 'react';
import { without } from '../lib/collections.ts';
import { api, dataOf, type Division } from '../lib/api.ts';
import { DIVISION, t } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { inputClass, TextArea, TextField } from '../ui/field.tsx';
import { Card, fieldErrors, useAdminCommand } from '../ui/parts.tsx';
import { IntentDialog } from './intent-dialog.tsx';
import { faqKey, type FaqContent } from './queries.ts';
import { TryCard } from './try-card.tsx';
import { UnansweredCard } from './unanswered-card.tsx';

const MOST_SUGGESTIONS = 8;

export function FaqEditor({ division, now }: { readonly division: Division; readonly now: FaqContent }) {
  const me = useMe();
  const [content, setContent] = useState(now);
  const [search, setSearch] = useState('');
  const [trying, setTrying] = useState('');
  /** A key; `''`: a new one. */
  const [editing, edit] = useState<string | null>(null);
  const publish = useAdminCommand(
    (body: FaqContent) =>
      dataOf(api.PUT('/api/admin/faq/{div}', { params: { path: { div: division } }, body })),
    {
      done: ({ version }) => `Versi ${String(version)} diterbitkan untuk ${DIVISION[division]}.`,
      changes: [faqKey(division)],
    },
  );
  const dirty = JSON.stringify(content) !== JSON.stringify(now);
  const problems = Object.entries(fieldErrors(publish.error));
  const shown = Object.entries(content.intents).filter(([key, { title }]) =>
    `${key} ${title}`.toLowerCase().includes(search.toLowerCase()),
  );
  const put = (key: string, intent: FaqContent['intents'][string]): void =>
    setContent({ ...content, intents: { ...content.intents, [key]: intent } });

  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)]">
      <div className="flex flex-col gap-4">
        <Card title="Pembuka" hint="Yang dibaca pengunjung sebelum bertanya.">
          <div className="flex flex-col gap-4">
            <TextField
              label="Nama asisten"
              name="name"
              maxLength={80}
              value={content.name}
              onChange={({ target }) => setContent({ ...content, name: target.value })}
            />
            <TextArea
              label="Salam"
              name="greeting"
              maxLength={500}
              value={content.greeting}
              onChange={({ target }) => setContent({ ...content, greeting: target.value })}
            />
            <TextArea
              label="Catatan di jawaban pertama"
              name="disclaimer"
              rows={2}
              maxLength={300}
              value={content.disclaimer}
              onChange={({ target }) => setContent({ ...content, disclaimer: target.value })}
            />
          </div>
        </Card>
        <Card
          title={`Topik (${String(Object.keys(content.intents).length)})`}
          hint={`Yang dicentang ditawarkan di awal, paling banyak ${String(MOST_SUGGESTIONS)}.`}
          action={
            <Button small icon={<Plus className="size-4" aria-hidden="true" />} onClick={() => edit('')}>
              Topik
            </Button>
          }
        >
          <input
            type="search"
            aria-label="Cari topik"
            placeholder="Cari topik"
            className={inputClass}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <ul className="mt-2 divide-y divide-line">
            {shown.map(([key, { title, examples }]) => {
              const offered = content.suggestions.includes(key);
              return (
                <li key={key} className="flex items-center gap-3 py-2">
                  <input
                    type="checkbox"
                    className="size-5 shrink-0 accent-accent"
                    aria-label={`Tawarkan ${title}`}
                    checked={offered}
                    disabled={!offered && content.suggestions.length >= MOST_SUGGESTIONS}
                    onChange={() =>
                      setContent({
                        ...content,
                        suggestions: offered
                          ? content.suggestions.filter((one) => one !== key)
                          : [...content.suggestions, key],
                      })
                    }
                  />
                  <div className="min-w-0 flex-1">
                    <p className="truncate font-medium">{title}</p>
                    <p className="truncate text-[13px] text-faint">
                      {key} · {examples.length} contoh
                    </p>
                  </div>
                  <IconButton label={`Ubah ${title}`} onClick={() => edit(key)}>
                    <Pencil className="size-4" aria-hidden="true" />
                  </IconButton>
                </li>
              );
            })}
          </ul>
        </Card>
        {problems.length > 0 && (
          <ul role="alert" className="font-medium text-danger">
            {problems.map(([path, message]) => (
              <li key={path}>
                {path}: {message}
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            className="max-md:flex-1"
            disabled={!dirty}
            busy={publish.isPending}
            onClick={() => publish.mutate(content)}
          >
            Terbitkan
          </Button>
          {dirty && <Button onClick={() => setContent(now)}>{t.cancel}</Button>}
        </div>
      </div>
      <div className="flex flex-col gap-4 lg:sticky lg:top-0">
        <TryCard
          division={division}
          content={content}
          text={trying}
          setText={setTrying}
          addExample={(key, example) => {
            const intent = content.intents[key];
            if (intent && example !== '' && !intent.examples.includes(example))
              put(key, { ...intent, examples: [...intent.examples, example] });
          }}
        />
        {me.privileges.includes('analytics_division') && (
          <UnansweredCard division={division} onTry={setTrying} />
        )}
      </div>
      {editing !== null && (
        <IntentDialog
          name={editing === '' ? null : editing}
          intent={content.intents[editing]}
          taken={Object.keys(content.intents)}
          onSave={(key, intent) => {
            put(key, intent);
            edit(null);
          }}
          onRemove={() => {
            setContent({
              ...content,
              intents: without(content.intents, editing),
              suggestions: content.suggestions.filter((one) => one !== editing),
            });
            edit(null);
          }}
          onClose={() => edit(null)}
        />
      )}
    </div>
  );
}
