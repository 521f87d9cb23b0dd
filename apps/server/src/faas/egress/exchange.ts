import type { Socket } from 'node:net'
import { type Tunnel, TUNNEL } from '@parley/toolbelt/tunnels'
import type { Monotonic } from '#base/kernel'
import type { EgressLimits } from './ports.ts'

/**
 * Joins a tunnel and the host that it leads to. Each outgoing call on it may be answered with so many bytes, within so
 * much time, whatever it sends meanwhile. `hold` keeps what is sent from the host, until as many `letGo`.
 */
export function exchange(
  { monotonic, limits }: { monotonic: Monotonic; limits: EgressLimits },
  near: Tunnel,
  far: Socket,
): { begin(): void; hold(): void; letGo(): void } {
  const { outgoingBytes, outgoingMs } = limits
  let answered = 0
  let holds = 0
  let timer: Disposable | undefined

  function cut(reason: string): void {
    near.cut(TUNNEL.RESET, Buffer.from(reason))
    far.destroy()
  }

  function begin(): void {
    answered = 0
    timer?.[Symbol.dispose]()
    timer = monotonic.after(outgoingMs, () => cut(`The call took longer than ${outgoingMs} ms`))
  }

  far.on('data', (chunk: Buffer) => {
    answered += chunk.length
    if (answered > outgoingBytes) cut(`The answer is larger than ${outgoingBytes} bytes`)
  })
  far.on('error', (error) => cut(error.message))
  far.on('close', () => {
    // The last bytes may still be on their way to the function.
    if (near.writableEnded) near.resume()
    else cut('The other side has closed the connection')
  })
  near.on('close', () => {
    timer?.[Symbol.dispose]()
    far.destroy()
  })
  begin()
  near.send(TUNNEL.OPENED)
  near.pipe(far)
  far.pipe(near)
  return {
    begin,
    hold() {
      holds += 1
      near.unpipe(far)
    },
    letGo() {
      holds -= 1
      if (holds === 0) near.pipe(far)
    },
  }
}
