import { MessagesSquare } from 'lucide-react';
import { t } from '../../lib/id.ts';
import { Empty } from '../../ui/states.tsx';

export function ChooseTicket() {
  return (
    <Empty icon={<MessagesSquare className="size-6" />} title={t.inbox.choose} hint={t.inbox.chooseHint} />
  );
}
