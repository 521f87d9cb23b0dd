import { Worker } from 'node:worker_threads'

/** Looks that are taken together: a second's, on an ordinary machine. One that was interrupted says nothing of a second. */
const TOGETHER = 16

/** How much slower than an ordinary machine this one is, all the while: the anchor of every duration that may fail a run. */
export interface Slowness extends AsyncDisposable {
  /** Of the slowest second since then, by `performance.now()`; at least 1. */
  since(at: number): number
}

export function watchSlowness(): Slowness {
  const worker = new Worker(new URL('slowness-worker.mjs', import.meta.url))
  const looks: { at: number; slowness: number }[] = []
  worker.on('message', (slowness: number) => looks.push({ at: performance.now(), slowness }))
  return {
    since(from) {
      const own = looks.filter(({ at }) => at >= from).map(({ slowness }) => slowness)
      let worst = 1
      for (let first = 0; first < own.length; first++) {
        const some = own.slice(Math.max(0, first - TOGETHER + 1), first + 1)
        if (some.length === Math.min(TOGETHER, own.length)) {
          worst = Math.max(worst, some.reduce((sum, one) => sum + one, 0) / some.length)
        }
      }
      return worst
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate()
    },
  }
}
