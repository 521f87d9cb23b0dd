import type { Update, UpdateTopic } from '@parley/contract'
import { PassingMap } from '#base/kernel'
import { declareBound, openPlaces } from '#base/bounds'

const WAITING = declareBound({
  kind: 'places',
  holds: 'changes that a stream of updates has not sent yet',
  limit: 1000,
  per: 'stream',
  beyond: 'the stream says instead that anything of their topics may have changed',
})

/** An update without its instant. */
export type Changed = Omit<Update, 'at'>

interface Waiting {
  changed: Changed
  /** When it was first known, in domain time. */
  at: number
  place: Disposable
}

/** What a reader was not told yet: one for each thing, however often it has changed. */
export interface WaitingUpdates {
  add(changed: Changed, at: number): void
  /** What to send next. A reader that has it has everything that was known before `place`. */
  take(): { changed: Changed; at: number; place: number } | undefined
}

export function openWaitingUpdates(): WaitingUpdates {
  const places = openPlaces(WAITING)
  /** In the order in which they were first known. */
  const things = new PassingMap<string, Waiting>()
  /** Topics of which anything may have changed, with the instant. */
  const topics = new PassingMap<UpdateTopic, number>()

  function oldest(): number {
    const [first] = things.values()
    return Math.min(first?.at ?? Infinity, ...topics.values())
  }

  function widen(topic: UpdateTopic, at: number): void {
    topics.set(topic, Math.min(at, topics.get(topic) ?? at))
    for (const [key, { changed, at: known, place }] of things) {
      if (changed.topic !== topic) continue
      things.delete(key)
      place[Symbol.dispose]()
      topics.set(topic, Math.min(known, topics.get(topic) ?? known))
    }
  }

  return {
    add(changed, at) {
      const { topic, id, conversationId } = changed
      if (topics.has(topic)) return
      if (id === undefined) return widen(topic, at)
      const key = JSON.stringify([topic, id, conversationId])
      const known = things.get(key)
      if (known) {
        known.changed = changed
        return
      }
      const place = places.take('stream')
      if (place) things.set(key, { changed, at, place })
      else
        for (const one of new Set([...[...things.values()].map((t) => t.changed.topic), topic]))
          widen(one, at)
    },
    take() {
      const place = oldest()
      const [topic] = topics
      if (topic) {
        topics.delete(topic[0])
        return { changed: { topic: topic[0] }, at: topic[1], place }
      }
      const [next] = things
      if (!next) return undefined
      things.delete(next[0])
      next[1].place[Symbol.dispose]()
      return { changed: next[1].changed, at: next[1].at, place }
    },
  }
}
