import { join } from 'node:path'
import { openLogger, systemClock, virtualClock } from '#base/kernel'
import { openTls } from '#base/tls'

/** When virtual clocks begin: a Monday, ten in the morning in UTC. */
export const START_AT = Date.UTC(2026, 0, 5, 10)

/** The sandbox's bundle and the certificates are the same for every test: made once, kept. */
export const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/parley')

/** Of certificates, by the clock that they live by. */
export const TLS_FOLDERS = { real: join(CACHE, 'tls'), virtual: join(CACHE, 'tls-virtual') }

/** Before test files start at once and each would make its own. */
export async function prepareCertificates(): Promise<void> {
  await using logger = openLogger('fatal')
  for (const [folder, wallClock] of [
    [TLS_FOLDERS.real, systemClock()],
    [TLS_FOLDERS.virtual, virtualClock(START_AT)],
  ] as const) {
    using _ = await openTls({ logger, wallClock }, { folder, names: [] })
  }
}
