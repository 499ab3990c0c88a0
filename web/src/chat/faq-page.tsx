/** What the bot of the web chat says (docs/design/chat.md#versions). */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, dataOf, type Division } from '../lib/api.ts';
import { DIVISION } from '../lib/id.ts';
import { useMe } from '../lib/me.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { Choice, inputClass } from '../ui/field.tsx';
import { Page } from '../ui/page.tsx';
import { Answer, Guarded, useAdminCommand } from '../ui/parts.tsx';
import { FaqEditor } from './faq-editor.tsx';
import { faqKey, useFaq } from './queries.ts';

const TITLE = 'FAQ chatbot';
const DIVISIONS = (['sari', 'savi', 'safia'] as const).map((value) => ({ value, label: DIVISION[value] }));

/** Which version counts, and back to an earlier one. */
function Versions({
  division,
  version,
  versions,
}: {
  readonly division: Division;
  readonly version: number;
  readonly versions: readonly number[];
}) {
  const [to, setTo] = useState('');
  const back = useAdminCommand(
    (earlier: number) =>
      dataOf(
        api.POST('/api/admin/faq/{div}/rollback', {
          params: { path: { div: division } },
          body: { version: earlier },
        }),
      ),
    {
      done: ({ version: next }) => `Kembali, sebagai versi ${String(next)}.`,
      changes: [faqKey(division)],
    },
  );
  const earlier = versions.filter((one) => one !== version);
  return (
    <div className="flex flex-wrap items-center gap-2">
      <p className="flex-1 text-soft">
        Yang berlaku: <b className="text-ink">{version === 0 ? 'isi bawaan' : `versi ${String(version)}`}</b>
      </p>
      {earlier.length > 0 && (
        <>
          <select
            aria-label="Versi sebelumnya"
            className={`${inputClass} chevron w-44! appearance-none pr-9`}
            value={to}
            onChange={(event) => setTo(event.target.value)}
          >
            <option value="">Versi sebelumnya…</option>
            {earlier.toReversed().map((one) => (
              <option key={one} value={one}>
                {one === 0 ? 'Isi bawaan' : `Versi ${String(one)}`}
              </option>
            ))}
          </select>
          <Button disabled={to === ''} busy={back.isPending} onClick={() => back.mutate(Number(to))}>
            Kembalikan
          </Button>
        </>
      )}
    </div>
  );
}

function Faq() {
  const me = useMe();
  const options =
    me.role === 'super_admin' || me.division === 'all'
      ? DIVISIONS
      : DIVISIONS.filter(({ value }) => value === me.division);
  const [division, setDivision] = useState<Division>(options[0]?.value ?? 'sari');
  const query = useFaq(division);
  return (
    <>
      {options.length > 1 && (
        <Choice label="Divisi" name="division" value={division} options={options} onChange={setDivision} />
      )}
      <Answer query={query}>
        {({ version, versions, faq }) => (
          <>
            <Versions key={`${division} ${String(version)}`} {...{ division, version, versions }} />
            <FaqEditor key={`${division} ${String(version)} editor`} division={division} now={faq} />
          </>
        )}
      </Answer>
    </>
  );
}

export function FaqPage() {
  const { privileges } = useMe();
  return (
    <Guarded title={TITLE} needs={['manage_faq']}>
      <Page
        title={TITLE}
        actions={
          privileges.includes('analytics_division') && (
            <Link to="/analytics/chatbot" className={buttonClass()}>
              Angka chatbot
            </Link>
          )
        }
      >
        <Faq />
      </Page>
    </Guarded>
  );
}
