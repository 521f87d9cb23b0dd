import type { AccountSettings } from '@parley/contract'

type RecordingSettings = AccountSettings['recordings']

/** How much of a run is kept beside its record. */
export type Kept = 'nothing' | 'metadata' | 'whole'

interface Asked {
  /** An event of the platform, or a schedule: no direct call. */
  isEvent: boolean
  /** Direct successes of this minute that were kept. */
  samples: number
}

/** Whether the function's process collects what a replay needs; `keeps`: for the case that the run succeeds, too. */
export function traceOf(
  settings: RecordingSettings,
  asked: Asked,
): { keeps: boolean; bodyBytes: number } | undefined {
  const { policy, maxBytes: bodyBytes } = settings
  if (policy === 'off' || policy === 'metadata') return undefined
  return { keeps: keptOf(settings, { ...asked, ok: true }) === 'whole', bodyBytes }
}

export function keptOf(
  { policy, directPerMinute }: RecordingSettings,
  { ok, isEvent, samples }: Asked & { ok: boolean },
): Kept {
  if (policy === 'off') return 'nothing'
  if (policy === 'metadata') return 'metadata'
  if (policy === 'all' || !ok) return 'whole'
  if (policy === 'errors') return 'nothing'
  return isEvent || samples < directPerMinute ? 'whole' : 'nothing'
}
