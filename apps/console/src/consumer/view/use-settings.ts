import { useEffect, useState } from 'preact/hooks'
import { type PageSettings, readPageSettings, UnknownPlaceError } from '../page-settings.ts'
import type { Session } from '../session.ts'
import type { Tag } from '../tag.ts'

/** Longer waits are not counted on: a machine sleeps, and a timer holds 24 days at most. */
const MAX_WAIT_MS = 6 * 60 * 60_000
/** All pages would ask at once when the hours change. */
const SPREAD_MS = 2_000

/** The settings of the page, read again when the opening hours change and when a lost connection is back. */
export function useSettings(tag: Tag, first: PageSettings, session?: Session): PageSettings {
  const [settings, setSettings] = useState(first)

  function readAgain(): void {
    readPageSettings(tag)
      .then(setSettings)
      .catch((error: unknown) => {
        // The account or the skill is gone: the page shows what it knew.
        if (!(error instanceof UnknownPlaceError)) throw error
      })
  }

  useEffect(() => {
    const timer = setTimeout(readAgain, waitMs(settings) + Math.random() * SPREAD_MS)
    return () => clearTimeout(timer)
  }, [settings])

  useEffect(() => {
    let wasLost = session?.state().connection === 'lost'
    return session?.subscribe(() => {
      const isLost = session.state().connection === 'lost'
      if (wasLost && !isLost) readAgain()
      wasLost = isLost
    })
  }, [session])

  return settings
}

function waitMs({ hours: { at, opensAt, closesAt } }: PageSettings): number {
  const change = opensAt ?? closesAt
  return change === undefined
    ? MAX_WAIT_MS
    : Math.min(Math.max(Date.parse(change) - Date.parse(at), 0), MAX_WAIT_MS)
}
