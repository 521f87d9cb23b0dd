import { currentCall } from './calls.ts'
import type { Replay } from './replay.ts'
import { ReplaySocket } from './replay-socket.ts'

interface Current {
  replay: Replay
  bodyBytes: number
}

let current: Current | undefined
let isInstalled = false

/** The replay that connections belong to: an instance runs one at a time. */
export function setReplay(given: Current): void {
  current = given
}

/** The connection of an outgoing call in a replay; `undefined` when calls are let out. */
export function replayedConnection(
  scheme: 'http' | 'https',
  host: string,
  port: number,
): ReplaySocket | undefined {
  if (!current) return undefined
  const { bodyBytes, replay } = current
  const isDefault = port === (scheme === 'https' ? 443 : 80)
  const origin = `${scheme}://${host}${isDefault ? '' : `:${port}`}`
  // Code of a replay that has ended may still run: it gets none of the answers of the next one.
  const { answer } = currentCall()?.replay ?? replay
  return new ReplaySocket(origin, bodyBytes, answer)
}

/** What the runtime does by itself counts as work, or follows the time of the replay. To be called before code of the function runs. */
export function installReplays(): void {
  if (isInstalled) return
  isInstalled = true
  const subtle = Object.getPrototypeOf(globalThis.crypto.subtle) as Record<string, unknown>
  for (const name of Object.getOwnPropertyNames(subtle)) {
    const method = subtle[name]
    if (typeof method !== 'function' || name === 'constructor') continue
    const work = function (this: unknown, ...given: unknown[]): unknown {
      const done: unknown = Reflect.apply(method, this, given)
      const replay = currentCall()?.replay
      return replay && done instanceof Promise ? replay.busy(done) : done
    }
    Object.defineProperty(subtle, name, { value: work, writable: true, configurable: true })
  }
  const systemTimeout = AbortSignal.timeout.bind(AbortSignal)
  const timeout = (ms: number): AbortSignal => {
    if (!currentCall()?.replay) return systemTimeout(ms)
    const controller = new AbortController()
    setTimeout(() => {
      controller.abort(new DOMException('Signal timed out.', 'TimeoutError'))
    }, ms)
    return controller.signal
  }
  Object.defineProperty(AbortSignal, 'timeout', { value: timeout, configurable: true })
}
