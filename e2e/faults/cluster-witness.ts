import { randomInt } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import type { Kill } from './cluster-nodes.ts'
import { PATIENT_SERVER } from '../../apps/server/testing/patience.ts'

const HOLD_MS = [100, 600] as const

const Report = z.object({ requestId: z.string(), conversationId: z.string(), event: z.string() })

/** One run of a function, seen from outside. */
export interface Run extends z.infer<typeof Report> {
  startedAt: number
  /** Set when it ended before it was answered. */
  brokenOffAt?: number
}

/** The runs of a conversation as of now: ask after what they are held against was read, as events run a moment after it. */
export function runsOf(runs: readonly Run[], conversationId: string): Run[] {
  return runs.filter((run) => run.conversationId === conversationId)
}

/** Another system that functions call: it answers late, and notices when they are interrupted before that. */
export interface Witness extends AsyncDisposable {
  readonly address: string
  readonly runs: readonly Run[]
}

export async function openWitness(): Promise<Witness> {
  const runs: Run[] = []
  const server = createServer(PATIENT_SERVER, (request, response) => {
    read(request).then(
      (report) => {
        const run: Run = { ...report, startedAt: performance.now() }
        runs.push(run)
        const answering = setTimeout(() => response.writeHead(204).end(), randomInt(...HOLD_MS))
        response.on('close', () => {
          clearTimeout(answering)
          if (!response.writableEnded) run.brokenOffAt = performance.now()
        })
      },
      () => response.writeHead(400).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${port}`,
    runs,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function read(request: IncomingMessage): Promise<z.infer<typeof Report>> {
  return Report.parse(JSON.parse(await text(request)))
}

/** A function that reports its run to the witness, waits for the answer, and then returns `result`, an expression. */
export function witnessedFunction({ address }: Witness, report: string, result: string): string {
  return `async function lambda(input, callback) {
  const requestId = input.headers.find(({ key }) => key === 'X-Request-ID').value
  const { conversationId, event } = ${report}
  const body = JSON.stringify({ requestId, conversationId, event })
  await fetch('http://${address}/', { method: 'POST', body })
  callback(null, ${result})
}`
}

/** Kills that interrupted a function which then ran again, with the same request id: a run that ends unanswered is of the kill before. */
export function interruptingKills(runs: readonly Run[], kills: readonly Kill[]): Kill[] {
  const lastStart = new Map(runs.map(({ requestId, startedAt }) => [requestId, startedAt]))
  const ends = runs.flatMap(({ requestId, startedAt, brokenOffAt }) =>
    brokenOffAt !== undefined && (lastStart.get(requestId) ?? 0) > startedAt ? [brokenOffAt] : [],
  )
  const inTurn = kills.toSorted((one, other) => one.at - other.at)
  return inTurn.filter(({ at }, nth) => {
    const next = inTurn[nth + 1]?.at ?? Infinity
    return ends.some((end) => end >= at && end < next)
  })
}
