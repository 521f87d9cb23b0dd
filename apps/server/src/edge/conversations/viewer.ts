import type { Principal } from '#base/http'
import { lacking } from '#base/kernel'
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

/**
 * The kinds of a timeline's entries that the viewer asks for: runs only if it may see them.
 * @throws ParleyError `forbidden` if it names runs and may not
 */
export function wantedBy<Kind extends string>(
  { seesRuns }: Viewer,
  all: readonly Kind[],
  kinds: readonly Kind[] | undefined,
): Kind[] {
  const isRun = (kind: string): boolean => kind === 'run'
  if (!seesRuns && kinds?.some(isRun)) throw lacking('permission', 'record:read')
  return all.filter((kind) => (kinds?.includes(kind) ?? true) && (seesRuns || !isRun(kind)))
}
