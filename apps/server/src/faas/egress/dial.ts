import { connect, type Socket } from 'node:net'
import type { Monotonic } from '#base/kernel'
import type { Address } from './resolver.ts'

const DIAL_MS = 10_000
/** For one address, when there is another. */
const ATTEMPT_MS = 2_000

/** Connects to one of the addresses; `undefined` when none of them answers in time. Resolves no names. */
export function dial(
  monotonic: Monotonic,
  addresses: readonly Address[],
  port: number,
): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      // A name that is never looked up: the runtime tries the checked addresses one after the other.
      host: 'checked.invalid',
      port,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ATTEMPT_MS,
      lookup: (_name, _options, done) => done(null, [...addresses]),
    })
    const giveUp = monotonic.after(DIAL_MS, () => socket.destroy())
    socket.once('connect', () => {
      giveUp[Symbol.dispose]()
      resolve(socket)
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      giveUp[Symbol.dispose]()
      resolve(undefined)
    })
  })
}
