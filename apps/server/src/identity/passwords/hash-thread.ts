import { Worker } from 'node:worker_threads'
import type { Monotonic } from '#base/kernel'

export interface HashCost {
  /** KiB. */
  memory: number
  passes: number
  parallelism: number
  tagLength: number
}

export interface HashOrder {
  password: string
  nonce: Uint8Array
  cost: HashCost
}

const IDLE_MS = 60_000

/**
 * One thread that hashes passwords, apart from the pool that files, DNS and other cryptography share. It is started by the
 * first hash and ends after a minute without one. Call it again only when the last hash is done.
 */
export interface HashThread extends AsyncDisposable {
  derive(order: HashOrder): Promise<Uint8Array>
}

export function hashThread({ monotonic }: { monotonic: Monotonic }): HashThread {
  let worker: Worker | undefined
  let idle: Disposable | undefined

  async function end(): Promise<void> {
    idle?.[Symbol.dispose]()
    const ended = worker
    worker = undefined
    await ended?.terminate()
  }

  return {
    derive(order) {
      idle?.[Symbol.dispose]()
      const thread = (worker ??= new Worker(new URL('hash-worker.ts', import.meta.url), {
        // Nothing of the server's environment and arguments.
        env: {},
        execArgv: [],
      }))
      thread.ref()
      return new Promise((resolve, reject) => {
        function settle(isAlive: boolean): void {
          thread.off('message', onKey).off('error', onError).off('exit', onExit)
          if (isAlive) {
            thread.unref()
            idle = monotonic.after(IDLE_MS, () => void end())
          } else if (worker === thread) worker = undefined
        }
        function onKey(key: Uint8Array): void {
          settle(true)
          resolve(key)
        }
        function onError(error: Error): void {
          settle(false)
          reject(error)
        }
        const onExit = () => onError(new Error('The thread for passwords has ended'))
        thread.once('message', onKey).once('error', onError).once('exit', onExit)
        thread.postMessage(order)
      })
    },
    [Symbol.asyncDispose]: end,
  }
}
