/** Every talk of one customer, as one. */
import { MessageSquare } from 'lucide-react';
import { useMemo } from 'react';
import { Bubble } from '../conversation/bubble.tsx';
import { Bars, Lines } from '../conversation/customer-talk.tsx';
import { Scroller } from '../conversation/scroller.tsx';
import { inOrder } from '../conversation/talk-queries.ts';
import { Empty, Failed } from '../ui/states.tsx';
import { useThread } from './queries.ts';

export function CustomerThread({ customerId }: { readonly customerId: string }) {
  const thread = useThread(customerId, true);
  const messages = useMemo(() => inOrder(thread.data), [thread.data]);
  return (
    <section aria-labelledby="thread" className="rounded-2xl border border-line bg-surface">
      <h2 id="thread" className="border-b border-line px-4 py-3 text-[15px] font-semibold md:px-5">
        Semua percakapan
      </h2>
      <div className="flex h-[min(38rem,70dvh)] flex-col bg-canvas">
        {thread.isPending ? (
          <Bars />
        ) : thread.isError && messages.length === 0 ? (
          <Failed error={thread.error} retry={() => void thread.refetch()} />
        ) : messages.length === 0 ? (
          <Empty icon={<MessageSquare className="size-6" />} title="Belum ada pesan" />
        ) : (
          <Scroller
            label="Semua percakapan pelanggan ini"
            hasOlder={thread.hasNextPage}
            loadingOlder={thread.isFetchingNextPage}
            onOlder={() => void thread.fetchNextPage()}
            ownCount={0}
          >
            <ol>
              <Lines messages={messages}>
                {(message, follows) => <Bubble message={message} follows={follows} />}
              </Lines>
            </ol>
          </Scroller>
        )}
      </div>
    </section>
  );
}
