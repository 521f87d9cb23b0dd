import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What lives of the heap of this process, in bytes. */
export function liveBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
