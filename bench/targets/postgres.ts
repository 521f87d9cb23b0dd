import { openLogger, randomIds, systemMonotonic } from '../../apps/server/src/base/kernel/index.ts'
import { startEmbedded } from '../../apps/server/src/base/postgres/index.ts'
import { answerOrders } from '../answer-orders.ts'

/** A PostgreSQL as Parley starts its own, for whoever asks where it is. */
const deps = { logger: openLogger('warn'), monotonic: systemMonotonic(), ids: randomIds() }
const postgres = await startEmbedded(deps, process.env['DATA'] ?? '')
answerOrders(
  () => postgres.url,
  () => postgres[Symbol.asyncDispose](),
)
