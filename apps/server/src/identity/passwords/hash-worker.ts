import { argon2Sync } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { HashOrder } from './hash-thread.ts'

/** Runs in a thread of its own: one hash after the other. */
parentPort?.on('message', ({ password, nonce, cost }: HashOrder) => {
  parentPort?.postMessage(argon2Sync('argon2id', { message: password, nonce, ...cost }))
})
