import type { Principal } from '#base/http'
import type { Reader } from '#messaging/reading'
import type { HistoryDeps } from './deps.ts'

/** Who reads conversations over the native API. */
export interface Viewer {
  reader: Reader
  /** Whether it may see what functions got, returned and logged. */
  seesRuns: boolean
}

export async function viewerOf(
  { reading }: Pick<HistoryDeps, 'reading'>,
  principal: Principal,
): Promise<Viewer> {
  const reader = await reading.readerOf(principal)
  return { reader, seesRuns: principal.permissions.has('record:read') }
}
