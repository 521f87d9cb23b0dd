import { expect } from 'vitest'
import * as z from 'zod'
import { eventually } from '../../../../e2e/live/eventually.ts'

interface Told {
  id?: number
  method?: string
  params?: unknown
  result?: unknown
}
export const Paused = z.looseObject({
  callFrames: z.tuple([z.looseObject({ callFrameId: z.string() })]).rest(z.unknown()),
})

/** A time limit, in ms, that no call comes near which took `durationMs` just before, on a slow and busy machine too. */
export function limitFor(durationMs: number): number {
  return Math.min(30_000, Math.round(4_000 + 200 * durationMs))
}

/** A client of Node's inspector protocol, as an IDE is one. */
export async function attachDebugger(port: number) {
  const [target] = await eventually('The debugger', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`)
    return (await answer.json()) as [{ webSocketDebuggerUrl: string }]
  })
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  const heard: Told[] = []
  socket.addEventListener('message', ({ data }) => void heard.push(JSON.parse(String(data))))
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  let last = 0
  const ask = async (method: string, params: object = {}) => {
    const id = ++last
    socket.send(JSON.stringify({ id, method, params }))
    await expect.poll(() => heard.some((told) => told.id === id)).toBe(true)
    return heard.find((told) => told.id === id)?.result
  }
  const told = async (method: string) => {
    await expect.poll(() => heard.some((one) => one.method === method)).toBe(true)
    return heard.find((one) => one.method === method)?.params
  }
  return { ask, told, [Symbol.dispose]: () => socket.close() }
}
