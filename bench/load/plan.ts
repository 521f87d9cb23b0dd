import { fork } from 'node:child_process'
import { join } from 'node:path'

export interface LoadPlan {
  /** One, or several that are asked in turn. */
  url: string | string[]
  headers: Record<string, string>
  /** JSON with `{{nonce}}` where each request puts its own. */
  body: string
  /** Of every answer; without it each must be 2xx, with the nonce. */
  status?: number | undefined
  connections: number
  seconds: number
}

export interface LoadResult {
  requests: number
  perSecond: number
  p50Ms: number
  p99Ms: number
}

/** Runs the load in a process of its own, so that measuring costs the measured process nothing. */
export async function applyLoad(plan: LoadPlan): Promise<LoadResult> {
  const client = fork(join(import.meta.dirname, 'client.ts'))
  const answer = new Promise<{ result?: LoadResult; error?: string }>((resolve, reject) => {
    client.once('message', resolve)
    client.once('exit', (code) => reject(new Error(`The load client ended with ${code}`)))
  })
  client.send(plan)
  const { result, error } = await answer
  if (!result) throw new Error(error ?? 'The load client gave no result')
  return result
}
