import { Inbox } from 'lucide-react';
import { Empty } from '../../ui/states.tsx';
import { EMPTY } from './words.ts';

/** Instead of a list: why there is nothing in it. */
export function NoTickets({ why }: { readonly why: keyof typeof EMPTY }) {
  const [title, hint] = EMPTY[why];
  return <Empty icon={<Inbox className="size-6" />} title={title} hint={hint} />;
}
