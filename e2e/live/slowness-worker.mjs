// Looks how long a small piece of work takes on this machine, again and again: in a thread of its own, so that nobody waits for it.
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'

const TEXT = JSON.stringify(Array.from({ length: 1000 }, (_, at) => ({ at, name: `name ${at}` })))
/** What an ordinary machine, which has nothing else to do, takes for a look. */
const ORDINARY_MS = 3
const READS = 20
const PAUSE_MS = 60

for (;;) {
  const startedAt = performance.now()
  for (let read = 0; read < READS; read++) JSON.parse(TEXT)
  parentPort?.postMessage((performance.now() - startedAt) / ORDINARY_MS)
  await sleep(PAUSE_MS)
}
