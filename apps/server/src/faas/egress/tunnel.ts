import type { Duplex } from 'node:stream'
import type { Monotonic } from '#base/kernel'
import type { EgressLimits } from './ports.ts'

/**
 * Joins the two ends of a tunnel. Each time the function sends, the far end may answer with so many bytes, within so
 * much time.
 */
export function join(
  { monotonic, limits }: { monotonic: Monotonic; limits: EgressLimits },
  client: Duplex,
  far: Duplex,
  head: Buffer,
): void {
  let answered = 0
  let timer: Disposable | undefined
  const close = () => {
    timer?.[Symbol.dispose]()
    client.destroy()
    far.destroy()
  }
  const expectAnswer = () => {
    answered = 0
    timer?.[Symbol.dispose]()
    timer = monotonic.after(limits.outgoingMs, close)
  }
  client.on('data', expectAnswer)
  far.on('data', (chunk: Buffer) => {
    answered += chunk.length
    if (answered > limits.outgoingBytes) close()
  })
  client.on('close', close)
  far.on('close', close)
  far.on('error', close)
  expectAnswer()
  if (head.length > 0) far.write(head)
  client.pipe(far)
  far.pipe(client)
}
