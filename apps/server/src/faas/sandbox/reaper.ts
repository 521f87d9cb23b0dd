import { spawn } from 'node:child_process'

/** A process that kills the watched processes when this server dies, whatever the cause. */
export interface Reaper extends Disposable {
  watch(pid: number): void
  forget(pid: number): void
}

/** Keeps a list of process ids until its input ends. The input ends when the server ends. */
const SCRIPT = `pids=' '
while read -r op pid; do
  case $op in
    +) pids="$pids$pid " ;;
    -) pids="\${pids%% $pid *} \${pids#* $pid }" ;;
  esac
done
kill -9 $pids 2>/dev/null`

export function openReaper(): Reaper {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    env: {},
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.stdin.on('error', () => undefined)
  child.unref()
  return {
    watch: (pid) => void child.stdin.write(`+ ${pid}\n`),
    forget: (pid) => void child.stdin.write(`- ${pid}\n`),
    [Symbol.dispose]: () => void child.stdin.end(),
  }
}
