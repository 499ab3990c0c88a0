/**
 * Stops Postgres when the process that owns it is gone without having stopped it, as after a `kill -9`
 * (docs/design/architecture.md#embedded-postgres).
 */
import { spawn } from 'node:child_process';

/** A process that starts meanwhile joins the server and becomes its owner. */
const GRACE_SECONDS = 10;
/** A fast shutdown waits for what is being written; after this time it is asked to end at once. */
const FAST_SECONDS = 10;

/**
 * The end of standard input is the end of the owner: the kernel closes the pipe, however it ended. A line on it is the
 * word that all is well. Plain sh, because it costs a tenth of the memory of a second Node.
 */
const SCRIPT = `
folder=$1 owner_file=$2 mine=$3
read -r word && exit 0
taken() { owner=$(cat "$owner_file" 2>/dev/null); [ -n "$owner" ] && [ "$owner" != "$mine" ] && kill -0 "$owner" 2>/dev/null; }
running() {
  pid=$(head -n 1 "$folder/postmaster.pid" 2>/dev/null)
  [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || return 1
  [ ! -e /proc/self ] || [ "$(readlink "/proc/$pid/cwd")" = "$folder" ]
}
n=0
while [ $n -lt ${String(GRACE_SECONDS)} ]; do
  taken && exit 0
  running || exit 0
  sleep 1
  n=$((n + 1))
done
kill -INT "$pid"
n=0
while [ $n -lt ${String(FAST_SECONDS)} ]; do
  running || exit 0
  sleep 1
  n=$((n + 1))
done
taken || kill -QUIT "$pid"
`;

export interface Watchdog {
  /** This process has stopped Postgres itself, or another one owns it. */
  dismiss(): void;
}

/**
 * @param folder the cluster, as an absolute path
 * @param ownerFile holds the process id of the owner
 */
export function startWatchdog(folder: string, ownerFile: string): Watchdog {
  // A session of its own: a signal to our process group must not end it as well.
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'saga-watchdog', folder, ownerFile, String(process.pid)], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/bin:/bin:/usr/local/bin' },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // It guards only against the worst: without it Postgres is stopped by us, as always.
  child.on('error', () => undefined);
  child.stdin.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return {
    dismiss: () => {
      child.stdin.end('done\n');
    },
  };
}
