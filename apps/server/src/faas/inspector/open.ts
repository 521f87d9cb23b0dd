import { WebSocket } from 'ws'
import * as z from 'zod'
import type { Monotonic } from '#base/kernel'
import type { InspectedInstance, SandboxInspector } from '#faas/sandbox'

const LOOPBACK = '127.0.0.1'
const RETRY_MS = 50
const Targets = z.array(z.looseObject({ webSocketDebuggerUrl: z.string() })).min(1)
const Told = z.looseObject({ method: z.string().optional() })

/** Where a function is looked into. */
export interface InspectedFunction {
  /** The author's file, as a `file:` address: under it debuggers know the source. */
  sourceUrl: string
  /** Of the loopback. Debuggers of Node and Chromium attach there. */
  port: number
}

/** Lets debuggers into functions. Whoever may connect to the port may run code in the function's instance. */
export interface Inspector extends SandboxInspector {
  /** From its next deployment on, the function runs in an instance of its own with a debugger's port. */
  inspect(functionId: string, where: InspectedFunction): void
}

export function openInspector({ monotonic }: { monotonic: Monotonic }): Inspector {
  const inspected = new Map<string, InspectedFunction>()

  /** Stops the instance's time while it stands at a breakpoint: a client beside the debugger hears of it. */
  async function followPauses(
    port: number,
    instance: Parameters<InspectedInstance['started']>[0],
  ): Promise<void> {
    while (instance.isAlive) {
      const address = await debuggerAt(port)
      if (address !== undefined && instance.isAlive) await follow(address, instance)
      instance.release()
      await monotonic.sleep(RETRY_MS)
    }
  }

  return {
    inspect: (functionId, where) => void inspected.set(functionId, where),
    inspected({ functionId }) {
      const found = inspected.get(functionId)
      if (!found) return undefined
      return {
        args: [`--inspect=${LOOPBACK}:${found.port}`],
        sourceUrl: found.sourceUrl,
        started: (instance) => void followPauses(found.port, instance),
      }
    },
  }
}

/** The address of the debugger; `undefined` while nothing listens. */
async function debuggerAt(port: number): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://${LOOPBACK}:${port}/json/list`)
    return Targets.parse(await answer.json())[0]?.webSocketDebuggerUrl
  } catch {
    // It is starting, or has just ended: the caller asks again.
    return undefined
  }
}

/** Resolves when the connection has ended. */
function follow(address: string, instance: { hold(): void; release(): void }): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(address)
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, method: 'Debugger.enable' })))
    socket.on('message', (data: Buffer) => {
      const { method } = Told.parse(JSON.parse(data.toString()))
      if (method === 'Debugger.paused') instance.hold()
      if (method === 'Debugger.resumed') instance.release()
    })
    // `close` follows.
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
}
