import type { InvocationHead } from './head.ts'

/** A direct success of which only the head is kept. */
export type LightHead = Pick<
  InvocationHead,
  | 'accountId'
  | 'functionId'
  | 'recordId'
  | 'invocationId'
  | 'startedAt'
  | 'durationMs'
  | 'coldStart'
  | 'deploymentId'
  | 'version'
  | 'source'
  | 'skillId'
>

type Packed = [
  recordId: string,
  invocationId: string,
  startedAt: number,
  durationMs: number,
  coldStart: 0 | 1,
  deploymentId: string | null,
  version: number,
  source: string,
  skillId: string | null,
]

/** Short enough that reading one page of records unpacks little. */
const MAX_HEADS = 500

export interface Bundle {
  accountId: string
  functionId: string
  firstAt: Date
  lastAt: Date
  heads: string
}

/** One row per function and some hundred heads: a row per head would cost the database more than the invocation. */
export function pack(heads: readonly LightHead[]): Bundle[] {
  const byFunction = Map.groupBy(heads, ({ functionId }) => functionId)
  return [...byFunction.values()].flatMap((all) => {
    const bundles: Bundle[] = []
    for (let at = 0; at < all.length; at += MAX_HEADS) {
      bundles.push(packOne(all.slice(at, at + MAX_HEADS)))
    }
    return bundles
  })
}

function packOne(heads: readonly LightHead[]): Bundle {
  const [{ accountId, functionId } = { accountId: '', functionId: '' }] = heads
  let firstAt = Infinity
  let lastAt = -Infinity
  const packed = heads.map((head): Packed => {
    const startedAt = head.startedAt.getTime()
    firstAt = Math.min(firstAt, startedAt)
    lastAt = Math.max(lastAt, startedAt)
    return [
      head.recordId,
      head.invocationId,
      startedAt,
      head.durationMs,
      head.coldStart ? 1 : 0,
      head.deploymentId ?? null,
      head.version,
      head.source,
      head.skillId ?? null,
    ]
  })
  return {
    accountId,
    functionId,
    firstAt: new Date(firstAt),
    lastAt: new Date(lastAt),
    heads: JSON.stringify(packed),
  }
}

/** Newest first. */
export function unpack({ accountId, functionId, heads }: Bundle) {
  return (JSON.parse(heads) as Packed[]).toReversed().map((packed) => {
    const [recordId, invocationId, startedAt, durationMs, cold, deploymentId, version, ...rest] =
      packed
    const [source, skillId] = rest
    return {
      accountId,
      startedAt: new Date(startedAt),
      recordId,
      invocationId,
      functionId,
      deploymentId,
      version,
      eventId: null,
      skillId,
      conversationId: null,
      source,
      attempt: 1,
      durationMs,
      outcome: 'SUCCEEDED' as const,
      errorCode: null,
      errorMessage: null,
      stack: null,
      coldStart: cold === 1,
      commands: null,
      input: null,
      result: null,
      outgoing: null,
    }
  })
}
