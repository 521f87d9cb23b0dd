import { newId } from '@parley/client/socket'
import { keyOf, type Place } from './identity.ts'
import { storage } from '../storage.ts'

/** Where a conversation comes from, in the words of the protocol (`SharkContext`). */
export interface Visit {
  /** Of this browser, for good. */
  visitorId: string
  /** Of this visit. */
  sessionId: string
  /** Which page of the visit this is, from 1. */
  interactionContextId: string
}

interface KeptVisit {
  sessionId: string
  pages: number
  lastAt: number
}

/** A visit has ended when no page was opened for so long. */
const VISIT_ENDS_AFTER_MS = 30 * 60_000

/** The visit that this page belongs to; counts the page. */
export function enterVisit(place: Place, now = Date.now()): Visit {
  const visitorKey = keyOf(place, 'visitor')
  const visitorId = storage.read(visitorKey) ?? newId()
  storage.keep(visitorKey, visitorId)

  const visitKey = keyOf(place, 'visit')
  const former = parse(storage.read(visitKey))
  const isRunning = former !== undefined && now - former.lastAt < VISIT_ENDS_AFTER_MS
  const { sessionId, pages } = isRunning ? former : { sessionId: newId(), pages: 0 }
  storage.keep(visitKey, JSON.stringify({ sessionId, pages: pages + 1, lastAt: now }))
  return { visitorId, sessionId, interactionContextId: String(pages + 1) }
}

/** Other scripts of the embedding page write into the same storage. */
function parse(text: string | undefined): KeptVisit | undefined {
  try {
    const { sessionId, pages, lastAt } = JSON.parse(text ?? '') as Partial<KeptVisit>
    if (typeof sessionId !== 'string' || typeof pages !== 'number') return undefined
    return typeof lastAt === 'number' ? { sessionId, pages, lastAt } : undefined
  } catch {
    return undefined
  }
}
